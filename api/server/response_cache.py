"""A cache of responses: compressed, and not sent again to clients that have them.

The generation, the address and the software determine a response, and for a few addresses the week. So its tag
(`ETag`) is known before anything is searched: a client that has the response gets `304` immediately, and a repeated
request gets the cached response.

This is true only of responses that are the same for everybody. A request with credentials or cookies, and a response
that is private, not to be stored, or dependent on anything else in the request, passes through unchanged.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.address.hosts import own_address
from api.server.headers import HEADERS
from kb import LiveGeneration, LruCache

CAPACITY = 48 * 1024 * 1024
"""Bytes of cached responses: some thousand pages."""

LARGEST = CAPACITY // 10
"""Bytes; a larger response is not cached, for the sake of all the others."""

COMPRESSED_FROM = 1024
"""Bytes; a smaller response fits into one packet anyway."""

COMPRESSION = 4
"""Of 1 to 9: beyond this, a page takes longer to compress and hardly shrinks."""

_COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "application/ld+json",
    "application/xml",
    "application/atom+xml",
)

_GZIP = 31
"""The `wbits` argument with which zlib writes gzip."""

_NEVER_CACHED = ("/healthz", "/readyz", "/metrics")

_STATIC = "/static/"
"""Responses below this address have a lifetime of their own."""

_CREDENTIALS = ("authorization", "cookie")
"""Request headers that may make a response one person's own."""

_UNSHARED = {"private", "no-store"}
"""Directives of `Cache-Control` that keep a response out of shared caches (RFC 9111, section 5.2.2)."""

_KEYED = {"accept-encoding"}
"""Request headers that are part of the key, so that a response may vary on them."""

_REPEATED = (b"cache-control", b"vary")
"""Headers that `304` repeats, apart from the tag."""

_CONDITIONS = (b"if-none-match", b"if-modified-since")

_DEFAULTS = ((b"cache-control", HEADERS["Cache-Control"].encode()), (b"vary", b"Accept-Encoding"))
"""Their default values, unless a response sets others."""

_TAG = re.compile(r'(?:W/)?"([^"]*)"')

_ENCODED = re.compile(r"(?:-{1,2}|;)(?:gzip|br|zstd|deflate)$")

_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")

_Key = tuple[str, ...]


class _Compressor(Protocol):
    """A compressor of zlib for a stream."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


@dataclass(frozen=True)
class _Response:
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def size(self) -> int:
        """Its approximate size in bytes."""
        return len(self.body) + 1024


def digest_of(folders: Iterable[Path], *others: object) -> str:
    """A digest of the software and its settings: responses of another version have other tags."""
    return hashlib.sha256(repr((others, [_digest_of_files(folder) for folder in folders])).encode()).hexdigest()


@cache
def _digest_of_files(folder: Path) -> str:
    """Once in a process: the code that runs stays what it was."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


class ResponseCache:
    """Caches successful responses to GET; answers `304` without asking, and compresses text.

    HEAD is answered as GET is; servers leave its body out.

    A response without a length is streamed: it is passed on piece by piece, and not cached.

    `live` knows the generation in use: with another one, everything cached is dropped.

    `clocks` says, for the few paths of which the answer also depends on the time, which week or day it is: anything
    whose text changes when the answer does.
    """

    def __init__(
        self,
        app: ASGIApp,
        live: LiveGeneration,
        software: str,
        capacity: int = CAPACITY,
        clocks: Mapping[str, Callable[[], object]] = {},
    ) -> None:
        self._app = app
        self._live = live
        self._software = software
        self._clocks = clocks
        self._generation = ""
        self._responses = LruCache[_Key, _Response](capacity, lambda response: response.size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        if _is_for_everybody(scope):
            await self._answer(asked, receive, send)
        else:
            await self._app(asked, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        gzipped = takes_gzip(_listed(headers, "accept-encoding"))
        key = self._key(scope, gzipped)
        tag = self._tag(key)
        cached = self._responses.get(key)
        condition = ",".join(headers.getlist("if-none-match"))
        # Without the response, the lifetime of a static file is unknown, and so is whether there is one at all: whoever
        # has the tag of a page was given that page, but `*` is sent by those who were not.
        if names_tag(condition, tag) and (cached or not scope["path"].startswith(_STATIC)):
            await _send_not_modified(tag, cached, send)
        elif cached:
            await (_send_not_modified(tag, cached, send) if _is_any(condition) else _send(cached, send))
        elif _is_any(condition):
            await self._app(_unconditional(scope), receive, self._caching(key, tag, gzipped, _unless_held(tag, send)))
        else:
            await self._app(scope, receive, self._caching(key, tag, gzipped, send))

    def _key(self, scope: Scope, gzipped: bool) -> _Key:
        """Everything that determines a response, except the software. Drops responses of earlier generations."""
        generation = self._live.current.id
        if generation != self._generation:
            self._generation = generation
            self._responses.clear()
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        clock = self._clocks.get(path)
        time = str(clock()) if clock else ""
        return (generation, time, own_address(scope), path, query, "gzip" if gzipped else "")

    def _tag(self, key: _Key) -> str:
        digest = hashlib.blake2b("\0".join((self._software, *key)).encode(), digest_size=12)
        return f'"{digest.hexdigest()}"'

    def _caching(self, key: _Key, tag: str, gzipped: bool, send: Send) -> Send:
        """A `send` that gathers a response, compresses it, caches it and sends it on."""
        started: Message = {}
        pieces: list[bytes] = []
        passed_on: Send | None = None

        async def gather(message: Message) -> None:
            nonlocal started, passed_on
            if message["type"] == "http.response.start":
                started = message
                headers = Headers(scope=message)
                if message["status"] != 200 or not _is_shared(headers):
                    passed_on = send
                elif "content-length" not in headers:
                    passed_on = _piece_by_piece(tag, gzipped, send)
                if passed_on:
                    await passed_on(message)
                return
            if passed_on:
                await passed_on(message)
                return
            pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                response = _finished(started, b"".join(pieces), tag, gzipped)
                # The response belongs to the generation that was in use: cache it only if that one still is.
                if self._live.current.id == key[0] and response.size <= LARGEST:
                    self._responses.put(key, response)
                await _send(response, send)

        return gather


def takes_gzip(accepted: Sequence[str]) -> bool:
    """Whether gzip may be sent, and is not worse than plain text, by the members of `Accept-Encoding` in lower case
    (RFC 9110, section 12.5.3).

    >>> takes_gzip(["br", "gzip"]), takes_gzip(["gzip;q=0"]), takes_gzip(["*"]), takes_gzip(["*", "gzip;q=0.0"])
    (True, False, True, False)
    """
    weights: dict[str, float] = {}
    for member in accepted:
        name, _, parameter = member.partition(";")
        weights[name.strip()] = _weight(parameter)
    gzipped = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0)))
    return gzipped > 0 and gzipped >= weights.get("identity", 0)


def _weight(parameter: str) -> float:
    """The weight in a parameter such as `q=0.5`; 1 where there is none, and none where it cannot be read."""
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1
    return float(value) if name.strip() == "q" and _WEIGHT.fullmatch(value.strip()) else 0


def names_tag(condition: str, tag: str) -> bool:
    """Whether an `If-None-Match` names a tag, by weak comparison (RFC 9110, section 13.1.2).

    Proxies that compress an answer add to its tag in which way, and some do not remove it when they pass it on.

    >>> names_tag('W/"a", "b-gzip"', '"b"'), names_tag('"ab"', '"b"'), names_tag("*", '"b"')
    (True, False, False)
    """
    return tag[1:-1] in (_ENCODED.sub("", held) for held in _TAG.findall(condition))


def _is_any(condition: str) -> bool:
    """Whether an `If-None-Match` is true of no answer at all."""
    return condition.strip() == "*"


def _unconditional(scope: Scope) -> Scope:
    """The request without its conditions, which are answered here."""
    return {**scope, "headers": [item for item in scope["headers"] if item[0] not in _CONDITIONS]}


def _unless_held(tag: str, send: Send) -> Send:
    """A `send` that turns a successful answer that could be cached into `304`, and passes any other on."""
    answered = False

    async def pass_on(message: Message) -> None:
        nonlocal answered
        if message["type"] == "http.response.start":
            headers = Headers(scope=message)
            answered = message["status"] == 200 and headers.get("etag") == tag
            if answered:
                await _send_not_modified(tag, _Response(message["headers"], b""), send)
        if not answered:
            await send(message)

    return pass_on


def _is_for_everybody(scope: Scope) -> bool:
    """Whether the response to this request may be shared."""
    headers = Headers(scope=scope)
    return not scope["path"].startswith(_NEVER_CACHED) and not any(name in headers for name in _CREDENTIALS)


def _is_shared(headers: Headers) -> bool:
    """Whether a response may be sent for other requests with the same key."""
    directives = {directive.split("=")[0] for directive in _listed(headers, "cache-control")}
    return (
        directives.isdisjoint(_UNSHARED)
        and set(_listed(headers, "vary")) <= _KEYED
        and "set-cookie" not in headers
        # It was encoded for this one request already.
        and "content-encoding" not in headers
    )


def _listed(headers: Headers, name: str) -> list[str]:
    """The members of a header that is a list, in all of its lines, in lower case."""
    members = (member.strip().lower() for line in headers.getlist(name) for member in line.split(","))
    return [member for member in members if member]


def _piece_by_piece(tag: str, gzipped: bool, send: Send) -> Send:
    """A `send` that adds its tag to a response and compresses each piece as it comes."""
    compressor: _Compressor | None = None

    async def pass_on(message: Message) -> None:
        nonlocal compressor
        if message["type"] == "http.response.start":
            headers = _tagged(message, tag)
            if gzipped and _is_compressible(headers):
                compressor = zlib.compressobj(COMPRESSION, wbits=_GZIP)
                headers["Content-Encoding"] = "gzip"
            message = {**message, "headers": headers.raw}
        elif compressor:
            body = compressor.compress(message.get("body", b""))
            end = b"" if message.get("more_body", False) else compressor.flush()
            message = {**message, "body": body + end}
        await send(message)

    return pass_on


def _tagged(started: Message, tag: str) -> MutableHeaders:
    """The headers of a response, with those a client needs to revalidate it."""
    headers = MutableHeaders(raw=list(started["headers"]))
    headers["ETag"] = tag
    headers.add_vary_header("Accept-Encoding")
    return headers


def _is_compressible(headers: MutableHeaders) -> bool:
    return headers.get("content-type", "").startswith(_COMPRESSIBLE)


def _finished(started: Message, body: bytes, tag: str, gzipped: bool) -> _Response:
    """The response with its tag, compressed where that pays."""
    headers = _tagged(started, tag)
    if gzipped and len(body) >= COMPRESSED_FROM and _is_compressible(headers):
        body = gzip.compress(body, COMPRESSION, mtime=0)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
    return _Response(headers.raw, body)


async def _send(response: _Response, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": response.headers})
    await send({"type": "http.response.body", "body": response.body})


async def _send_not_modified(tag: str, cached: _Response | None, send: Send) -> None:
    """Answer `304`: the response is still valid; repeats its headers about caching (RFC 9110, section 15.4.5)."""
    stored = cached.headers if cached else _DEFAULTS
    headers = [(b"etag", tag.encode()), *(item for item in stored if item[0] in _REPEATED)]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
