"""Admission: requests take turns, each has a deadline, and work stops when a client disconnects.

Responses are computed by one thread, so more than a few at a time would only compete. The others wait here, in order
and not for long; one that would wait in vain is refused at once, with the time after which to try again. So an overload
makes some responses refusals, and none of them late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import CancelScope, current_time
from anyio.lowlevel import checkpoint_if_cancelled
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.address import paths
from api.server.arrival.limits import MOST_STREAMS, MOST_WAITING, QUEUE_SHARE, STREAM_SECONDS
from api.server.errors import too_busy, too_slow
from kb import Deadline, OutOfTime, within

TURNS = 2
"""Requests worked on at a time: while one is computed, the next is read and the last one sent."""

EXEMPT = (paths.HEALTHZ, paths.READYZ, paths.METRICS, f"{paths.STATIC}/")
"""Beginnings of addresses that are answered without waiting."""


class Admission:
    """Admits requests in turn, each with a deadline, and answers those that have to be refused.

    The deadline is that of `kb.deadline`: it is set here, and nowhere else. It runs from the arrival of a request. A
    streamed response gives up its turn after the first piece, so that a slow reader keeps nobody waiting, and has the
    same time again for each further piece.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._turns = asyncio.Semaphore(TURNS)
        self._waiting = 0
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
        elif self._waiting >= MOST_WAITING:
            await too_busy(Request(scope))(scope, receive, send)
        else:
            await self._in_turn(scope, receive, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        work = _Work(self, self._seconds, send)
        try:
            with work.scope, within(work.deadline), _listening(scope, receive, work.abandon) as heard:
                await self._wait(work)
                await self._app(scope, heard, work.send)
        except (OutOfTime, TooManyStreams, ClientDisconnect):
            pass  # said below, if there is still somebody to say it to
        finally:
            work.end()
        if not work.has_started and not work.is_abandoned:
            refusal = too_slow if work.had_its_turn else too_busy
            await refusal(Request(scope))(scope, receive, send)

    async def _wait(self, work: _Work) -> None:
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        work.begin(self._turns.release)

    def begin_stream(self) -> Callable[[], None]:
        """Count a streamed response, until the function that is returned is called.

        Raises TooManyStreams if there are as many as allowed.
        """
        if self._streams >= MOST_STREAMS:
            raise TooManyStreams
        self._streams += 1
        return self._end_stream

    def _end_stream(self) -> None:
        self._streams -= 1


class TooManyStreams(Exception):
    """As many responses as allowed are being streamed already."""


class _Work:
    """One request: its time, its turn, and how much of its response has been sent."""

    def __init__(self, admission: Admission, seconds: float, send: Send) -> None:
        self._admission = admission
        self._seconds = seconds
        self._send = send
        self._began = current_time()
        self._let_go: Callable[[], None] | None = None
        self.deadline = Deadline(seconds)
        self.scope = CancelScope(deadline=self._began + seconds * QUEUE_SHARE)
        """Cancels what is waiting; what computes checks the deadline."""
        self.had_its_turn = False
        self.has_started = False
        self.is_complete = False
        self.is_abandoned = False
        self._is_stream = False

    def begin(self, let_go: Callable[[], None]) -> None:
        """It has its turn, until `let_go` is called."""
        self._let_go = let_go
        self.had_its_turn = True
        self.scope.deadline = self._began + self._seconds

    def end(self) -> None:
        """The request has ended, in whatever way."""
        if self._let_go:
            self._let_go()
            self._let_go = None

    def abandon(self) -> None:
        """The client has disconnected."""
        if not self.is_complete:
            self.is_abandoned = True
            self.deadline.end_now()
            self.scope.cancel()

    async def send(self, message: Message) -> None:
        """Pass on a part of the response.

        A response that is computed is sent whole, even if its time ran out while a thread computed it, which cannot be
        cancelled: it would begin with status 200 and have no body. A stream that is late has not begun, and is refused.
        """
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            self._is_stream = "content-length" not in headers
            if self._is_stream:
                await checkpoint_if_cancelled()
            self._start()
        self.is_complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        with CancelScope(shield=not self._is_stream):
            await self._send(message)
        # The time that the client took to receive it does not count as work.
        self.deadline.renew()

    def _start(self) -> None:
        end_stream = self._admission.begin_stream() if self._is_stream else None
        self.end()
        self._let_go = end_stream
        self.has_started = True
        self.scope.deadline = current_time() + STREAM_SECONDS


@contextmanager
def _listening(scope: Scope, receive: Receive, on_leaving: Callable[[], None]) -> Iterator[Receive]:
    """The `receive` for the application, while a task watches whether the client disconnects.

    Only where a request has nothing else to receive: what has a body is read by the application.
    """
    if scope["method"] not in {"GET", "HEAD"}:
        yield receive
        return
    left = asyncio.Event()
    messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def listen() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        left.set()
        on_leaving()

    async def heard() -> Message:
        if messages:
            return messages.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    listener = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        listener.cancel()
