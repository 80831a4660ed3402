"""What every request passes through: addresses are checked and cleaned, and scripts on other sites may read data."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.address import paths
from api.address.parameters import cleaned
from api.address.spelling import CASE_ENDINGS
from api.server.arrival.limits import ADDRESS_BYTES, MOST_PARAMETERS
from api.server.errors import refused


class ReadableAddresses:
    """Refuses addresses that are not UTF-8 text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (_is_text(scope["query_string"]) and _is_text(scope.get("raw_path", b""))):
            await self._app(scope, receive, send)
        else:
            await refused(Request(scope), HTTPStatus.BAD_REQUEST, _NOT_TEXT)(scope, receive, send)


class CleanAddresses:
    """Refuses addresses that are too long, removes trackers, and writes the names of parameters as they are known here.

    Outside the cache, so that a link shared in many forms is one entry there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if refusal := _refusal(scope):
                await refused(Request(scope), *refusal)(scope, receive, send)
                return
            if scope["query_string"]:
                scope = {**scope, "query_string": cleaned(scope["query_string"])}
        await self._app(scope, receive, send)


class OpenToScripts:
    """Lets scripts on pages of other sites read what is for programs (CORS).

    It is the same for everybody, and nobody can change anything here, so no site has to be kept out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_for_programs(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_OPEN)
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)


_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Expose-Headers": (
        "Content-Disposition, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Notices, X-Request-ID, "
        "X-Total-Count"
    ),
}

_METHODS = "GET, HEAD, OPTIONS"

_PREFLIGHT = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}

_FOR_PROGRAMS = (paths.OPENAPI, paths.FEED, paths.COMPARE_CSV)


def _is_for_programs(path: str) -> bool:
    is_face = path.startswith(f"{paths.CASES}/") and path.endswith(CASE_ENDINGS)
    return is_face or path.startswith(f"{paths.API}/") or path in _FOR_PROGRAMS


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and reason of the refusal if an address contains too much."""
    path, query = scope.get("raw_path") or b"", scope["query_string"]
    if len(path) + len(query) > ADDRESS_BYTES:
        most = f"{ADDRESS_BYTES // 1024} kB"
        return 414, f"The address is too long: at most {most} are read. A long text can be sent to /cases with POST."
    if query.count(b"&") >= MOST_PARAMETERS:
        return 400, f"The address has too many parameters: at most {MOST_PARAMETERS} are read."
    return None


_NOT_TEXT = "The address contains percent-escapes that are not UTF-8 text. Type the search again, or follow a link."

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
