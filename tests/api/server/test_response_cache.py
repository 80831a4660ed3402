"""Responses are cached, compressed, tagged, and never those of another collection, version or person."""

from __future__ import annotations

import datetime
import gzip
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import httpx2
import pytest
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from fastapi.testclient import TestClient

from api.app import create_app
from api.server.response_cache import ResponseCache
from kb import Generation, LiveGeneration, Settings
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


def response_cache_of(client: TestClient) -> ResponseCache:
    """The part of the application that caches responses."""
    middleware = client.app.middleware_stack  # type: ignore[attr-defined]
    while not isinstance(middleware, ResponseCache):
        middleware = getattr(middleware, "app", None) or middleware._app
    return middleware


def without_id(answer: httpx2.Response) -> dict[str, str]:
    """The headers of an answer but for the id of its request."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


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
def test_an_unchanged_answer_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_an_unchanged_answer_is_confirmed_without_a_search(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get("/api/v1/search?q=coffee").headers["etag"]

    def never(*_: object) -> None:
        raise AssertionError("this was searched")

    monkeypatch.setattr(Generation, "search", never)
    assert client.get("/api/v1/search?q=coffee", headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    assert client.get("/api/v1/search?q=coffee").json()["total"] > 0


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/export.csv"])
@pytest.mark.parametrize("encoding", ["gzip", pytest.param("identity", marks=pytest.mark.slow)])
def test_whoever_has_any_answer_is_told_that_there_is_one(client: TestClient, address: str, encoding: str) -> None:
    headers = {"If-None-Match": "*", "Accept-Encoding": encoding}
    answers = [client.get(address, headers=headers) for _ in range(2)]
    plain = client.get(address, headers={"Accept-Encoding": encoding})

    for answer in answers:
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == plain.headers["etag"]
        assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("address", ["/cases/nowhere", "/static/nothing.css", "/api/v1/search?page=99"])
def test_what_does_not_exist_is_not_there_for_those_who_have_any_either(client: TestClient, address: str) -> None:
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 404


NAMED = [
    "{}",
    "W/{}",
    '"other", {}',
    '{} , W/"other"',
    'W/"a,b",W/{}',
    "{}-gzip",
    "W/{}-gzip",
    "{}--gzip",
    "{};gzip",
    "{}-br",
]


@pytest.mark.parametrize("form", NAMED)
def test_a_tag_is_recognised_in_every_form(client: TestClient, form: str) -> None:
    tag = client.get("/cases/apple").headers["etag"]
    named = form.format(tag) if form.endswith(("{}", '"')) else f'{form.replace("{}", tag[:-1])}"'

    assert client.get("/cases/apple", headers={"If-None-Match": named}).status_code == 304
    assert client.get("/cases/berry", headers={"If-None-Match": named}).status_code == 200


def test_a_tag_is_recognised_in_the_second_header_too(client: TestClient) -> None:
    tag = client.get("/cases/apple").headers["etag"]
    headers = [("If-None-Match", '"other"'), ("If-None-Match", tag)]

    assert client.get("/cases/apple", headers=headers).status_code == 304


@pytest.mark.parametrize("form", ["x{}", "{}x", "", '""', '"*"', "W/", "-gzip"])
def test_a_part_of_a_tag_is_another_tag(client: TestClient, form: str) -> None:
    tag = client.get("/cases/apple").headers["etag"]

    assert client.get("/cases/apple", headers={"If-None-Match": f'"{form.format(tag[1:-1])}"'}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_repeated_request_gets_the_same_answer(client: TestClient, address: str) -> None:
    first, second = client.get(address), client.get(address)

    assert second.content == first.content
    assert without_id(second) == without_id(first)


def test_an_edit_changes_the_answer_and_its_tag(client: TestClient, library: Library) -> None:
    before = client.get("/cases/apple")
    library.write("apple", case_markdown(title="Cocoa"))
    library.build()
    client.app.state.live.refresh()  # type: ignore[attr-defined]

    after = client.get("/cases/apple", headers={"If-None-Match": before.headers["etag"]})

    assert (after.status_code, "Cocoa" in after.text) == (200, True)
    assert after.headers["etag"] != before.headers["etag"]


def test_the_front_page_depends_on_the_week_and_on_nothing_else_of_the_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tag_on(day: datetime.date, address: str = "/") -> str:
        monkeypatch.setattr("api.app.today", lambda: day)
        return client.get(address).headers["etag"]

    sunday = datetime.date(2026, 12, 6)
    days = [sunday + datetime.timedelta(days=number) for number in range(-6, 8)]
    tags = [tag_on(day) for day in days]

    assert len(set(tags[:7])) == len(set(tags[7:])) == 1
    assert tags[0] != tags[7]
    assert client.get("/", headers={"If-None-Match": tags[0]}).status_code == 200
    assert len({tag_on(day, "/cases") for day in days}) == 1


def test_answers_differ_by_the_socket_they_came_to_if_no_public_address_is_set(client: TestClient) -> None:
    """Whatever name the request gives: tests/api/server/arrival/test_hosts.py."""
    one = client.get("http://10.0.0.1:8000/api/v1/search?q=coffee")
    other = client.get("http://10.0.0.2:8000/api/v1/search?q=coffee")

    assert one.json()["links"]["self"].startswith("http://10.0.0.1:8000/")
    assert other.json()["links"]["self"].startswith("http://10.0.0.2:8000/")


def test_text_is_compressed_for_clients_that_accept_it(client: TestClient) -> None:
    plain = client.get("/cases", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/cases", headers={"Accept-Encoding": "gzip"}) as packed:
        sent = b"".join(packed.iter_raw())

    assert packed.headers["content-encoding"] == "gzip"
    assert len(sent) == int(packed.headers["content-length"]) < len(plain.content) / 3
    assert gzip.decompress(sent) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.1", True),
        ("gzip ; q=1.0, deflate", True),
        ("x-gzip", True),
        ("*", True),
        ("br;q=1, *;q=0.5", True),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;Q=0, *", False),
        ("*;q=0", False),
        ("gzip;q=0.2, identity", False),
        ("notgzip", False),
        ("br", False),
        ("gzip;q=x", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("address", ["/cases", pytest.param("/api/v1/export.csv", marks=pytest.mark.slow)])
def test_who_does_not_take_gzip_never_gets_it(client: TestClient, address: str, accepted: str, is_packed: bool) -> None:
    answer = client.get(address, headers={"Accept-Encoding": accepted})

    assert (answer.headers.get("content-encoding") == "gzip") is is_packed


def test_a_small_answer_is_not_compressed(client: TestClient) -> None:
    answer = client.get("/api/v1/suggest?q=zeppelin", headers={"Accept-Encoding": "gzip"})

    assert answer.content == b"[]"
    assert "content-encoding" not in answer.headers


def test_head_is_answered_as_get_without_a_body(client: TestClient) -> None:
    for _ in range(2):
        head, get = client.head("/cases?q=tea"), client.get("/cases?q=tea")

        assert head.status_code == 200
        assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("address", ["/cases/nowhere", "/cases?page=99", "/api/v1/search?page=0", "/cases?q=%ff"])
def test_errors_are_never_cached(client: TestClient, address: str) -> None:
    first = client.get(address)

    assert first.status_code >= 400
    assert "etag" not in first.headers
    assert client.get(address).status_code == first.status_code


def test_a_new_case_is_found_where_there_was_none(client: TestClient, library: Library) -> None:
    assert client.get("/cases/damson").status_code == 404
    library.write("damson")
    library.build()
    client.app.state.live.refresh()  # type: ignore[attr-defined]

    assert client.get("/cases/damson").status_code == 200


def test_readiness_is_never_cached(client: TestClient) -> None:
    assert "etag" not in client.get("/readyz").headers


def test_a_link_that_was_shared_in_many_ways_is_cached_once(client: TestClient) -> None:
    for query in ("q=tea", "q=tea&fbclid=1", "utm_source=x&Q=tea", "q=tea&gclid=2&GCLID=3"):
        client.get(f"/cases?{query}")

    assert len(response_cache_of(client)._responses) == 1


def test_cached_responses_stay_within_their_capacity(library: Library) -> None:
    settings = Settings(content=library.content.root, index=library.index.root)
    cache = ResponseCache(create_app(settings), LiveGeneration(library.index), "software", capacity=100_000)
    client = TestClient(cache)

    for number in range(50):
        client.get(f"/api/v1/search?q=coffee{number}", headers={"Accept-Encoding": "identity"})

    assert 50_000 < cache._responses.size <= 100_000


def test_responses_from_an_earlier_generation_are_dropped(client: TestClient, library: Library) -> None:
    for number in range(5):
        client.get(f"/cases?page={number}")
    library.write("damson")
    library.build()
    client.app.state.live.refresh()  # type: ignore[attr-defined]
    client.get("/")

    assert len(response_cache_of(client)._responses) == 1


TEXT = "Some text that is long enough to be worth compressing. " * 100

Answers = Callable[..., TestClient]


@pytest.fixture
def answering(library: Library) -> Iterator[Answers]:
    """The application with one route more, `/extra`, which answers with the given headers and counts how often."""
    app = create_app(Settings(content=library.content.root, index=library.index.root))
    opened = TestClient(app)

    def with_headers(*headers: tuple[str, str], streamed: bool = False) -> TestClient:
        answered = count()

        def extra() -> Response:
            text = f"{next(answered)} {TEXT}"
            response = StreamingResponse(iter([text]), media_type="text/plain") if streamed else PlainTextResponse(text)
            for name, value in headers:
                response.headers.append(name, value)
            return response

        app.add_api_route("/extra", extra)
        return opened

    with opened:
        yield with_headers


UNSHARED = [
    [("Cache-Control", "private")],
    [("Cache-Control", "no-store")],
    [("Cache-Control", "max-age=60, Private")],
    [("cache-control", 'private="set-cookie, x-name"')],
    [("Cache-Control", "max-age=60"), ("Cache-Control", "no-store")],
    [("Set-Cookie", "session=1")],
    [("Vary", "Cookie")],
    [("Vary", "Accept-Encoding, Accept-Language")],
    [("Vary", "accept-encoding"), ("Vary", "Origin")],
    [("Vary", "*")],
    [("Content-Encoding", "x-own")],
]


@pytest.mark.parametrize("headers", UNSHARED)
@pytest.mark.parametrize("streamed", [False, True], ids=["in one piece", "streamed"])
@pytest.mark.parametrize("method", ["GET", pytest.param("HEAD", marks=pytest.mark.slow)])
def test_a_response_for_one_person_goes_through_untouched(
    answering: Answers, headers: list[tuple[str, str]], streamed: bool, method: str
) -> None:
    client = answering(*headers, streamed=streamed)
    answers = [client.request(method, "/extra", headers={"Accept-Encoding": "gzip"}) for _ in range(2)]

    if method == "GET":
        assert [answer.text for answer in answers] == [f"0 {TEXT}", f"1 {TEXT}"]
    for answer in answers:
        received = [
            (name, value) for name, value in answer.headers.multi_items() if name in {n.lower() for n, _ in headers}
        ]
        assert received == [(name.lower(), value) for name, value in headers]
        assert "etag" not in answer.headers
        assert answer.headers.get("content-encoding") in {None, "x-own"}
    assert len(response_cache_of(client)._responses) == 0


@pytest.mark.parametrize("own", [{"Authorization": "Basic YTpi"}, {"Cookie": "session=1"}, {"Authorization": ""}])
@pytest.mark.parametrize("streamed", [False, True], ids=["in one piece", "streamed"])
def test_a_request_with_credentials_gets_a_separate_response(
    answering: Answers, own: dict[str, str], streamed: bool
) -> None:
    client = answering(streamed=streamed)
    first = client.get("/extra", headers=own)
    anonymous = client.get("/extra")
    second = client.get("/extra", headers=own | {"If-None-Match": anonymous.headers["etag"]})

    assert [answer.text[0] for answer in (first, anonymous, second)] == ["0", "1", "2"]
    assert "etag" not in first.headers
    assert "etag" not in second.headers
    assert second.status_code == 200


def test_a_page_for_a_request_with_credentials_is_not_cached(client: TestClient) -> None:
    own = client.get("/cases/apple", headers={"Cookie": "analytics=1"})

    assert (own.status_code, own.headers["cache-control"]) == (200, "no-cache")
    assert len(response_cache_of(client)._responses) == 0


SHARED = [
    [("Vary", "Accept-Encoding")],
    [("Cache-Control", "public, max-age=60")],
    [("X-Private", "no-store"), ("Cache-Control", 'no-cache="x-private"')],
]


@pytest.mark.parametrize("headers", SHARED)
def test_a_public_response_is_cached_and_keeps_its_headers(answering: Answers, headers: list[tuple[str, str]]) -> None:
    client = answering(*headers)
    first, second = client.get("/extra"), client.get("/extra")
    again = client.get("/extra", headers={"If-None-Match": first.headers["etag"]})

    assert (first.text[0], second.text[0], again.status_code) == ("0", "0", 304)
    expected = dict(headers).get("Cache-Control", "no-cache")
    assert [answer.headers["cache-control"] for answer in (first, second, again)] == [expected] * 3
    assert again.headers["vary"] == first.headers["vary"]


def test_a_static_file_says_how_long_it_lasts_even_if_nothing_is_cached(library: Library) -> None:
    settings = Settings(content=library.content.root, index=library.index.root)
    tag, received = "", []
    for _ in range(2):
        with TestClient(create_app(settings)) as restarted:
            for headers in ({"If-None-Match": tag}, {}, {"If-None-Match": tag}):
                answer = restarted.get("/static/style.css", headers=headers)
                tag = answer.headers["etag"]
                received.append(answer.headers["cache-control"])

    assert received == ["public, max-age=31536000, immutable"] * 6


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/cases", "/api/v1/export.csv"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}])
def test_every_address_answers_head_requests(client: TestClient, address: str, headers: dict[str, str]) -> None:
    assert client.head(address, headers=headers).status_code == 200
