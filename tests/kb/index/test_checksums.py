"""No damage of a stored file changes an answer without a word: it is refused, and the index is built again."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from kb.building.builder import Builder
from kb.errors import GenerationError, KbError
from kb.index import checksums
from kb.index.checksums import checksum, checksum_of
from kb.index.folder import IndexFolder
from kb.index.live import LiveGeneration
from kb.stores.store import CaseStore
from tests.builders import case_markdown
from tests.library import BROKEN, GOOD, Library, found
from tests.marking import most_slow

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Cases in two parts of an index, the first of which two generations share, and a guide page."""
    made = Library(tmp_path_factory.mktemp("built"), {"apple": GOOD, "berry": GOOD})
    made.write_guide()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kb.engines.whoosh.write.MERGED_BELOW", 1)
        made.build()
        made.write("cherry", case_markdown(title="Cherry", city="vienna"))
        made.write("berry", case_markdown(title="Ripe"))
        made.build()
    return made


@pytest.fixture
def library(built: Library, tmp_path: Path) -> Library:
    return built.copy_to(tmp_path)


def stored_files(index: IndexFolder) -> list[Path]:
    """The pointer, and every file of the generation that it names."""
    name = index.current_id()
    assert name is not None
    files = [path for path in index.folder(name).rglob("*") if path.is_file() and path.stat().st_size]
    return [index.root / "current", *sorted(files)]


def flipped(data: bytes, bit: int) -> bytes:
    """The bytes with one bit of them changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def everything(index: IndexFolder) -> tuple[object, ...]:
    """All that a reader and a builder are told."""
    manifest = index.manifest()
    with closing(index.open_current()) as generation:
        store = generation.cases
        stored = [store.stored(slug) for slug in store.slugs()]
        answers = [found(generation, text) for text in ("", "coffee", "ripe", "c*", '"coffee helped"', "berry -ripe")]
        return (
            manifest,
            index.origin(manifest),
            stored,
            store.guides(),
            store.vocabularies,
            answers,
            generation.counts,
        )


@pytest.mark.parametrize("seed", most_slow(range(20), every=5))
def test_no_flipped_bit_changes_an_answer_silently(library: Library, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance for a test, not for a secret
    right = everything(library.index)
    silent = []
    for path in stored_files(library.index):
        data = path.read_bytes()
        for _ in range(4):
            bit = chance.randrange(len(data) * 8)
            path.write_bytes(flipped(data, bit))
            with suppress(GenerationError):
                if everything(library.index) != right:
                    silent.append((path.name, bit))
        path.write_bytes(data)

    assert silent == []
    assert everything(library.index) == right


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def swapped(data: bytes) -> bytes:
    """Two different bytes have changed places."""
    middle = next(place for place in range(len(data) // 2, len(data) - 1) if data[place] != data[place + 1])
    return data[:middle] + data[middle + 1 : middle + 2] + data[middle : middle + 1] + data[middle + 2 :]


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "cut": cut,
    "emptied": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "longer": lambda data: data + b"\0",
    "a page of something else": lambda data: data[: len(data) // 3] + b"\xa5" * 4096 + data[len(data) // 3 + 4096 :],
    "swapped": swapped,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
@pytest.mark.slow
def test_whatever_happens_to_a_file_it_is_refused_and_built_again(
    library: Library, harm: Callable[[bytes], bytes]
) -> None:
    right = everything(library.index)[2:]
    for number in range(len(stored_files(library.index))):
        path = stored_files(library.index)[number % len(stored_files(library.index))]
        # Files are shared between generations: another file, not another content.
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(harm(data))

        with pytest.raises(GenerationError, match="kb index"):
            everything(library.index)
        report = library.build()

        assert (report.kind, report.reason, report.count) == ("all", "the index could not be read", 3)
        assert everything(library.index)[2:] == right


def test_a_builder_builds_nothing_upon_what_was_damaged_since_it_began(library: Library) -> None:
    builder = Builder(library.index)
    assert builder.build(library.content).kind == "nothing"
    base = library.current() / "library.base.sqlite"
    base.write_bytes(flipped(base.read_bytes(), 8 * 5_000))
    library.write("damson")

    report = builder.build(library.content)

    assert (report.kind, report.reason) == ("all", "the index could not be read")
    assert library.found("coffee") == ["apple", "berry", "cherry", "damson"]


def test_damage_of_a_shared_file_does_not_become_what_counts_as_right(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "library.base.sqlite"
    before = (library.current() / name).read_bytes()
    # Damaged after the builder has looked, and before it writes what the new generation consists of.
    open_store = IndexFolder.open_store

    def looked_too_early(index: IndexFolder) -> CaseStore | None:
        try:
            return open_store(index)
        finally:
            (library.current() / name).write_bytes(before.replace(b"A door for concerns", b"A door for conc3rns"))

    monkeypatch.setattr(IndexFolder, "open_store", looked_too_early)
    library.write("damson")
    assert library.build().kind == "changes"
    monkeypatch.undo()

    with pytest.raises(GenerationError, match=f"{name}` is damaged"):
        library.open()


def test_a_last_good_version_is_never_taken_from_damaged_cases(library: Library) -> None:
    library.write("apple", BROKEN)
    assert library.build().kept == ("apple",)
    path = library.current() / "library.base.sqlite"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data.replace(b"A door for concerns", b"A door for conc3rns"))
    assert path.read_bytes() != data

    report = library.build()

    assert "apple" in report.offline
    assert library.slugs() == ("berry", "cherry")


def test_a_last_good_version_survives_damage_of_the_search(library: Library) -> None:
    library.write("apple", BROKEN)
    library.build()
    [path, *_] = library.current().glob("whoosh/*.seg")
    path.write_bytes(flipped(path.read_bytes(), 77))

    report = library.build()

    assert (report.kind, report.kept) == ("all", ("apple",))
    assert library.slugs() == ("apple", "berry", "cherry")


def test_a_damaged_generation_is_never_served(library: Library) -> None:
    live = LiveGeneration(library.index)
    library.write("apple", case_markdown(title="Second"))
    library.build()
    path = library.current() / "library.sqlite"
    path.write_bytes(flipped(path.read_bytes(), 8 * 30_000 + 3))

    live.refresh()
    assert found(live.current, "second") == []
    published = library.build().generation_id
    live.refresh()

    assert live.current.id == published
    assert found(live.current, "second") == ["apple"]
    live.stop()


# What is read, and what is not


@contextmanager
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that are read to verify them."""
    read, names = checksums._read, list[str]()

    def noting(path: Path) -> str:
        names.append(path.name)
        return read(path)

    monkeypatch.setattr(checksums, "_read", noting)
    yield names


def age(folder: Path) -> None:
    """Make all files look as if they had been written a while ago."""
    for path in folder.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000 + len(path.name)))


def test_what_was_verified_before_is_not_read_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    age(library.index.root)
    library.open().close()
    with noted(monkeypatch) as names:
        library.open().close()
        assert names == []
        library.write("damson")
        library.build()
        library.open().close()

    assert "library.sqlite" in names
    assert "library.base.sqlite" not in names  # the same file in both generations


def test_a_file_that_was_touched_is_read_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    age(library.index.root)
    library.open().close()
    os.utime(library.current() / "library.sqlite")

    with noted(monkeypatch) as names:
        library.open().close()

    assert names == ["library.sqlite"]


def test_a_file_that_was_just_written_is_read_until_its_time_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    now = path.stat()
    assert checksum_of(path) == checksum(b"one")
    path.write_bytes(b"two")
    os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns))  # as if it had been within the same tick

    assert checksum_of(path) == checksum(b"two")


def test_a_copied_index_is_opened(library: Library, tmp_path: Path) -> None:
    shutil.copytree(library.index.root, tmp_path / "copy")

    with closing(IndexFolder(tmp_path / "copy").open_current()) as generation:
        assert found(generation, "coffee") == ["apple", "berry", "cherry"]


def test_without_links_a_generation_is_as_well_verified(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(source: Path, target: Path) -> None:
        raise OSError("links are not supported here")

    monkeypatch.setattr(os, "link", unsupported)
    library.write("damson")
    library.build()

    assert library.found("coffee") == ["apple", "berry", "cherry", "damson"]
    path = library.current() / "library.base.sqlite"
    path.write_bytes(flipped(path.read_bytes(), 8 * 5_000))
    with pytest.raises(KbError, match="is damaged"):
        library.open()
