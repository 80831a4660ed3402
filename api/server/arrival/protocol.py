"""HTTP/1.1 as uvicorn reads it with httptools, with everything that arrives counted and timed.

A parser accepts whatever it is given: a hundred megabytes of headers, or one letter a minute. Here a connection has a
limit for each part of a request, and one moment by which it must arrive (`limits`). Anything beyond is refused with a
status that says why, and nothing is logged: a log that strangers can fill helps nobody.

`kb serve` names this class to uvicorn; what is limited by the application itself is limited under any server.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from http import HTTPStatus
from itertools import chain
from math import inf
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from api.server.arrival.draining import DrainingProtocol
from api.server.arrival.limits import (
    ADDRESS_BYTES,
    BODY_BYTES,
    BODY_SECONDS,
    HEAD_BYTES,
    HEAD_SECONDS,
    IDLE_SECONDS,
    KEEP_ALIVE_SECONDS,
    LINGER_BYTES,
    LINGER_SECONDS,
    MOST_CONNECTIONS,
    MOST_HEADERS,
    MOST_PIPELINED,
    RETRY_SECONDS,
    STALLED_SECONDS,
    UPLOAD_BYTES,
    UPLOAD_READ_BYTES,
    UPLOADS,
)
from api.server.arrival.refusals import REFUSED
from api.server.headers import HEADERS, NOT_STORED

TICK_SECONDS = 0.5
"""Seconds between two checks of whether a connection is due."""

MADE_ROOM_FOR = MOST_CONNECTIONS // 10
"""Connections, as looking for those that wait takes a while."""

SETTLED_SECONDS = 0.1
"""Seconds after which a connection without a request may be closed in favour of another."""

LINGERING = 100
"""Connections beyond the limit that are refused with a response; further ones are just closed."""

DETAILS = {
    HTTPStatus.BAD_REQUEST: "This is not HTTP.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not arrive in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"The body is too large: at most {BODY_BYTES // 1024} kB are read, or "
    f"{UPLOAD_BYTES // 1024} kB of a file to be checked.",
    HTTPStatus.REQUEST_URI_TOO_LONG: f"The address is too long: at most {ADDRESS_BYTES // 1024} kB are read.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        f"There are too many headers: at most {MOST_HEADERS}, and {HEAD_BYTES // 1024} kB, are read."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: f"Too many connections are open. Try again in {RETRY_SECONDS} seconds.",
}


_UPLOADS = tuple(path.encode() for path in UPLOADS)


class _Refused(Exception):
    """Ends the reading of what was received; raised in the callbacks of the parser, which wraps it."""


class _Part(Enum):
    """What a connection waits for."""

    NOTHING = "the next request, or the answer to this one"
    HEAD = "the rest of the first line and the headers"
    BODY = "the rest of the body"


_NOTHING, _HEAD, _BODY = _Part


class LimitedProtocol(DrainingProtocol):
    """One connection, with limits on what arrives, and how slowly."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.timeout_keep_alive = KEEP_ALIVE_SECONDS
        self.ws_protocol_class = None
        self._part = _NOTHING
        self._is_begun = False
        """Whether this part has only just begun to arrive."""
        self._body_bytes = 0
        self._pending_bytes = 0
        """Of what arrives, without its first piece: perhaps of a header that the parser has not reported yet."""
        self._refusal = HTTPStatus.BAD_REQUEST
        self._before_last: list[RequestResponseCycle] = []
        """What is still to be answered before the last request, where some were sent ahead."""
        self._is_refused = False
        """Whatever else arrives is discarded."""
        self._discarded_bytes = 0
        self._due = inf
        """When to give up, by the clock of the event loop."""
        self._stalled = inf
        """The same while the client takes nothing of its answer."""
        self._ticking: asyncio.TimerHandle | None = None

    # Connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._allow(IDLE_SECONDS)
        self._ticking = self.loop.call_later(TICK_SECONDS, self._tick)
        if len(self.connections) > MOST_CONNECTIONS and not self._make_room():
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, linger=len(self.connections) <= MOST_CONNECTIONS + LINGERING)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # The client has been informed on the last one already.
        for cycle in self._before_last:
            cycle.disconnected = True
            cycle.message_event.set()
        if self._ticking:
            self._ticking.cancel()

    def _make_room(self) -> bool:
        """Close connections that nothing is expected of; return whether there were any.

        First those that have been refused and may only still read why, then those that have been idle longest. Not
        those that have only just been opened: a request may be on its way.
        """
        now = self.loop.time()
        ours = [each for each in self.connections if isinstance(each, LimitedProtocol)]
        lingering = sorted((each for each in ours if each._is_lingering()), key=LimitedProtocol._due_at)
        for each in lingering[:MADE_ROOM_FOR]:
            each.transport.close()
        if lingering:
            return True
        idle = sorted(
            (each for each in ours if not each._is_refused and each._idle_since() < now - SETTLED_SECONDS),
            key=LimitedProtocol._idle_since,
        )
        for each in idle[:MADE_ROOM_FOR]:
            each._give_up(linger=False)
        return bool(idle)

    def _is_lingering(self) -> bool:
        """Whether it has been refused and still has time to read why; not while earlier requests are answered."""
        return self._is_refused and self._due < inf and not self.transport.is_closing()

    def _due_at(self) -> float:
        return self._due

    def _idle_since(self) -> float:
        """Since when it has been waiting for a request, or more of one; roughly, and never while one is being
        answered."""
        if self.timeout_keep_alive_task:
            return self.timeout_keep_alive_task.when() - KEEP_ALIVE_SECONDS
        return self._due - (BODY_SECONDS if self._part is _BODY else IDLE_SECONDS)

    # What arrives

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            self._discard(len(data))
            return
        self._unset_keepalive_if_required()
        try:
            if len(data) <= HEAD_BYTES:
                self._read(data)
            else:
                # Piece by piece, so that no more than one of them is ever read of a header that has no end.
                for start in range(0, len(data), HEAD_BYTES):
                    self._read(data[start : start + HEAD_BYTES])
        except httptools.HttpParserUpgrade:
            pass  # The request is answered as any other, without switching to another protocol.
        except (httptools.HttpParserError, _Refused):
            self._refuse(self._refusal)
            return
        self._set_due()

    def _discard(self, count: int) -> None:
        self._discarded_bytes += count
        if self._discarded_bytes > LINGER_BYTES:
            self.flow.pause_reading()

    def _read(self, data: bytes) -> None:
        if self._part is not _NOTHING:
            self._pending_bytes += len(data)
        self.parser.feed_data(data)
        if self._part is not _NOTHING:
            self._limit_head(self._pending_bytes)

    def _set_due(self) -> None:
        """Most requests arrive whole, and nothing has to be awaited. A request that arrives in parts gets no extra
        time."""
        if self._part is _NOTHING:
            is_awaited = self.cycle is None or self.cycle.response_complete
            if not is_awaited:
                self._due = inf
            elif self._due == inf:
                self._allow(KEEP_ALIVE_SECONDS)
        elif self._is_begun:
            self._allow(HEAD_SECONDS if self._part is _HEAD else BODY_SECONDS)
        self._is_begun = False

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= MOST_PIPELINED:
            raise _Refused
        super().on_message_begin()
        self._part = _HEAD
        self._is_begun = True
        self._body_bytes = self._pending_bytes = 0

    def _limit_head(self, count: int) -> None:
        if count > HEAD_BYTES and len(self.url) > ADDRESS_BYTES:
            self._stop(HTTPStatus.REQUEST_URI_TOO_LONG)
        if count > HEAD_BYTES or len(self.headers) > MOST_HEADERS:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        if self._pending_bytes or len(self.headers) > MOST_HEADERS:
            # Otherwise it came in one piece, which is no longer than it may be.
            self._limit_head(sum(map(len, (self.url, *chain.from_iterable(self.headers)))))
        for name, value in self.headers:
            if name == b"content-length" and int(value) > self._most_bytes():
                self._stop(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self.cycle is not None and not self.cycle.response_complete:
            self._before_last.append(self.cycle)
        elif self._before_last:
            self._before_last.clear()
        super().on_headers_complete()
        self._part = _BODY
        self._is_begun = True
        self._pending_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._pending_bytes = 0
        if self._body_bytes > self._most_bytes():
            self._stop(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        super().on_body(body)

    def _most_bytes(self) -> int:
        """How large the body of this request may be; where the site is below a path, that comes first."""
        is_upload = self.url.partition(b"?")[0].endswith(_UPLOADS) and self.parser.get_method() == b"POST"
        return UPLOAD_READ_BYTES if is_upload else BODY_BYTES

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._part = _NOTHING

    # Refusing

    def _stop(self, refusal: HTTPStatus) -> None:
        self._refusal = refusal
        raise _Refused

    def _refuse(self, status: HTTPStatus, *, linger: bool = True) -> None:
        """Read no more, and say why; but finish the responses to earlier requests."""
        self._is_refused = True
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering and (self._part is not _BODY or self.cycle.response_started):
            self.cycle.keep_alive = False
            self._allow(inf)
            return
        if is_answering:
            # The body of this very request: whatever waits for the rest of it must learn that there is none.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._write(status)
        if linger and self.transport.can_write_eof():
            # If it were closed while the client still sends, it would be reset before the client has read why.
            self.flow.resume_reading()
            self.transport.write_eof()
            self._allow(LINGER_SECONDS)
        else:
            self.transport.close()

    def _write(self, status: HTTPStatus) -> None:
        REFUSED[status] += 1
        title, detail = status.phrase, DETAILS[status]
        body, media_type = f"{detail}\n", "text/plain; charset=utf-8"
        if getattr(self, "url", b"").startswith(b"/api/"):
            body = f'{{"type":"about:blank","title":"{title}","status":{status.value},"detail":"{detail}"}}'
            media_type = "application/problem+json"
        headers = HEADERS | {
            "Cache-Control": NOT_STORED,
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = str(RETRY_SECONDS)
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        self.transport.write(STATUS_LINE[status] + "".join([*lines, "\r\n", body]).encode())

    # Time

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.time() + STALLED_SECONDS

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stalled = inf

    def _allow(self, seconds: float) -> None:
        self._due = self.loop.time() + seconds

    def _tick(self) -> None:
        now = self.loop.time()
        self._ticking = self.loop.call_later(TICK_SECONDS, self._tick)
        if self.transport.is_closing():
            # Closed, except that the client does not read the response.
            self._stalled = min(self._stalled, now + STALLED_SECONDS)
        if now >= self._stalled:
            self.transport.abort()
        elif now >= self._due:
            self._give_up()

    def _give_up(self, *, linger: bool = True) -> None:
        """The time for what was awaited is over."""
        if self._is_refused or self._part is _NOTHING:
            self._is_refused = True
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, linger=linger)
