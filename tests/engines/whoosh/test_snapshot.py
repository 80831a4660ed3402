"""The opened index: what it keeps, and that threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import numpy as np
import pytest

from kb.engines.whoosh import snapshot as snapshot_module
from kb.engines.whoosh.engine import WhooshEngine
from kb.engines.whoosh.snapshot import LEAF_BYTES, Found, Snapshot
from kb.search.query import Word
from kb.search.request import SearchRequest, Sort
from kb.search.searching import make_request
from tests.builders import case_markdown
from tests.engines.opening import Cases, write_index


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Snapshot]:
    opened = Snapshot(write_index(tmp_path / "index", Cases({"a": case_markdown()}).documents()))
    yield opened
    opened.close()


def leaf_of(length: int) -> Found:
    return Found(np.arange(length, dtype=np.int32), 1.0, np.zeros(length))


class Maker:
    """Makes leaves and counts them."""

    def __init__(self, length: int) -> None:
        self.made = 0
        self._length = length

    def __call__(self) -> Found:
        self.made += 1
        return leaf_of(self._length)


def test_a_leaf_is_made_once(snapshot: Snapshot) -> None:
    maker = Maker(3)

    assert snapshot.leaf("key", maker) is snapshot.leaf("key", maker)
    assert maker.made == 1


@pytest.mark.parametrize("length", [0, 1, 50])
def test_leaves_are_kept_within_their_bound(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    monkeypatch.setattr(snapshot_module, "CACHE_BYTES", 10 * leaf_of(length).size)
    maker = Maker(length)
    for key in range(11):
        snapshot.leaf(key, maker)

    for key in range(1, 11):
        snapshot.leaf(key, maker)
    assert maker.made == 11
    snapshot.leaf(0, maker)
    assert maker.made == 12


def test_what_was_asked_for_longest_ago_goes_first(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_module, "CACHE_BYTES", 2 * LEAF_BYTES)
    old, used, new = Maker(0), Maker(0), Maker(0)
    snapshot.leaf("used", used)
    snapshot.leaf("old", old)
    snapshot.leaf("used", used)
    snapshot.leaf("new", new)

    snapshot.leaf("used", used)
    snapshot.leaf("old", old)
    assert (used.made, old.made) == (1, 2)


def test_a_leaf_larger_than_all_room_is_given_and_not_kept(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_module, "CACHE_BYTES", LEAF_BYTES)
    maker = Maker(1000)

    assert len(snapshot.leaf("key", maker).documents) == 1000
    snapshot.leaf("key", maker)
    assert maker.made == 2


def test_a_leaf_that_could_not_be_made_is_tried_again(snapshot: Snapshot) -> None:
    def failing() -> Found:
        raise OSError("out of luck")

    with pytest.raises(OSError, match="out of luck"):
        snapshot.leaf("key", failing)

    assert len(snapshot.leaf("key", Maker(2)).documents) == 2


def test_leaves_are_made_one_at_a_time(snapshot: Snapshot) -> None:
    # The file positions of Whoosh's reader are shared: two makers must never meet.
    meeting = Barrier(2)

    def met(key: int) -> bool:
        met_here = True

        def make() -> Found:
            nonlocal met_here
            try:
                meeting.wait(timeout=0.1)
            except BrokenBarrierError:
                met_here = False
            return leaf_of(0)

        snapshot.leaf(key, make)
        return met_here

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(met, range(2))) == [False, False]


COLLECTION = {
    f"case-{number}": case_markdown(
        title=f"A door for {who}", city=city, body={"Context": f"{who.title()} met {number} times in a safe house."}
    )
    for number, (who, city) in enumerate(
        zip(["pupils", "mentors", "police", "imams"] * 5, ["aarhus", "vienna", "liege"] * 7, strict=False)
    )
}

REQUESTS = [
    make_request(text, filters, sort=sort)
    for text in ["mentors", "polic*", '"safe house"', "pupils OR imams", "-police", "city:vienna door", "1* 2*", ""]
    for filters in [{}, {"city": ("vienna", "liege")}]
    for sort in Sort
]


@pytest.mark.parametrize("room", [snapshot_module.CACHE_BYTES, 2 * LEAF_BYTES, 0])
def test_many_threads_get_the_same_answers_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    cases = Cases(COLLECTION)
    folder = write_index(tmp_path / "index", cases.documents())
    alone = answers(WhooshEngine(folder, cases), lambda search: list(map(search, REQUESTS)))
    monkeypatch.setattr(snapshot_module, "CACHE_BYTES", room)

    with ThreadPoolExecutor(8) as pool:
        together = answers(WhooshEngine(folder, cases), lambda search: list(pool.map(search, REQUESTS * 3)))

    assert together == alone * 3


def answers(engine: WhooshEngine, ask: Callable[[Callable[[SearchRequest], object]], list[object]]) -> list[object]:
    try:
        return ask(engine.search)
    finally:
        engine.close()


def test_searching_again_gives_the_same_answer(tmp_path: Path) -> None:
    cases = Cases(COLLECTION)
    engine = WhooshEngine(write_index(tmp_path / "index", cases.documents()), cases)
    request = SearchRequest(query=Word("mentors"))

    first, second = engine.search(request), engine.search(request)
    engine.close()
    assert first == second
