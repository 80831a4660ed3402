"""Servers that stop without losing a request, and within a fixed time."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import threading
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess

from kb import stopping

STOPPING_SECONDS = 10
"""The longest time from the signal to the end: what has not been answered by then is cut off."""

ANSWERING_SECONDS = STOPPING_SECONDS - 3
"""Seconds in which requests may still be answered."""

ENDING_SECONDS = STOPPING_SECONDS - 2
"""Seconds after which a process ends even if it still computes something. The rest is for passing on the signal."""

log = logging.getLogger("kb")


class DrainingServer(uvicorn.Server):
    """A server that ends within that time, whatever its threads and its event loop are doing."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called with the signal."""
        stopping.begin()
        _end_later()
        super().handle_exit(sig, frame)


class DrainingWorkers(Multiprocess):
    """The same for several processes that this one supervises."""

    def keep_subprocess_alive(self) -> None:
        """Called now and then; uvicorn replaces processes without logging it."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for old, new in zip(before, self.processes, strict=True):
            if old is not new:
                how = "did not respond" if old.exitcode == -9 else f"ended with code {old.exitcode}"
                log.warning("Worker %s %s; worker %s takes its place.", old.pid, how, new.pid)

    def terminate_all(self) -> None:
        """Called after the signal: passes it on to each of them."""
        _end_later()
        super().terminate_all()


def exit_in_time(*_: object) -> None:
    """Ends this process at a signal: being stopped is not a failure.

    While it builds, or once it has answered what was asked, when uvicorn raises the signal again.
    """
    _end_later()
    sys.exit(0)


def _end_later() -> None:
    timer = threading.Timer(ENDING_SECONDS, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    # Workers, and the processes of a build, which do not notice that nobody waits for them any more.
    for process in multiprocessing.active_children():
        process.kill()
    os._exit(0)
