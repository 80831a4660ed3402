"""Answers are kept, compressed, tagged, and never those of another collection or version."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.server import response_cache
from kb import Generation, Settings
from tests.builders import case_markdown
from tests.library import Library

ADDRESSES = [
    "/",
    "/cases?q=coffee",
    "/cases/apple",
    "/api/v1/search?q=coffee",
    "/api/v1/suggest?q=a",
    "/feed.atom?q=coffee",
    "/static/style.css",
]


def kept_answers(client: TestClient) -> response_cache.ResponseCache:
    """The part of the application that keeps answers."""
    middleware = client.app.middleware_stack  # type: ignore[attr-defined]
    while not isinstance(middleware, response_cache.ResponseCache):
        middleware = getattr(middleware, "app", None) or middleware._app
    return middleware


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path, {"apple": case_markdown(title="Coffee"), "berry": case_markdown(title="Tea")})
    made.build()
    return made


@pytest.fixture
def client(library: Library) -> Iterator[TestClient]:
    settings = Settings(content=library.content.root, index=library.index.root)
    with TestClient(create_app(settings)) as opened:
        yield opened


@pytest.mark.parametrize("address", ADDRESSES)
def test_whoever_has_the_answer_is_told_so(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_whoever_has_the_answer_is_told_so_without_a_search(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get("/api/v1/search?q=coffee").headers["etag"]

    def never(*_: object) -> None:
        raise AssertionError("this was searched")

    monkeypatch.setattr(Generation, "search", never)
    assert client.get("/api/v1/search?q=coffee", headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    assert client.get("/api/v1/search?q=coffee").json()["total"] > 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_second_answer_is_the_first(client: TestClient, address: str) -> None:
    first, second = client.get(address), client.get(address)

    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)


def test_an_edit_changes_the_answer_and_its_tag(client: TestClient, library: Library) -> None:
    before = client.get("/cases/apple")
    library.write("apple", case_markdown(title="Cocoa"))
    library.build()
    client.app.state.live.refresh()  # type: ignore[attr-defined]

    after = client.get("/cases/apple", headers={"If-None-Match": before.headers["etag"]})

    assert (after.status_code, "Cocoa" in after.text) == (200, True)
    assert after.headers["etag"] != before.headers["etag"]


def test_answers_differ_by_host_where_no_public_address_is_set(client: TestClient) -> None:
    one = client.get("/api/v1/search?q=coffee", headers={"Host": "one.example"})
    other = client.get("/api/v1/search?q=coffee", headers={"Host": "other.example"})

    assert one.json()["links"]["self"].startswith("http://one.example/")
    assert other.json()["links"]["self"].startswith("http://other.example/")


def test_text_is_compressed_for_those_who_take_it(client: TestClient) -> None:
    plain = client.get("/cases", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/cases", headers={"Accept-Encoding": "gzip"}) as packed:
        sent = b"".join(packed.iter_raw())

    assert packed.headers["content-encoding"] == "gzip"
    assert len(sent) == int(packed.headers["content-length"]) < len(plain.content) / 3
    assert gzip.decompress(sent) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers


def test_a_small_answer_is_sent_as_it_is(client: TestClient) -> None:
    answer = client.get("/api/v1/suggest?q=zeppelin", headers={"Accept-Encoding": "gzip"})

    assert answer.content == b"[]"
    assert "content-encoding" not in answer.headers


def test_head_is_answered_as_get_without_a_body(client: TestClient) -> None:
    for _ in range(2):
        head, get = client.head("/cases?q=tea"), client.get("/cases?q=tea")

        assert head.status_code == 200
        assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("address", ["/cases/nowhere", "/cases?page=99", "/api/v1/search?page=0", "/cases?q=%ff"])
def test_errors_are_never_kept(client: TestClient, library: Library, address: str) -> None:
    first = client.get(address)

    assert first.status_code >= 400
    assert "etag" not in first.headers
    assert client.get(address).status_code == first.status_code


def test_a_case_that_comes_into_being_is_found_where_there_was_none(client: TestClient, library: Library) -> None:
    assert client.get("/cases/damson").status_code == 404
    library.write("damson")
    library.build()
    client.app.state.live.refresh()  # type: ignore[attr-defined]

    assert client.get("/cases/damson").status_code == 200


def test_whether_the_server_is_ready_is_always_asked_anew(client: TestClient) -> None:
    assert "etag" not in client.get("/readyz").headers


def test_answers_are_kept_within_their_room(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "ROOM", 100_000)
    for number in range(50):
        client.get(f"/api/v1/search?q=coffee{number}")
    kept = kept_answers(client)._kept

    assert 0 < kept.size <= 100_000
    assert kept.size == sum(answer.size for answer in kept.answers.values())
