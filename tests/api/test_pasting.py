"""A long text is searched by its most telling words, at an address that can be shared."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from kb import Generation
from tests.properties import on_one_fixture

SITUATION = (
    "A teacher at our school told the youth worker that two pupils praise a terrorist group online. The mosque that "
    "their families go to wants to help, but the parents fear that the police will keep a file on their children. "
) * 12
"""Some 480 words."""


def post(client: TestClient, text: str, address: str = "/cases") -> str:
    response = client.post(address, data={"q": text}, follow_redirects=False)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def line(address: str) -> str:
    return parse_qs(urlsplit(address).query)["q"][0]


@pytest.mark.parametrize("address", ["/cases", "/api/v1/search"])
def test_a_long_text_becomes_an_address_that_finds_cases(client: TestClient, address: str) -> None:
    location = post(client, SITUATION, address)

    assert urlsplit(location).path == address
    assert len(line(location).split()) <= 40
    assert {"mosque^12", "teacher^12"} <= set(line(location).split())
    assert client.get(location).status_code == 200
    found = client.get(f"/api/v1/search?{urlsplit(location).query}").json()
    assert found["total"] > 5
    assert found["notices"] == []


def test_plain_text_is_taken_as_well_as_a_form(client: TestClient) -> None:
    response = client.post("/api/v1/search", content=SITUATION.encode(), follow_redirects=False)

    assert line(response.headers["location"]) == line(post(client, SITUATION))


def test_other_parameters_stay(client: TestClient) -> None:
    location = post(client, SITUATION, "/cases?country=denmark&size=5")

    assert "country=denmark&size=5" in location


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("youth  and\nprison", "youth and prison"),
        ('"info house" -prison OR city:oslo', '"info house" -prison OR city:oslo'),
    ],
)
def test_a_short_text_stays_as_it_is(client: TestClient, text: str, expected: str) -> None:
    assert line(post(client, text)) == expected


@pytest.mark.parametrize("text", ["", "   ", "the of and " * 100, "xyzzyx qwrtz " * 100])
def test_a_text_that_says_nothing_leads_to_the_search(client: TestClient, text: str) -> None:
    assert client.get(post(client, text)).status_code == 200


def test_too_long_a_text_is_refused_with_the_limit(client: TestClient) -> None:
    response = client.post("/api/v1/search", content=b"youth " * 20_000)

    assert response.status_code == 413
    assert "64 kB" in response.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"\xff\xfe", "text/plain"), (b"&".join([b"a=1"] * 200), "application/x-www-form-urlencoded")],
)
def test_what_cannot_be_read_is_refused_with_the_reason(client: TestClient, content: bytes, kind: str) -> None:
    assert client.post("/api/v1/search", content=content, headers={"Content-Type": kind}).status_code == 400


@on_one_fixture
@given(st.text(max_size=400))
def test_any_text_is_condensed_to_a_line(collection: Generation, text: str) -> None:
    assert len(collection.condensed(text).split()) <= 40


def test_a_text_finds_much_the_same_as_its_condensed_form(client: TestClient) -> None:
    whole = client.get("/api/v1/search", params={"q": SITUATION[:2000]}).json()["hits"][:5]
    short = client.get(f"/api/v1/search?{urlsplit(post(client, SITUATION)).query}").json()["hits"][:5]

    assert len({hit["slug"] for hit in whole} & {hit["slug"] for hit in short}) >= 4


def test_the_page_takes_a_text_without_a_script(client: TestClient) -> None:
    html = client.get("/cases").text

    assert '<form action="/cases" method="post" id="describe"' in html
    assert '<textarea id="situation" name="q"' in html
