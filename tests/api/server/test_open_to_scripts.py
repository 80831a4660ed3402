"""What is for programs may be read by scripts of any site; pages may not."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

FOR_PROGRAMS = [
    "/api/v1/search?q=youth",
    "/api/v1/cases/oslo-salto",
    "/api/v1/cases/nowhere",
    "/api/v1/export.csv",
    "/api/v1/export.csv?contry=x",
    "/api/openapi.json",
    "/feed.atom",
    "/cases/oslo-salto.json",
    "/cases/oslo-salto.csl.json",
    "/cases/oslo-salto.md",
    "/cases/OSLO-salto.bib",
]
FOR_PEOPLE = ["/", "/cases", "/cases/oslo-salto", "/about", "/api/docs", "/static/style.css", "/nowhere", "/metrics"]
ORIGIN = {"Origin": "https://elsewhere.example"}


@pytest.mark.parametrize("address", FOR_PROGRAMS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_scripts_may_read_what_is_for_programs(client: TestClient, address: str, method: str) -> None:
    for _ in range(2):
        response = client.request(method, address, headers=ORIGIN, follow_redirects=False)

        assert response.headers.get_list("access-control-allow-origin") == ["*"]
        assert "X-Total-Count" in response.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("address", FOR_PROGRAMS)
def test_scripts_are_told_so_beforehand(client: TestClient, address: str) -> None:
    response = client.options(address, headers=ORIGIN | {"Access-Control-Request-Method": "GET"})

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_an_answer_that_has_not_changed_says_so_too(client: TestClient) -> None:
    tag = client.get("/api/v1/search").headers["etag"]
    response = client.get("/api/v1/search", headers={"If-None-Match": tag})

    assert (response.status_code, response.headers["access-control-allow-origin"]) == (304, "*")


@pytest.mark.parametrize("address", FOR_PEOPLE)
def test_pages_are_not_opened(client: TestClient, address: str) -> None:
    assert "access-control-allow-origin" not in client.get(address, headers=ORIGIN).headers
    preflight = client.options(address, headers=ORIGIN | {"Access-Control-Request-Method": "GET"})
    assert preflight.status_code in {404, 405}
    assert "access-control-allow-origin" not in preflight.headers


def test_nothing_else_can_be_done(client: TestClient) -> None:
    assert {client.request(method, "/api/v1/search").status_code for method in ("PATCH", "PUT", "DELETE")} == {405}
