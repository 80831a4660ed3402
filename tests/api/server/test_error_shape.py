"""Whatever goes wrong leaves in one of two shapes: RFC 9457 for programs, a page for people."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

BAD_ADDRESSES = [
    ("{}?page=0", 422, "“page” must be 1 or more."),
    ("{}?page=x", 422, "“page” must be a whole number."),
    ("{}?page=" + "9" * 5000, 422, "“page” must be a whole number."),
    ("{}?size=-1", 422, "“size” must be 1 or more."),
    ("{}?size=101", 422, "“size” must be 100 or less."),
    ("{}?q=%ff", 400, "The address contains percent-escapes that are not UTF-8 text."),
    ("{}?q=xyzzy&page=2", 404, None),
    ("{}?page=999999", 404, None),
    ("{}?page=999999999999999999", 404, None),
]


@pytest.mark.parametrize(("address", "status", "detail"), BAD_ADDRESSES)
def test_a_program_gets_a_problem_document(client: TestClient, address: str, status: int, detail: str | None) -> None:
    response = client.get(address.format("/api/v1/search"))
    body = response.json()

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["title"] == HTTPStatus(status).phrase
    assert body["type"] == "about:blank"
    assert body["instance"] == "/api/v1/search"
    assert body["detail"].startswith(detail or "There is no page")


@pytest.mark.parametrize(("address", "status", "detail"), BAD_ADDRESSES)
def test_a_person_gets_a_page_that_says_what_to_do(
    client: TestClient, address: str, status: int, detail: str | None
) -> None:
    response = client.get(address.format("/cases"))

    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert (detail or "There is no page").split("“")[0] in response.text
    assert '<input type="search"' in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/cases/no-such-case", 404),
        ("/cases/no-such-case.md", 404),
        ("/cases/..%2f..%2fREADME.md", 404),
        ("/cases/%ff", 400),
        ("/cities/atlantis", 404),
        ("/arrangements/x", 404),
        ("/challenges/x", 404),
        ("/static/../app.py", 404),
        ("/static/nothing.css", 404),
    ],
)
def test_a_missing_page_is_reported_as_missing(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_a_near_name_is_offered(client: TestClient) -> None:
    assert '<a href="/cities/vienna">Vienna</a>' in client.get("/cities/wienn").text
    assert ">Knowledge exchange network</a>" in client.get("/arrangements/knowledge-exchang").text
    assert client.get("/api/v1/cases/oslo-salt").json()["detail"].endswith("Did you mean “oslo-salto”?")


def test_a_method_that_is_not_served_is_refused_in_the_same_shape(client: TestClient) -> None:
    response = client.post("/api/v1/suggest")

    assert response.status_code == 405
    assert response.json()["detail"] == "This address does not support that method. Use GET."
    assert response.headers["allow"] == "GET"


def test_a_query_of_ten_thousand_characters_is_answered(client: TestClient) -> None:
    body = client.get("/api/v1/search", params={"q": "trust " * 1700}).json()

    assert body["total"] > 0
    assert [notice["code"] for notice in body["notices"]] == ["too-long"]


def test_an_unknown_facet_value_is_reported_and_the_search_continues(client: TestClient) -> None:
    response = client.get("/cases?q=youth&city=atlantis")

    assert response.status_code == 200
    assert "There is no city “atlantis”, so it was ignored." in response.text
