"""Addresses that people share: what others added is ignored, what cannot be used is reported and widens nothing."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.address.parameters import TRACKERS, is_tracker
from api.address.search_state import NAMES
from kb import FACETS, plain_name
from tests.properties import on_one_fixture

SITE = "https://cases.example.org"
EXPORTS = ("/api/v1/export.csv", "/api/v1/export.ndjson")
STRICT = (*EXPORTS, "/api/v1/cases", "/feed.atom")
SEARCHES = ("/cases", "/matrix", "/map", "/api/v1/search", "/api/v1/matrix")

TRACKING = st.sampled_from([*sorted(TRACKERS), "utm_source", "UTM_Medium", "mtm_x", "Fbclid", "amp;gclid", " pk_kwd "])
KNOWN = st.sampled_from(
    [("q", "youth"), ("city", "Aarhus"), ("Country", "DENMARK"), ("sort", "Title"), ("page", ""), ("SIZE", "5"),
     ("challenge", "Fragile trust"), ("shelf", "oslo-salto"), ("audience", "")]
)  # fmt: skip

UNDERSTOOD = {plain_name(name) for name in NAMES}
UNDERSTOOD |= {plain_name(name) for facet in FACETS for name in (facet.label, facet.column)}


def links(text: str) -> list[str]:
    """Every address in a page, feed or JSON document, and in what its forms and buttons contain."""
    quoted = re.findall(
        r'(?:href|action|value|data-copy|"(?:self|url|html|next|first|last|[a-z_]*url)")[=:]\s*"([^"]*)"', text
    )
    return [unescape(link) for link in quoted]


def parameters(link: str) -> list[str]:
    return [name for name, _ in parse_qsl(urlsplit(link).query, keep_blank_values=True)]


@pytest.mark.parametrize(
    "address",
    [
        "/cases",
        "/api/v1/search",
        *(
            pytest.param(address, marks=pytest.mark.slow)
            for address in SEARCHES
            if address not in {"/cases", "/api/v1/search"}
        ),
        *(
            pytest.param(address, marks=pytest.mark.slow)
            for address in ("/feed.atom", "/", "/cases/oslo-salto", "/cities/aarhus", "/compare", "/about")
        ),
    ],
)
@on_one_fixture
@given(trackers=st.lists(TRACKING, min_size=1, max_size=3), known=st.lists(KNOWN, max_size=3), data=st.data())
def test_no_link_contains_a_tracker(
    client: TestClient, address: str, trackers: list[str], known: list[tuple[str, str]], data: st.DataObject
) -> None:
    given = data.draw(st.permutations([*known, *((name, "SECRET") for name in trackers)]))
    response = client.get(f"{address}?{urlencode(given)}")
    same = client.get(f"{address}?{urlencode([pair for pair in given if pair in known])}")

    assert response.status_code == same.status_code == 200
    assert response.text == same.text
    assert "SECRET" not in response.text + str(response.headers)
    assert not [link for link in links(response.text) if any(map(is_tracker, parameters(link)))]


def rows(client: TestClient, params: list[tuple[str, str]]) -> list[dict[str, str]] | None:
    """The table of a search, or None if it is refused."""
    response = client.get(f"/api/v1/export.csv?{urlencode(params)}")
    if response.status_code == 422:
        return None
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), strict=True))


@on_one_fixture
@given(
    name=st.text(max_size=12) | st.sampled_from(["contry", "citys", "arangement", "filter", "_", "q2", *NAMES]),
    value=st.text(max_size=12) | st.sampled_from(["denmark", "Denmrk", "aarhus", "-aarhus", "oslo,atlantis", "zzz"]),
)
def test_an_export_never_contains_more_than_was_asked_for(client: TestClient, name: str, value: str) -> None:
    narrow = [("country", "denmark")]
    found, everything = rows(client, [*narrow, (name, value)]), rows(client, narrow)

    assert everything
    if value.strip() and not is_tracker(name) and plain_name(name) not in UNDERSTOOD:
        assert found is None
    elif found is not None and plain_name(name) not in {"country", "countries"}:
        assert {row["slug"] for row in found} <= {row["slug"] for row in everything}


@pytest.mark.parametrize("address", STRICT)
@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("country=Denmrk", "country", "There is no country “Denmrk”. Did you mean “Denmark”?"),
        ("city=oslo&country=Denmrk", "country", "There is no country “Denmrk”. Did you mean “Denmark”?"),
        ("country=-denmark", "country", "There is no country “-denmark”. Did you mean “Denmark”?"),
        ("contry=denmark", "contry", "The parameter “contry” is not known here. Did you mean “country”?"),
        ("sort=loudest", "sort", "There is no sort order “loudest”. Choose one of: relevance, newest, "),
        ("&".join(["city="] * 300) + "&city=atlantis", "city", "There is no city “atlantis”."),
    ],
)
def test_what_cannot_be_used_is_refused_where_nobody_would_see_it(
    client: TestClient, address: str, query: str, parameter: str, message: str
) -> None:
    response = client.get(f"{address}?{query}")

    assert response.status_code == 422
    if address == "/feed.atom":
        assert message in response.text
    else:
        (error,) = response.json()["errors"]
        assert error["parameter"] == parameter
        assert error["message"].startswith(message)
        assert response.json()["detail"] == error["message"]


@pytest.mark.parametrize("address", SEARCHES)
def test_what_cannot_be_used_is_reported_where_somebody_sees_it(client: TestClient, address: str) -> None:
    response = client.get(f"{address}?country=Denmrk")

    assert response.status_code == 200
    assert "There is no country “Denmrk”, so it was ignored. Did you mean “Denmark”?" in response.text


@pytest.mark.parametrize(
    ("spelled", "plain"),
    [
        ("city=Aarhus", "city=aarhus"),
        ("City=aarhus", "city=aarhus"),
        ("CITY=AARHUS", "city=aarhus"),
        ("city=%C3%A5rhus", "city=aarhus"),
        ("city=+Aarhus.+", "city=aarhus"),
        ("city[]=aarhus&city[]=Wien", "city=aarhus&city=vienna"),
        ("city=Aarhus,Oslo", "city=aarhus&city=oslo"),
        ("cities=aarhus", "city=aarhus"),
        ("country=Denmark)", "country=denmark"),
        ("challenge=Fragile+trust", "challenge=fragile-trust"),
        ("challenge=fragile_trust&Sort=Newest", "challenge=fragile-trust&sort=newest"),
        ("Experienced-As=Intelligence+link", "experienced_as=intelligence-link"),
        ("At+the+table=Police", "sector=police"),
        ("q=youth&amp;city=aarhus", "q=youth&city=aarhus"),
        ("Page=2&Size=5&Q=police", "q=police&page=2&size=5"),
    ],
)
def test_names_and_values_are_understood_however_they_are_spelled(client: TestClient, spelled: str, plain: str) -> None:
    def found(query: str) -> Any:
        body = client.get(f"/api/v1/search?{query}").json()
        return body["total"], body["hits"], body["notices"], body["links"]

    assert found(spelled) == found(plain)
    assert (
        f'<link rel="canonical" href="{SITE}/cases?{plain.replace("&", "&amp;")}">'
        in client.get(f"/cases?{spelled}").text
    )


@pytest.mark.parametrize(
    "address", ["/cases", *(pytest.param(other, marks=pytest.mark.slow) for other in (*SEARCHES[1:], *STRICT))]
)
@pytest.mark.parametrize(
    "query",
    ["page=", "page=%20", "size=", "size=%09&page=", "city=", "country=%20", "sort=+", "colour=", "shelf=", "q="],
)
def test_an_empty_parameter_is_as_if_it_were_absent(client: TestClient, address: str, query: str) -> None:
    response = client.get(f"{address}?{query}")

    assert response.status_code == 200
    assert response.content == client.get(address).content


@pytest.mark.parametrize(
    ("query", "status"), [("page=1).", 200), ("size=5,", 200), ("page=.", 422), ("page=-1", 422), ("page=1x", 422)]
)
def test_a_number_may_have_punctuation_behind_it(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/api/v1/search?{query}").status_code == status


def test_cases_to_compare_and_answers_are_understood_too(client: TestClient) -> None:
    plain = client.get("/compare?case=aarhus-info-house&case=oslo-salto").text

    assert client.get("/compare?Case=AARHUS-info-house&case=oslo_salto.").text == plain
    both = "/compare?arrangement={}&arrangement={}"
    assert (
        client.get(both.format("Intelligence link", "KNOWLEDGE-exchange")).text
        == client.get(both.format("intelligence-link", "knowledge-exchange")).text
    )


def test_answers_to_the_questions_are_understood_however_they_are_spelled(client: TestClient) -> None:
    generation = client.app.state.live.current  # type: ignore[attr-defined]  # typed as any ASGI application
    question = generation.vocabularies.questions.terms[0]
    plain = client.get(f"/arrangements/which?{question.id}={question.answers[0].id}")
    spelled = client.get(f"/arrangements/which?{question.id.upper()}={question.answers[0].id.title()}.&utm_source=x")

    assert spelled.text == plain.text
    assert "No question has been answered yet" not in plain.text
