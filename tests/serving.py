"""A real server in processes of its own, and visitors who never stop asking."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path

from tests.library import Library

ROOT = Path(__file__).parent.parent

PATIENCE = 60
"""Seconds to wait for anything."""


@dataclass
class Server:
    """A running `kb serve`."""

    process: subprocess.Popen[str]
    port: int

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> tuple[int, float, str]:
        """Tell it to stop; its exit code, the seconds that it took, and its complaints."""
        began = time.monotonic()
        self.process.send_signal(sign)
        _, complaints = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, time.monotonic() - began, complaints


def started(
    library: Library,
    *options: str,
    program: Sequence[str] = ("-m", "kb"),
    passed: Sequence[int] = (),
    **settings: str,
) -> subprocess.Popen[str]:
    """A server over a library, which may not answer yet, with nothing of this environment that it could notice."""
    own = {"KB_CONTENT": str(library.content.root), "KB_INDEX": str(library.index.root), "KB_PORT": "0"}
    return subprocess.Popen(
        [sys.executable, *program, "serve", *options],
        cwd=library.root,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **own, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        pass_fds=passed,
    )


@contextmanager
def serving(
    library: Library,
    *options: str,
    program: Sequence[str] = ("-m", "kb"),
    passed: Sequence[int] = (),
    **settings: str,
) -> Iterator[Server]:
    """The same once it answers; ended at the latest when it is no longer needed."""
    process = started(library, *options, program=program, passed=passed, **settings)
    try:
        yield Server(process, answering_port(process))
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def answering_port(process: subprocess.Popen[str]) -> int:
    """The port of a server that has been started, once it answers there."""
    assert process.stdout is not None
    line = next((line for line in process.stdout if line.startswith("Serving ")), "")
    found = re.search(r" at http://127\.0\.0\.1:(\d+) ", line)
    assert found, line or process.communicate(timeout=PATIENCE)
    port = int(found[1])
    # The line comes before the first process answers; until then connections wait.
    assert get(port, "/healthz") == b"ok\n"
    return port


def get(port: int, path: str) -> bytes:
    """The body of an answer on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that outlives the servers that it is passed on to, as systemd's does."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen(2048)
        yield made


@dataclass
class Visitors:
    """Threads that ask for addresses in turn, and never again for one that failed."""

    port: int
    addresses: Sequence[str]
    check: Callable[[str, bytes], str | None] = lambda _address, _body: None
    """What is wrong with an answer, if something is."""
    answered: int = 0
    slowest: float = 0
    """In seconds."""
    failures: list[str] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def visiting(self, *, returning: int, passing: int = 0) -> Iterator[Visitors]:
        """Some return on the connection they have, and some make one for each question."""
        for number in range(returning + passing):
            thread = threading.Thread(target=self._visit, args=(number, number < returning), daemon=True)
            self._threads.append(thread)
            thread.start()
        try:
            yield self
        finally:
            self._end.set()
            for thread in self._threads:
                thread.join(PATIENCE)

    def wait_for(self, answers: int) -> None:
        """Wait until this many more have been answered, or something has failed."""
        wanted, deadline = self.answered + answers, time.monotonic() + 4 * PATIENCE
        while self.answered < wanted and not self.failures:
            assert time.monotonic() < deadline, f"{self.answered} of {wanted} answers"
            time.sleep(0.01)

    def _visit(self, number: int, is_returning: bool) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        first = number % len(self.addresses)
        for address in cycle([*self.addresses[first:], *self.addresses[:first]]):
            if self._end.is_set():
                break
            began = time.monotonic()
            try:
                wrong = self._ask(connection, address)
            except Exception as error:
                wrong = repr(error)
            with self._lock:
                self.answered += 1
                self.slowest = max(self.slowest, time.monotonic() - began)
                if wrong:
                    self.failures.append(f"{address}: {wrong}")
            if wrong or not is_returning:
                connection.close()
        connection.close()

    def _ask(self, connection: HTTPConnection, address: str) -> str | None:
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read()
        return self.check(address, body) if answer.status == 200 else f"{answer.status} {body[:200]!r}"
