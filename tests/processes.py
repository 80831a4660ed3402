"""`kb` in processes of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.library import Library

KB = (sys.executable, "-m", "kb")


def start(library: Library, *arguments: str, command: Sequence[str] = KB, **more: str) -> subprocess.Popen[str]:
    """Starts `kb` in a process of its own, with nothing of this one's environment that it could notice."""
    settings = {"KB_CONTENT": str(library.content.root), "KB_INDEX": str(library.index.root)}
    root = Path(__file__).parents[1]
    environment = {"PATH": os.environ.get("PATH", ""), **settings, **more}
    return subprocess.Popen(
        [*command, *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@contextmanager
def serving(
    library: Library, *options: str, port: int = 0, command: Sequence[str] = KB
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a port, or a free one, and its address."""
    process = start(library, "serve", "--port", str(port), *options, command=command)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if address := re.search(r"^Serving \d+ cases? at (\S+) \(stop with Ctrl\+C\)$", line):
                yield process, address[1]
                break
        else:
            raise AssertionError(process.communicate(timeout=60)[1])
    finally:
        process.kill()
        process.communicate(timeout=60)


def workers_of(pid: int) -> list[int]:
    """The processes that share the work of a process and still run."""
    children = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split())
    return [child for child in children if is_running(child) and b"spawn_main" in _command_of(child)]


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def end(pid: int) -> None:
    """End a process that this test has started, if it still runs."""
    if is_running(pid):
        os.kill(pid, signal.SIGKILL)


def until(happened: Callable[[], object], seconds: float = 30) -> bool:
    """Wait for something; False if it does not come."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
