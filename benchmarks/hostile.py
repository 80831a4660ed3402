"""What a server does while it is treated badly: `python -m benchmarks.hostile`.

One worker is asked for the most expensive things that anybody can think of, all at once, or is sent what never ends.
Meanwhile another process asks for `/healthz` fifty times a second, each time on a new connection, as a monitor does.
For each load the table says how long that took, how long the slowest answer took, what the answers were, and how much
memory the worker had at most, compared with before. Linux only, as memory is read from `/proc`.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol
from urllib.parse import quote_plus

from benchmarks.measuring import quantile
from benchmarks.servers import CHECKOUT, HOST, Server, kb_serve, serving

HEALTH_MS, WORST_MS, MEMORY = 100.0, 2500.0, 1.3
"""What is promised: of `/healthz` at the 99th percentile, of any answer, and of memory compared with before where
nothing that is worth caching is asked for."""

SECONDS = 5.0
"""For which each load is repeated: enough questions for `/healthz` that one in a hundred means something."""

SEED = 7
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECE = b"x" * 65_536


class Load(Protocol):
    """Something that is done to the server at this port, with words that are drawn."""

    __name__: str

    def __call__(self, port: int, draw: random.Random, /) -> Awaitable[Answers]: ...


@dataclass
class Answers:
    """What came back."""

    statuses: Counter[str] = field(default_factory=Counter)
    """How often each status came, or how else a connection ended."""
    slowest_ms: float = 0.0


@dataclass(frozen=True)
class Row:
    """What was measured under one load."""

    load: Load
    answers: Answers
    health_ms: Sequence[float]
    """Of each question for `/healthz`; an infinite one got no good answer."""
    before_mb: float
    most_mb: float

    @property
    def keeps_promises(self) -> bool:
        """Whether all that is promised was so."""
        return (
            quantile(self.health_ms, 0.99) < HEALTH_MS
            and self.answers.slowest_ms < WORST_MS
            and (self.load in COMPUTED or self.most_mb < MEMORY * self.before_mb)
        )


async def _exchange(port: int, sent: bytes, answers: Answers, endless: Sequence[bytes] = ()) -> None:
    """Send something on a connection of its own, and read the answer."""
    begun = time.perf_counter()
    outcome = "closed"
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
        first = asyncio.ensure_future(reader.readline())
        try:
            writer.write(sent)
            await writer.drain()
            for piece in endless:
                if first.done():
                    break
                writer.write(piece)
                await asyncio.wait_for(writer.drain(), 10)
            if line := await asyncio.wait_for(first, 30):
                outcome = line.split()[1].decode()
                await asyncio.wait_for(reader.read(), 30)
        finally:
            # What went wrong with it is known from what was written.
            first.cancel()
            await asyncio.wait([first])
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
    except TimeoutError:
        outcome = "no answer"
    except OSError:
        outcome = "reset"
    answers.statuses[outcome] += 1
    if outcome != "408":  # the client was slow, not the server
        answers.slowest_ms = max(answers.slowest_ms, (time.perf_counter() - begun) * 1000)


def _get(address: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()


async def _all_at_once(port: int, addresses: Sequence[str]) -> Answers:
    answers = Answers()
    await asyncio.gather(*(_exchange(port, _get(address), answers) for address in addresses))
    return answers


def _word(draw: random.Random, length: int) -> str:
    return "".join(draw.choice(LETTERS) for _ in range(length))


async def wildcards(port: int, draw: random.Random) -> Answers:
    """64 searches for forty words with letters left open, all different."""
    lines = (" ".join(f"{_word(draw, 1)}*{_word(draw, 1)}*{_word(draw, 1)}*" for _ in range(39)) for _ in range(64))
    return await _all_at_once(port, [f"/cases?q={quote_plus(line)}" for line in lines])


async def long_lines(port: int, draw: random.Random) -> Answers:
    """64 searches of a thousand characters."""
    lines = (" ".join(_word(draw, draw.randint(4, 9)) for _ in range(200))[:1000] for _ in range(64))
    return await _all_at_once(port, [f"/cases?q={quote_plus(line)}" for line in lines])


async def lists_of_values(port: int, draw: random.Random) -> Answers:
    """64 searches of a thousand characters that are values of one field."""
    lines = ("city:" + ",".join(_word(draw, 3) for _ in range(240)) for _ in range(64))
    return await _all_at_once(port, [f"/cases?q={quote_plus(line)}" for line in lines])


async def matrices(port: int, draw: random.Random) -> Answers:
    """32 matrix pages with twenty to forty words that no case contains."""
    lines = (" ".join(_word(draw, 9) for _ in range(20 + 20 * (number % 2))) for number in range(32))
    return await _all_at_once(port, [f"/matrix?q={quote_plus(line)}" for line in lines])


async def parameters(port: int, draw: random.Random) -> Answers:
    """32 addresses of 64 kB, and 32 that are as long as may be, all names of parameters."""
    long = "&".join(_word(draw, 6) for _ in range(9_000))
    most = "&".join(f"{_word(draw, 9)}&city={_word(draw, 9)}" for _ in range(240))
    addresses = (f"/cases?{long}", f"/api/v1/search?{long}", f"/cases?{most}", f"/arrangements/which?{most}")
    return await _all_at_once(port, [address for address in addresses for _ in range(16)])


async def exports(port: int, draw: random.Random) -> Answers:
    """64 exports of the whole collection."""
    return await _all_at_once(port, [f"/api/v1/export.ndjson?q=-{_word(draw, 6)}" for _ in range(64)])


async def headers(port: int, _: random.Random) -> Answers:
    """101 MB of headers: as one, as many, and on twenty connections at once as many as are read."""
    answers = Answers()
    begun = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n".encode()
    one, many = [PIECE] * 1540, [b"a: b\r\n" * 10_000] * 1700
    await asyncio.gather(
        _exchange(port, begun + b"x: ", answers, one),
        _exchange(port, begun, answers, many),
        _exchange(port, b"GET /?", answers, one),
        *(_exchange(port, begun + b"x: " + b"y" * 30_000, answers, [b"z"] * 2) for _ in range(20)),
    )
    return answers


async def bodies(port: int, _: random.Random) -> Answers:
    """Bodies of 300 MB: announced, and without a length."""
    answers = Answers()
    announced = (
        f"POST /cases HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 300000000\r\n\r\n".encode()
    )
    chunked = (
        f"POST /nowhere HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    chunk = b"10000\r\n" + PIECE + b"\r\n"
    await asyncio.gather(
        *(_exchange(port, announced, answers, [PIECE] * 4600) for _ in range(4)),
        *(_exchange(port, chunked, answers, [chunk] * 4600) for _ in range(4)),
    )
    return answers


async def pipelines(port: int, _: random.Random) -> Answers:
    """Forty connections that each send 14,000 requests ahead, and forty that send garbage behind one."""
    answers = Answers()
    ahead = f"GET /cases HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() * 14_000
    garbage = _get("/about").replace(b"Connection: close\r\n", b"") + b"\0 \xff\r\n" * 10_000
    await asyncio.gather(*(_exchange(port, sent, answers) for sent in (ahead, garbage) for _ in range(40)))
    return answers


async def idle(port: int, _: random.Random) -> Answers:
    """1,500 connections that send nothing, and 200 that send half a request, for three seconds."""
    answers = Answers()
    opened = await asyncio.gather(*(asyncio.open_connection(HOST, port) for _ in range(1700)), return_exceptions=True)
    writers = [connection[1] for connection in opened if not isinstance(connection, BaseException)]
    for writer in writers[1500:]:
        writer.write(b"GET /cases HTTP/1.1\r\nHost: half")
    await asyncio.sleep(3)
    await _exchange(port, _get("/about"), answers)
    for writer in writers:
        writer.close()
    return answers


async def leavers(port: int, draw: random.Random) -> Answers:
    """Two hundred clients that leave as soon as they have asked for something expensive, and one that stays."""

    async def leave() -> None:
        _, writer = await asyncio.open_connection(HOST, port)
        line = " ".join(f"{_word(draw, 1)}*{_word(draw, 1)}*{_word(draw, 1)}*" for _ in range(39))
        writer.write(_get(f"/cases?q={quote_plus(line)}"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()

    await asyncio.gather(*(leave() for _ in range(200)))
    return await _all_at_once(port, ["/about"])


COMPUTED: tuple[Load, ...] = (wildcards, long_lines, lists_of_values, matrices, parameters, exports, leavers)
"""Loads that fill the caches of a worker, which have limits of their own."""

SENT: tuple[Load, ...] = (headers, bodies, pipelines, idle)
"""Loads of which nothing may remain."""

LOADS = (*COMPUTED, *SENT)


def _run(number: int, port: int) -> Answers:
    """One load, again and again for some time, each time with other words."""

    async def run() -> Answers:
        together = Answers()
        until = time.perf_counter() + SECONDS
        for draw in map(random.Random, count(SEED)):
            one = await LOADS[number](port, draw)
            together.statuses += one.statuses
            together.slowest_ms = max(together.slowest_ms, one.slowest_ms)
            if time.perf_counter() > until:
                break
        return together

    return asyncio.run(run())


def resident_mb(process: int) -> float:
    """The memory that a process has, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def measured(number: int, server: Server, pool: ProcessPoolExecutor) -> Row:
    """One load, and how the server is meanwhile."""
    before = most = resident_mb(server.process)
    health: list[float] = []
    load = pool.submit(_run, number, server.port)
    while not load.done() or len(health) < 50:
        begun = time.perf_counter()
        try:
            server.get("/healthz", timeout=30)
            health.append((time.perf_counter() - begun) * 1000)
        except Exception:  # whatever it was, it was no good answer
            health.append(float("inf"))
        most = max(most, resident_mb(server.process))
        time.sleep(max(0.0, 0.02 - (time.perf_counter() - begun)))
    return Row(LOADS[number], load.result(), health, before, most)


def line_of(row: Row) -> str:
    """A row of the table."""
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(row.answers.statuses.items()))
    health = f"{quantile(row.health_ms, 0.5):.0f} | {quantile(row.health_ms, 0.99):.0f} | {max(row.health_ms):.0f}"
    memory = f"{row.before_mb:.0f} → {row.most_mb:.0f}"
    name = row.load.__name__.replace("_", " ")
    verdict = "" if row.keeps_promises else "**broken**"
    return f"| {name} | {health} | {row.answers.slowest_ms:.0f} | {memory} | {statuses} | {verdict} |"


def main(names: Sequence[str]) -> int:
    """Measure the loads with these names, or all; 1 if a promise was broken."""
    chosen = [number for number, load in enumerate(LOADS) if not names or load.__name__ in names]
    with (
        tempfile.TemporaryDirectory(prefix="kb-hostile-") as folder,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
    ):
        command, port = kb_serve(CHECKOUT / "content", Path(folder))
        with serving("kb serve", command, port, "/readyz") as server:
            _warm_up(server)
            print("| load | health, ms: median | p99 | worst | slowest answer, ms | MB | answers | |")  # noqa: T201  # its output
            print("| --- | --- | --- | --- | --- | --- | --- | --- |")  # noqa: T201  # its output
            rows = []
            for number in chosen:
                rows.append(measured(number, server, pool))
                print(line_of(rows[-1]), flush=True)  # noqa: T201  # its output
    return 0 if all(row.keeps_promises for row in rows) else 1


def _warm_up(server: Server) -> None:
    """What a server that has been in use for a while has done: its caches are what makes it larger."""
    words = ("police", "school", "mosque", "prison", "trust", "mentor", "family", "network")
    for address in chain(("/", "/matrix", "/map", "/compare", "/about"), (f"/cases?q={word}" for word in words)):
        server.get(address)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
