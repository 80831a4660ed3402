"""What every answer has, whatever its status and whoever made it: headers that protect, and the id of its request."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server.headers import NOT_STORED, RETRY_SECONDS
from kb import current_request

REQUEST_ID = b"x-request-id"

_Header = tuple[bytes, bytes]

_PICTURES = b"image/"
"""Other sites may show our pictures, such as the mark; nothing is learnt from them."""

_CROSS_ORIGIN = (b"cross-origin-resource-policy", b"cross-origin")
_NOT_STORED = (b"cache-control", NOT_STORED.encode())
_RETRY = (b"retry-after", str(RETRY_SECONDS).encode())


class SafeAnswers:
    """Adds headers where an answer does not set its own.

    Around all other middleware, so that no answer is sent past it.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = _encoded(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._completed(message["status"], list(message["headers"]))}
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _completed(self, status: int, headers: list[_Header]) -> list[_Header]:
        own = dict(headers)
        wanted = (*_for_this_answer(status, own), *self._headers)
        # In one pass, as this is done for every stored answer too; what comes first counts.
        missing = {name: (name, value) for name, value in reversed(wanted) if name not in own}
        return [*headers, *missing.values()]


class Identified:
    """Gives every request an id that its answer and its lines in the log share.

    An id that a client sends is ignored: it could be made to look like another one, or say who somebody is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        header = (REQUEST_ID, request_id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], header]}
            await send(message)

        token = current_request.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            current_request.reset(token)


def _for_this_answer(status: int, own: Mapping[bytes, bytes]) -> Iterable[_Header]:
    """What depends on the answer itself."""
    if status >= 400:
        yield _NOT_STORED
    if status == 503:
        yield _RETRY
    if own.get(b"content-type", b"").startswith(_PICTURES):
        yield _CROSS_ORIGIN


def _encoded(headers: Mapping[str, str]) -> tuple[_Header, ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())
