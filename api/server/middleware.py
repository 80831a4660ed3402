"""Headers that every response gets, and a check that no request bypasses."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server.errors import bad_request
from api.server.headers import HEADERS


class SafeAnswers:
    """Adds `HEADERS` where a response does not set its own, and rejects addresses that are not UTF-8 text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if _is_text(scope["query_string"]) and _is_text(scope.get("raw_path", b"")):
            await self._app(scope, receive, send_with_headers)
        else:
            await bad_request(Request(scope))(scope, receive, send_with_headers)


_HIGH_BYTE = re.compile(rb"%[89a-fA-F]|[\x80-\xff]")


def _is_text(escaped: bytes) -> bool:
    """Whether percent-escapes decode to UTF-8; most addresses have no escape that could fail to."""
    if not _HIGH_BYTE.search(escaped):
        return True
    try:
        unquote_to_bytes(escaped).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
