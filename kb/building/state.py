"""The state of building, shared between the process that builds and those that answer.

Readers may be other processes, and the disk may be full or read-only: so it is a few numbers in shared memory.
"""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from enum import IntEnum

STALE_SECONDS = 600.0
"""A build of some ten thousand cases takes a minute or two; a watcher that has not been heard of for this long hangs,
for instance on a network mount that does not answer."""


class Sight(IntEnum):
    """What the watcher sees of the content folder."""

    NOBODY_WATCHES = 0
    SEEN = 1
    UNSEEN = 2


@dataclass(frozen=True)
class BuildingNow:
    """The state of building at one moment."""

    sight: Sight
    failures: int
    """Builds that have failed in a row since the last successful one."""
    silent_seconds: float
    """Seconds since the watcher last reported."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, in sentences for anyone: they reveal nothing about the server."""
        if self.sight is Sight.NOBODY_WATCHES:
            return ()
        problems = []
        if self.silent_seconds > STALE_SECONDS:
            problems.append("The watcher of the content does not respond, so edits do not appear.")
        if self.sight is Sight.UNSEEN:
            problems.append("The content folder cannot be found or read, so edits do not appear.")
        elif self.failures:
            problems.append("The last build failed, so edits do not appear. It is being retried; see the log.")
        return tuple(problems)


class BuildingState:
    """Where the watcher writes the state of building. Can be passed to a process when it is started."""

    def __init__(self) -> None:
        self._values = multiprocessing.RawArray("d", 3)

    def write(self, sight: Sight, failures: int) -> None:
        """Write the state as it is now."""
        self._values[:] = [sight, failures, time.monotonic()]

    def read(self) -> BuildingNow:
        """The state as last written."""
        sight, failures, heard = self._values[:]
        return BuildingNow(Sight(int(sight)), int(failures), time.monotonic() - heard)
