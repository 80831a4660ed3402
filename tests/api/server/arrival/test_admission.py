"""Requests take turns, have their time, and nobody works for those who left: asked of a real server."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, product
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from api.server.arrival.limits import MOST_STREAMS, MOST_WAITING
from benchmarks.measuring import quantile
from kb import IndexFolder
from tests.real_server import Answer, RealServer, read_all, real_server, request

pytestmark = pytest.mark.slow

EXPENSIVE = [f"{first}*{second}*" for first, second in product("bcdfghklmnpqrstvw", "aeiou")]

_numbers = count()


def expensive(words: int = 38) -> str:
    """A line that has to be computed, and takes tens of milliseconds even where others have asked for the like."""
    number = next(_numbers)
    return quote_plus(
        " ".join([*(EXPENSIVE[(number + place) % len(EXPENSIVE)] for place in range(words)), f"-x{number}"])
    )


def at_once(server: RealServer, paths: list[str]) -> list[Answer]:
    """The answers to requests that are all made at the same time."""
    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(server.get, paths))


def export_status(server: RealServer) -> list[int]:
    return server.get(f"/api/v1/export.csv?q=-x{next(_numbers)}").statuses


def until(happened: Callable[[], bool]) -> bool:
    """Wait for something; False if it does not come."""
    end = time.monotonic() + 20
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(status for answer in answers for status in answer.statuses)


@pytest.fixture(scope="module")
def server(collection_index: IndexFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server as it usually is."""
    with real_server(collection_index.root, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(collection_index: IndexFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server that has a hundredth of a second for each request."""
    with real_server(collection_index.root, tmp_path_factory.mktemp("hasty"), request_seconds="0.01") as running:
        yield running


@pytest.mark.parametrize(
    "path",
    [
        "/cases?q={}",
        "/matrix?q={}",
        "/map?q={}",
        "/feed.atom?q={}",
        "/cases/oslo-salto?q={}",
        "/api/v1/search?q={}",
        "/api/v1/cases?q={}",
        "/api/v1/matrix?q={}",
        "/api/v1/export.csv?q={}",
        "/api/v1/export.ndjson?q={}",
    ],
)
def test_what_takes_too_long_is_given_up_and_says_when_to_come_back(hasty: RealServer, path: str) -> None:
    answer = hasty.get(path.format(expensive()))

    assert answer.statuses == [503]
    assert answer.header("Retry-After") == "2"
    assert answer.header("Content-Security-Policy")
    assert answer.seconds < 1
    is_api = path.startswith("/api/")
    assert answer.header("Content-Type") == ("application/problem+json" if is_api else answer.header("Content-Type"))
    assert hasty.log() == ""


def test_what_was_given_up_is_not_remembered(hasty: RealServer) -> None:
    """Each try begins where the last one stopped, as what was read of the index is cached; in the end there is time."""
    path = f"/api/v1/search?q={expensive(3)}"
    answers = [hasty.get(path) for _ in range(50)]

    assert set(statuses(answers)) <= {200, 503}
    assert hasty.get("/healthz").statuses == [200]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_checks_have_all_the_time_they_need(hasty: RealServer, path: str) -> None:
    assert hasty.get(path).statuses == [200]


def test_too_much_at_once_is_answered_in_part_and_in_time(server: RealServer) -> None:
    answers = at_once(server, [f"/cases?q={expensive()}" for _ in range(MOST_WAITING + 40)])

    assert set(statuses(answers)) == {200, 503}
    assert statuses(answers)[200] >= 5
    slowest = max(answers, key=lambda answer: answer.seconds)
    assert slowest.seconds < 4, slowest.text[:500]  # two, on a machine that does nothing else
    refusals = [answer for answer in answers if answer.statuses == [503]]
    assert all(answer.header("Retry-After") == "2" for answer in refusals)
    assert server.get("/about").statuses == [200]
    assert server.log() == ""


@pytest.mark.parametrize("path", ["/cases?q={}", "/matrix?q={}", "/api/v1/export.ndjson?q={}"])
def test_health_waits_for_nobody(server: RealServer, path: str) -> None:
    with ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(server.get, path.format(expensive())) for _ in range(120)]
        health = []
        while not all(future.done() for future in asked):
            answer = server.get("/healthz")
            assert answer.statuses == [200]
            health.append(answer.seconds)

    assert len(health) > 3
    assert quantile(health, 0.5) < 0.25  # this process is busy too; `python -m benchmarks.hostile` measures it alone


def test_what_is_cached_waits_for_nobody(server: RealServer) -> None:
    server.get("/challenges")
    with ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(server.get, f"/cases?q={expensive()}") for _ in range(80)]
        cached = [server.get("/challenges") for _ in range(5)]
        assert not all(future.done() for future in asked)

    assert statuses(cached) == {200: 5}


def test_nobody_works_for_those_who_left(server: RealServer) -> None:
    def left() -> None:
        with server.connect() as connection:
            connection.sendall(request(f"/cases?q={expensive()}"))
            time.sleep(0.02)

    with ThreadPoolExecutor(20) as pool:
        for _ in range(60):
            pool.submit(left)
    answer = server.get(f"/cases?q={expensive(1)}")

    assert answer.statuses == [200]
    assert answer.seconds < 1
    assert server.log() == ""


def test_who_leaves_in_the_middle_of_a_body_is_not_logged(server: RealServer) -> None:
    for path in ("/cases", "/api/v1/search"):
        with server.connect() as connection:
            connection.sendall(request(path, "Content-Length: 100", method="POST") + b"q=half")
            time.sleep(0.1)

    assert server.get("/about").statuses == [200]
    assert server.log() == ""


def test_slow_readers_of_exports_keep_nobody_else_waiting(server: RealServer) -> None:
    """More would wait with them, but of these there are only so many."""
    readers = []
    try:
        for _ in range(MOST_STREAMS):
            reader = socket.socket()
            readers.append(reader)
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(("127.0.0.1", server.port))
            reader.sendall(request(f"/api/v1/export.ndjson?q=-x{next(_numbers)}") * 8)

        assert until(lambda: export_status(server) == [503])
        assert server.get(f"/cases?q={expensive(1)}").statuses == [200]
    finally:
        for reader in readers:
            reader.close()
    assert until(lambda: export_status(server) == [200])
    assert server.log() == ""


def test_an_export_is_whole_however_slowly_it_is_read(collection_index: IndexFolder, tmp_path: Path) -> None:
    """Each of its pieces has the time of a request, which the reader's own is not part of."""
    with real_server(collection_index.root, tmp_path, request_seconds="0.3") as running, running.connect() as reader:
        reader.sendall(request("/api/v1/export.ndjson", "Connection: close"))
        received = b""
        for _ in range(5):
            received += reader.recv(10_000)
            time.sleep(0.2)
        rest, is_closed = read_all(reader)

        assert is_closed
        assert rest.endswith("0\r\n\r\n")
        assert (received.decode("utf-8", "replace") + rest).count('"markdown_url"') == running_total(running)


def running_total(server: RealServer) -> int:
    total = server.get("/api/v1/export.ndjson").header("X-Total-Count")
    return int(total or 0)
