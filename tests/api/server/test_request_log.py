"""What `kb serve` writes down of requests: nothing about who asked or what for, and no more than is useful."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx2
import pytest

from kb import LogFormat
from tests.builders import case_markdown
from tests.library import BROKEN, Library
from tests.served import Served, served

PRIVATE = {
    "words": "returneesfrom",
    "address": "somebodys-page",
    "agent": "Mozilla/5.0 (of somebody)",
    "client": "203.0.113.7",
    "cookie": "session=of-somebody",
    "referrer": "https://elsewhere.example/from",
    "id": "0123456789-of-somebody",
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path, {"apple": case_markdown(), "berry": case_markdown()})
    made.build()
    return made


def visit(server: Served) -> list[httpx2.Response]:
    """Visits that give away everything they can."""
    headers = {
        "User-Agent": PRIVATE["agent"],
        "X-Forwarded-For": PRIVATE["client"],
        "Cookie": PRIVATE["cookie"],
        "Referer": PRIVATE["referrer"],
        "X-Request-ID": PRIVATE["id"],
        "Authorization": f"Bearer {PRIVATE['id']}",
    }
    words, page = PRIVATE["words"], PRIVATE["address"]
    with httpx2.Client(base_url=server.address, headers=headers, timeout=30) as client:
        return [
            client.get(f"/cases?q={words}"),
            client.get("/cases/apple"),
            client.get(f"/cases/{page}"),
            client.get(f"/{words}/{page}?{words}"),
            client.get(f"/api/v1/search?page={words}"),
            client.get("/cases?q=%ff"),
            client.get("/metrics"),
            client.head("/static/style.css"),
            client.post("/cases", content=words),
            client.request("DELETE", f"/{words}"),
        ]


def lines_of(server: Served, enough: Callable[[list[str]], bool]) -> list[str]:
    """The lines of a log, when there are enough, or after some seconds."""
    for _ in range(100):
        if enough(lines := server.log.read_text("utf-8").splitlines()):
            break
        time.sleep(0.05)
    return lines


def assert_private(text: str) -> None:
    assert [name for name, secret in PRIVATE.items() if secret.lower() in text.lower()] == []
    assert "127.0.0.1" not in text.replace("Serving", "")


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.slow
def test_the_access_log_says_what_was_asked_for_and_nothing_about_who_asked(library: Library, form: LogFormat) -> None:
    with served(library, KB_ACCESS_LOG="1", KB_LOG_FORMAT=form.value) as server:
        answers = visit(server)
        lines = lines_of(server, lambda lines: len(about(lines, answers)) >= len(answers))

    assert_private("\n".join(lines))
    accesses = about(lines, answers)
    assert len(accesses) == len(answers)
    if form is LogFormat.TEXT:
        said = [re.sub(r" [\d.]+ ms \[[0-9a-f]{16}\]$", "", line) for line in accesses]
        assert {
            "INFO GET /cases 200",
            "INFO GET /cases/{slug} 200",
            "INFO GET /cases/{slug} 404",
            "INFO GET unknown 404",
        } <= set(said)
    else:
        events = [json.loads(line) for line in accesses]
        assert sorted((event["method"], event["route"], event["status"]) for event in events) == sorted(
            [
                ("GET", "/cases", 200),
                ("GET", "/cases/{slug}", 200),
                ("GET", "/cases/{slug}", 404),
                ("GET", "unknown", 404),
                ("GET", "/api/v1/search", 422),
                ("GET", "/cases", 400),
                ("GET", "/metrics", 401),
                ("HEAD", "/static", 200),
                ("other", "/cases", 303),
                ("other", "unknown", 404),
            ]
        )
        assert all(0 <= event["milliseconds"] < 60_000 for event in events)
        assert {event["logger"] for event in events} == {"kb.access"}


def about(lines: list[str], answers: list[httpx2.Response]) -> list[str]:
    """The lines that name the id of one of the answers."""
    return [line for line in lines if any(answer.headers["x-request-id"] in line for answer in answers)]


def test_nothing_is_logged_of_requests_unless_it_is_asked_for(library: Library) -> None:
    with served(library) as server:
        visit(server)
        time.sleep(0.2)
        lines = server.log.read_text("utf-8")

    assert_private(lines)
    assert "/cases" not in lines


@pytest.mark.parametrize("options", [(), pytest.param(("--workers", "2"), marks=pytest.mark.slow)])
def test_a_log_for_programs_is_json_in_every_line(library: Library, options: tuple[str, ...]) -> None:
    library.write("cherry", BROKEN)
    with served(library, *options, KB_LOG_FORMAT="json", KB_ACCESS_LOG="true") as server:
        library.write("berry", case_markdown(title="Another"))
        visit(server)
        server.exchange(b"nonsense\r\n\r\n")
        lines = lines_of(server, lambda lines: any("Now serving generation" in line for line in lines))

    events = [json.loads(line) for line in lines if line]
    assert {"time", "level", "logger", "message"} <= set.intersection(*map(set, events))
    assert any("cherry" in event["message"] for event in events)
    assert any("Now serving generation" in event["message"] for event in events)
    assert_private("\n".join(lines))


GARBAGE = [
    b"nonsense\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /\x1b[2J\nERROR forged HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
    b"GET /?q=%1b[2J%0aERROR+forged HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
]


@pytest.mark.parametrize("sent", GARBAGE)
@pytest.mark.slow
def test_a_stranger_cannot_fill_the_log(library: Library, sent: bytes) -> None:
    with served(library) as server:
        before = server.log.stat().st_size
        for _ in range(300):
            try:
                server_answers(server, sent)
            except OSError:
                continue
        time.sleep(0.2)
        grown = server.log.stat().st_size - before
        text = server.log.read_text("utf-8")

    assert grown < 2000
    assert all(line.isprintable() for line in text.splitlines())
    assert "forged" not in text


def server_answers(server: Served, sent: bytes) -> bytes:
    """The first bytes that come back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        return connection.recv(100)


@pytest.mark.slow
def test_a_damaged_index_is_reported_without_what_was_searched(library: Library) -> None:
    # Without watching: a server that watches the content builds a damaged index anew.
    with served(library, "--no-watch", KB_LOG_FORMAT="json") as server:
        [path] = library.current().glob("whoosh/*.seg")
        with path.open("r+b") as file:
            file.write(Random(0).randbytes(path.stat().st_size))  # noqa: S311 - chance for a test, not for a secret
        answers = [
            httpx2.get(f"{server.address}/api/v1/search?q={PRIVATE['words']}+coffee", timeout=30) for _ in range(40)
        ]
        lines = lines_of(server, lambda lines: any("ERROR" in line for line in lines))

    events = [event for event in map(json.loads, lines) if event["level"] == "ERROR"]
    assert {answer.status_code for answer in answers} == {503}
    assert 1 <= len(events) <= 12
    assert events[0]["request"] == answers[0].headers["x-request-id"]
    assert "kb index --rebuild" in events[0]["message"]
    assert_private("\n".join(lines))
