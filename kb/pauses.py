"""When to try again what has failed: soon at first, then less and less often."""

from __future__ import annotations

import time
from collections.abc import Callable

SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 60.0


class Pauses:
    """Growing pauses between attempts.

    >>> now = 0.0
    >>> pauses = Pauses(clock=lambda: now)
    >>> pauses.are_over
    True
    >>> pauses.failed(); pauses.are_over
    False
    >>> now = 1.0; pauses.are_over
    True
    >>> pauses.failed(); pauses.seconds
    2.0
    >>> pauses.succeeded(); pauses.are_over, pauses.failures
    (True, 0)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = 0.0
        self.failures = 0
        """Attempts that failed, one after another."""

    @property
    def seconds(self) -> float:
        """The length of the present pause."""
        return min(SHORTEST_SECONDS * 2.0 ** min(self.failures - 1, 16), LONGEST_SECONDS) if self.failures else 0.0

    @property
    def are_over(self) -> bool:
        """Whether to try now."""
        return self._clock() >= self._next

    def failed(self) -> None:
        """Note that it failed: the next pause begins."""
        self.failures += 1
        self._next = self._clock() + self.seconds

    def succeeded(self) -> None:
        """Note that it succeeded, or that there is something new to try."""
        self.failures = 0
        self._next = 0.0
