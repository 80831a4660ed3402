"""`kb serve` in a process of its own, asked over real sockets."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.library import Library

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    port: int
    log: Path
    """Where its standard error goes."""

    def exchange(self, sent: bytes) -> bytes:
        """All that comes back for these bytes, until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def ask(self, path: str, *headers: str, method: str = "GET", version: str = "1.1") -> Answer:
        """The answer to a request with exactly these headers."""
        head = "\r\n".join([f"{method} {path} HTTP/{version}", *headers, "Connection: close", "", ""])
        return Answer.of(self.exchange(head.encode("latin-1")))


@dataclass(frozen=True)
class Answer:
    """What came back, as it was sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, received: bytes) -> Answer:
        """Reads the bytes of one answer."""
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        return cls(int(first.split()[1]), tuple((name.lower(), value) for name, _, value in pairs), body)

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for given, value in self.headers if given == name.lower()]


@contextmanager
def served(library: Library, *options: str, **settings: str) -> Iterator[Served]:
    """Serve a library with these settings of the environment, and stop when the test is over."""
    command = [sys.executable, "-m", "kb", "serve", "--port", "0", *options]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "KB_CONTENT": str(library.content.root),
        "KB_INDEX": str(library.index.root),
        **settings,
    }
    with tempfile.TemporaryDirectory() as folder, (log := Path(folder) / "log").open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        try:
            yield _waited_for(process, log)
        finally:
            # Asked first: a server that is killed cannot end its workers.
            process.terminate()
            try:
                process.communicate(timeout=30)
            finally:
                process.kill()


def _waited_for(process: subprocess.Popen[str], log: Path) -> Served:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r" at (http://\S+:(\d+)) ", line):
            server = Served(found[1], int(found[2]), log)
            # It listens before it has opened the index; until then it lets wait.
            assert server.ask("/healthz", "Host: localhost").status == 200
            return server
    raise AssertionError(f"kb serve ended without serving: {log.read_text('utf-8')}")
