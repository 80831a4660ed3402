"""Servers as processes of their own on this machine, each stopped by its own process number, whatever happens."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
START_SECONDS = 120.0
STOP_SECONDS = 10.0
CHECKOUT = Path(__file__).parent.parent


class ServerFailed(Exception):
    """A server did not start, or gave a wrong response."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    port: int
    process: int
    started_in: float
    """Seconds from starting the process to the first good answer."""

    def get(self, path: str, *, timeout: float = 60.0) -> bytes:
        """The body of an answer. Raises ServerFailed unless it is a good one."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise ServerFailed(f"{self.name} answered {answer.status} to {path}: {body[:200]!r}")
        return body

    def get_json(self, path: str) -> Any:
        """The same, for JSON."""
        return json.loads(self.get(path))


@contextmanager
def serving(name: str, arguments: Sequence[str], port: int, ready: str, **variables: str) -> Iterator[Server]:
    """A server run as `python arguments…`, from its first good answer to `ready` to the end of the block."""
    start = time.perf_counter()
    process = subprocess.Popen(  # our own command line
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=_environment(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _wait(name, process, port, ready, start)
    finally:
        _stop(process)


def kb_serve(content: Path, index: Path) -> tuple[list[str], int]:
    """The command line of our own server with one worker, as people run it, and its port."""
    port = free_port()
    command = ["-m", "kb", "serve", "--workers", "1", "--host", HOST, "--port", str(port)]
    return [*command, "--content", str(content), "--index", str(index)], port


def free_port() -> int:
    """A free port."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment without `KB_` settings, so that only the command line decides what is measured."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    return {**others, **variables}


def _wait(name: str, process: subprocess.Popen[bytes], port: int, ready: str, start: float) -> Server:
    while (taken := time.perf_counter() - start) < START_SECONDS:
        if process.poll() is not None:
            raise ServerFailed(f"{name} ended with {process.returncode} before it answered.")
        server = Server(name, port, process.pid, taken)
        with suppress(OSError, http.client.HTTPException, ServerFailed):
            server.get(ready, timeout=5)
            return Server(name, port, process.pid, time.perf_counter() - start)
        time.sleep(0.01)
    raise ServerFailed(f"{name} did not answer within {START_SECONDS:.0f} seconds.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
