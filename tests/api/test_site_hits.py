"""What the site has on the words of a search, beside cases."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.site_hits import MOST, site_hits
from kb import Generation
from tests.properties import on_one_fixture


@pytest.mark.parametrize(
    ("typed", "kind", "href"),
    [
        ("fragile trust", "challenge", "/challenges/fragile-trust"),
        ("how did they handle fragile trust between police and youth?", "challenge", "/challenges/fragile-trust"),
        ("Fragile Trust", "challenge", "/challenges/fragile-trust"),
        ("trust", "challenge", "/challenges/fragile-trust"),
        ("stigmatisation", "challenge", "/challenges/stigmatisation"),
        ("intelligence link", "arrangement", "/arrangements/intelligence-link"),
        ("Aarhus", "city", "/cities/aarhus"),
        ("århus mentors", "city", "/cities/aarhus"),
        ("Kenya", "country", "/countries/kenya"),
        ("Danish prisons", "country", "/countries/denmark"),
        ("what the Dutch do", "country", "/countries/netherlands"),
        ("Scandinavian schools", "region", "/cases?country=denmark&country=norway&country=sweden"),
        ("prisons in Africa", "continent", "/continents/africa"),
        ("Scandinavia", "region", "/cases?country=denmark&country=norway&country=sweden"),
        ("worksheet", "tool", "/arrangements#worksheets"),
        ("worksheets", "tool", "/arrangements#worksheets"),
        ("intelligence link worksheet", "tool", "/arrangements/intelligence-link/worksheet"),
        ("matrix", "tool", "/matrix"),
        ("map", "tool", "/map"),
        ("which arrangement fits", "tool", "/arrangements/which"),
        ("submit a case", "help", "/contribute"),
        ("json", "help", "/api/docs"),
    ],
)
def test_what_is_named_comes_first(collection: Generation, typed: str, kind: str, href: str) -> None:
    first = site_hits(typed, collection)[0]

    assert (first.kind, first.href) == (kind, href)


@pytest.mark.parametrize("typed", ["", "youth", "prison", "xyzzyx", "the", "—", "case management police", "a b"])
def test_words_that_name_nothing_lead_to_cases_only(collection: Generation, typed: str) -> None:
    assert site_hits(typed, collection) == ()


@on_one_fixture
@given(st.text(max_size=60))
def test_any_text_names_few_things(collection: Generation, typed: str) -> None:
    assert len(site_hits(typed, collection)) <= MOST


@pytest.mark.parametrize(
    "typed", ["fragile trust", "Aarhus", "Africa", "Benelux", "worksheet intelligence link", "about"]
)
def test_every_line_leads_to_a_page(client: TestClient, collection: Generation, typed: str) -> None:
    for hit in site_hits(typed, collection):
        assert client.get(hit.href).status_code == 200


def test_the_line_says_how_many_cases_there_are(client: TestClient, collection: Generation) -> None:
    (hit,) = site_hits("Kenya", collection)
    total = client.get("/api/v1/search?country=kenya").json()["total"]

    assert hit.note == f"{total} cases"


def test_page_and_json_show_the_same_on_the_first_page_only(client: TestClient) -> None:
    body = client.get("/api/v1/search?q=fragile+trust&size=5").json()
    html = client.get("/cases?q=fragile+trust&size=5").text

    assert [hit["label"] for hit in body["site_hits"]] == ["Fragile trust"]
    assert body["site_hits"][0]["url"] == "https://cases.example.org/challenges/fragile-trust"
    assert '<a href="/challenges/fragile-trust">Fragile trust</a>' in html
    assert client.get("/api/v1/search?q=fragile+trust&size=5&page=2").json()["site_hits"] == []


@pytest.mark.parametrize(
    ("typed", "kind", "label"),
    [
        ("Ken", "country", "Kenya"),
        ("Germ", "country", "Germany"),
        ("Afr", "continent", "Africa"),
        ("United", "country", "United Kingdom"),
    ],
)
def test_suggestions_know_countries_and_continents(client: TestClient, typed: str, kind: str, label: str) -> None:
    found = client.get(f"/api/v1/suggest?q={typed}").json()

    assert (kind, label) in [(suggestion["kind"], suggestion["label"]) for suggestion in found]
