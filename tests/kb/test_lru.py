"""A cache that never grows beyond its capacity, and evicts what was used longest ago."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from kb.lru import LruCache

CAPACITY = 10

PUTS = st.tuples(st.just("put"), st.integers(0, 5), st.text("x", max_size=CAPACITY + 2))
GETS = st.tuples(st.just("get"), st.integers(0, 5), st.just(""))


@given(st.lists(PUTS | GETS))
def test_a_cache_holds_the_most_recently_used_up_to_its_capacity(steps: list[tuple[str, int, str]]) -> None:
    cache, expected = LruCache[int, str](CAPACITY, len), OrderedDict[int, str]()

    for action, key, value in steps:
        if action == "get":
            assert cache.get(key) == expected.get(key)
            if key in expected:
                expected.move_to_end(key)
            continue
        cache.put(key, value)
        expected.pop(key, None)
        if len(value) <= CAPACITY:
            expected[key] = value
        while sum(map(len, expected.values())) > CAPACITY:
            expected.popitem(last=False)
        assert (len(cache), cache.size) == (len(expected), sum(map(len, expected.values())))

    assert [cache.get(key) for key in range(6)] == [expected.get(key) for key in range(6)]


def test_a_cache_without_sizes_counts_values() -> None:
    cache = LruCache[str, str](2)
    for key in "abc":
        cache.put(key, key * 1000)

    assert [cache.get(key) for key in "abc"] == [None, "b" * 1000, "c" * 1000]


def test_a_value_larger_than_the_capacity_evicts_nothing_but_its_own_key() -> None:
    cache = LruCache[str, str](3, len)
    cache.put("a", "x")
    cache.put("b", "y")
    cache.put("b", "too long")

    assert (cache.get("a"), cache.get("b"), cache.size) == ("x", None, 1)


def test_a_cleared_cache_is_empty_and_accepts_values_again() -> None:
    cache = LruCache[str, str](1)
    cache.put("a", "old")
    cache.clear()
    assert (cache.get("a"), len(cache), cache.size) == (None, 0, 0)

    cache.put("a", "new")
    assert cache.get("a") == "new"


def test_many_threads_leave_the_size_correct() -> None:
    cache = LruCache[int, str](50, len)

    def use(seed: int) -> None:
        for step in range(500):
            cache.put((seed * step) % 17, "x" * (step % 7))
            cache.get(step % 17)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))

    assert cache.size == sum(len(cache.get(key) or "") for key in range(17)) <= 50
