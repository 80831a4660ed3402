"""A damaged index is reported as our own error, with what to do about it; a bug is not, and propagates unchanged."""

from __future__ import annotations

import gc
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from kb.engines.whoosh import write
from kb.engines.whoosh.engine import WhooshEngine
from kb.engines.whoosh.errors import Damaged
from kb.engines.whoosh.layout.records import Record, Records, Sets
from kb.errors import GenerationError, SearchError
from kb.search.fields import FACETS, TEXT_FIELDS
from kb.search.query.tree import Near, Phrase, Wildcard, Word, Years
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


@pytest.mark.parametrize("pattern", ["*.toc", "*.seg", "lexicon.json"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused(tmp_path: Path, pattern: str, damage: Callable[[bytes], bytes]) -> None:
    folder = small_index(tmp_path / "index")
    [path] = folder.glob(pattern)
    path.write_bytes(damage(path.read_bytes()))

    assert_is_refused(folder)


@pytest.mark.parametrize("pattern", ["*.toc", "*.seg", "lexicon.json"])
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


QUERIES = (Word("coffee"), Wildcard("c*"), Phrase(("what", "they")), Near(("coffee", "case"), 5), Years(2000, 2020))


@pytest.fixture(scope="module")
def merged_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several parts, with a deleted document."""
    root = tmp_path_factory.mktemp("merged")
    first, more = Cases({f"case-{number}": case_markdown() for number in range(3)}), Cases({"new": case_markdown()})
    # Segments of three documents would be merged into one.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kb.engines.whoosh.write.MERGED_BELOW", 1)
        previous = write_index(root / "first", first.documents())
        write.write_index(root / "second", previous, ["case-0"], more.documents())
    return root / "second"


@pytest.mark.parametrize("seed", range(60))
def test_a_changed_byte_causes_one_of_our_errors_or_an_answer(merged_index: Path, tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "index"
    shutil.copytree(merged_index, folder)
    chance = random.Random(seed)  # noqa: S311 - chance for a test, not for a secret
    path = chance.choice(sorted(path for path in folder.iterdir() if path.stat().st_size))
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    path.write_bytes(data)

    with suppress(GenerationError, SearchError), opened(folder) as engine:
        for query in QUERIES:
            result = engine.search(SearchRequest(query=query))
            assert result.total == len(result.ranked) == engine.total(SearchRequest(query=query))
    with suppress(GenerationError):
        write.write_index(tmp_path / "next", folder, (), Cases({"newer": case_markdown()}).documents())


@pytest.mark.parametrize(
    "text", ["[]", "7", "null", '{"word": "1"}', '{"word": null}', '{"word": true}', '{"word": 1.5}']
)
def test_a_lexicon_of_anything_but_words_and_numbers_is_refused(tmp_path: Path, text: str) -> None:
    folder = small_index(tmp_path / "index")
    (folder / "lexicon.json").write_text(text)

    assert_is_refused(folder)


MODIFIED = "2026-07-01T08:00:00Z"
RECORD = Record("case", "Case", "city", MODIFIED, 2001, 2002, [1] * len(TEXT_FIELDS), [("value",)] * len(FACETS))
GOOD = Records.of([RECORD, RECORD])


A_NUMBER: Any = 7
"""Where damage put it in place of a text."""


def with_last_facet(values: Sequence[tuple[str, ...]], numbers: Sequence[int]) -> Records:
    return replace(GOOD, facets=[*GOOD.facets[:-1], Sets(values, np.array(numbers, dtype=np.int32))])


UNSOUND = {
    "a number for a slug": replace(GOOD, slugs=["case", A_NUMBER]),
    "a title too few": replace(GOOD, titles=["Case"]),
    "a change too few": replace(GOOD, modified=[MODIFIED]),
    "a number for a city": replace(GOOD, cities=["city", A_NUMBER]),
    "a row too few": replace(GOOD, lengths=GOOD.lengths[:-1]),
    "a facet too few": replace(GOOD, facets=GOOD.facets[:-1]),
    "a set that there is not": with_last_facet([("value",)], [0, 1]),
    "a set before the first": with_last_facet([("value",)], [0, -1]),
    "a number for a value": with_last_facet([(A_NUMBER,)], [0, 0]),
}


@pytest.mark.parametrize("damaged", UNSOUND.values(), ids=UNSOUND)
def test_an_inconsistent_table_of_records_is_not_used(damaged: Records) -> None:
    assert Records.from_bytes(GOOD.to_bytes()).slugs == ["case", "case"]
    with pytest.raises(Damaged):
        Records.from_bytes(damaged.to_bytes())


BUG = TypeError("unsupported operand")

OPENING = [
    "kb.engines.whoosh.layout.lexicon.read",
    "kb.engines.whoosh.snapshot._ranks",
    "kb.engines.whoosh.snapshot._records",
    "kb.engines.whoosh.layout.records.Records.from_bytes",
    "kb.engines.whoosh.layout.records.Records.concatenated",
    "kb.engines.whoosh.facets.FacetTable.of",
    "kb.engines.whoosh.layout.mapped.MappedSegment.open_compound_file",
    "kb.engines.whoosh.layout.mapped._MappedStorage.open_file",
]
SEARCHING = [
    "kb.engines.whoosh.matching._bm25f",
    "kb.engines.whoosh.layout.codec.PackedMatcher.block",
    "kb.engines.whoosh.engine.count_facets",
    "kb.engines.whoosh.snapshot.merged",
]
WRITING = [
    "kb.engines.whoosh.write._analysed",
    "kb.engines.whoosh.write._merge_small_segments",
    "kb.engines.whoosh.layout.schema.WordsField.index",
    "kb.engines.whoosh.layout.codec.PackedWriter._mini_ids",
    "kb.engines.whoosh.layout.records.Records.to_bytes",
    "kb.engines.whoosh.layout.lexicon.write",
]


def plant(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*_: object, **__: object) -> NoReturn:
        raise BUG

    monkeypatch.setattr(place, planted)


@pytest.mark.parametrize("place", OPENING)
def test_a_bug_while_opening_propagates_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    folder = small_index(tmp_path / "index")
    plant(place, monkeypatch)

    with pytest.raises(TypeError) as raised:
        WhooshEngine(folder)
    assert raised.value is BUG


@pytest.mark.parametrize("place", SEARCHING)
def test_a_bug_while_searching_propagates_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with opened(small_index(tmp_path / "index")) as engine:
        plant(place, monkeypatch)

        with pytest.raises(TypeError) as raised:
            engine.search(SearchRequest(query=Word("coffee")))
    assert raised.value is BUG


@pytest.mark.parametrize("place", WRITING)
def test_a_bug_while_writing_propagates_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    plant(place, monkeypatch)

    with pytest.raises(TypeError) as raised:
        small_index(tmp_path / "index")
    assert raised.value is BUG


def test_a_damaged_index_cannot_be_built_upon(tmp_path: Path) -> None:
    previous = small_index(tmp_path / "previous")
    for path in previous.glob("*.toc"):
        path.write_bytes(b"")

    with pytest.raises(GenerationError, match="cannot be used"):
        write.write_index(tmp_path / "next", previous, (), Cases({"new": case_markdown()}).documents())


def test_an_index_that_breaks_while_being_read_raises_a_search_error(tmp_path: Path) -> None:
    with opened(small_index(tmp_path / "index")) as engine:
        engine.close()

        with pytest.raises(SearchError) as failed:
            engine.search(SearchRequest(query=Word("coffee")))

    assert str(failed.value).startswith("The search could not be carried out (")
    assert str(failed.value).endswith(CURE)
