"""`kb serve` ends when it is told to, without cutting anybody off, and is replaced without being missed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kb.building.reading import WORTH_PROCESSES
from kb.cli.draining import STOPPING_SECONDS
from kb.cli.serving import _passed_by_systemd, _passed_on, _shown_address
from kb.errors import KbError
from tests.builders import case_markdown
from tests.library import Library
from tests.serving import PATIENCE, Visitors, answering_port, get, listening, serving, started

SLOW_SITE = """
import time

from fastapi.responses import PlainTextResponse

import kb.cli
from api.routes import health


@health.router.get("/slow/{seconds}")
def slow(seconds: float):
    time.sleep(seconds)
    return PlainTextResponse("done")


@health.router.get("/stuck/{seconds}")
async def stuck(seconds: float):
    return slow(seconds)


if __name__ == "__main__":
    kb.cli.main()
"""
"""The site with addresses that take as long as they are asked to, one of them on the event loop."""

WORKERS = [pytest.param((), id="one process"), pytest.param(("--workers", "2"), id="two", marks=pytest.mark.slow)]

SIGNS = [signal.SIGTERM, signal.SIGINT]

ADDRESSES = ("/", "/cases", "/cases/apple", "/cases?q=apple", "/api/v1/search?q=vienna", "/static/site.js")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Two cases, built."""
    cases = {"apple": case_markdown(title="Apple"), "berry": case_markdown(title="Berry", city="vienna")}
    made = Library(tmp_path_factory.mktemp("template"), cases)
    made.build()
    return made


@pytest.fixture
def library(template: Library, tmp_path: Path) -> Library:
    return template.copy_to(tmp_path)


@pytest.fixture
def slow_site(library: Library) -> str:
    """The program with the slow address."""
    program = library.root / "slow_site.py"
    program.write_text(SLOW_SITE, "utf-8")
    return str(program)


class Request(threading.Thread):
    """A request whose answer is waited for elsewhere."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._path = path
        self.body: bytes | None = None
        self.start()

    def run(self) -> None:
        try:
            self._connection.request("GET", self._path)
            self.body = self._connection.getresponse().read()
        except OSError:
            self.body = None
        finally:
            self._connection.close()


@pytest.mark.parametrize("options", WORKERS)
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.slow
def test_what_is_being_answered_is_answered_before_it_ends(
    library: Library, slow_site: str, options: Sequence[str], sign: signal.Signals
) -> None:
    with serving(library, *options, program=[slow_site]) as server:
        idle = socket.create_connection(("127.0.0.1", server.port))
        asked = Request(server.port, "/slow/1.5")
        time.sleep(0.5)
        code, seconds, complaints = server.stop(sign)

    asked.join(PATIENCE)
    idle.settimeout(PATIENCE)
    assert asked.body == b"done"
    assert (code, complaints) == (0, "")
    assert 0.5 < seconds < 5
    assert idle.recv(1) == b""
    idle.close()


@pytest.mark.slow
@pytest.mark.parametrize("options", WORKERS)
@pytest.mark.parametrize("path", ["/slow/30", "/stuck/30"])
@pytest.mark.parametrize("sign", SIGNS)
def test_it_ends_in_the_stated_time_whatever_is_asked(
    library: Library, slow_site: str, options: Sequence[str], path: str, sign: signal.Signals
) -> None:
    with serving(library, *options, program=[slow_site]) as server:
        asked = Request(server.port, path)
        time.sleep(0.5)
        code, seconds, _ = server.stop(sign)

    asked.join(PATIENCE)
    assert asked.body != b"done"
    assert code == 0
    assert seconds < STOPPING_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("is_first", [True, False], ids=["first build", "later build"])
def test_a_build_does_not_keep_it_from_ending(tmp_path: Path, is_first: bool) -> None:
    cases = {f"case-{number:03}": case_markdown(title=f"Practice {number}") for number in range(2 * WORTH_PROCESSES)}
    library = Library(tmp_path, cases)
    if is_first:
        process = started(library)
        while not library.index.root.exists():
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOPPING_SECONDS)
        assert process.returncode == 0
    else:
        library.build()
        with serving(library) as server:
            library.change_vocabulary("cities", "Aarhus", "Århus")
            time.sleep(1)
            code, seconds, _ = server.stop()
        assert code == 0
        assert seconds < STOPPING_SECONDS

    library.build()
    assert len(library.slugs()) == len(cases)


@pytest.mark.slow
def test_nobody_listens_once_it_has_ended(library: Library) -> None:
    with serving(library) as server:
        server.stop()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


@pytest.mark.slow
def test_a_request_that_was_sent_just_before_is_answered_and_told_that_the_connection_ends(library: Library) -> None:
    with serving(library) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        time.sleep(0.35)  # longer than the server takes to hear of it
        connection.request("GET", "/healthz")
        answer = connection.getresponse()

        assert (answer.status, answer.read(), answer.getheader("connection")) == (200, b"ok\n", "close")
        stopping.join(PATIENCE)


@pytest.mark.slow
@pytest.mark.parametrize("options", WORKERS)
def test_a_restart_under_load_is_noticed_by_nobody(library: Library, options: Sequence[str]) -> None:
    """The socket stays open, as with systemd: connections wait in it until the next server takes them."""
    with listening() as passed:
        fd, port = passed.fileno(), passed.getsockname()[1]
        visitors = Visitors(port, ADDRESSES)
        server = started(library, *options, "--fd", str(fd), passed=[fd])
        try:
            assert answering_port(server) == port
            with visitors.visiting(returning=4, passing=4):
                for _ in range(3):
                    visitors.wait_for(300)
                    server.send_signal(signal.SIGTERM)
                    server.communicate(timeout=PATIENCE)
                    assert server.returncode == 0
                    server = started(library, *options, "--fd", str(fd), passed=[fd])
                visitors.wait_for(300)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=PATIENCE)

    assert visitors.failures == []


@pytest.mark.slow
def test_a_new_server_takes_over_before_the_old_one_ends(library: Library) -> None:
    with listening() as passed:
        fd = passed.fileno()
        visitors = Visitors(passed.getsockname()[1], ADDRESSES)
        with (
            serving(library, "--fd", str(fd), passed=[fd]) as old,
            ExitStack() as later,
            visitors.visiting(returning=4, passing=4),
        ):
            visitors.wait_for(300)
            later.enter_context(serving(library, "--fd", str(fd), passed=[fd]))
            assert old.stop()[0] == 0
            visitors.wait_for(300)

    assert visitors.failures == []


AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, "-m", "kb", "serve"])
"""


def test_a_socket_that_systemd_opened_is_used(library: Library) -> None:
    with listening() as passed:
        fd = passed.fileno()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "KB_CONTENT": str(library.content.root),
            "KB_INDEX": str(library.index.root),
            "KB_PORT": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-c", AS_SYSTEMD, str(fd)],
            cwd=library.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            pass_fds=[fd],
        )
        try:
            assert answering_port(process) == passed.getsockname()[1]
            assert b"Apple" in get(passed.getsockname()[1], "/cases")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("pid", "count", "number"),
    [("own", "1", 3), ("own", "0", None), ("own", "", None), ("1", "1", None), ("", "1", None), ("own", "2", KbError)],
)
def test_only_a_socket_for_this_process_is_taken(
    monkeypatch: pytest.MonkeyPatch, pid: str, count: str, number: int | type[KbError] | None
) -> None:
    monkeypatch.setenv("LISTEN_PID", pid.replace("own", str(os.getpid())))
    monkeypatch.setenv("LISTEN_FDS", count)

    if isinstance(number, type):
        with pytest.raises(number, match="2 sockets"):
            _passed_by_systemd()
    else:
        assert _passed_by_systemd() == number
    assert "LISTEN_PID" not in os.environ


@pytest.fixture
def unusable() -> Iterator[dict[str, int]]:
    with socket.socket() as deaf, socket.socket(type=socket.SOCK_DGRAM) as datagrams, Path(os.devnull).open() as file:
        deaf.bind(("127.0.0.1", 0))
        yield {
            "not open": 987,
            "too large": 2**40,
            "file": file.fileno(),
            "datagrams": datagrams.fileno(),
            "deaf": deaf.fileno(),
        }


@pytest.mark.parametrize("kind", ["not open", "too large", "file", "datagrams", "deaf"])
def test_what_is_no_socket_to_listen_on_is_refused_with_the_reason(unusable: dict[str, int], kind: str) -> None:
    with pytest.raises(KbError, match=rf"^Descriptor {unusable[kind]} is (not a socket to listen on: |a socket that )"):
        _passed_on(unusable[kind])


def test_a_socket_in_the_file_system_is_shown_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "kb.sock"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))

        assert _shown_address(made) == f"unix:{path}"
