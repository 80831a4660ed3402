"""What was read and reckoned is kept, within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast

KEPT_BYTES = 1024
"""What a kept value takes besides its numbers. Without it, words that nothing holds would be kept for ever."""


class Sized(Protocol):
    """Something that knows how much room it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""


V = TypeVar("V", bound=Sized)


class Cache:
    """Keeps values up to a number of bytes; what was asked for longest ago goes first.

    One value is made at a time, whichever thread asks: makers read files that have one position each. A maker may
    ask for other values.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = threading.RLock()
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """What is kept under `key`, or what `make` gives, kept from now on as long as there is room."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return cast("V", self._values[key])
            value = make()
            self._values[key] = value
            self._bytes += KEPT_BYTES + value.nbytes
            while self._bytes > self._room and self._values:
                _, gone = self._values.popitem(last=False)
                self._bytes -= KEPT_BYTES + gone.nbytes
            return value
