"""Values that are computed from the index at most one at a time, and cached up to a number of bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast

from kb.lru import LruCache

OVERHEAD_BYTES = 1024
"""The overhead of a cached value. Without it, words that no case contains would stay cached for ever."""


class Sized(Protocol):
    """Something that knows its size in memory."""

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""


V = TypeVar("V", bound=Sized)


class Cache:
    """Caches values up to a number of bytes.

    One value is made at a time, whichever thread asks: what makes them reads files that have one position each. Making
    a value may ask for other values.
    """

    def __init__(self, capacity: int) -> None:
        self._making = threading.RLock()
        self._values = LruCache[Hashable, Sized](capacity, lambda value: OVERHEAD_BYTES + value.nbytes)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value cached under `key`, or the result of `make`, which is then cached."""
        with self._making:
            cached = self._values.get(key)
            if cached is not None:
                return cast("V", cached)
            value = make()
            self._values.put(key, value)
            return value
