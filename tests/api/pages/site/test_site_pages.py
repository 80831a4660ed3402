"""The pages over the real collection."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fastapi.testclient import TestClient

from kb import CASE_SECTIONS, Generation, heading_in_words
from tests.pages import PAGES, others_slow


class Outline(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if "src" in values or (tag == "link" and values["rel"] in {"stylesheet", "icon", "preload"}):
            self.loads.append(values.get("src") or values["href"])


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_main_heading_and_skips_no_level(client: TestClient, address: str) -> None:
    headings = Outline(client.get(address).text).headings

    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_another_host(client: TestClient, address: str) -> None:
    response = client.get(address)
    outline = Outline(response.text)

    assert outline.loads
    assert all(address.startswith("/static/") for address in outline.loads)
    assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("address", PAGES)
def test_no_id_appears_twice_on_a_page(client: TestClient, address: str) -> None:
    ids = Outline(client.get(address).text).ids

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", others_slow(PAGES))
def test_no_link_inside_the_site_is_dead(client: TestClient, address: str) -> None:
    outline = Outline(client.get(address).text)
    links = (link for link in outline.links if link.startswith("/"))
    for link in {link.split("#")[0] for link in links} - {""}:
        assert client.get(link).status_code == 200, link
    for anchor in {link[1:] for link in outline.links if link.startswith("#")}:
        assert anchor in outline.ids


def test_the_whole_search_is_in_title_and_heading(client: TestClient) -> None:
    html = client.get("/cases?q=police&arrangement=intelligence-link&city=davao&city=dhaka&evidence=described").text

    main_heading = re.search(r"<h1[^>]*>(.*?)</h1>", html)
    assert main_heading is not None
    heading = re.sub("<[^>]+>", "", main_heading.group(1))
    assert heading == "1 case: “police”, Intelligence link, Davao City or Dhaka, evidence “Described”"
    assert f"<title>{heading} · Crossing Boundaries</title>" in html


def test_a_chosen_filter_is_ticked_and_can_be_removed(client: TestClient) -> None:
    html = client.get("/cases?q=youth&city=vienna&arrangement=knowledge-exchange").text

    assert '<input type="checkbox" name="city" value="vienna" checked>' in html
    assert 'href="/cases?q=youth&amp;arrangement=knowledge-exchange" data-live="chip">' in html


def test_what_was_typed_is_shown_as_text(client: TestClient) -> None:
    html = client.get("/cases", params={"q": '"><script>alert(1)</script>'}).text

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_case_says_that_it_is_not_reviewed(client: TestClient) -> None:
    html = client.get("/cases/vilvoorde-partner-round-table").text

    assert "Not reviewed by the city." in html
    assert "Drafted from published sources" in html


def test_citations_link_to_their_source_and_back(client: TestClient) -> None:
    outline = Outline(client.get("/cases/oslo-salto").text)
    to_sources = [link for link in outline.links if link.startswith("#source-")]
    back = [link for link in outline.links if link.startswith("#cite-")]

    assert len(to_sources) == len(back) > 10
    assert {link[1:] for link in (*to_sources, *back)} <= set(outline.ids)


def test_a_case_shows_every_section_it_has(client: TestClient, collection: Generation) -> None:
    for slug in collection.cases.slugs():
        case = collection.cases.case(slug)
        html = client.get(f"/cases/{slug}").text

        assert case is not None
        assert all(
            f'<h2 id="{section.id}">{heading_in_words(section.heading)}</h2>' in html for section in case.sections
        )
        assert [section.heading for section in case.sections] == list(CASE_SECTIONS)


def test_every_arrangement_challenge_and_city_has_a_page(client: TestClient, collection: Generation) -> None:
    vocabularies = collection.vocabularies
    addresses = [f"/arrangements/{term.id}" for term in vocabularies.arrangements]
    addresses += [f"/challenges/{term.id}" for term in vocabularies.challenges]
    addresses += [f"/cities/{term.id}" for term in vocabularies.cities]

    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_static_files_may_be_cached_for_ever(client: TestClient) -> None:
    html = client.get("/").text
    stylesheet = re.search(r'href="(/static/style\.css\?v=[0-9a-f]{12})"', html)

    assert stylesheet is not None
    assert client.get(stylesheet.group(1)).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_health_and_readiness_are_reported(client: TestClient, collection: Generation) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json() == {
        "generation": collection.id,
        "cases": collection.manifest.count,
        "problems": [],
    }
