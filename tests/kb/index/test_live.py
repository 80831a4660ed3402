"""Following what is published and building what is edited, without making anyone wait."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.building.builder import Builder
from kb.building.report import BuildReport
from kb.building.watching import watch_content
from kb.errors import ContentError, KbError, NoGeneration, ShortageError
from kb.index.folder import IndexFolder
from kb.index.generation import Generation
from kb.index.live import LiveGeneration
from tests.builders import case_markdown
from tests.library import BROKEN, GOOD, Library, found

PATIENCE = 20.0
"""Seconds to wait for something that should come immediately."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """One case, built."""
    made = Library(tmp_path_factory.mktemp("built"), {"apple": GOOD})
    made.build()
    return made


@pytest.fixture
def library(built: Library, tmp_path: Path) -> Library:
    """A copy of it for one test."""
    return built.copy_to(tmp_path)


@pytest.fixture
def live(library: Library) -> Iterator[LiveGeneration]:
    """The same, followed; its thread is not started."""
    opened = LiveGeneration(library.index)
    yield opened
    opened.stop()


def until(happened: Callable[[], object]) -> bool:
    """Wait for something; False if it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def publish(library: Library, title: str) -> str:
    """Edit the case and build."""
    library.write("apple", case_markdown(title=title))
    return library.build().generation_id


def test_without_an_index_there_is_nothing_to_follow(tmp_path: Path) -> None:
    with pytest.raises(NoGeneration):
        LiveGeneration(IndexFolder(tmp_path))


def test_a_new_generation_is_picked_up(library: Library, live: LiveGeneration) -> None:
    published = publish(library, "Second")

    live.refresh()

    assert live.current.id == published
    assert found(live.current, "second") == ["apple"]


def test_checking_again_reopens_nothing(live: LiveGeneration) -> None:
    before = live.current

    live.refresh()

    assert live.current is before


def test_a_request_ends_with_the_generation_it_started_with(library: Library, live: LiveGeneration) -> None:
    held = live.current
    for title in ("Second", "Third", "Fourth"):
        publish(library, title)
        live.refresh()

    assert found(held, "concerns") == ["apple"]
    assert held.cases.slugs() == ("apple",)
    assert found(live.current, "concerns") == []


def test_the_thread_follows_new_generations_by_itself(library: Library, live: LiveGeneration) -> None:
    live.start()

    published = publish(library, "Second")

    assert until(lambda: live.current.id == published)


def test_stopping_ends_the_thread_and_closes_the_files(library: Library) -> None:
    before = set(threading.enumerate())
    live = LiveGeneration(library.index)
    live.start()

    live.stop()

    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "kb-generations"]
    with pytest.raises(KbError):
        live.current.cases.slugs()


def damaged_generation(library: Library) -> None:
    publish(library, "Second")
    (library.current() / "library.sqlite").write_bytes(b"damaged")


HARMS: dict[str, Callable[[Library], object]] = {
    "a damaged generation": damaged_generation,
    "a pointer to nothing": lambda library: library.pointer().write_text("99990101T000000000000-0123abcd"),
    "a pointer out of the folder": lambda library: library.pointer().write_text("../index"),
    "a garbled pointer": lambda library: library.pointer().write_bytes(b"\xff"),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_an_unreadable_generation_is_reported_once_and_the_previous_one_stays_in_use(
    library: Library,
    live: LiveGeneration,
    caplog: pytest.LogCaptureFixture,
    harm: Callable[[Library], object],
) -> None:
    before = live.current
    harm(library)

    with caplog.at_level(logging.ERROR, "kb"):
        for _ in range(3):
            live.refresh()

    assert live.current is before
    assert found(live.current, "concerns") == ["apple"]
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("A new generation could not be opened; the previous one is still served. ")


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_after_damage_the_next_good_generation_is_picked_up(
    library: Library, live: LiveGeneration, harm: Callable[[Library], object]
) -> None:
    harm(library)
    live.refresh()

    published = library.build(rebuild=True).generation_id
    live.refresh()

    assert live.current.id == published


@pytest.mark.slow
def test_a_refused_generation_is_tried_again(
    library: Library, live: LiveGeneration, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a passing shortage of descriptors, without another edit."""
    attempts: list[float] = []

    def short(index: IndexFolder) -> Generation:
        attempts.append(time.monotonic())
        raise ShortageError("Too many files are open.")

    published = publish(library, "Second")
    monkeypatch.setattr(IndexFolder, "open_current", short)
    live.start()
    assert until(lambda: len(attempts) == 3)
    assert live.is_outdated
    assert attempts[2] - attempts[1] > attempts[1] - attempts[0] > 0.9
    monkeypatch.undo()

    assert until(lambda: live.current.id == published and not live.is_outdated)
    assert len([message for message in caplog.messages if "could not be opened" in message]) == 1


def test_a_deleted_index_is_still_served(library: Library, live: LiveGeneration) -> None:
    library.pointer().unlink()

    live.refresh()

    assert found(live.current, "concerns") == ["apple"]


# Building as content changes


class Watch:
    """`watch_content` in a thread, and what it reported."""

    def __init__(self, library: Library) -> None:
        self.reports: list[BuildReport | KbError] = []
        self._stop = threading.Event()
        arguments = (library.content.root, Builder(library.index), self.reports.append, self._stop)
        self._thread = threading.Thread(target=watch_content, args=arguments)
        self._thread.start()
        until(lambda: self.reports)

    def stop(self) -> bool:
        """Whether it stopped."""
        self._stop.set()
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()


@pytest.fixture
def watch(library: Library) -> Iterator[Watch]:
    """The library, watched."""
    library.write("early", GOOD)
    watching = Watch(library)
    yield watching
    assert watching.stop()


def test_an_edit_made_before_watching_began_is_built_too(library: Library, watch: Watch) -> None:
    assert isinstance(watch.reports[0], BuildReport)
    assert watch.reports[0].added == ("early",)
    assert library.slugs() == ("apple", "early")


def test_edits_are_built_and_errors_are_reported_and_survived(library: Library, watch: Watch) -> None:
    good = library.vocabulary("cities").read_text("utf-8")

    library.write("apple", case_markdown(title="Second"))
    assert until(lambda: library.title("apple") == "Second")
    library.vocabulary("cities").write_text("aarhus: [", "utf-8")
    assert until(lambda: isinstance(watch.reports[-1], ContentError))
    library.vocabulary("cities").write_text(good, "utf-8")
    library.write("apple", BROKEN)
    assert until(lambda: isinstance(watch.reports[-1], BuildReport) and watch.reports[-1].kept == ("apple",))
    library.case("apple").unlink()
    assert until(lambda: library.slugs() == ("early",))


def test_a_bug_in_a_build_is_logged_and_the_next_edit_is_built(
    library: Library, watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kb.building.reading.pack_case", None)
    library.write("apple", case_markdown(title="Second"))
    assert until(lambda: "A build failed" in caplog.text)
    assert "'NoneType' object is not callable" in caplog.text
    monkeypatch.undo()

    library.case("apple").unlink()
    assert until(lambda: library.slugs() == ("early",))


def test_a_bug_in_opening_is_logged_once_and_the_next_generation_is_served(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveGeneration(library.index)
    library.write("berry")
    library.build()
    monkeypatch.setattr("kb.engines.whoosh.local.WhooshEngine", None)
    for _ in range(3):
        live.refresh()
    assert "berry" not in live.current.cases.slugs()
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info is not None
    monkeypatch.undo()

    library.write("cherry")
    library.build()
    live.refresh()

    assert "cherry" in live.current.cases.slugs()
    live.stop()
