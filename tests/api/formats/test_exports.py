"""Whole results over HTTP: complete, streamed, counted, tagged."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api.app import create_app
from kb import BuildReport, Generation, LiveGeneration, Settings
from tests.api.server.test_response_cache import response_cache_of
from tests.builders import case_markdown
from tests.library import Library

EXPORTS = ("/api/v1/export.csv", "/api/v1/export.ndjson")


def table(client: TestClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def found(client: TestClient, query: str) -> Any:
    return client.get(f"/api/v1/search?{query}&size=100").json()


@pytest.mark.parametrize(
    "query", ["q=police", "challenge=fragile-trust&sort=title", "city=aarhus&city=vienna", "q=xyzzyx", "sort=newest"]
)
def test_a_table_contains_the_whole_search_in_its_order(client: TestClient, query: str) -> None:
    expected = [hit["slug"] for hit in found(client, query)["hits"]]
    response = client.get(f"/api/v1/export.csv?{query}&page=2&size=3")

    assert [row["slug"] for row in table(client, f"/api/v1/export.csv?{query}&page=2&size=3")] == expected
    assert response.headers["x-total-count"] == str(len(expected))
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["content-disposition"] == 'attachment; filename="crossing-boundaries-cases.csv"'


def test_each_line_is_the_case_that_the_api_returns(client: TestClient, collection: Generation) -> None:
    response = client.get("/api/v1/export.ndjson?sort=title")
    cases = [json.loads(line) for line in response.text.splitlines()]

    assert response.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    assert response.headers["x-total-count"] == str(len(cases)) == str(collection.manifest.count)
    assert all(case == client.get(f"/api/v1/cases/{case['slug']}").json() for case in cases)


@pytest.mark.parametrize("address", EXPORTS)
def test_a_header_says_how_a_search_was_interpreted(client: TestClient, address: str) -> None:
    response = client.get(f"{address}?city=aarhus&q=radicalistaion")

    assert "respelled" in [notice["code"] for notice in json.loads(response.headers["x-notices"])]
    assert "“radicalisation”" in response.headers["x-notices"].encode().decode("unicode_escape")
    assert "x-notices" not in client.get(f"{address}?city=aarhus").headers


@pytest.mark.parametrize("address", EXPORTS)
def test_no_header_grows_with_what_was_typed(client: TestClient, address: str) -> None:
    response = client.get(address, params={"q": "é" * 60 + " radicalistaion é:x " * 6})

    assert response.status_code == 200
    assert "x-notices" in response.headers
    assert sum(len(name) + len(value) for name, value in response.headers.items()) < 4000


@pytest.mark.parametrize("address", EXPORTS)
def test_an_unchanged_export_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize("address", EXPORTS)
def test_an_export_is_compressed_as_it_is_sent(client: TestClient, address: str) -> None:
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as packed:
        sent = b"".join(packed.iter_raw())

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent) == plain.content
    assert len(sent) < len(plain.content) / 2
    assert "content-length" not in packed.headers
    assert packed.headers["etag"] != plain.headers["etag"]


@pytest.fixture
def large(tmp_path: Path) -> Iterator[TestClient]:
    """A client over more cases than go into one piece."""
    library = Library(tmp_path, {f"case-{number:03}": case_markdown() for number in range(120)})
    assert isinstance(library.build(), BuildReport)
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as opened:
        yield opened


@pytest.mark.parametrize("address", EXPORTS)
def test_an_export_is_neither_buffered_nor_cached(large: TestClient, address: str) -> None:
    middleware = response_cache_of(large)
    pieces: list[Message] = []

    async def sees(scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            pieces.append(message)
            await send(message)

        await middleware({**scope, "app": large.app}, receive, note)

    assert TestClient(sees).get(address, headers={"Accept-Encoding": "identity"}).status_code == 200

    assert sum(bool(message.get("body")) for message in pieces) >= 6
    assert len(middleware._responses) == 0


def test_an_export_comes_from_one_generation_even_if_another_is_published_meanwhile(tmp_path: Path) -> None:
    library = Library(tmp_path, {f"case-{number:03}": case_markdown(title="Old") for number in range(60)})
    library.build()
    app = create_app(Settings(content=library.content.root, index=library.index.root))
    with TestClient(app) as opened, opened.stream("GET", EXPORTS[0]) as response:
        live: LiveGeneration = app.state.live
        lines = response.iter_lines()
        next(lines)
        library.write("case-059", case_markdown(title="New"))
        library.build()
        live.refresh()

        assert all(",Old," in line for line in lines)


def test_an_error_in_the_address_is_reported_as_everywhere_else(client: TestClient) -> None:
    assert client.get("/api/v1/export.csv?q=%ff").status_code == 400
    assert client.get("/api/v1/export.xlsx").status_code == 404
    assert client.post("/api/v1/export.csv").status_code == 405


def test_the_columns_are_explained_next_to_the_address(client: TestClient) -> None:
    html = client.get("/api/docs").text

    assert "GET /api/v1/export.csv" in html
    assert all(f"<code>{name}</code>" in html for name in table(client, EXPORTS[0])[0])
    parameters = client.get("/api/openapi.json").json()["paths"]["/api/v1/export.csv"]["get"]["parameters"]
    assert {"q", "city", "sort"} < {given["name"] for given in parameters}
    assert not {"page", "size"} & {given["name"] for given in parameters}
