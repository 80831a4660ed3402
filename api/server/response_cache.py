"""Answers that were given before: kept, compressed, and not sent again to whoever has them.

What a page says follows from the generation, the address and the software. So the tag of an answer (`ETag`) is known
before anything is searched: whoever has the answer is told so at once, and whoever asks what was asked before gets what
was said before.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb import LiveGeneration

ROOM = 48 * 1024 * 1024
"""Bytes of answers that are kept: some thousand pages."""

COMPRESSED_FROM = 1024
"""Bytes; a smaller answer fits into one packet anyway."""

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
"""What makes zlib write the format that browsers call gzip."""

_NOT_KEPT = ("/healthz", "/readyz", "/metrics")


class _Packer(Protocol):
    """What zlib packs a stream with."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


@dataclass(frozen=True)
class _Answer:
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + 1024


@dataclass
class _Kept:
    """The answers of one generation."""

    generation: str = ""
    answers: OrderedDict[tuple[str, ...], _Answer] = field(default_factory=OrderedDict)
    size: int = 0


def digest_of(folders: Iterable[Path], *others: object) -> str:
    """What stands for the software and its settings: answers of another version have other tags."""
    digest = hashlib.sha256(repr(others).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()


class ResponseCache:
    """Keeps successful answers to GET; answers `304` without asking, and compresses text.

    An answer that does not say how long it is, is made as it is sent: it is passed on piece by piece, and not kept.

    `live` tells the generation in use: with another one, everything that is kept is let go.
    """

    def __init__(self, app: ASGIApp, live: LiveGeneration, software: str) -> None:
        self._app = app
        self._live = live
        self._software = software
        self._lock = threading.Lock()
        self._kept = _Kept()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or scope["path"].startswith(_NOT_KEPT):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        generation = self._live.current.id
        packed = "gzip" in headers.get("accept-encoding", "")
        key = (scope["scheme"], headers.get("host", ""), scope["path"], scope["query_string"].decode("latin-1"))
        tag = self._tag(generation, key, packed)
        if tag in headers.get("if-none-match", ""):
            await _send_not_modified(tag, send)
            return
        kept_key = (*key, "gzip" if packed else "")
        answer = self._find(generation, kept_key)
        if answer is None:
            # HEAD is answered as GET is; servers leave its body out.
            asked = {**scope, "method": "GET"}
            await self._app(asked, receive, self._keeping(generation, kept_key, tag, packed, send))
            return
        await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _tag(self, generation: str, key: tuple[str, ...], packed: bool) -> str:
        told = "\0".join((self._software, generation, *key, str(packed))).encode()
        return f'"{hashlib.blake2b(told, digest_size=12).hexdigest()}"'

    def _find(self, generation: str, key: tuple[str, ...]) -> _Answer | None:
        with self._lock:
            if self._kept.generation != generation:
                self._kept = _Kept(generation)
            if key in self._kept.answers:
                self._kept.answers.move_to_end(key)
            return self._kept.answers.get(key)

    def _keep(self, generation: str, key: tuple[str, ...], answer: _Answer) -> None:
        with self._lock:
            kept = self._kept
            if kept.generation != generation or answer.size > ROOM // 10 or key in kept.answers:
                return
            kept.answers[key] = answer
            kept.size += answer.size
            while kept.size > ROOM:
                kept.size -= kept.answers.popitem(last=False)[1].size

    def _keeping(self, generation: str, key: tuple[str, ...], tag: str, packed: bool, send: Send) -> Send:
        """A `send` that gathers a successful answer, packs it, keeps it and sends it on."""
        started: Message = {}
        pieces: list[bytes] = []
        passed_on: Send | None = None

        async def gather(message: Message) -> None:
            nonlocal started, passed_on
            if message["type"] == "http.response.start":
                started = message
                if message["status"] != 200:
                    passed_on = send
                elif "content-length" not in Headers(scope=message):
                    passed_on = _piece_by_piece(tag, packed, send)
                if passed_on:
                    await passed_on(message)
                return
            if passed_on:
                await passed_on(message)
                return
            pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                answer = _finished(started, b"".join(pieces), tag, packed)
                # The answer is of the generation that was in use: it is kept only if that one still is.
                if self._live.current.id == generation:
                    self._keep(generation, key, answer)
                await send({**started, "headers": answer.headers})
                await send({"type": "http.response.body", "body": answer.body})

        return gather


def _piece_by_piece(tag: str, packed: bool, send: Send) -> Send:
    """A `send` that gives an answer its tag and packs each piece as it comes."""
    packer: _Packer | None = None

    async def pass_on(message: Message) -> None:
        nonlocal packer
        if message["type"] == "http.response.start":
            headers = _tagged(message, tag)
            if packed and _is_compressible(headers):
                packer = zlib.compressobj(COMPRESSION, wbits=_GZIP)
                headers["Content-Encoding"] = "gzip"
            message = {**message, "headers": headers.raw}
        elif packer:
            body = packer.compress(message.get("body", b""))
            end = b"" if message.get("more_body", False) else packer.flush()
            message = {**message, "body": body + end}
        await send(message)

    return pass_on


def _tagged(started: Message, tag: str) -> MutableHeaders:
    """The headers of an answer, with what whoever has it needs to ask again."""
    headers = MutableHeaders(raw=list(started["headers"]))
    headers["ETag"] = tag
    headers.setdefault("Cache-Control", "no-cache")
    headers.add_vary_header("Accept-Encoding")
    return headers


def _is_compressible(headers: MutableHeaders) -> bool:
    return headers.get("content-type", "").startswith(_COMPRESSIBLE)


def _finished(started: Message, body: bytes, tag: str, packed: bool) -> _Answer:
    """The answer with its tag, compressed where that pays."""
    headers = _tagged(started, tag)
    if packed and len(body) >= COMPRESSED_FROM and _is_compressible(headers):
        body = gzip.compress(body, COMPRESSION, mtime=0)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
    return _Answer(headers.raw, body)


async def _send_not_modified(tag: str, send: Send) -> None:
    headers = [(b"etag", tag.encode()), (b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding")]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
