"""A damaged index is reported as our own error, with what to do about it."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kb.engines.whoosh import write
from kb.engines.whoosh.engine import WhooshEngine
from kb.errors import GenerationError, SearchError
from kb.search.query.tree import Word
from kb.search.request import SearchRequest
from tests.builders import case_markdown
from tests.engines.opening import Cases, opened, write_index

CURE = "Build it again: `kb index --rebuild`."

# Whoosh leaves its table of contents open when reading it fails; it is closed when the error is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(autouse=True, scope="module")
def let_go_of_files() -> Iterator[None]:
    yield
    gc.collect()


def small_index(folder: Path) -> Path:
    cases = Cases({f"case-{number}": case_markdown(title=f"Case {number}") for number in range(3)})
    return write_index(folder, cases.documents())


def assert_is_refused(folder: Path) -> None:
    with pytest.raises(GenerationError) as refused:
        WhooshEngine(folder)

    assert str(refused.value).startswith(f"The index in `{folder}` cannot be used (")
    assert str(refused.value).endswith(CURE)


def garbage(data: bytes) -> bytes:
    return random.Random(0).randbytes(len(data))  # noqa: S311 - chance for a test, not for a secret


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: b"",
    "cut in the middle": lambda data: data[: len(data) // 2],
    "short of its last byte": lambda data: data[:-1],
    "overwritten": garbage,
    "overwritten at the end": lambda data: data[: len(data) // 2] + garbage(data[len(data) // 2 :]),
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("pattern", ["*.toc", "*.seg"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused(tmp_path: Path, pattern: str, damage: Callable[[bytes], bytes]) -> None:
    folder = small_index(tmp_path / "index")
    [path] = folder.glob(pattern)
    path.write_bytes(damage(path.read_bytes()))

    assert_is_refused(folder)


@pytest.mark.parametrize("pattern", ["*.toc", "*.seg"])
def test_a_missing_file_is_refused(tmp_path: Path, pattern: str) -> None:
    folder = small_index(tmp_path / "index")
    [path] = folder.glob(pattern)
    path.unlink()

    assert_is_refused(folder)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert_is_refused(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert_is_refused(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_text("not an index")

    assert_is_refused(path)


@pytest.mark.parametrize("seed", range(20))
def test_a_byte_that_changed_gives_our_error_or_an_answer(tmp_path: Path, seed: int) -> None:
    folder = small_index(tmp_path / "index")
    chance = random.Random(seed)  # noqa: S311 - chance for a test, not for a secret
    path = chance.choice(sorted(folder.glob("*.[ts][oe][cg]")))
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    path.write_bytes(data)

    with suppress(GenerationError, SearchError), opened(folder) as engine:
        result = engine.search(SearchRequest(query=Word("coffee")))

        assert result.total == len(result.ranked)


def test_a_damaged_index_cannot_be_built_upon(tmp_path: Path) -> None:
    previous = small_index(tmp_path / "previous")
    for path in previous.glob("*.toc"):
        path.write_bytes(b"")

    with pytest.raises(GenerationError, match="cannot be used"):
        write.write_index(tmp_path / "next", previous, (), Cases({"new": case_markdown()}).documents())


def test_an_index_that_breaks_while_it_is_read_gives_a_search_error(tmp_path: Path) -> None:
    with opened(small_index(tmp_path / "index")) as engine:
        engine.close()

        with pytest.raises(SearchError) as failed:
            engine.search(SearchRequest(query=Word("coffee")))

    assert str(failed.value).startswith("The search could not be carried out (")
    assert str(failed.value).endswith(CURE)
