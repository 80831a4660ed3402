"""Generations on disk: published in one step, read to the end, pruned with care, damaged and made again."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.building.builder import build
from kb.errors import BuildRunning, GenerationError, NoGeneration
from kb.index.folder import GENERATIONS_KEPT, IndexFolder
from kb.search.searching import make_request
from tests.builders import case_markdown
from tests.library import GOOD, Library, found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Two cases, built."""
    made = Library(tmp_path_factory.mktemp("built"), {"apple": GOOD, "berry": GOOD})
    made.build()
    return made


@pytest.fixture
def library(built: Library, tmp_path: Path) -> Library:
    """A copy of it for one test."""
    return built.copy_to(tmp_path)


def publish_another(library: Library, title: str) -> None:
    """Edit a case and build."""
    library.write("apple", case_markdown(title=title))
    library.build()


# The pointer


def test_a_missing_index_is_reported_with_the_remedy(tmp_path: Path) -> None:
    index = IndexFolder(tmp_path / "index")

    with pytest.raises(NoGeneration) as raised:
        index.open_current()

    assert str(raised.value) == f"There is no index in `{tmp_path / 'index'}` yet. Build it: `kb index`."
    assert index.current_id() is None


def test_the_pointer_names_the_newest_generation(library: Library) -> None:
    first = library.index.current_id()

    publish_another(library, "Second")

    assert library.index.current_id() == library.generations()[-1] != first
    assert library.open().id == library.index.current_id()


def test_names_of_generations_sort_by_time(library: Library) -> None:
    names = []
    for title in ("Second", "Third", "Fourth"):
        publish_another(library, title)
        names.append(library.open().id)

    assert names == sorted(set(names))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "../elsewhere",
        "elsewhere",
        "./elsewhere",
        "/",
        "a\0b",
        "current",
        "build.lock",
        "é",
        "x" * 300,
    ],
)
def test_a_pointer_that_does_not_name_a_generation_is_not_followed(library: Library, name: str) -> None:
    for folder in (library.index.root.parent / "elsewhere", library.index.root / "elsewhere"):
        shutil.copytree(library.current(), folder)
    library.pointer().write_text(f"{name}\n", "utf-8")

    with pytest.raises(GenerationError) as raised:
        library.index.open_current()

    assert str(raised.value) == (
        f"`{library.pointer()}` does not name a generation. Build again: `kb index --rebuild`."
    )


def test_a_path_to_a_real_generation_is_not_followed_either(library: Library) -> None:
    name = library.current().name
    library.pointer().write_text(f"../index/{name}", "utf-8")

    with pytest.raises(GenerationError):
        library.index.open_current()


@given(st.binary(max_size=80))
def test_any_wrong_pointer_raises_one_of_our_errors(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    index = IndexFolder(tmp_path_factory.getbasetemp() / "any-pointer")
    index.root.mkdir(exist_ok=True)
    (index.root / "current").write_bytes(content)

    with pytest.raises(GenerationError):
        index.open_current()


def test_a_manifest_of_another_generation_is_not_followed(library: Library) -> None:
    manifest = library.current() / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(library.current().name, "../elsewhere"), "utf-8")

    with pytest.raises(GenerationError) as raised:
        library.index.open_current()

    assert str(raised.value) == (
        f"`{manifest}` is damaged: it is not what was written. Build again: `kb index --rebuild`."
    )


def test_a_reader_always_finds_a_complete_generation_while_others_are_published(library: Library) -> None:
    stop = threading.Event()
    met: list[tuple[str, list[str]]] = []

    def read() -> None:
        while not stop.is_set():
            generation = library.index.open_current()
            case = generation.cases.case("apple")
            met.append((case.title if case else "", found(generation, "coffee")))

    reader = threading.Thread(target=read)
    reader.start()
    for title in ("One", "Two", "Three", "Four"):
        publish_another(library, title)
    stop.set()
    reader.join()

    assert {title for title, _ in met} <= {"A door for concerns", "One", "Two", "Three", "Four"}
    assert {tuple(slugs) for _, slugs in met} == {("apple", "berry")}


def test_an_interruption_just_after_publishing_does_no_harm(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    before = library.index.current_id()

    def interrupting(descriptor: int) -> None:
        if library.index.current_id() != before:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupting)
    with pytest.raises(KeyboardInterrupt):
        publish_another(library, "Second")

    assert library.title("apple") == "Second"


# Readers and pruning


def test_a_reader_continues_after_its_folder_was_pruned(library: Library) -> None:
    publish_another(library, "Ripe")
    held = library.index.open_current()
    folder = library.current()

    for title in ("Second", "Third", "Fourth"):
        publish_another(library, title)

    assert not folder.exists()
    assert found(held, "ripe") == ["apple"]
    assert found(held, "fourth") == []
    assert found(held, '"coffee helped"') == ["apple", "berry"]
    assert found(held, "coff*", city="aarhus") == ["apple", "berry"]
    assert held.cases.slugs() == ("apple", "berry")
    case = held.cases.case("apple")
    assert case is not None
    assert case.title == "Ripe"
    assert library.found("fourth") == ["apple"]


def test_the_collection_is_counted_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.write("salto", case_markdown(city="vienna"))
    library.build()
    generation = library.open()
    facets = generation.search(make_request(size=0)).facets

    counts = generation.counts
    monkeypatch.delattr(generation, "engine")

    assert generation.counts is counts
    assert list(counts["city"].items()) == [("aarhus", 2), ("vienna", 1)]
    assert counts == {facet: {line.value: line.cases for line in lines} for facet, lines in facets.items()}


def test_only_the_newest_generations_remain(library: Library) -> None:
    for title in ("Second", "Third", "Fourth"):
        publish_another(library, title)

    assert len(library.generations()) == GENERATIONS_KEPT
    assert library.generations()[-1] == library.index.current_id()


def test_nothing_but_generations_is_ever_removed_from_the_index_folder(library: Library) -> None:
    names = ["photos", "20260101", "20260101T000000000000", "20260101T000000000000-notes", ".git"]
    for name in names:
        (library.index.root / name).mkdir()
        (library.index.root / name / "precious.txt").write_text("mine", "utf-8")

    for title in ("Second", "Third", "Fourth"):
        publish_another(library, title)

    assert [name for name in names if (library.index.root / name / "precious.txt").exists()] == names


def test_remains_of_a_killed_build_are_removed_before_the_previous_generation(library: Library) -> None:
    before = library.current()
    left_behind = library.index.folder("99990101T000000000000-0123abcd")
    left_behind.mkdir()
    (left_behind / "library.sqlite").write_bytes(b"half")

    publish_another(library, "Second")

    assert not left_behind.exists()
    assert before.exists()


# The lock


def test_a_second_builder_is_told_to_wait(library: Library) -> None:
    with library.index.lock(), pytest.raises(BuildRunning) as raised, library.index.lock(timeout=0):
        pass  # pragma: no cover

    assert str(raised.value) == f"Another process is building in `{library.index.root}`. Try again when it is done."


def test_the_lock_is_released_after_an_error(library: Library) -> None:
    with pytest.raises(RuntimeError), library.index.lock():
        raise RuntimeError

    with library.index.lock(timeout=0):
        assert library.index.current_id() is not None


@pytest.mark.slow
def test_two_concurrent_builds_do_not_harm_each_other(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": GOOD, "berry": GOOD})
    command = [sys.executable, "-m", "kb", "index", "--content", str(library.content.root)]
    command += ["--index", str(library.index.root)]

    builders = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    first_words = sorted(builder.communicate(timeout=60)[0].split(" ")[0] for builder in builders)

    assert [builder.returncode for builder in builders] == [0, 0]
    assert first_words == ["Built", "Nothing"]
    assert library.found("coffee") == ["apple", "berry"]
    assert library.build().kind == "nothing"


# Damage


def _cut(path: Path) -> None:
    path_bytes = path.read_bytes()
    path.unlink()  # files are shared between generations: another file, not another content
    path.write_bytes(path_bytes[: len(path_bytes) // 2])


def _garble(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"\xff\xfe not what it was " * 40)


def _empty(path: Path) -> None:
    path.unlink()
    path.touch()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


FILES = ("manifest.json", "library.sqlite", "library.base.sqlite", "whoosh/*.toc")
DAMAGES = [(file, harm) for file in FILES for harm in (_cut, _garble, _empty, _remove)]
DAMAGES += [("whoosh/*.seg", _cut), ("whoosh/*.seg", _empty), ("whoosh/*.seg", _remove)]
DAMAGES += [("whoosh", _remove), (".", _remove)]


# Whoosh forgets to close a damaged file.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("file", "harm"),
    [pytest.param(*damage, marks=pytest.mark.slow if number % 3 else ()) for number, damage in enumerate(DAMAGES)],
)
def test_a_damaged_generation_is_reported_and_rebuilt(
    library: Library, file: str, harm: Callable[[Path], None]
) -> None:
    folder = library.current()
    harm(folder if file == "." else next(folder.glob(file)))

    with pytest.raises(GenerationError, match="kb index --rebuild"):
        library.index.open_current()
    report = library.build()
    gc.collect()  # what was not closed is reported here and nowhere else

    assert (report.kind, report.reason, report.count) == ("all", "the index could not be read", 2)
    assert library.found("coffee") == ["apple", "berry"]


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\xff\xfe", b"../index", b"..", b"99990101T000000000000-0123abcd"]
)
def test_a_damaged_pointer_is_reported_and_the_index_rebuilt(library: Library, content: bytes) -> None:
    library.pointer().write_bytes(content)

    report = library.build()

    assert (report.kind, report.reason) == ("all", "the index could not be read")
    assert library.found("coffee") == ["apple", "berry"]


def test_a_lost_pointer_means_that_there_is_no_index(library: Library) -> None:
    library.pointer().unlink()

    assert library.build().reason == "there was no index"


@pytest.mark.parametrize("harm", [_cut, _garble, _empty, _remove])
def test_a_generation_of_unknown_origin_is_served_and_rebuilt(library: Library, harm: Callable[[Path], None]) -> None:
    harm(library.current() / "origin.json")

    assert library.found("coffee") == ["apple", "berry"]
    report = library.build()

    assert (report.kind, report.reason, report.count) == ("all", "the index could not be read", 2)


def test_damage_that_only_shows_while_building_causes_a_full_build(library: Library) -> None:
    _break_list_of_slugs(library.current() / "library.base.sqlite")
    library.write("apple", case_markdown(title="Ripe"))

    report = library.build()

    assert (report.kind, report.reason, report.count) == ("all", "the index could not be read", 2)
    assert library.found("ripe") == ["apple"]


def _break_list_of_slugs(path: Path) -> None:
    """Garble the store so that it can be opened but no case can be found in it."""
    with closing(sqlite3.connect(path)) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_cases_1'")
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    path.write_bytes(data[: (page - 1) * size] + b"\xff" * size + data[page * size :])


def test_manifest_and_origin_contain_no_text_of_a_case(library: Library) -> None:
    publish_another(library, "Zanzibar")

    for name in ("manifest.json", "origin.json"):
        assert "Zanzibar" not in (library.current() / name).read_text("utf-8")


def test_a_generation_is_self_contained(library: Library) -> None:
    shutil.rmtree(library.content.root)

    generation = library.open()

    assert found(generation, "coffee") == ["apple", "berry"]
    assert generation.vocabularies.cities.label("aarhus") == "Aarhus"
    assert [generation.cases.stored(slug) is not None for slug in generation.cases.slugs()] == [True, True]


def test_an_index_folder_can_be_moved(library: Library, tmp_path: Path) -> None:
    library.index.root.rename(tmp_path / "moved")

    report = build(library.content, IndexFolder(tmp_path / "moved"))

    assert report.kind == "nothing"
