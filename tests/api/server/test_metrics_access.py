"""Metrics are for programs on this machine, or with the token; what comes through a proxy is neither."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.server.metrics_access import may_read_metrics
from kb import Settings
from tests.builders import case_markdown
from tests.library import Library
from tests.metrics import TOKEN
from tests.served import Served, served

BEARER = f"Authorization: Bearer {TOKEN}"
HERE = "Host: localhost"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("library"), {"apple": case_markdown()})
    made.build()
    return made


@pytest.fixture(scope="module")
def open_server(library: Library) -> Iterator[Served]:
    """A server without a token."""
    with served(library) as running:
        yield running


@pytest.fixture(scope="module")
def server(library: Library) -> Iterator[Served]:
    """A server with a token."""
    with served(library, KB_METRICS_TOKEN=TOKEN, KB_BASE_URL="https://cases.example.org") as running:
        yield running


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_a_program_on_this_machine_may_read_them(open_server: Served, server: Served, host: str) -> None:
    for running in (open_server, server):
        answer = running.ask("/metrics", f"Host: {host}")

        assert answer.status == 200
        assert b"kb_cases 1.0" in answer.body
        assert answer.all("cache-control") == ["no-store"]


THROUGH_A_PROXY = [
    "X-Forwarded-For: 203.0.113.7",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-For:",
    "x-forwarded-for: ::1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: localhost",
    "X-Forwarded-Port: 443",
    "X-Forwarded-Server: proxy",
    "X-Forwarded: for=127.0.0.1",
    "Forwarded: for=127.0.0.1",
    "Forwarded: for=203.0.113.7;proto=https",
    "X-Real-IP: 127.0.0.1",
    "Via: 1.1 proxy",
    "X-Client-IP: 127.0.0.1",
    "X-Cluster-Client-IP: 127.0.0.1",
    "True-Client-IP: 127.0.0.1",
    "CF-Connecting-IP: 127.0.0.1",
    "Fastly-Client-IP: 127.0.0.1",
    "X-Envoy-External-Address: 203.0.113.7",
    "X-Original-Forwarded-For: 203.0.113.7",
]


@pytest.mark.parametrize("header", THROUGH_A_PROXY)
def test_what_comes_through_a_proxy_needs_the_token(open_server: Served, server: Served, header: str) -> None:
    assert open_server.ask("/metrics", HERE, header).status == 401
    assert server.ask("/metrics", HERE, header).status == 401
    assert server.ask("/metrics", HERE, header, BEARER).status == 200


def test_a_proxy_that_passes_on_the_name_or_speaks_the_old_protocol_is_noticed(server: Served) -> None:
    assert server.ask("/metrics", "Host: cases.example.org").status == 401
    assert server.ask("/metrics", HERE, version="1.0").status == 401
    assert server.ask("/metrics", "Host: cases.example.org", BEARER).status == 200


@pytest.mark.parametrize("header", [f"Authorization: bearer {TOKEN}", f"AUTHORIZATION: BEARER   {TOKEN}  "])
def test_the_token_is_read_as_http_says(server: Served, header: str) -> None:
    assert server.ask("/metrics", "Host: cases.example.org", header).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        (f"Authorization: Bearer {TOKEN}x",),
        (f"Authorization: Bearer {TOKEN[:-1]}",),
        (f"Authorization: Bearer {TOKEN.upper()}",),
        (f"Authorization: Basic {TOKEN}",),
        (f"Authorization: {TOKEN}",),
        ("Authorization: Bearer",),
        ("Authorization: Bearer ",),
        ("Authorization:",),
        ("Authorization: Bearer t\xf6ken",),
        (BEARER, "Authorization: Bearer other"),
        (BEARER, BEARER),
        (f"X-Authorization: Bearer {TOKEN}",),
    ],
)
def test_another_token_is_none(server: Served, headers: tuple[str, ...]) -> None:
    answer = server.ask("/metrics", "Host: cases.example.org", *headers)

    assert answer.status == 401
    assert answer.all("www-authenticate") == ["Bearer"]
    assert b"kb_" not in answer.body
    assert TOKEN.encode() not in answer.body


def test_the_token_is_no_part_of_the_address(server: Served) -> None:
    assert server.ask(f"/metrics?token={TOKEN}", "Host: cases.example.org").status == 401


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_without_a_token_in_the_settings_none_opens(open_server: Served, method: str) -> None:
    for given in ("", "Bearer", "Bearer ", "Bearer None"):
        forwarded = "X-Forwarded-For: 203.0.113.7"
        assert open_server.ask("/metrics", HERE, forwarded, f"Authorization: {given}", method=method).status == 401


def scope(client: tuple[str, int] | None, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "http_version": "1.1", "client": client, "headers": [(b"host", b"localhost"), *headers]}


@pytest.mark.parametrize(
    ("client", "may"),
    [
        (("127.0.0.1", 1), True),
        (("::1", 1), True),
        (("::ffff:127.0.0.1", 1), True),
        (("::ffff:10.0.0.1", 1), False),
        (("10.0.0.1", 1), False),
        (("203.0.113.7", 1), False),
        (("", 0), False),
        (None, False),
    ],
)
def test_only_loopback_is_here(client: tuple[str, int] | None, may: bool) -> None:
    assert may_read_metrics(scope(client), "") is may


def test_an_address_elsewhere_needs_the_token(library: Library) -> None:
    app = create_app(Settings(content=library.content.root, index=library.index.root))
    with TestClient(app, base_url="http://localhost", client=("203.0.113.7", 1)) as client:
        assert client.get("/metrics").status_code == 401


def test_a_token_beyond_ascii_is_compared_as_it_was_sent() -> None:
    token = "tökén"  # noqa: S105 - of this test
    sent = (b"authorization", f"Bearer {token}".encode())

    assert may_read_metrics(scope(None, sent), token)
    assert not may_read_metrics(scope(None, sent), "token")


def test_the_token_is_not_shown_where_settings_are() -> None:
    settings = Settings(metrics_token=TOKEN)

    assert settings.metrics_token == TOKEN
    assert TOKEN not in f"{settings!r} {settings}"
