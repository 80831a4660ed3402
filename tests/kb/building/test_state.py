"""How building goes, as other processes read it."""

from __future__ import annotations

import multiprocessing

import pytest

from kb.building.state import STALE_SECONDS, BuildingNow, BuildingState, Sight


def test_what_the_watcher_writes_another_process_reads() -> None:
    state = BuildingState()
    assert state.read().sight is Sight.NOBODY_WATCHES
    process = multiprocessing.get_context("spawn").Process(target=state.write, args=(Sight.UNSEEN, 3))
    process.start()
    process.join(60)

    now = state.read()

    assert (now.sight, now.failures) == (Sight.UNSEEN, 3)
    assert 0 <= now.silent_seconds < 60


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (BuildingNow(Sight.NOBODY_WATCHES, 0, 1e9), []),
        (BuildingNow(Sight.SEEN, 0, 1.0), []),
        (BuildingNow(Sight.UNSEEN, 0, 1.0), ["cannot be found or read"]),
        (BuildingNow(Sight.UNSEEN, 4, 1.0), ["cannot be found or read"]),
        (BuildingNow(Sight.SEEN, 1, 1.0), ["last build failed"]),
        (BuildingNow(Sight.SEEN, 0, STALE_SECONDS + 1), ["does not respond"]),
        (BuildingNow(Sight.SEEN, 2, STALE_SECONDS + 1), ["does not respond", "last build failed"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else(now: BuildingNow, words: list[str]) -> None:
    assert len(now.problems) == len(words)
    assert all(word in problem for word, problem in zip(words, now.problems, strict=True))
