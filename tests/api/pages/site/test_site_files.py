"""What the site serves to visiting programs, read with real parsers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages import sitemap_page, sitemap_part
from kb import Generation, Settings
from tests.builders import case_markdown
from tests.library import GUIDE, Library

SITE = "https://cases.example.org"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEARCH = {"": "http://a9.com/-/spec/opensearch/1.1/"}


def xml(client: TestClient, address: str, media_type: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  # our own answer


def sitemap(client: TestClient) -> dict[str, str | None]:
    """Pages with their dates."""
    urls = xml(client, "/sitemap.xml", "application/xml").findall(f"{SITEMAP}url")
    found = [(url.findtext(f"{SITEMAP}loc") or "", url.findtext(f"{SITEMAP}lastmod")) for url in urls]
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.mark.slow
def test_the_sitemap_lists_every_page_with_the_date_of_its_file(client: TestClient, collection: Generation) -> None:
    pages = sitemap(client)
    vocabularies = collection.vocabularies
    cases = filter(None, map(collection.cases.case, collection.cases.slugs()))
    with_cases = {city for case in cases for city in case.cities}

    assert {f"{SITE}/cases/{slug}": pages[f"{SITE}/cases/{slug}"] for slug in collection.cases.slugs()} == {
        f"{SITE}/cases/{slug}": changed for slug, changed in collection.cases.changes.items()
    }
    assert {page for page in pages if "/cities/" in page} == {f"{SITE}/cities/{city}" for city in with_cases}
    arrangements = [f"{SITE}/arrangements/{term.id}" for term in vocabularies.arrangements]
    assert {page for page in pages if "/arrangements/" in page} == {
        f"{SITE}/arrangements/which",
        *arrangements,
        *(f"{arrangement}/worksheet" for arrangement in arrangements),
    }
    assert {page for page in pages if "/challenges/" in page} == {
        f"{SITE}/challenges/{term.id}" for term in vocabularies.challenges
    }
    for page in pages:
        assert client.get(page.removeprefix(SITE)).status_code == 200, page


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Two cases and a guide page, each changed at a time of its own."""
    berry = case_markdown(city="vienna", challenges=["no-real-say"])
    made = Library(tmp_path, {"apple": case_markdown(), "berry": berry})
    made.write_guide(GUIDE)
    for path in made.content.root.rglob("*.yaml"):
        os.utime(path, (1_500_000_000, 1_500_000_000))
    os.utime(made.case("apple"), (1_600_000_000, 1_600_000_000))
    os.utime(made.case("berry"), (1_700_000_000, 1_700_000_000))
    os.utime(made.content.root / "challenges/fragile-trust.md", (1_800_000_000, 1_800_000_000))
    made.build()
    return made


@pytest.fixture
def small(library: Library) -> Iterator[TestClient]:
    settings = Settings(content=library.content.root, index=library.index.root, base_url=SITE, contact="us@example.org")
    with TestClient(create_app(settings), base_url="http://localhost") as opened:
        yield opened


def test_a_page_is_as_new_as_the_newest_file_that_it_shows(small: TestClient) -> None:
    pages = {page.removeprefix(SITE): (changed or "")[:10] for page, changed in sitemap(small).items()}

    assert pages == {
        "/": "2023-11-14",
        "/cases": "2023-11-14",
        "/arrangements": "2023-11-14",
        "/challenges": "2023-11-14",
        "/cities": "2023-11-14",
        "/map": "2023-11-14",
        "/matrix": "2023-11-14",
        "/compare": "2023-11-14",
        "/new": "2023-11-14",
        "/arrangements/which": "",
        "/about": "",
        "/method": "",
        "/contribute": "",
        "/contribute/rules": "",
        "/api/docs": "",
        "/arrangements/informing-and-intervening": "2023-11-14",
        "/arrangements/knowledge-exchange": "2017-07-14",
        "/arrangements/intelligence-link": "2017-07-14",
        "/arrangements/informing-and-intervening/worksheet": "2023-11-14",
        "/arrangements/knowledge-exchange/worksheet": "2017-07-14",
        "/arrangements/intelligence-link/worksheet": "2017-07-14",
        "/challenges/fragile-trust": "2027-01-15",
        "/challenges/no-real-say": "2023-11-14",
        "/cities/aarhus": "2020-09-13",
        "/cities/vienna": "2023-11-14",
        "/countries/austria": "2023-11-14",
        "/countries/denmark": "2020-09-13",
        "/continents/europe": "2023-11-14",
        "/cases/apple": "2020-09-13",
        "/cases/berry": "2023-11-14",
    }


def test_a_collection_too_large_for_one_sitemap_has_several(library: Library) -> None:
    generation = library.index.open_current()
    whole = sitemap_page(generation)
    listing = sitemap_page(generation, most=10)
    parts = [sitemap_part(number, generation, most=10) for number in range(1, len(listing.entries) + 1)]

    assert listing.lists_sitemaps
    assert [entry.href for entry in listing.entries] == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    assert tuple(entry for part in parts if part for entry in part.entries) == whole.entries
    assert all(part and not part.lists_sitemaps and len(part.entries) <= 10 for part in parts)
    assert sitemap_part(4, generation, most=10) is None
    assert sitemap_part(0, generation, most=10) is None
    generation.close()


def test_a_part_that_the_sitemap_does_not_have_is_not_found(client: TestClient) -> None:
    assert client.get("/sitemap-7.xml").status_code == 404
    assert client.get("/sitemap-x.xml").status_code == 422


def test_robots_are_sent_to_the_sitemap_and_kept_out_of_endless_pages(client: TestClient) -> None:
    response = client.get("/robots.txt")
    robots = RobotFileParser()
    robots.parse(response.text.splitlines())

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert robots.site_maps() == [f"{SITE}/sitemap.xml"]
    assert all(robots.can_fetch("*", page) for page in sitemap(client))
    assert robots.can_fetch("*", f"{SITE}/api/v1/export.ndjson")
    assert robots.can_fetch("*", f"{SITE}/cases?q=school")
    assert not robots.can_fetch("*", f"{SITE}/compare?case=apple&case=berry")


def test_a_browser_can_search_from_its_address_bar(client: TestClient) -> None:
    described = xml(client, "/opensearch.xml", "application/opensearchdescription+xml")
    urls = {url.get("type"): url.get("template", "") for url in described.findall("Url", SEARCH)}
    name = described.findtext("ShortName", "", SEARCH)

    assert 0 < len(name) <= 16
    assert len(described.findtext("LongName", "", SEARCH)) <= 48
    assert len(described.findtext("Description", "", SEARCH)) <= 1024
    assert described.findtext("Image", "", SEARCH).startswith(f"{SITE}/static/mark.svg")
    assert urls["application/opensearchdescription+xml"] == f"{SITE}/opensearch.xml"
    for media_type in ("text/html", "application/atom+xml", "application/x-suggestions+json"):
        address = urls[media_type].replace("{searchTerms}", "youth+%E2%80%9Ctrust%E2%80%9D")
        response = client.get(address.removeprefix(SITE))

        assert response.status_code == 200
        assert response.headers["content-type"].startswith(media_type)


def test_a_contact_is_named_if_there_is_one(small: TestClient, client: TestClient) -> None:
    one = xml(small, "/opensearch.xml", "application/opensearchdescription+xml")
    none = xml(client, "/opensearch.xml", "application/opensearchdescription+xml")

    assert one.findtext("Contact", None, SEARCH) == "us@example.org"
    assert none.findtext("Contact", None, SEARCH) is None


def test_suggestions_for_a_browser_are_those_of_the_api(client: TestClient) -> None:
    typed, names, kinds, addresses = client.get("/api/v1/suggest/opensearch?q=vie").json()
    plain = client.get("/api/v1/suggest?q=vie").json()

    assert typed == "vie"
    assert names == [found["label"] for found in plain]
    assert addresses == [found["url"] for found in plain]
    assert kinds[:1] == ["City"]
    assert client.get("/api/v1/suggest/opensearch").json() == ["", [], [], []]


def test_language_models_are_told_what_this_is_and_how_not_to_misread_it(
    client: TestClient, collection: Generation
) -> None:
    response = client.get("/llms.txt")
    text = response.text

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.match(r"# Crossing Boundaries\n\n> .+\n", text)
    assert f"{collection.manifest.count} case studies from" in text
    assert "They are not prevalence" in text
    assert all(f"(`{level.id}`): {level.description}" in text for level in collection.vocabularies.evidence)
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    links = [link for link in re.findall(r"\]\((\S+?)\)", text) if link.startswith(SITE)]
    assert len(links) > 20
    for link in links:
        assert client.get(link.removeprefix(SITE)).status_code == 200, link
    assert "&#" not in text


@pytest.mark.parametrize("address", ["/sitemap.xml", "/robots.txt", "/opensearch.xml", "/llms.txt"])
def test_these_files_use_the_address_of_the_socket_without_a_public_one(library: Library, address: str) -> None:
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as opened:
        assert "http://10.0.0.1:8000/" in opened.get(f"http://10.0.0.1:8000{address}").text
