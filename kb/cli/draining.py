"""Servers that stop without losing a request, and in a stated time."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

STOPPING_SECONDS = 10
"""The longest time from the signal to the end: what has not been answered by then is cut off."""

ANSWERING_SECONDS = STOPPING_SECONDS - 3
"""How long requests may still be answered."""

ENDING_SECONDS = STOPPING_SECONDS - 2
"""When a process ends even if it still computes something. The rest is for hearing of the signal."""

LINGERING_SECONDS = 0.5
"""How long a connection without a request stays open: one may be on its way, or sent and not yet read."""

_CLOSE = (b"connection", b"close")


class DrainingProtocol(HttpToolsProtocol):
    """A connection that says with its next answer that it ends, rather than ending while a request is on its way."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection that was accepted just before the server stopped listening ends as the others do."""
        super().connection_made(transport)
        if _CLOSE in self.server_state.default_headers:
            self.shutdown()

    def shutdown(self) -> None:
        """Answer what has been asked, and what is asked within a moment, and end."""
        state = self.server_state
        if _CLOSE not in state.default_headers:
            state.default_headers = [*state.default_headers, _CLOSE]
        if self._is_idle():
            self.loop.call_later(LINGERING_SECONDS, super().shutdown)
        else:
            super().shutdown()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete


class DrainingServer(uvicorn.Server):
    """A server that ends in the stated time, whatever its threads and its event loop are doing then."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called with the signal."""
        _end_later()
        super().handle_exit(sig, frame)


class DrainingWorkers(Multiprocess):
    """The same for several processes."""

    def terminate_all(self) -> None:
        """Called after the signal: tells each of them."""
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
    # Workers, and the processes of a build: those do not notice that nobody waits for them any more.
    for process in multiprocessing.active_children():
        process.kill()
    os._exit(0)
