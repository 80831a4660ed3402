"""The JSON API over the real collection."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from api.formats.schemas.searches import SearchOut
from kb import FACETS, Generation


def get(client: TestClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json()


def values(body: Any, facet: str) -> dict[str, int]:
    return {value["value"]: value["count"] for value in body["facets"][facet]["values"]}


def test_a_search_with_a_facet_returns_cases_with_counts_for_all_facets(client: TestClient) -> None:
    body = get(client, "/api/v1/search?q=youth&arrangement=informing-and-intervening")

    assert body["total"] > 5
    assert all("informing-and-intervening" in [term["id"] for term in hit["arrangements"]] for hit in body["hits"])
    assert list(body["facets"]) == [facet.name for facet in FACETS]
    # Few cases report an arrangement that was experienced as another; this search finds none of them.
    assert all(body["facets"][facet.name]["values"] for facet in FACETS if facet.is_wanted)
    assert len(values(body, "arrangement")) > 1, "counts of a facet ignore its own filter"


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/search",
        "/api/v1/search?q=school+trust&size=3&page=2&sort=newest",
        "/api/v1/search?q=mosque&city=davao&country=denmark",
        "/api/v1/search?q=radicalistaion+scool&challenge=fragile-trust&challenge=lack-of-openness",
        "/api/v1/search?q=cites&sort=loudest&colour=red",
        '/api/v1/search?q=title:"info house"',
    ],
)
def test_a_result_matches_its_description(client: TestClient, address: str) -> None:
    text = client.get(address).content
    described = TypeAdapter(SearchOut)

    assert described.dump_json(described.validate_json(text, strict=True)) == text


def test_ticking_a_second_arrangement_widens(client: TestClient) -> None:
    one = get(client, "/api/v1/search?arrangement=intelligence-link")
    two = get(client, "/api/v1/search?arrangement=intelligence-link&arrangement=dialogue-and-bridging")

    assert two["total"] > one["total"]


def test_ticking_an_arrangement_and_a_city_narrows(client: TestClient) -> None:
    arrangement = get(client, "/api/v1/search?arrangement=dialogue-and-bridging")
    both = get(client, "/api/v1/search?arrangement=dialogue-and-bridging&city=aarhus")

    assert 0 < both["total"] < arrangement["total"]


def test_a_count_is_what_ticking_the_value_finds(client: TestClient) -> None:
    body = get(client, "/api/v1/search?q=school&challenge=fragile-trust")
    for value in body["facets"]["country"]["values"]:
        narrowed = client.get(value["url"].replace("https://cases.example.org", "")).json()

        assert narrowed["total"] == value["count"]


def test_pages_contain_each_case_once_and_are_linked(client: TestClient) -> None:
    address, slugs = "/api/v1/cases?size=30", []
    while address:
        response = client.get(address)
        body = response.json()
        slugs += [case["slug"] for case in body["cases"]]
        address = (body["links"]["next"] or "").replace("https://cases.example.org", "")

        assert f'<{body["links"]["first"]}>; rel="first"' in response.headers["Link"]

    assert len(slugs) == len(set(slugs)) == body["total"]


def test_a_snippet_marks_what_matched_and_links_to_its_section(client: TestClient) -> None:
    hit = get(client, '/api/v1/search?q="info-house"&size=1')["hits"][0]
    start, end = hit["snippet"]["ranges"][0]

    assert hit["slug"] == "aarhus-info-house"
    assert hit["snippet"]["text"][start:end].lower() == "info"
    assert hit["snippet"]["url"].endswith(f"/cases/aarhus-info-house#{hit['snippet']['section']}")


def test_a_case_is_returned_completely(client: TestClient, collection: Generation) -> None:
    body = get(client, "/api/v1/cases/amsterdam-key-figures")
    case = collection.cases.case("amsterdam-key-figures")

    assert case is not None
    assert body["title"] == case.title
    assert [section["heading"] for section in body["sections"]] == [section.heading for section in case.sections]
    assert [source["id"] for source in body["sources"]] == [source.id for source in case.sources]
    assert body["evidence"]["note"] == case.evidence.note
    assert body["url"] == "https://cases.example.org/cases/amsterdam-key-figures"
    assert body["review"] == {"state": "unreviewed", "date": None, "by": None}


def test_the_same_case_is_served_next_to_its_page(client: TestClient) -> None:
    assert get(client, "/cases/oslo-salto.json") == get(client, "/api/v1/cases/oslo-salto")


def test_vocabularies_come_with_counts_that_a_search_confirms(client: TestClient) -> None:
    for facet, address in (("arrangement", "arrangements"), ("challenge", "challenges"), ("city", "cities")):
        for term in get(client, f"/api/v1/{address}"):
            found = get(client, f"/api/v1/search?{facet}={term['id']}&size=1")

            assert found["total"] == term["count"]


def test_the_description_names_every_parameter_of_a_search(client: TestClient) -> None:
    description = get(client, "/api/openapi.json")
    parameters = {given["name"] for given in description["paths"]["/api/v1/search"]["get"]["parameters"]}

    assert parameters == {"q", *(facet.name for facet in FACETS), "sort", "page", "size"}


def test_notices_say_how_a_search_was_interpreted(client: TestClient) -> None:
    body = get(client, "/api/v1/search?q=sectr:school&city=aarhuss")

    assert {notice["code"] for notice in body["notices"]} >= {"unknown-field", "unknown-value", "respelled"}


def test_suggestions_come_with_their_links(client: TestClient) -> None:
    (suggestion,) = [found for found in get(client, "/api/v1/suggest?q=wien") if found["kind"] == "city"]

    assert suggestion == {
        "kind": "city",
        "id": "vienna",
        "label": "Vienna",
        "alias": "Wien",
        "count": 1,
        "url": "https://cases.example.org/cities/vienna",
        "ranges": [],
    }


def test_suggestions_forgive_a_typing_error_and_empty_input_suggests_nothing(client: TestClient) -> None:
    assert "vilvoorde" in [found["id"] for found in get(client, "/api/v1/suggest?q=vilvoorfe")]
    assert get(client, "/api/v1/suggest?q=") == get(client, "/api/v1/suggest") == []


def test_related_cases_come_with_their_reason(client: TestClient) -> None:
    related = get(client, "/api/v1/cases/aarhus-info-house/related")

    assert {item["kind"] for item in related} == {"arrangement", "challenge", "content"}
    assert all(item["reason"] and item["url"] for item in related)


def test_a_search_for_two_words_shows_a_passage_about_both(client: TestClient) -> None:
    """Lack of openness, and how it was handled with respect to schools."""
    hit = get(client, "/api/v1/search?q=school&challenge=lack-of-openness&size=1")["hits"][0]

    assert hit["snippet"]["section"] in {"challenges", "what-helped", "what-was-hard"}
    assert "school" in hit["snippet"]["text"].lower() or "pupil" in hit["snippet"]["text"].lower()


def test_an_empty_result_names_the_filter_whose_removal_helps(client: TestClient) -> None:
    body = get(client, "/api/v1/search?q=mosque&city=davao&country=denmark")

    assert body["total"] == 0
    assert [removal["facet"] for removal in body["removals"]] == ["city", None]
    without = get(client, body["removals"][0]["url"].removeprefix("https://cases.example.org"))
    assert without["total"] == body["removals"][0]["total"] > 0


def test_a_misspelt_word_is_read_as_the_nearest_with_a_notice(client: TestClient) -> None:
    body = get(client, "/api/v1/search?q=radicalistaion+scool")

    assert body["total"] > 0
    assert [notice["code"] for notice in body["notices"]][:2] == ["respelled", "respelled"]
