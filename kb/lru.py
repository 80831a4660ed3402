"""A least-recently-used cache with a bound on its total size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _one(_: object) -> int:
    return 1


class LruCache(Generic[K, V]):
    """Values by key, up to a total size; the least recently used ones are evicted. Safe to use from many threads.

    `capacity` is in the unit of `size_of`, which returns the size of a value and must always return the same for it;
    without it every value counts one. A value larger than the whole capacity is not stored, and evicts nothing.

    >>> cache = LruCache[str, str](capacity=5, size_of=len)
    >>> cache.put("a", "xx"); cache.put("b", "yy")
    >>> cache.get("a")
    'xx'
    >>> cache.put("c", "zz")
    >>> cache.get("b") is None, len(cache), cache.size
    (True, 2, 4)
    """

    def __init__(self, capacity: int, size_of: Callable[[V], int] = _one) -> None:
        self._capacity = capacity
        self._size_of = size_of
        self._lock = threading.Lock()
        self._values: OrderedDict[K, V] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._values)

    @property
    def size(self) -> int:
        """The total size of all values."""
        return self._size

    def get(self, key: K) -> V | None:
        """The value of `key`, which counts as used now, or None."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        """Store a value, in place of any earlier one of the same key."""
        size = self._size_of(value)
        with self._lock:
            if key in self._values:
                self._size -= self._size_of(self._values.pop(key))
            if size > self._capacity:
                return
            self._values[key] = value
            self._size += size
            while self._size > self._capacity:
                _, evicted = self._values.popitem(last=False)
                self._size -= self._size_of(evicted)

    def clear(self) -> None:
        """Remove all values."""
        with self._lock:
            self._values.clear()
            self._size = 0
