"""Whatever is sent to a server, it is refused with a status that says why, in bounded time and memory, and not logged.

A real server process is asked over real connections. Its times are shorter than usual, so that tests can wait for them.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.server.arrival.limits import (
    ADDRESS_BYTES,
    BODY_BYTES,
    HEAD_BYTES,
    MOST_HEADERS,
    MOST_PARAMETERS,
    MOST_PIPELINED,
    MOST_UPLOADS,
    UPLOAD_BYTES,
    UPLOAD_READ_BYTES,
    UPLOADS,
)
from api.server.headers import HEADERS
from benchmarks.hostile import resident_mb
from benchmarks.servers import HOST
from kb import IndexFolder
from tests.marking import most_slow
from tests.real_server import RealServer, read_all, real_server, request

SHORT = {
    "HEAD_SECONDS": 0.6,
    "BODY_SECONDS": 0.6,
    "IDLE_SECONDS": 0.6,
    "KEEP_ALIVE_SECONDS": 0.6,
    "STALLED_SECONDS": 0.6,
    "LINGER_SECONDS": 0.3,
    "TICK_SECONDS": 0.1,
}

SOON = 3.0
"""Seconds within which a server with these times must be done with anybody, on a busy machine too."""


@pytest.fixture(scope="module")
def server(collection_index: IndexFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with real_server(collection_index.root, tmp_path_factory.mktemp("server"), SHORT) as running:
        yield running


@pytest.fixture(autouse=True)
def _the_server_goes_on_and_logs_nothing(server: RealServer) -> Iterator[None]:
    yield
    assert server.get("/about").statuses == [200]
    assert server.log() == ""


# Addresses


@pytest.mark.parametrize("path", ["/cases?q=", "/api/v1/search?q=", "/nowhere/", "/arrangements/which?"])
def test_an_address_may_be_so_long_and_no_longer(server: RealServer, path: str) -> None:
    longest = path + "x" * (ADDRESS_BYTES - len(path) + path.count("?"))

    assert server.get(longest).statuses[0] in {200, 404}
    refusal = server.get(f"{longest}xx")
    assert refusal.statuses == [414]
    assert f"at most {ADDRESS_BYTES // 1024} kB" in refusal.text
    assert refusal.header("Content-Security-Policy") == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("length", [HEAD_BYTES + 1, 300_000, 3_000_000])
def test_an_address_without_end_is_not_read_to_its_end(server: RealServer, length: int) -> None:
    refusal = server.get("/" + "x" * length)

    assert refusal.statuses == [414]
    assert refusal.is_closed


@pytest.mark.parametrize("path", ["/cases", "/api/v1/search", "/arrangements/which", "/compare", "/static/x"])
def test_an_address_may_have_so_many_parameters_and_no_more(server: RealServer, path: str) -> None:
    names = [f"a{number}=1" for number in range(MOST_PARAMETERS + 1)]

    assert server.get(f"{path}?{'&'.join(names[:-1])}").statuses[0] in {200, 404}
    refusal = server.get(f"{path}?{'&'.join(names)}")
    assert refusal.statuses == [400]
    assert f"at most {MOST_PARAMETERS}" in refusal.text


@pytest.mark.parametrize("separator", ["&", "=&", "&&&&&&&&", "%26&", ";"])
@pytest.mark.parametrize("path", ["/cases", "/api/v1/search", "/arrangements/which", "/matrix"])
def test_64_kb_of_parameters_do_not_stop_a_worker(server: RealServer, path: str, separator: str) -> None:
    many = separator.join(f"a{number}" for number in range(10_000))[:64_000]

    answer = server.get(f"{path}?{many}")

    assert answer.statuses == [414]
    assert answer.seconds < 1


# Headers


@pytest.mark.parametrize(
    "headers",
    [
        [f"x-{number}: y" for number in range(MOST_HEADERS + 1)],
        ["x: y"] * (MOST_HEADERS + 1),
        [":".join(("x", "y" * HEAD_BYTES))],
        [f"{'x' * HEAD_BYTES}: y"],
        [f"x-{number}: {'y' * 1000}" for number in range(HEAD_BYTES // 1000 + 1)],
        [f"Cookie: {'a=b; ' * 20_000}"],
        ["x: y"] * 100_000,
    ],
    ids=["many", "the same", "a long value", "a long name", "large together", "cookies", "endless"],
)
def test_too_many_headers_are_refused(server: RealServer, headers: list[str]) -> None:
    refusal = server.get("/cases", *headers)

    assert refusal.statuses == [431]
    assert refusal.is_closed
    assert refusal.header("Connection") == "close"
    assert refusal.header("X-Content-Type-Options") == "nosniff"


def test_a_refusal_of_the_api_is_a_problem_document(server: RealServer) -> None:
    refusal = server.get("/api/v1/search", "x: " + "y" * HEAD_BYTES)

    assert refusal.header("Content-Type") == "application/problem+json"
    assert '"status":431' in refusal.text


def test_as_many_headers_as_may_be_are_read_however_they_are_cut(server: RealServer) -> None:
    headers = [f"x-{number}: {'y' * 300}" for number in range(MOST_HEADERS - 5)]
    sent = request("/about", "Connection: close", *headers)
    pieces = [sent[start : start + 1400] for start in range(0, len(sent), 1400)]

    assert len(sent) > 0.8 * HEAD_BYTES
    assert server.send(*pieces, pause=0.005).statuses == [200]
    assert server.send(sent).statuses == [200]


@pytest.mark.parametrize(
    "begun",
    [b"GET /cases HTTP/1.1\r\nx: ", b"GET /cases HTTP/1.1\r\n", b"GET /", b"POST /cases HTTP/1.1\r\nContent-Length: "],
    ids=["a value", "a name", "an address", "a length"],
)
@pytest.mark.slow
def test_a_hundred_megabytes_of_one_header_take_no_memory(server: RealServer, begun: bytes) -> None:
    before = resident_mb(server.process)

    refusal = server.send(begun, *[b"1" * 1_000_000] * 100)

    assert refusal.is_closed
    assert refusal.statuses in ([400], [414], [431])
    assert resident_mb(server.process) < 1.3 * before


def test_trailers_behind_a_body_have_an_end_too(server: RealServer) -> None:
    begun = request("/cases", "Transfer-Encoding: chunked", method="POST") + b"1\r\nq\r\n0\r\nx: "

    refusal = server.send(begun, *[b"y" * 10_000] * 100)

    assert refusal.statuses == [431]


# Bodies


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/cases"),
        ("POST", "/api/v1/search"),
        ("POST", "/about"),
        ("PUT", "/x"),
        ("GET", "/"),
        ("DELETE", "/healthz"),
    ],
)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(server: RealServer, method: str, path: str) -> None:
    refusal = server.send(request(path, f"Content-Length: {BODY_BYTES + 1}", method=method))

    assert refusal.statuses == [413]
    assert refusal.is_closed
    assert f"at most {BODY_BYTES // 1024} kB" in refusal.text


def test_nobody_is_asked_to_go_on_with_a_body_that_is_too_large(server: RealServer) -> None:
    expecting = request("/cases", "Content-Length: 300000000", "Expect: 100-continue", method="POST")

    assert server.send(expecting).statuses == [413]


@pytest.mark.parametrize("path", ["/cases", "/nowhere"])
@pytest.mark.parametrize("size", [1, 4000, 60_000])
def test_a_body_without_a_length_is_read_no_further_than_one_with_it(server: RealServer, path: str, size: int) -> None:
    chunk = b"%x\r\n%s\r\n" % (size, b"x" * size)
    before = resident_mb(server.process)

    answer = server.send(request(path, "Transfer-Encoding: chunked", method="POST"), *[chunk * (1_000_000 // size)] * 5)

    assert answer.is_closed
    assert answer.statuses[-1] == 413
    assert resident_mb(server.process) < 1.3 * before


def test_as_large_a_body_as_may_be_is_read(server: RealServer) -> None:
    text = (b"police school mosque " * 10_000)[:BODY_BYTES]
    head = request("/cases", f"Content-Length: {len(text)}", "Connection: close", method="POST")

    answer = server.send(head, *[text[start : start + 10_000] for start in range(0, len(text), 10_000)])

    assert answer.statuses == [303]


@pytest.mark.parametrize(("size", "status"), [(UPLOAD_BYTES, 422), (UPLOAD_BYTES + 1, 413), (UPLOAD_READ_BYTES, 413)])
@pytest.mark.parametrize("is_chunked", [True, False])
@pytest.mark.parametrize("path", UPLOADS)
def test_a_file_may_be_so_large_and_no_larger(
    server: RealServer, path: str, size: int, status: int, is_chunked: bool
) -> None:
    length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {size}"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size) if is_chunked else b"x" * size

    answer = server.send(request(path, length, "Connection: close", method="POST"), body)

    assert answer.statuses == [status]
    assert "<h1>" in answer.text


@pytest.mark.parametrize("path", ["/contribute/check", "/contribute/check?x=1", "/below/contribute/check/file"])
def test_a_file_of_any_size_is_not_read_to_its_end(server: RealServer, path: str) -> None:
    before = resident_mb(server.process)
    declared = server.send(request(path, f"Content-Length: {UPLOAD_READ_BYTES + 1}", method="POST"))
    chunk = b"%x\r\n%s\r\n" % (60_000, b"x" * 60_000)
    endless = server.send(request(path, "Transfer-Encoding: chunked", method="POST"), *[chunk] * 400)

    assert declared.statuses == [413]
    assert endless.is_closed
    assert resident_mb(server.process) < 1.5 * before


@pytest.mark.parametrize("path", ["/contribute", "/contribute/check/", "/cases?x=/contribute/check"])
def test_only_what_checks_files_takes_them(server: RealServer, path: str) -> None:
    assert server.send(request(path, f"Content-Length: {BODY_BYTES + 1}", method="POST")).statuses == [413]


def test_files_that_arrive_slowly_hold_nobody_up(server: RealServer) -> None:
    begun = request("/contribute/check", "Content-Length: 1000", method="POST") + b"x"
    with ExitStack() as stack:
        for _ in range(MOST_UPLOADS):
            stack.enter_context(server.connect()).sendall(begun)
        time.sleep(0.2)
        one_more = server.send(
            request("/contribute/check", "Content-Length: 1", "Connection: close", method="POST"), b"x"
        )
        others = [server.get(address) for address in ("/about", "/cases?q=youth")]

    assert one_more.statuses == [503]
    assert one_more.header("Retry-After") == "2"
    assert [answer.statuses for answer in others] == [[200], [200]]
    assert max(answer.seconds for answer in others) < SOON


# Time


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (b"G", 408),
        (b"GET /cases HTTP/1.1\r\nHost: half", 408),
        (b"GET /api/v1/search?q=", 408),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", 408),
        (b"POST /cases HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nq=", 408),
        (b"POST /api/v1/search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nq", 408),
    ],
)
@pytest.mark.slow
def test_half_a_request_is_answered_and_closed_after_a_time(server: RealServer, begun: bytes, status: int) -> None:
    answer = server.send(begun)

    assert answer.statuses == [status]
    assert answer.is_closed
    assert answer.seconds < SOON


@pytest.mark.parametrize(
    ("begun", "drop"),
    [
        (b"GET /cases HTTP/1.1\r\nHost: x\r\nx: ", b"y"),
        (b"GET /cases HTTP/1.1\r\n", b"x: y\r\n"),
        (b"POST /cases HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", b"x"),
        (b"\r\n", b"\r\n"),
        (request("/about"), b"\r\n"),
    ],
    ids=["a value", "headers", "a body", "empty lines", "empty lines behind a request"],
)
@pytest.mark.slow
def test_sending_drop_by_drop_wins_no_time(server: RealServer, begun: bytes, drop: bytes) -> None:
    answer = server.send(begun, *[drop] * 100, pause=0.05)

    assert answer.is_closed
    assert answer.statuses in ([408], [], [200])
    assert answer.seconds < 100 * 0.05 + SOON
    # It was closed long before the last drop, and not after it.
    with server.connect() as connection:
        connection.sendall(begun)
        time.sleep(SHORT["HEAD_SECONDS"] / 2)
        connection.sendall(drop)
        begun_waiting = time.perf_counter()
        read_all(connection)
        assert time.perf_counter() - begun_waiting < SOON


@pytest.mark.slow
def test_connections_without_a_request_are_closed(server: RealServer) -> None:
    fresh = server.send()
    kept = server.send(request("/about"))

    assert (fresh.text, fresh.is_closed) == ("", True)
    assert (kept.statuses, kept.is_closed) == ([200], True)
    assert max(fresh.seconds, kept.seconds) < SOON


@pytest.mark.slow
def test_who_takes_nothing_of_an_answer_is_closed(server: RealServer) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect((HOST, server.port))
        connection.sendall(request("/api/v1/export.ndjson") * MOST_PIPELINED)
        time.sleep(SOON)
        received, is_closed = read_all(connection)

    assert is_closed
    assert received.count('"slug"') < MOST_PIPELINED * 68


# What is not HTTP


@pytest.mark.parametrize(
    "sent",
    [
        b"\0" * 100,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x1b[31mGET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_and_not_logged(server: RealServer, sent: bytes) -> None:
    answer = server.send(sent)

    assert answer.statuses == [400]
    assert answer.is_closed


def test_refusals_are_counted(server: RealServer) -> None:
    def refused() -> int:
        found = re.search(r'^kb_http_refused_total\{status="400"\} (\d+)', server.get("/metrics").text, re.MULTILINE)
        return int(found[1]) if found else 0

    before = refused()
    server.send(b"\x16\x03\x01")

    assert refused() == before + 1


def test_garbage_behind_a_request_does_not_touch_its_answer(server: RealServer) -> None:
    answer = server.send(request("/about") + b"\0\xff garbage\r\n" * 1000)

    assert answer.statuses == [200]
    assert answer.text.endswith("</html>")
    assert answer.is_closed


@pytest.mark.parametrize("upgrade", most_slow(["websocket", "h2c", "anything"], every=3))
def test_nothing_is_upgraded(server: RealServer, upgrade: str) -> None:
    answer = server.send(request("/about", f"Upgrade: {upgrade}", "Connection: Upgrade", "Sec-WebSocket-Key: x"))

    assert answer.statuses == [200]


def test_a_few_requests_sent_ahead_are_answered_and_thousands_are_not_kept(server: RealServer) -> None:
    few = server.send(request("/about") * 5)
    before = resident_mb(server.process)
    many = server.send(request("/about") * 10_000)

    assert few.statuses == [200] * 5
    assert 1 <= len(many.statuses) <= MOST_PIPELINED + 2
    assert set(many.statuses) == {200}
    assert resident_mb(server.process) < 1.3 * before


# Connections


@pytest.mark.slow
def test_one_connection_too_many_is_refused_or_takes_the_place_of_an_idle_one(
    collection_index: IndexFolder, tmp_path: Path, server: RealServer
) -> None:
    """Those that are new are kept, as their requests may be on the way; those that have waited for a while are not."""
    few = {"MOST_CONNECTIONS": 20, "SETTLED_SECONDS": 1.0, "MADE_ROOM_FOR": 2}
    with real_server(collection_index.root, tmp_path, few) as crowded, ExitStack() as connections:
        opened = [connections.enter_context(crowded.connect()) for _ in range(20)]
        time.sleep(0.3)
        refusal = crowded.send(request("/about"))
        time.sleep(1.0)
        opened[0].sendall(b"GET /about HTTP/1.1\r\nHost: half")
        time.sleep(0.3)
        later = crowded.get("/about")
        told, is_closed = read_all(opened[1])

        assert refusal.statuses == [503]
        assert refusal.header("Retry-After") == "2"
        assert later.statuses == [200]
        assert (told, is_closed) == ("", True)
        assert crowded.log() == ""


@pytest.mark.slow
def test_connections_that_were_refused_make_room_for_others(
    collection_index: IndexFolder, tmp_path: Path, server: RealServer
) -> None:
    """They are kept for a moment, so that their clients can read why they were refused."""
    patient = {"MOST_CONNECTIONS": 20, "MADE_ROOM_FOR": 2, "LINGER_SECONDS": 20.0}
    too_large = f"POST /cases HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 300000000\r\n\r\n".encode()
    with real_server(collection_index.root, tmp_path, patient) as crowded, ExitStack() as connections:
        for _ in range(20):
            opened = connections.enter_context(crowded.connect())
            opened.sendall(too_large + b"x" * 600_000)
            assert opened.recv(12) == b"HTTP/1.1 413"

        assert [crowded.get("/healthz").statuses for _ in range(5)] == [[200]] * 5
