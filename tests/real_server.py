"""A real server process for tests: `kb serve` on a free port of this machine, with limits that a test can wait for."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.server.arrival import admission, protocol
from benchmarks.servers import CHECKOUT, HOST, free_port

LIMITS_VARIABLE = "TEST_LIMITS"
START_SECONDS = 60.0
STOP_SECONDS = 10.0
ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    """All that came back on a connection until the server closed it, or the first answer was complete."""

    text: str
    is_closed: bool
    seconds: float

    @property
    def statuses(self) -> list[int]:
        """The status of each answer."""
        return [int(status) for status in re.findall(r"HTTP/1\.1 (\d{3}) [A-Z]", self.text)]

    def header(self, name: str) -> str | None:
        """A header of the first answer."""
        for line in self.text.split("\r\n\r\n")[0].split("\r\n")[1:]:
            given, _, value = line.partition(": ")
            if given.lower() == name.lower():
                return value
        return None


@dataclass(frozen=True)
class RealServer:
    """A server that answers."""

    port: int
    process: int
    written: Path
    """What it writes to its output and its log."""

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection((HOST, self.port), timeout=ANSWER_SECONDS)

    def send(self, *pieces: bytes, pause: float = 0.0) -> Answer:
        """Send pieces on a connection of their own, and read until the server closes it. What cannot be sent any more
        because the server does not read on is left out.
        """
        begun = time.perf_counter()
        with self.connect() as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
            except OSError:
                pass  # refused already
            text, is_closed = read_all(connection)
        return Answer(text, is_closed, time.perf_counter() - begun)

    def get(self, path: str, *headers: str, method: str = "GET") -> Answer:
        """The answer to one request."""
        return self.send(request(path, *headers, "Connection: close", method=method))

    def log(self) -> str:
        """What it has written so far since it was started."""
        return self.written.read_text("utf-8")


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    """A request without a body."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers, "", ""]).encode()


def read_all(connection: socket.socket) -> tuple[str, bool]:
    """What comes on a connection until it is closed; False if that does not happen in time."""
    received = bytearray()
    try:
        while piece := connection.recv(65_536):
            received += piece
    except TimeoutError:
        return received.decode("utf-8", "replace"), False
    except OSError:
        pass  # reset: closed, too
    return received.decode("utf-8", "replace"), True


@contextmanager
def real_server(index: Path, folder: Path, limits: Mapping[str, float] = {}, **settings: str) -> Iterator[RealServer]:
    """A server over an index that has been built, with other `limits` and settings than usual."""
    port, written = free_port(), folder / "log"
    others = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    chosen = {f"KB_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "tests.real_server", "serve", "--port", str(port), "--no-watch"]
    with written.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*command, "--content", str(CHECKOUT / "content"), "--index", str(index)],
            cwd=CHECKOUT,
            env={**others, **chosen, LIMITS_VARIABLE: json.dumps(limits)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    server = RealServer(port, process.pid, written)
    try:
        _wait(server, process)
        written.write_text("", "utf-8")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)


def _wait(server: RealServer, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, server.log()
        try:
            # The page that tests ask for, so that it has been computed once.
            if server.get("/readyz").statuses == [200] == server.get("/about").statuses:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer in {START_SECONDS} seconds: {server.log()}")


def _main() -> None:
    """`kb`, with some limits replaced by those in the environment."""
    for name, value in json.loads(os.environ[LIMITS_VARIABLE]).items():
        for module in (protocol, admission):
            if hasattr(module, name):
                setattr(module, name, value)
    from kb.cli import main

    main()


if __name__ == "__main__":
    _main()
