"""Files that are sent to be checked: received in memory, whole, before they take a turn.

The time of a request and its turn (`api.server.arrival.admission`) are for the work on it, and a file from a phone
takes longer than that to arrive. The usual readers of forms put what is large on the disk; here nothing that somebody
has not published is ever stored.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server.arrival.limits import MOST_UPLOADS, UPLOAD_BYTES, UPLOADS
from api.server.errors import refused, too_busy


class Uploads:
    """Receives the body of each request that sends a file, so many at a time, and refuses one that is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._receiving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] not in UPLOADS:
            await self._app(scope, receive, send)
        elif self._receiving >= MOST_UPLOADS:
            await too_busy(Request(scope))(scope, receive, send)
        else:
            self._receiving += 1
            try:
                await self._received(scope, receive, send)
            finally:
                self._receiving -= 1

    async def _received(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        count = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            piece: bytes = message.get("body", b"")
            count += len(piece)
            if count <= UPLOAD_BYTES:
                body += piece
            if not message.get("more_body", False):
                break
        if count > UPLOAD_BYTES:
            await refused(Request(scope), HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, _giving(bytes(body), receive), send)


_TOO_LARGE = (
    f"The file is too large: at most {UPLOAD_BYTES // 1024} kB are read. Pictures are not needed: take them out, or "
    "paste the text."
)


def _giving(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the whole body at once, and then whatever comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return messages.pop() if messages else await receive()

    return give
