"""What every response has, whatever its status and wherever it was made: security headers, and the id of its
request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import getrandbits

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server.headers import NOT_STORED, UNREADABLE_SECONDS
from kb import current_request

REQUEST_ID = b"x-request-id"

_Header = tuple[bytes, bytes]

_LAST = b"x-content-type-options"
"""No answer sets this header itself."""

_PICTURES = b"image/"
"""Other sites may show our pictures, such as the mark; nothing is learnt from them."""

_CROSS_ORIGIN = (b"cross-origin-resource-policy", b"cross-origin")
_NOT_STORED = (b"cache-control", NOT_STORED.encode())
_RETRY = (b"retry-after", str(UNREADABLE_SECONDS).encode())


class SafeAnswers:
    """Adds the headers that a response does not set itself; within the cache, so that cached responses have them
    already."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = tuple((name.lower().encode(), value.encode()) for name, value in headers.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(message)
            await send(message)

        await self._app(scope, receive, send_safely)

    def _completed(self, message: Message) -> list[_Header]:
        headers: list[_Header] = list(message["headers"])
        own = dict(headers)
        if _LAST in own:
            return headers
        for name, value in (*_for_this_answer(message["status"], own), *self._headers):
            if name not in own:
                own[name] = value
                headers.append((name, value))
        return headers


class IdentifiedAnswers(SafeAnswers):
    """Does the same for responses that bypass the cache, so around all other middleware; and gives every request an id
    that its response and its lines in the log share.

    An id that a client sends is ignored: it could be made to look like another one, or say who somebody is.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"{getrandbits(64):016x}"  # a name, not a secret  # nosec B311

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*self._completed(message), (REQUEST_ID, request_id.encode())]
            await send(message)

        token = current_request.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            current_request.reset(token)


def _for_this_answer(status: int, own: Mapping[bytes, bytes]) -> Iterable[_Header]:
    """The headers that depend on the response itself."""
    if status >= 400:
        yield _NOT_STORED
    if status == 503:
        yield _RETRY
    if own.get(b"content-type", b"").startswith(_PICTURES):
        yield _CROSS_ORIGIN
