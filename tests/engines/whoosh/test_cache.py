"""What is cached stays within bounds, and is made once, by one thread at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.engines.whoosh.cache import OVERHEAD_BYTES, Cache

Numbers = NDArray[np.int64]


class Maker:
    """Makes values of a length and counts them."""

    def __init__(self, length: int) -> None:
        self.made = 0
        self._length = length

    def __call__(self) -> Numbers:
        self.made += 1
        return np.zeros(self._length, dtype=np.int64)


def test_a_value_is_computed_once() -> None:
    cache, maker = Cache(10 * OVERHEAD_BYTES), Maker(3)

    assert cache.get("key", maker) is cache.get("key", maker)
    assert maker.made == 1


@pytest.mark.parametrize("length", [0, 1, 50])
def test_values_are_cached_within_their_bound(length: int) -> None:
    cache, maker = Cache(10 * (OVERHEAD_BYTES + 8 * length)), Maker(length)
    for key in range(11):
        cache.get(key, maker)

    for key in range(1, 11):
        cache.get(key, maker)
    assert maker.made == 11
    cache.get(0, maker)
    assert maker.made == 12


def test_the_least_recently_used_value_is_evicted_first() -> None:
    cache = Cache(2 * OVERHEAD_BYTES)
    old, used, new = Maker(0), Maker(0), Maker(0)
    cache.get("used", used)
    cache.get("old", old)
    cache.get("used", used)
    cache.get("new", new)

    cache.get("used", used)
    cache.get("old", old)
    assert (used.made, old.made) == (1, 2)


def test_a_value_larger_than_the_cache_is_returned_but_not_cached() -> None:
    cache, maker = Cache(OVERHEAD_BYTES), Maker(1000)

    assert len(cache.get("key", maker)) == 1000
    cache.get("key", maker)
    assert maker.made == 2


def test_a_value_that_could_not_be_computed_is_tried_again() -> None:
    def failing() -> Numbers:
        raise OSError("out of luck")

    cache = Cache(10 * OVERHEAD_BYTES)
    with pytest.raises(OSError, match="out of luck"):
        cache.get("key", failing)

    assert len(cache.get("key", Maker(2))) == 2


def test_computing_a_value_may_ask_for_other_values() -> None:
    cache, inner = Cache(10 * OVERHEAD_BYTES), Maker(2)

    assert len(cache.get("outer", lambda: cache.get("inner", inner))) == 2
    assert len(cache.get("inner", inner)) == 2
    assert inner.made == 1


def test_values_are_computed_one_at_a_time() -> None:
    # The file positions of Whoosh's reader are shared: two makers must never meet.
    cache, meeting = Cache(10 * OVERHEAD_BYTES), Barrier(2)

    def met(key: int) -> bool:
        met_here = True

        def make() -> Numbers:
            nonlocal met_here
            try:
                meeting.wait(timeout=0.1)
            except BrokenBarrierError:
                met_here = False
            return np.zeros(0, dtype=np.int64)

        cache.get(key, make)
        return met_here

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(met, range(2))) == [False, False]
