"""The name by which a request says that it reached this site is checked, and nothing that is sent believes it."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_letters, digits

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.address.hosts import is_loopback, read_host
from api.app import create_app
from kb import Settings
from tests.builders import case_markdown
from tests.library import Library
from tests.served import Served, served

PUBLIC = "https://cases.example.org"
FORGED = "elsewhere.example"

ADDRESSES = (
    "/",
    "/cases",
    "/cases?q=door",
    "/cases/apple",
    "/cases/apple.json",
    "/cases/apple.jsonld",
    "/cases/apple.bib",
    "/api/v1/search?q=door",
    "/api/v1/cases",
    "/api/v1/cases/apple",
    "/api/v1/cases/apple/related",
    "/api/v1/matrix",
    "/api/v1/arrangements",
    "/api/v1/suggest?q=a",
    "/api/v1/export.csv",
    "/api/v1/export.ndjson",
    "/compare.csv?case=apple&case=berry",
    "/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/llms.txt",
    "/opensearch.xml",
    "/about",
    "/contribute",
    "/nowhere",
    "/api/v1/cases/nowhere",
    "/api/docs",
    "/api/openapi.json",
)

REDIRECTED = (
    "/about/",
    "/cases/",
    "/cases/apple/",
    "/CASES/Apple",
    "/cases/earlier",
    "/cases/earlier.bib",
    "/cases/earlier/",
    "/static/",
    "/static",
    "/api/v1/search/",
    "/api/v1/cases/",
    "/feed.atom/",
    "/map/Europe/",
    "/healthz/",
    "//elsewhere.example/cases/",
    "/cases//apple",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    cases = {"apple": case_markdown(title="Apple", aliases=["earlier"]), "berry": case_markdown(title="Berry")}
    made = Library(tmp_path_factory.mktemp("library"), cases)
    made.build()
    return made


def opened(library: Library, **settings: object) -> TestClient:
    app = create_app(Settings(content=library.content.root, index=library.index.root, **settings))  # type: ignore[arg-type]
    return TestClient(app, base_url="http://10.0.0.1:8000", follow_redirects=False)


@pytest.fixture(scope="module")
def public(library: Library) -> Iterator[TestClient]:
    with opened(library, base_url=PUBLIC, allowed_hosts="www.example.org, köln.example, 10.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def local(library: Library) -> Iterator[TestClient]:
    """Without a public address."""
    with opened(library) as client:
        yield client


@pytest.fixture(scope="module")
def server(library: Library) -> Iterator[Served]:
    with served(library, KB_BASE_URL=PUBLIC, KB_ALLOWED_HOSTS="www.example.org, cases.internal") as running:
        yield running


@pytest.mark.parametrize(
    "host",
    [
        "cases.example.org",
        "CASES.example.ORG",
        "cases.example.org:443",
        "cases.example.org:8000",
        "cases.example.org.",
        "www.example.org",
        "xn--kln-sna.example",
        "localhost",
        "localhost:8000",
        "127.0.0.1:8000",
        "127.9.9.9",
        "[::1]:8000",
        "[0:0:0:0:0:0:0:1]",
        "cases.localhost",
    ],
)
def test_a_request_for_this_site_is_answered(public: TestClient, host: str) -> None:
    assert public.get("/healthz", headers={"Host": host}).status_code == 200
    assert public.get("/cases/apple", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        FORGED,
        "example.org",
        "cases.example.org.elsewhere.example",
        "notcases.example.org",
        "cases-example.org",
        "sub.cases.example.org",
        "localhost.elsewhere.example",
        "127.0.0.1.elsewhere.example",
        "203.0.113.7",
        "[2001:db8::1]",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - an address, not a socket
    ],
)
@pytest.mark.parametrize("address", ["/", "/healthz", "/static/style.css", "/api/v1/search", "/nowhere"])
def test_a_request_for_another_site_is_refused(public: TestClient, host: str, address: str) -> None:
    answer = public.get(address, headers={"Host": host})

    assert answer.status_code == 421
    assert FORGED not in answer.text
    if address.startswith("/api/"):
        assert answer.json()["title"] == "Misdirected Request"


ODD = [
    "",
    " ",
    "a b",
    "a/b",
    "a@b",
    "user:pass@cases.example.org",
    "cases.example.org/evil",
    "cases.example.org?x",
    "cases.example.org#x",
    "cases.example.org\\evil",
    "cases.example.org:",
    "cases.example.org:port",
    "cases.example.org:123456",
    "cases.example.org:80:80",
    "cases..example.org",
    ".cases.example.org",
    "-cases.example.org",
    "cases.example.org,elsewhere.example",
    "cases.example.org, elsewhere.example",
    "http://cases.example.org",
    "<script>alert(1)</script>",
    "'\"",
    "%63ases.example.org",
    "cases.example.org\x7f",
    "c\xe4ses.example.org",
    "[::1",
    "::1",
    "[::1]x",
    "[::zz]",
    "[1:2]",
    "*",
    "a" * 64,
    ("a" * 60 + ".") * 5,
]


@pytest.mark.parametrize("host", ODD)
def test_a_host_of_odd_characters_is_refused(server: Served, local: TestClient, host: str) -> None:
    """Whether or not there is a public address."""
    assert server.ask("/cases/apple", f"Host: {host}").status == 400
    assert local.get("/cases/apple", headers={b"Host": host.encode("latin-1")}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        ("Host: cases.example.org", "Host: cases.example.org"),
        ("Host: cases.example.org", "Host: elsewhere.example"),
        ("Host: elsewhere.example", "host: cases.example.org"),
        ("Host: localhost", "HOST:"),
        (),
    ],
)
@pytest.mark.parametrize("address", ["/", "/healthz", "/about/"])
def test_one_host_is_named_and_not_two(server: Served, headers: tuple[str, ...], address: str) -> None:
    assert server.ask(address, *headers).status == 400


def test_a_simple_health_check_needs_no_host(server: Served) -> None:
    assert server.ask("/healthz", version="1.0").status == 200


def test_the_settings_of_the_environment_count(server: Served) -> None:
    assert server.ask("/", "Host: cases.internal").status == 200
    assert server.ask("/", f"Host: {FORGED}").status == 421


# What is sent


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_contains_the_name_that_a_request_gives(local: TestClient, address: str) -> None:
    """Nor does the cached one that others get, whoever comes first."""
    headers = {
        "Host": f"{FORGED}:1234",
        "X-Forwarded-Host": FORGED,
        "X-Forwarded-Proto": "https",
        "Forwarded": f"host={FORGED}",
        "X-Original-URL": f"//{FORGED}/",
    }
    forged = local.get(address, headers=headers)
    usual = local.get(address)

    for answer in (forged, usual):
        assert FORGED not in answer.text
        assert not [value for value in answer.headers.values() if FORGED in value]
    assert forged.status_code == usual.status_code
    assert forged.headers.get("etag") == usual.headers.get("etag")


@pytest.mark.parametrize("address", ADDRESSES)
def test_with_a_public_address_links_begin_with_it_however_it_is_reached(public: TestClient, address: str) -> None:
    answer = public.get(address, headers={"Host": "localhost:8000", "X-Forwarded-Proto": "http"})

    assert "localhost" not in answer.text
    assert "10.0.0.1" not in answer.text


@pytest.mark.parametrize("address", REDIRECTED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_redirects_lead_to_an_address_on_this_site(
    public: TestClient, local: TestClient, server: Served, address: str, method: str
) -> None:
    headers = {"Host": "localhost:1234", "X-Forwarded-Host": FORGED, "X-Forwarded-Proto": "https"}
    answers = [client.request(method, f"http://10.0.0.1:8000{address}", headers=headers) for client in (public, local)]
    locations = [location for answer in answers for location in answer.headers.get_list("location")]
    locations += server.ask(address, "Host: localhost:1234", f"X-Forwarded-Host: {FORGED}", method=method).all(
        "location"
    )

    assert [location for location in locations if not location.startswith("/") or location.startswith("//")] == []


def test_some_of_them_are_redirects(local: TestClient) -> None:
    assert sum(local.get(f"http://10.0.0.1:8000{address}").is_redirect for address in REDIRECTED) > 8


@pytest.mark.parametrize("host", [FORGED, "localhost:1", "a.b.c.d", "[::1]"])
def test_without_a_public_address_links_begin_with_the_socket(local: TestClient, host: str) -> None:
    links = local.get("/api/v1/search", headers={"Host": host}).json()["links"]

    assert links["self"] == "http://10.0.0.1:8000/api/v1/search"


@pytest.mark.slow
def test_a_real_server_without_a_public_address_names_its_socket(library: Library) -> None:
    with served(library) as running:
        answer = running.ask("/sitemap.xml", f"Host: {FORGED}")

        assert answer.status == 200
        assert FORGED.encode() not in answer.body
        assert f"<loc>{running.address}/</loc>".encode() in answer.body


@pytest.mark.parametrize(
    ("settings", "is_warned"),
    [
        ({}, True),
        ({"KB_BASE_URL": PUBLIC}, False),
        ({"KB_HOST": "127.0.0.1"}, False),
        ({"KB_HOST": "localhost"}, False),
    ],
)
@pytest.mark.slow
def test_whoever_serves_others_without_a_public_address_is_warned(
    library: Library, settings: dict[str, str], is_warned: bool
) -> None:
    with served(library, **{"KB_HOST": "0.0.0.0", **settings}) as running:  # noqa: S104 - to be warned about
        assert ("KB_BASE_URL is not set." in running.log.read_text("utf-8")) is is_warned


# Reading


@given(st.binary(max_size=80) | st.text(alphabet=f"{ascii_letters}{digits}.-_:[]", max_size=300).map(str.encode))
def test_any_bytes_are_read_as_a_plain_name_or_not_at_all(value: bytes) -> None:
    name = read_host(value)

    assert name is None or (name and set(name) <= set(f"{ascii_letters}{digits}.-_:") and name == name.lower())


@given(st.text(max_size=40))
def test_any_name_is_here_or_not(name: str) -> None:
    assert is_loopback(name) in (True, False)
