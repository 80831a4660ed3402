"""How often one client may ask, and who a client is: asked of a real server, directly and as proxies would."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from api.server.arrival.clients import BehindProxies, network_of
from kb import IndexFolder
from kb.errors import SettingsError
from kb.settings import load_settings
from tests.real_server import RealServer, real_server


@pytest.fixture
def server(
    collection_index: IndexFolder, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RealServer]:
    """A server with five requests a minute behind so many proxies; starting it takes one of them from this machine."""
    folder = tmp_path_factory.mktemp("server")
    with real_server(collection_index.root, folder, rate_limit="5/minute", trusted_hops=str(request.param)) as running:
        yield running


directly = pytest.mark.parametrize("server", [0], indirect=True)


def statuses(server: RealServer, count: int, path: str = "/about", *headers: str) -> list[int]:
    return [server.get(path, *headers).statuses[0] for _ in range(count)]


@directly
def test_who_asks_too_often_is_told_when_to_come_back(server: RealServer) -> None:
    first = server.get("/about")
    rest = statuses(server, 3)
    refused = server.get("/about")
    problem = server.get("/api/v1/search")

    assert (first.header("RateLimit-Policy"), rest) == ('"5 per 1 minute";q=5;w=60', [200] * 3)
    assert re.fullmatch(r'"5 per 1 minute";r=3;t=\d+', first.header("RateLimit") or "")
    assert refused.statuses == [429]
    assert 1 <= int(refused.header("Retry-After") or 0) <= 61
    assert re.fullmatch(r'"5 per 1 minute";r=0;t=\d+', refused.header("RateLimit") or "")
    assert refused.header("Content-Security-Policy")
    assert "Please try again in" in refused.text
    assert problem.statuses == [429]
    assert problem.header("Content-Type") == "application/problem+json"
    assert problem.header("Access-Control-Allow-Origin") == "*"
    # Checks, and what belongs to a page, are not counted.
    assert (
        statuses(server, 9, "/healthz") + statuses(server, 2, "/readyz") + statuses(server, 2, "/metrics") == [200] * 13
    )
    assert 429 not in statuses(server, 9, "/static/style.css")
    # Nobody is believed who says to be another one.
    assert statuses(server, 2, "/about", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1") == [429, 429]
    assert 'http_requests_total{method="GET",route="/about",status="429"}' in server.get("/metrics").text


@pytest.mark.parametrize("server", [1], indirect=True)
@pytest.mark.slow
def test_behind_one_proxy_the_last_address_is_the_client(server: RealServer) -> None:
    for client in ("192.0.2.1", "192.0.2.2:8080", "2001:db8::1"):
        assert statuses(server, 6, "/about", f"X-Forwarded-For: {client}") == [200] * 5 + [429]
    made_up = [f"X-Forwarded-For: 203.0.113.{number}, 192.0.2.1" for number in range(3)]

    assert [server.get("/about", header).statuses[0] for header in made_up] == [429] * 3
    assert statuses(server, 2, "/about", "X-Forwarded-For: 192.0.2.2") == [429] * 2
    # All of a network of IPv6 are one.
    assert statuses(server, 1, "/about", "X-Forwarded-For: [2001:db8::ffff]:80") == [429]
    assert statuses(server, 1, "/about", "X-Forwarded-For: 2001:db8:0:1::1") == [200]
    # In two lines it is one list.
    assert statuses(server, 1, "/about", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 192.0.2.1") == [429]
    # What is no address is the proxy's own.
    assert statuses(server, 5, "/about", "X-Forwarded-For: unknown")[-1] == 429


@pytest.mark.parametrize("server", [2], indirect=True)
@pytest.mark.slow
def test_behind_two_proxies_the_last_address_but_one_is_the_client(server: RealServer) -> None:
    assert statuses(server, 6, "/about", "X-Forwarded-For: 192.0.2.1, 198.51.100.1") == [200] * 5 + [429]
    assert statuses(server, 1, "/about", "X-Forwarded-For: 203.0.113.1, 192.0.2.1, 198.51.100.1") == [429]
    assert statuses(server, 1, "/about", "X-Forwarded-For: 192.0.2.2, 198.51.100.1") == [200]


def asked(scope: Scope, hops: int) -> Scope:
    """What the application gets to see of a request behind so many proxies."""
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    coroutine = BehindProxies(app, hops)(scope, receive, send)
    with pytest.raises(StopIteration):
        coroutine.send(None)
    return seen[0]


def scope_with(*headers: tuple[str, str]) -> Scope:
    raw = [(name.encode(), value.encode("utf-8")) for name, value in headers]
    return {"type": "http", "scheme": "http", "client": ("127.0.0.1", 1), "headers": raw}


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [
        ("https", "https"),
        ("HTTPS", "https"),
        ("http, https", "https"),
        ("ftp", "http"),
        ("", "http"),
        ("https://x", "http"),
    ],
)
def test_a_proxy_says_how_it_was_asked(proto: str, scheme: str) -> None:
    assert asked(scope_with(("x-forwarded-proto", proto)), 1)["scheme"] == scheme


@given(st.text(max_size=40), st.integers(1, 4))
def test_whatever_is_forwarded_the_client_is_an_address(text: str, hops: int) -> None:
    client = asked(scope_with(("x-forwarded-for", text)), hops)["client"]

    assert network_of(client[0])


@given(st.ip_addresses(v=6))
def test_a_network_contains_its_addresses(address: object) -> None:
    network = network_of(str(address))

    assert network_of(network) == network


@pytest.mark.parametrize("rate", ["5", "many", "5/fortnight", "-1/minute", "5/minute, x", "/minute", ";"])
def test_a_rate_that_cannot_be_read_is_refused_with_an_example(rate: str) -> None:
    with pytest.raises(SettingsError, match=r"KB_RATE_LIMIT.*120/minute"):
        load_settings(rate_limit=rate)


def test_without_the_setting_nothing_is_limited_and_no_package_is_loaded() -> None:
    assert load_settings().rate_limit == load_settings(rate_limit="  ").rate_limit == ""
