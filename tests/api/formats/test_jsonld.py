"""Cases and the collection in the vocabulary of schema.org: what they say is what the pages say."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st

from api.address.site import Site
from api.formats.jsonld import case_jsonld
from api.server.rendering import environment
from kb import Generation, StoredCase
from tests.builders import case_markdown, make_case, vocabularies

URL = "https://cases.example.org"
SITE = Site(URL, "", "", is_fixed=True)


class Scripts(HTMLParser):
    """The elements of a document, and the data in its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.scripts: list[str] = []
        self.is_inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag == "script" and ("type", "application/ld+json") in attrs:
            self.scripts.append("")
            self.is_inside = True

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = False


def part(data: Any) -> str:
    return environment().get_template("parts/jsonld.html").render(jsonld=data)


def of_kind(data: Any, kind: str) -> Any:
    """The one thing of a kind in a graph."""
    assert data["@context"] == "https://schema.org"
    (found,) = [thing for thing in data["@graph"] if thing["@type"] == kind]
    return found


def case_data(client: TestClient, slug: str) -> Any:
    response = client.get(f"/cases/{slug}.jsonld")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/ld+json")
    return response.json()


def test_every_case_is_an_article_about_its_terms_and_places(client: TestClient, collection: Generation) -> None:
    for slug in collection.cases.slugs():
        case = collection.cases.case(slug)
        assert case is not None
        article = of_kind(case_data(client, slug), "Article")

        assert (article["headline"], article["description"]) == (case.title, case.summary)
        assert article["url"] == f"{URL}/cases/{slug}"
        assert article["dateModified"] == collection.cases.changes[slug]
        assert article["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert [term["termCode"] for term in article["about"]] == [
            *(reason.id for reason in case.arrangements),
            *(challenge.id for challenge in case.challenges),
        ]
        assert {term["@type"] for term in article["about"]} == {"DefinedTerm"}
        assert [place["url"] for place in article["spatialCoverage"]] == [
            f"{URL}/cities/{city}" for city in case.cities
        ]
        assert len(article["citation"]) == len(case.sources)


def test_the_parts_of_an_article_link_to_pages_that_exist(client: TestClient) -> None:
    data = case_data(client, "oslo-salto")
    article = of_kind(data, "Article")
    addresses = [thing["url"] for thing in (*article["about"], *article["spatialCoverage"], article["isPartOf"])]
    addresses += [article["url"], *(file["contentUrl"] for file in article["encoding"])]
    addresses += [step["item"] for step in of_kind(data, "BreadcrumbList")["itemListElement"]]

    assert len(addresses) > 8
    for address in addresses:
        assert client.get(address.removeprefix(URL)).status_code == 200, address


def test_breadcrumbs_go_from_the_front_page_to_the_case(client: TestClient) -> None:
    steps = of_kind(case_data(client, "oslo-salto"), "BreadcrumbList")["itemListElement"]

    assert [(step["position"], step["item"]) for step in steps] == [
        (1, f"{URL}/"),
        (2, f"{URL}/cases"),
        (3, f"{URL}/cases/oslo-salto"),
    ]


@pytest.mark.parametrize(
    ("years", "period"),
    [
        ({"started": 2007}, "2007/.."),
        ({"started": 2007, "status": "unknown"}, "2007/"),
        ({"started": 2007, "ended": 2012, "status": "ended"}, "2007/2012"),
        ({"started": 2007, "ended": 2007, "status": "ended"}, "2007"),
    ],
)
def test_a_period_claims_no_more_than_is_known(years: dict[str, Any], period: str) -> None:
    stored = StoredCase(make_case(text=case_markdown(**years)), "2026-03-01T12:00:00Z", "")

    assert of_kind(case_jsonld(stored, vocabularies(), SITE), "Article")["temporalCoverage"] == period


def test_the_collection_is_a_data_set_in_a_catalogue_with_downloads(client: TestClient, collection: Generation) -> None:
    (script,) = Scripts(client.get("/about").text).scripts
    data = json.loads(script)
    dataset, catalogue = of_kind(data, "Dataset"), of_kind(data, "DataCatalog")

    assert dataset["includedInDataCatalog"] == {"@id": catalogue["@id"]}
    assert catalogue["dataset"] == {"@id": dataset["@id"]}
    assert dataset["dateModified"] == max(collection.cases.changes.values())
    assert dataset["description"].startswith(f"{collection.manifest.count} case studies")
    assert "counts are not prevalence" in dataset["description"]
    article = of_kind(case_data(client, "oslo-salto"), "Article")
    assert article["isPartOf"]["@id"] == dataset["@id"]
    for download in dataset["distribution"]:
        response = client.get(download["contentUrl"].removeprefix(URL))
        assert response.headers["content-type"].startswith(download["encodingFormat"])


@given(st.text() | st.text(alphabet="</scrip>!-&'\"\u2028\u2029 é", max_size=30))
@example("</script><script>alert(1)</script>")
@example("<!--<script>")
@example("]]>&lt;/SCRIPT >")
def test_whatever_a_title_contains_stays_within_its_element(title: str) -> None:
    stored = StoredCase(replace(make_case(), title=title), "2026-03-01T12:00:00Z", "")
    data = case_jsonld(stored, vocabularies(), SITE)
    read = Scripts(part(data) + "<p>after</p>")

    assert read.elements == ["script", "p"]
    assert json.loads(read.scripts[0]) == data
