"""Links in the header of a response: each points where it says, to what it says."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

SITE = "https://cases.example.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LINK = re.compile(r'<([^<>"\s]+)>; rel="([a-z-]+)"(?:; type="([^"]+)")?')

Links = list[tuple[str, str, str | None]]


def links(client: TestClient, address: str) -> Links:
    """Relation, address and type of each link."""
    header = client.get(address).headers["link"]
    found = [LINK.fullmatch(link) for link in header.split(", ")]
    return [(match[2], match[1], match[3]) for match in found if match] if all(found) else []


def test_a_case_links_to_its_type_its_citation_and_its_other_formats(client: TestClient) -> None:
    page = f"{SITE}/cases/oslo-salto"

    assert links(client, "/cases/oslo-salto") == [
        ("cite-as", page, None),
        ("type", "https://schema.org/AboutPage", None),
        ("type", "https://schema.org/Article", None),
        ("license", LICENCE, None),
        ("item", f"{page}.md", "text/markdown"),
        ("describedby", f"{page}.jsonld", "application/ld+json"),
        ("describedby", f"{page}.bib", "application/x-bibtex"),
        ("describedby", f"{page}.ris", "application/x-research-info-systems"),
        ("describedby", f"{page}.csl.json", "application/vnd.citationstyles.csl+json"),
        ("alternate", f"{page}.md", "text/markdown"),
        ("alternate", f"{page}.json", "application/json"),
    ]


@pytest.mark.parametrize(
    ("extension", "rel"),
    [
        (".md", "collection"),
        (".json", "alternate"),
        (".jsonld", "describes"),
        (".bib", "describes"),
        (".ris", "describes"),
        (".csl.json", "describes"),
    ],
)
def test_a_file_of_a_case_links_back_to_its_page(client: TestClient, extension: str, rel: str) -> None:
    assert links(client, f"/cases/oslo-salto{extension}") == [
        (rel, f"{SITE}/cases/oslo-salto", "text/html"),
        ("license", LICENCE, None),
    ]


def test_a_search_links_to_its_feed_and_its_data(client: TestClient) -> None:
    assert links(client, "/cases?q=youth&city=aarhus&sort=title&page=1") == [
        ("alternate", f"{SITE}/feed.atom?q=youth&city=aarhus", "application/atom+xml"),
        ("alternate", f"{SITE}/api/v1/search?q=youth&city=aarhus&sort=title", "application/json"),
    ]


@pytest.mark.parametrize("address", ["/cases/oslo-salto", "/cases/oslo-salto.bib", "/cases?q=youth&city=aarhus"])
def test_linked_resources_exist_and_have_the_stated_type(client: TestClient, address: str) -> None:
    for _, href, media_type in links(client, address):
        if href.startswith(SITE):
            response = client.get(href.removeprefix(SITE))

            assert response.status_code == 200, href
            assert response.headers["content-type"].startswith(media_type or "text/html")


@pytest.mark.parametrize("query", ['"><script>', "a, b; rel=evil", "\r\nX-Evil: 1", "é“Ø”", 'x>; rel="next", <y'])
def test_typed_text_cannot_break_out_of_its_link(client: TestClient, query: str) -> None:
    response = client.get("/cases", params={"q": query})

    assert "x-evil" not in response.headers
    assert [rel for rel, *_ in links(client, str(response.request.url))] == ["alternate", "alternate"]


@pytest.mark.parametrize("address", ["/cases", "/api/v1/search", "/api/v1/cases"])
def test_a_search_too_long_for_a_header_is_linked_only_in_the_body(client: TestClient, address: str) -> None:
    response = client.get(address, params={"q": "信" * 999})

    assert response.status_code == 200
    assert "link" not in response.headers
    assert "link" in client.get(address, params={"q": "trust " * 50}).headers
