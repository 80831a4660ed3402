"""Every answer has the headers that protect, once, whatever its status, its kind, and whoever made it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.server.headers import HEADERS, headers_of_site
from kb import GenerationError, Settings
from tests.builders import case_markdown
from tests.library import Library
from tests.metrics import AUTHORISED
from tests.pages import PAGES
from tests.served import Served, served

PROTECTING = tuple(name.lower() for name in HEADERS)

ID = re.compile(r"[0-9a-f]{16}")


def assert_safe(answer: httpx2.Response) -> None:
    """Asserts that an answer has each of the headers, and no header twice."""
    names = Counter(name.decode().lower() for name, _ in answer.headers.raw)

    assert [name for name in (*PROTECTING, "x-request-id") if names[name] != 1] == []
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert ID.fullmatch(answer.headers["x-request-id"])
    assert "server" not in names
    assert "set-cookie" not in names


OF_EVERY_STATUS = [
    ("GET", "/about", 200),
    ("HEAD", "/about", 200),
    ("GET", "/static/style.css", 200),
    ("GET", "/static/mark.svg", 200),
    ("GET", "/favicon.ico", 200),
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/feed.atom", 200),
    ("GET", "/sitemap.xml", 200),
    ("GET", "/llms.txt", 200),
    ("GET", "/cases/oslo-salto.md", 200),
    ("GET", "/cases/oslo-salto.bib", 200),
    ("GET", "/api/openapi.json", 200),
    ("GET", "/api/v1/search?q=trust", 200),
    ("GET", "/api/v1/export.csv", 200),
    ("GET", "/api/v1/export.ndjson", 200),
    ("HEAD", "/api/v1/export.csv", 200),
    ("OPTIONS", "/api/v1/search", 204),
    ("POST", "/cases", 303),
    ("GET", "/about/", 308),
    ("HEAD", "/about/", 308),
    ("GET", "/cases?q=%ff", 400),
    ("GET", "/metrics", 401),
    ("GET", "/nowhere", 404),
    ("GET", "/cases/nowhere", 404),
    ("GET", "/api/v1/cases/nowhere", 404),
    ("GET", "/static/nothing.css", 404),
    ("HEAD", "/nowhere", 404),
    ("DELETE", "/about", 405),
    ("POST", "/api/v1/suggest", 405),
    ("TRACE", "/", 405),
    ("BREW", "/api/v1/search", 405),
    ("OPTIONS", "/about", 405),
    ("GET", "/api/v1/search?page=0", 422),
    ("GET", "/cases?page=0", 422),
    ("GET", "/feed.atom?contry=x", 422),
]


@pytest.mark.parametrize(("method", "address", "status"), OF_EVERY_STATUS)
def test_an_answer_of_any_status_and_kind_protects(client: TestClient, method: str, address: str, status: int) -> None:
    for _ in range(2):  # the second is cached, where any is
        answer = client.request(method, address, follow_redirects=False)

        assert answer.status_code == status
        assert_safe(answer)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_protects(client: TestClient, address: str) -> None:
    assert_safe(client.get(address))


@pytest.mark.parametrize("address", ["/about", "/api/v1/search", "/static/mark.svg"])
def test_an_answer_that_is_not_sent_again_protects_as_it_did(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert_safe(again)
    for name in PROTECTING:
        # A browser puts the headers of this answer in the place of those that it has.
        if name != "cross-origin-resource-policy":
            assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("headers", [{"Host": "a/b"}, {"Host": "elsewhere.example"}])
def test_an_answer_to_a_request_for_another_site_protects(client: TestClient, headers: dict[str, str]) -> None:
    assert_safe(client.get("/", headers=headers))


def test_a_body_that_is_too_large_is_refused_as_safely(client: TestClient) -> None:
    answer = client.post("/cases", content=b"x" * 70_000)

    assert answer.status_code == 413
    assert_safe(answer)


def failing(error: Exception) -> NoReturn:
    raise error


@pytest.mark.parametrize("address", ["/cases?q=a", "/api/v1/search?q=a", "/feed.atom?q=a"])
@pytest.mark.parametrize(
    ("error", "status"), [(TypeError("a bug"), 500), (ZeroDivisionError(), 500), (GenerationError("damage"), 503)]
)
def test_an_answer_to_a_failure_protects(
    library: Library, monkeypatch: pytest.MonkeyPatch, address: str, error: Exception, status: int
) -> None:
    monkeypatch.setattr("kb.index.generation.search", lambda *_, **__: failing(error))
    settings = Settings(content=library.content.root, index=library.index.root)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        answer = client.get(address)

    assert answer.status_code == status
    assert_safe(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("library"), {"apple": case_markdown()})
    made.build()
    return made


# The policy


def policy(answer: httpx2.Response) -> dict[str, str]:
    """The directives of the answer's Content-Security-Policy."""
    given = [item.strip().partition(" ") for item in answer.headers["content-security-policy"].split(";")]
    assert len(given) == len({name for name, _, _ in given})
    return {name: value for name, _, value in given}


@pytest.mark.parametrize("address", ["/", "/cases", "/nowhere", "/api/v1/search", "/static/mark.svg"])
def test_the_policy_allows_what_is_ours_and_nothing_else(client: TestClient, address: str) -> None:
    directives = policy(client.get(address))

    assert directives.pop("default-src") == "'none'"
    assert directives.pop("require-trusted-types-for") == "'script'"
    assert directives.pop("trusted-types") == "pages"
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert directives.pop(name) == "'none'"
    assert set(directives.values()) == {"'self'"}


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("/", "same-origin"),
        ("/cases/oslo-salto", "same-origin"),
        ("/static/style.css", "same-origin"),
        ("/static/site.js", "same-origin"),
        ("/nowhere", "same-origin"),
        ("/healthz", "same-origin"),
        ("/static/mark.svg", "cross-origin"),
        ("/favicon.ico", "cross-origin"),
        ("/apple-touch-icon.png", "cross-origin"),
        ("/api/v1/search", "cross-origin"),
        ("/api/v1/cases/nowhere", "cross-origin"),
        ("/cases/oslo-salto.json", "cross-origin"),
        ("/feed.atom", "cross-origin"),
    ],
)
def test_other_sites_may_embed_pictures_and_what_is_for_programs(client: TestClient, address: str, who: str) -> None:
    for _ in range(2):
        assert client.get(address).headers.get_list("cross-origin-resource-policy") == [who]


@pytest.mark.parametrize("base_url", ["", "http://cases.example.org", "https://cases.example.org"])
def test_a_site_at_a_secure_address_says_that_it_will_stay_one(library: Library, base_url: str) -> None:
    settings = Settings(content=library.content.root, index=library.index.root, base_url=base_url)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        answers = [client.get(address) for address in ("/", "/nowhere", "/static/style.css", "/healthz", "/?q=%ff")]

    expected = "max-age=31536000" if base_url.startswith("https") else None
    assert [answer.headers.get("strict-transport-security") for answer in answers] == [expected] * len(answers)


def test_the_address_of_a_site_decides_whatever_is_in_it() -> None:
    assert "Strict-Transport-Security" not in headers_of_site("http://https.example.org/?https://")


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics", "/nowhere", "/api/v1/cases/nowhere"])
def test_what_is_about_this_moment_is_not_stored(client: TestClient, address: str) -> None:
    assert client.get(address, headers=AUTHORISED).headers["cache-control"] == "no-store"


def test_a_redirect_for_good_can_still_be_taken_back(client: TestClient) -> None:
    answer = client.get("/about/", follow_redirects=False)

    assert (answer.status_code, answer.headers["cache-control"]) == (308, "no-cache")


# The id of a request


def test_every_answer_has_an_id_of_its_own(client: TestClient) -> None:
    ids = [client.get("/about").headers["x-request-id"] for _ in range(20)]

    assert len(set(ids)) == 20


@pytest.mark.parametrize("sent", ["0123456789abcdef", "me@example.org", "a" * 5000, "x\ty", ""])
def test_an_id_that_a_client_sends_is_ignored(client: TestClient, sent: str) -> None:
    answer = client.get("/about", headers={"X-Request-ID": sent, "X-Forwarded-For": "127.0.0.1"})

    assert ID.fullmatch(answer.headers["x-request-id"])
    assert answer.headers["x-request-id"] != sent


# Answers that the server makes itself


@pytest.fixture(scope="module")
def server(library: Library) -> Iterator[Served]:
    with served(library) as running:
        yield running


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_with_the_same_headers(server: Served, sent: bytes) -> None:
    head = server.exchange(sent).partition(b"\r\n\r\n")[0].decode().lower()

    assert head.startswith("http/1.1 400 ")
    assert [name for name in PROTECTING if f"\r\n{name}: " not in head] == []
    assert "\r\nserver:" not in head


# What an answer says it is


@pytest.mark.parametrize(
    "address", [*dict.fromkeys(address for method, address, _ in OF_EVERY_STATUS if method == "GET"), "/static/site.js"]
)
def test_an_answer_says_what_it_is_and_in_which_encoding(client: TestClient, address: str) -> None:
    answer = client.get(address)
    kind, _, parameters = answer.headers["content-type"].partition(";")

    assert answer.content
    if kind.startswith("text/") or kind.endswith(("/xml", "+xml", "x-ndjson")):
        assert "charset=utf-8" in parameters
        answer.content.decode("utf-8")
    else:
        # JSON is UTF-8 by definition (RFC 8259, section 8.1).
        assert kind in {
            "application/json",
            "application/problem+json",
            "application/x-bibtex",
            "image/vnd.microsoft.icon",
        }
