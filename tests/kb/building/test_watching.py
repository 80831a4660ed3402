"""Whatever happens to the content folder is noticed: replaced, swapped, silent, gone; and what fails is tried again."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import watchfiles

from kb.building import watching
from kb.building.builder import Builder
from kb.building.report import BuildReport
from kb.building.state import BuildingState, Sight
from kb.building.traces import Traces
from kb.building.watching import watch_content
from kb.errors import ContentError, KbError, ShortageError
from tests.builders import case_markdown
from tests.library import GOOD, Library

pytestmark = pytest.mark.slow

PATIENCE = 20.0
"""Seconds to wait for something that should come within two or three."""


def until(happened: Callable[[], object]) -> bool:
    """Wait for something; False if it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Watch:
    """`watch_content` in a thread, and what it reported."""

    def __init__(self, library: Library, content: Path) -> None:
        self.reports: list[BuildReport | KbError] = []
        self.state = BuildingState()
        self.stop = threading.Event()
        arguments = (content, Builder(library.index), self.reports.append, self.stop, self.state)
        self.thread = threading.Thread(target=watch_content, args=arguments)

    def errors(self) -> list[KbError]:
        return [report for report in self.reports if isinstance(report, KbError)]


@contextmanager
def watched(library: Library, content: Path | None = None) -> Iterator[Watch]:
    """The library's content, watched."""
    watch = Watch(library, content or library.content.root)
    watch.thread.start()
    assert until(lambda: watch.reports)
    yield watch
    watch.stop.set()
    watch.thread.join(PATIENCE)
    assert not watch.thread.is_alive()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("built"), {"apple": GOOD, "berry": GOOD})
    made.build()
    return made


@pytest.fixture
def library(built: Library, tmp_path: Path) -> Library:
    return built.copy_to(tmp_path)


def next_release(library: Library, name: str = "next") -> Path:
    """Another content folder, in which a case has another title."""
    folder = library.root / name
    shutil.copytree(library.content.root, folder)
    (folder / "cases" / "apple.md").write_text(case_markdown(title="Ripe"), "utf-8")
    return folder


def moved_away_and_replaced(library: Library) -> None:
    following = next_release(library)
    library.content.root.rename(library.root / "old")
    following.rename(library.content.root)


def removed_and_copied_anew(library: Library) -> None:
    following = next_release(library)
    shutil.rmtree(library.content.root)
    shutil.copytree(following, library.content.root)


def cases_replaced(library: Library) -> None:
    following = next_release(library)
    (library.content.root / "cases").rename(library.root / "old")
    (following / "cases").rename(library.content.root / "cases")


def copied_over(library: Library) -> None:
    shutil.copytree(next_release(library), library.content.root, dirs_exist_ok=True)


REPLACEMENTS = [moved_away_and_replaced, removed_and_copied_anew, cases_replaced, copied_over]


@pytest.mark.parametrize("replace", REPLACEMENTS)
def test_a_replaced_folder_is_built_and_watched_on(library: Library, replace: Callable[[Library], None]) -> None:
    with watched(library):
        replace(library)
        assert until(lambda: library.title("apple") == "Ripe")

        library.write("apple", case_markdown(title="Riper"))
        assert until(lambda: library.title("apple") == "Riper")


@pytest.mark.parametrize("is_parent", [False, True], ids=["the folder", "a folder above it"])
def test_a_link_that_leads_elsewhere_is_followed(library: Library, is_parent: bool) -> None:
    releases = library.root / "releases"
    for name, title in (("one", "One"), ("two", "Two"), ("three", "Three")):
        following = next_release(library)
        (following / "cases" / "apple.md").write_text(case_markdown(title=title), "utf-8")
        (releases / name).mkdir(parents=True)
        following.rename(releases / name / "content")
    link, content = library.root / "site", library.root / "site"
    if is_parent:
        content = link / "content"

    def lead_to(name: str) -> None:
        (library.root / "new").symlink_to(releases / name / ("" if is_parent else "content"))
        (library.root / "new").replace(link)

    lead_to("one")
    with watched(library, content):
        for name, title in (("two", "Two"), ("three", "Three"), ("one", "One")):
            lead_to(name)
            assert until(partial(is_titled, library, title))

        (content / "cases" / "apple.md").write_text(case_markdown(title="Riper"), "utf-8")
        assert until(lambda: library.title("apple") == "Riper")


def test_a_release_with_the_sizes_and_times_of_the_last_one_is_read_all_the_same(library: Library) -> None:
    """As archives and images unpack them; “published” and “withdrawn” have the same number of letters."""
    long_ago = (1_000_000_000, 1_000_000_000)
    following = library.root / "next"
    shutil.copytree(library.content.root, following)
    withdrawn = case_markdown(publication="withdrawn")
    assert len(withdrawn) == len(GOOD)
    (following / "cases" / "apple.md").write_text(withdrawn, "utf-8")
    for root in (library.content.root, following):
        for path in root.rglob("*.*"):
            os.utime(path, long_ago)
    library.write("damson")
    library.build()
    shutil.copy2(library.case("damson"), following / "cases" / "damson.md")

    with watched(library):
        library.content.root.rename(library.root / "old")
        following.rename(library.content.root)

        assert until(lambda: library.slugs() == ("berry", "damson"))


def is_titled(library: Library, title: str) -> bool:
    return library.title("apple") == title


# A file system that reports nothing


def silence(*_: object, stop_event: threading.Event, **__: object) -> Iterator[set[object]]:
    """What is heard from a network mount."""
    while not stop_event.wait(0.1):
        yield set()


def no_watches_left(*_: object, **__: object) -> Iterator[set[object]]:
    raise OSError("OS file watch limit reached")
    yield set()  # pragma: no cover


@pytest.mark.parametrize("reporting", [silence, no_watches_left])
def test_changes_that_nothing_reports_are_found_within_seconds(
    library: Library, monkeypatch: pytest.MonkeyPatch, reporting: Callable[..., Iterator[set[object]]]
) -> None:
    monkeypatch.setattr(watchfiles, "watch", reporting)
    with watched(library):
        began = time.monotonic()
        library.write("apple", case_markdown(title="Ripe"))
        assert until(lambda: library.title("apple") == "Ripe")
        library.case("berry").unlink()
        assert until(lambda: library.slugs() == ("apple",))
        library.write_guide()
        assert until(lambda: library.open().cases.guides())
        library.change_vocabulary("cities", "Aarhus", "Århus")
        assert until(lambda: library.open().vocabularies.cities.label("aarhus") == "Århus")

    assert time.monotonic() - began < 15


def test_nothing_is_built_while_nothing_changes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.05)
    for path in library.content.root.rglob("*.*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    time.sleep(2.1)  # until the times of the files tell
    with watched(library) as watch:
        time.sleep(1.5)
        (library.content.root / "notes.txt").write_text("nothing that counts", "utf-8")
        time.sleep(1.5)

    assert len(watch.reports) <= 2


def test_traces_tell_every_kind_of_change(library: Library) -> None:
    root = library.content.root
    for path in root.rglob("*.*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    long_after = 10**12
    seen = [Traces.of(root).number]

    def look() -> None:
        traces = Traces.of(root)
        assert traces.number == Traces.of(root).number
        seen.append(traces.number)

    library.write("apple", GOOD.replace("Mondays", "Tuesday"))
    os.utime(library.case("apple"), (1_700_000_000, 1_700_000_000))
    look()
    library.case("apple").rename(root / "cases" / "cherry.md")
    look()
    library.case("berry").chmod(0o600)
    look()
    library.case("berry").unlink()
    look()
    library.write_guide()
    look()
    shutil.rmtree(root / "challenges")
    shutil.rmtree(root / "cases")
    look()
    shutil.rmtree(root)
    look()

    assert all(one != other for one, other in itertools.pairwise(seen))
    before = Traces(1, newest_ns=5, seen_ns=long_after)
    assert not Traces(1, newest_ns=5, seen_ns=2 * long_after).tell(before)
    assert Traces(1, newest_ns=5, seen_ns=7).tell(Traces(1, newest_ns=5, seen_ns=6))
    assert Traces(1, newest_ns=5, seen_ns=7).tell(None)


# Gone, and there again


def test_a_folder_that_is_gone_is_reported_once_and_watched_again_when_it_is_back(library: Library) -> None:
    with watched(library) as watch:
        assert watch.state.read().problems == ()
        library.content.root.rename(library.root / "away")
        assert until(lambda: watch.state.read().sight is Sight.UNSEEN and watch.errors())
        assert any("cannot be found or read" in problem for problem in watch.state.read().problems)
        assert library.slugs() == ("apple", "berry")
        time.sleep(2.5)  # it is tried again, and not reported again
        assert len(watch.errors()) == 1
        assert isinstance(watch.errors()[0], ContentError)

        (library.root / "away").rename(library.content.root)
        assert until(lambda: watch.state.read().problems == ())
        library.case("berry").unlink()
        assert until(lambda: library.slugs() == ("apple",))


def test_a_folder_that_was_never_there_is_built_when_it_comes(library: Library) -> None:
    with watched(library, library.root / "later") as watch:
        assert isinstance(watch.reports[0], ContentError)

        next_release(library, "later")

        assert until(lambda: library.title("apple") == "Ripe")


@pytest.mark.parametrize("harm", ["emptied", "removed", "moved"])
def test_a_collection_that_is_gone_all_at_once_is_refused_with_the_command(library: Library, harm: str) -> None:
    cases = library.content.root / "cases"
    with watched(library) as watch:
        if harm == "moved":
            cases.rename(library.root / "away")
        else:
            shutil.rmtree(cases)
        if harm == "emptied":
            cases.mkdir(exist_ok=True)

        assert until(watch.errors)
        assert "`kb index --allow-empty`" in str(watch.errors()[0])
        assert until(lambda: watch.state.read().problems)
        assert library.slugs() == ("apple", "berry")


def test_single_removals_always_apply_at_once(library: Library) -> None:
    with watched(library) as watch:
        library.case("apple").unlink()
        assert until(lambda: library.slugs() == ("berry",))
        library.case("berry").unlink()
        assert until(lambda: library.slugs() == ())
        assert watch.errors() == []


def test_a_damaged_index_does_not_publish_an_emptied_collection(library: Library) -> None:
    (library.current() / "library.sqlite").write_bytes(b"damaged")
    shutil.rmtree(library.content.root / "cases")

    with pytest.raises(ContentError, match="kb index --allow-empty"):
        library.build()


# What fails is tried again


def test_a_failed_build_is_tried_again_until_it_succeeds(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    room, attempts, fsync = threading.Event(), [], os.fsync

    def full(descriptor: int) -> None:
        attempts.append(time.monotonic())
        if not room.is_set():
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    with watched(library) as watch:
        monkeypatch.setattr(os, "fsync", full)
        library.write("apple", case_markdown(title="Ripe"))
        assert until(lambda: len(attempts) >= 3)
        assert library.title("apple") != "Ripe"
        assert any("build failed" in problem for problem in watch.state.read().problems)
        room.set()

        assert until(lambda: library.title("apple") == "Ripe")
        assert until(lambda: not watch.state.read().problems)
    pauses = [later - earlier for earlier, later in itertools.pairwise(attempts[:3])]
    assert pauses[1] > pauses[0]
    [error] = watch.errors()
    assert isinstance(error, ShortageError)
    assert str(error) == f"Nothing was written to `{library.index.root}`: the disk is full. Free some space on it."


def test_an_index_that_is_damaged_while_it_is_served_is_built_again(library: Library) -> None:
    with watched(library):
        before = library.index.current_id()
        path = library.current() / "library.sqlite"
        data = bytearray(path.read_bytes())
        data[30_000] ^= 4
        path.write_bytes(data)

        assert until(lambda: library.index.current_id() != before)
        assert library.slugs() == ("apple", "berry")
