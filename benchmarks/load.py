"""Requests at a server, as fast as it answers or at a given rate, from a process of their own.

`python -m benchmarks.load` is given a `Job`.

Several connections stay open; each sends its next request when the last response is complete. Answers are
read with as little as possible (status, length or last chunk, body), so that the server is the one that works: the
outcome says for what share of the time this process was busy.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count, cycle, repeat

from benchmarks.measuring import quantile
from benchmarks.servers import CHECKOUT, HOST, Server, ServerFailed

CONNECTIONS = 8
GRACE_SECONDS = 60.0
"""How much longer than asked a job may take before it is abandoned, in seconds."""

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_LAST_CHUNK = b"\r\n0\r\n\r\n"
"""The end of a chunked response; no JSON or HTML contains these line ends."""


@dataclass(frozen=True)
class Job:
    """What to ask for, and for how long."""

    port: int
    paths: Sequence[str]
    seconds: float
    """No request is sent later than this."""
    repeat: bool = False
    """Whether to begin again when all paths have been asked for."""
    connections: int = CONNECTIONS
    rate: float = 0.0
    """Requests per second; 0 for as many as are answered. A response that is late delays the requests after it, and
    this waiting is counted: its time begins when it was due."""


@dataclass
class Outcome:
    """The outcome."""

    requests: int = 0
    """Whole answers with status 200."""
    wrong: int = 0
    """Answers with any other status."""
    refused: int = 0
    """Those of them with status 503: the server was too busy, and said so."""
    seconds: float = 0.0
    body_bytes: int = 0
    median_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    worst_ms: float = 0.0
    busy: float = 0.0
    """The share of the time in which this process, not the server, was at work."""
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0


def load(server: Server, paths: Sequence[str], seconds: float, *, repeat: bool = False) -> Outcome:
    """Run a job in a process of its own. Raises ServerFailed if any answer is not a good one."""
    outcome = run(Job(server.port, paths, seconds, repeat), server.name)
    if outcome.wrong or not outcome.requests:
        raise ServerFailed(f"{server.name} gave {outcome.wrong} wrong and {outcome.requests} good answers.")
    return outcome


def run(job: Job, name: str) -> Outcome:
    """Run a job in a process of its own, and report also answers that are not good ones.

    Raises ServerFailed if the server closes a connection or does not answer.
    """
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(  # our own module
        command,
        input=json.dumps(asdict(job)).encode(),
        capture_output=True,
        cwd=CHECKOUT,
        timeout=job.seconds + GRACE_SECONDS,
    )
    if done.returncode:
        raise ServerFailed(f"Asking {name} failed: {done.stderr.decode()[-500:]}")
    return Outcome(**json.loads(done.stdout))


class _Asking(asyncio.Protocol):
    """One connection."""

    def __init__(
        self, requests: Iterator[tuple[float, bytes]], until: float, outcome: Outcome, ended: asyncio.Future[None]
    ) -> None:
        self._requests = requests
        """When each is due, and its bytes."""
        self._until = until
        self._outcome = outcome
        self._ended = ended
        self._received = bytearray()
        self._head = 0
        """Bytes of the head of the answer; 0 as long as it is not there."""
        self._body: int | None = None
        """Bytes of its body; None where it comes in chunks."""
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # for the type checker: a stream it is
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._head:
            self._read_head()
        if self._head and self._is_whole():
            self._note()
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(exc or ConnectionError("the server closed the connection"))

    def _ask(self) -> None:
        now = time.perf_counter()
        due, request = next(self._requests, (self._until, b"")) if now < self._until else (self._until, b"")
        if due >= self._until:
            self._ended.set_result(None)
            self._transport.close()
            return
        self._received.clear()
        self._head = 0
        self._due = due or now
        if due > now:
            asyncio.get_running_loop().call_later(due - now, self._transport.write, request)
        else:
            self._transport.write(request)

    def _read_head(self) -> None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        status, length = _STATUS.match(self._received), _LENGTH.search(self._received, 0, end)
        if status is None or (length is None and not _CHUNKED.search(self._received, 0, end)):
            raise ConnectionError("an answer without status or length")
        self._good, self._refused = status[1] == b"200", status[1] == b"503"
        self._head = end + 4
        self._body = int(length[1]) if length else None

    def _is_whole(self) -> bool:
        if self._body is None:
            return self._received.endswith(_LAST_CHUNK)
        return len(self._received) >= self._head + self._body

    def _note(self) -> None:
        self._outcome.times.append((time.perf_counter() - self._due) * 1000)
        if self._good:
            self._outcome.requests += 1
            self._outcome.body_bytes += len(self._received) - self._head
        else:
            self._outcome.wrong += 1
            self._outcome.refused += self._refused


async def _run(job: Job) -> Outcome:
    loop = asyncio.get_running_loop()
    heads = [f"GET {path} HTTP/1.1\r\nHost: {HOST}:{job.port}\r\n\r\n".encode() for path in job.paths]
    outcome = Outcome()
    start, busy = time.perf_counter(), time.process_time()
    due = (start + number / job.rate for number in count()) if job.rate else repeat(0.0)
    requests = zip(due, cycle(heads) if job.repeat else heads, strict=False)
    ended = [loop.create_future() for _ in range(job.connections)]
    for future in ended:
        await loop.create_connection(partial(_Asking, requests, start + job.seconds, outcome, future), HOST, job.port)
    await asyncio.gather(*ended)
    outcome.seconds = time.perf_counter() - start
    outcome.busy = (time.process_time() - busy) / outcome.seconds
    return outcome


def _main() -> None:
    outcome = asyncio.run(_run(Job(**json.load(sys.stdin))))
    outcome.median_ms, outcome.p95_ms = quantile(outcome.times, 0.5), quantile(outcome.times, 0.95)
    outcome.p99_ms, outcome.worst_ms = quantile(outcome.times, 0.99), max(outcome.times, default=0.0)
    outcome.times = []
    json.dump(asdict(outcome), sys.stdout)


if __name__ == "__main__":
    _main()
