"""The site below a path of its host: everything leads to where it is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.server.arrival.prefix import with_prefix
from kb import IndexFolder, Settings
from tests.conftest import CONTENT
from tests.crawling import Crawl
from tests.metrics import AUTHORISED, TOKEN
from tests.pages import PAGES

BASE = "https://example.net/kb"

STARTS = (
    "/",
    "/robots.txt",
    "/llms.txt",
    "/sitemap.xml",
    "/feed.atom",
    "/opensearch.xml",
    "/favicon.ico",
    "/api/openapi.json",
    "/api/v1/search?q=youth",
    "/api/v1/search?q=yuoth&city=aarhus",
    "/api/v1/suggest?q=aar",
    "/api/v1/suggest/opensearch?q=aar",
    "/api/v1/matrix",
    "/api/v1/cases",
    "/api/v1/cases/aarhus-info-house/related",
    "/api/v1/arrangements",
    "/api/v1/challenges",
    "/api/v1/cities",
    "/api/v1/export.ndjson",
    "/compare.csv?case=aarhus-info-house&case=oslo-salto",
    "/saved.docx?shelf=oslo-salto",
    *PAGES,
)


def client_below(index: IndexFolder, base: str) -> TestClient:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(base))
    app = create_app(Settings(content=CONTENT, index=index.root, base_url=base, metrics_token=TOKEN))
    return TestClient(app, base_url=origin, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def below(collection_index: IndexFolder) -> Iterator[TestClient]:
    with client_below(collection_index, BASE) as opened:
        yield opened


def crawl(client: TestClient, base: str, *, stripped: bool) -> Crawl:
    """Follow every link of a site behind a proxy that removes the prefix, or passes it on."""
    prefix = urlsplit(base).path
    return Crawl(lambda path: client.get(path.removeprefix(prefix) if stripped else path), base).run(*STARTS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "stripped"),
    [(BASE, False), (BASE, True), ("https://example.net/a/pr%C3%A4v%20&%22x", False)],
    ids=["passed on", "removed", "odd"],
)
def test_every_link_of_the_site_stays_below_the_prefix(
    collection_index: IndexFolder, base: str, stripped: bool
) -> None:
    with client_below(collection_index, base) as client:
        made = crawl(client, base, stripped=stripped)

    assert not made.outside
    assert made.broken == {f"{base}/nowhere": 404}
    assert len(made.read) > 500
    assert made.links > 50_000


@pytest.mark.slow
def test_a_prefix_may_be_an_address_of_the_site_if_the_proxy_passes_it_on(collection_index: IndexFolder) -> None:
    base = "https://example.net/cases"
    with client_below(collection_index, base) as client:
        made = crawl(client, base, stripped=False)

    assert not made.outside
    assert made.broken == {f"{base}/nowhere": 404}


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_an_address_outside_the_prefix(below: TestClient, address: str) -> None:
    looked = Crawl(below.get, BASE)

    assert looked.visit(f"{BASE}{address}")
    assert not looked.outside


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/kb", "/kb/"),
        ("/kb?q=a&q=b", "/kb/?q=a&q=b"),
        ("/kb/Cases/Aarhus-Info-House/", "/kb/cases/aarhus-info-house"),
        ("/Cases/Aarhus-Info-House/", "/kb/cases/aarhus-info-house"),
        ("/kb/cases.html?q=youth", "/kb/cases?q=youth"),
        ("/kb//cases", "/kb/cases"),
    ],
)
def test_redirects_lead_below_the_prefix(below: TestClient, address: str, leads_to: str) -> None:
    assert below.get(address).headers["location"] == leads_to


def test_a_long_text_is_led_below_the_prefix(below: TestClient) -> None:
    answers = [below.post(f"/kb{path}", data={"q": "youth trust"}) for path in ("/cases", "/api/v1/search")]

    assert [(answer.status_code, answer.headers["location"].partition("?")[0]) for answer in answers] == [
        (303, "/kb/cases"),
        (303, "/kb/api/v1/search"),
    ]


@pytest.mark.parametrize("path", ["/kbx", "/kbx/cases", "/KB/cases", "/kb/kb/cases", "/k"])
def test_what_only_looks_like_the_prefix_is_not_removed(below: TestClient, path: str) -> None:
    answer = below.get(path)

    assert answer.status_code == 404
    assert 'href="/kb/cases"' in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/api/v1/cities"])
def test_who_is_behind_the_proxy_needs_no_prefix(below: TestClient, path: str) -> None:
    statuses = {below.get(address, headers=AUTHORISED).status_code for address in (path, f"/kb{path}")}

    assert statuses == {200}


def test_with_and_without_the_prefix_an_answer_is_the_same_copy(below: TestClient) -> None:
    whole, stripped = below.get("/kb/cases/oslo-salto"), below.get("/cases/oslo-salto")

    assert (whole.headers["etag"], whole.text) == (stripped.headers["etag"], stripped.text)
    assert below.get("/kb/cases/oslo-salto", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


def test_a_problem_says_where_it_occurred(below: TestClient) -> None:
    answers = [below.get(f"{prefix}/api/v1/cases/nowhere").json()["instance"] for prefix in ("", "/kb")]

    assert answers == ["/kb/api/v1/cases/nowhere"] * 2


def test_an_unforeseen_error_is_told_to_programs_in_their_form(
    collection_index: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_below(collection_index, BASE) as client:
        monkeypatch.setattr("api.routes.json_api.make_matrix", lambda *_: 1 / 0)
        answer = client.get("/kb/api/v1/matrix")

    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["instance"] == "/kb/api/v1/matrix"


def test_what_somebody_types_is_not_taken_for_a_link(below: TestClient) -> None:
    typed = '/etc href="/cases" <a href="/cases">'
    page = below.get(f"/kb/cases?q={quote(typed)}").text

    assert f'value="{escape(typed)}"' in page.replace("&#34;", "&quot;")


def test_links_in_texts_are_whole_in_data(below: TestClient, collection_index: IndexFolder) -> None:
    text = below.get("/kb/api/v1/export.ndjson").text

    assert 'href=\\"/' not in text


WORDS = st.text(alphabet=" \"'<>=/ahref&\n", max_size=60)


@given(WORDS, WORDS, st.sampled_from(["/", "/cases", "//host", "#a", "https://example.org/", "a/b", ""]))
def test_only_links_change_whatever_surrounds_them(text: str, title: str, address: str) -> None:
    def page(link: str) -> str:
        return f'<p title="{escape(title)}" class=\'"\'>{escape(text, quote=False)}<a href="{link}">{escape(text)}</a>'

    is_local = address.startswith("/") and not address.startswith("//")
    assert with_prefix(page(address), "/kb") == page(f"/kb{address}" if is_local else address)


@given(st.text(alphabet="abcä &\"'<>$\\%-", min_size=1).filter(str.strip))
def test_any_prefix_is_written_so_that_it_is_read_again(path: str) -> None:
    prefix = urlsplit(Settings(base_url=f"https://example.org/{quote(path)}").base_url).path
    page = with_prefix('<a href="/cases">', prefix)

    assert unescape(page.split('"')[1]) == f"/{quote(path, safe=chr(36) + '&' + chr(39))}/cases"


def test_a_site_at_the_root_is_left_alone(collection_index: IndexFolder, tmp_path: Path) -> None:
    with client_below(collection_index, "https://example.org") as client:
        assert 'href="/cases"' in client.get("/").text
        assert client.get("/kb/cases").status_code == 404
