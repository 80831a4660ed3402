"""How building goes, shared between the process that builds and those that answer.

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
    """How building goes at a moment."""

    sight: Sight
    failures: int
    """Builds that failed, one after another, since the last that did not."""
    silent_seconds: float
    """Since the watcher was last heard of."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, in sentences that anyone may read: nothing of this machine is in them."""
        if self.sight is Sight.NOBODY_WATCHES:
            return ()
        problems = []
        if self.silent_seconds > STALE_SECONDS:
            problems.append("The watcher of the content does not respond, so edits do not appear.")
        if self.sight is Sight.UNSEEN:
            problems.append("The content folder cannot be seen, so edits do not appear.")
        elif self.failures:
            problems.append("The last build failed, so edits do not appear; it is tried again. The log says why.")
        return tuple(problems)


class BuildingState:
    """Where the watcher writes how building goes. Can be passed to processes that are being started."""

    def __init__(self) -> None:
        self._values = multiprocessing.RawArray("d", 3)

    def write(self, sight: Sight, failures: int) -> None:
        """Say how it goes now."""
        self._values[:] = [sight, failures, time.monotonic()]

    def read(self) -> BuildingNow:
        """How it goes."""
        sight, failures, heard = self._values[:]
        return BuildingNow(Sight(int(sight)), int(failures), time.monotonic() - heard)
