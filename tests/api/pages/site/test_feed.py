"""A search as a feed, read with an XML parser and checked against RFC 4287."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st

from api.address.search_state import SearchParams
from api.app import create_app
from api.pages import search_page
from kb import DEFAULT_SIZE, Generation, Settings, Sort
from tests.builders import case_markdown
from tests.library import Library
from tests.properties import on_one_fixture

ATOM = {"": "http://www.w3.org/2005/Atom", "os": "http://a9.com/-/spec/opensearch/1.1/"}
SITE = "https://cases.example.org"
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(client: TestClient, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  # our own answer


def text(element: ElementTree.Element, name: str) -> str:
    found = element.findtext(name, namespaces=ATOM)
    assert found is not None, name
    return found


def texts(feed: ElementTree.Element, name: str) -> list[str]:
    return [text(entry, name) for entry in feed.findall("entry", ATOM)]


def link(element: ElementTree.Element, rel: str) -> str | None:
    return next((found.get("href") for found in element.findall("link", ATOM) if found.get("rel") == rel), None)


def test_all_cases_come_last_changed_first_page_by_page(client: TestClient, collection: Generation) -> None:
    address: str | None = f"{SITE}/feed.atom"
    updated, pages = [], 0
    while address:
        feed = read(client, address.removeprefix(SITE))
        updated += list(zip(texts(feed, "updated"), texts(feed, "title"), strict=True))
        address, pages = link(feed, "next"), pages + 1

    assert pages == -(-collection.manifest.count // DEFAULT_SIZE)
    assert [moment for moment, _ in updated] == sorted(collection.cases.changes.values(), reverse=True)
    assert sorted(title for _, title in updated) == sorted(collection.cases.titles().values())


def test_a_feed_has_what_the_standard_requires(client: TestClient, collection: Generation) -> None:
    feed = read(client, "/feed.atom?challenge=fragile-trust&city=aarhus&city=vienna&size=1")

    assert text(feed, "title") == "Crossing Boundaries: Fragile trust, Aarhus or Vienna"
    assert URN.fullmatch(text(feed, "id"))
    assert text(feed, "author/name") == "Crossing Boundaries"
    assert link(feed, "self") == f"{SITE}/feed.atom?challenge=fragile-trust&city=aarhus&city=vienna&size=1"
    assert link(feed, "alternate") == f"{SITE}/cases?challenge=fragile-trust&city=aarhus&city=vienna&size=1"
    found = client.get("/api/v1/search?challenge=fragile-trust&city=aarhus&city=vienna").json()
    assert text(feed, "os:totalResults") == str(found["total"])
    for entry in feed.findall("entry", ATOM):
        slug = (link(entry, "alternate") or "").removeprefix(f"{SITE}/cases/")
        case = collection.cases.case(slug)
        assert case is not None
        assert (text(entry, "title"), text(entry, "summary")) == (case.title, case.summary)
        assert text(entry, "updated") == collection.cases.changes[slug]
        assert text(entry, "author/name") == "Editorial team"
        assert URN.fullmatch(text(entry, "id"))
        terms = {found.get("term") for found in entry.findall("category", ATOM)}
        reasons = {reason.id for reason in case.arrangements} | {challenge.id for challenge in case.challenges}
        assert terms == {*reasons, *case.cities}


def test_timestamps_are_valid_and_ids_are_unique(client: TestClient) -> None:
    feed = read(client, "/feed.atom?size=100")
    ids = [text(feed, "id"), *texts(feed, "id")]

    assert len(set(ids)) == len(ids)
    assert all(datetime.fromisoformat(moment).tzinfo for moment in (text(feed, "updated"), *texts(feed, "updated")))
    assert text(feed, "updated") == max(texts(feed, "updated"))


@pytest.mark.parametrize("sort", ["newest", "started", "title", "city"])
def test_another_order_is_respected_if_requested(client: TestClient, sort: str) -> None:
    expected = [hit["title"] for hit in client.get(f"/api/v1/search?q=police&sort={sort}").json()["hits"]]

    assert texts(read(client, f"/feed.atom?q=police&sort={sort}"), "title") == expected


def test_a_feed_says_how_the_search_was_interpreted(client: TestClient) -> None:
    feed = read(client, "/feed.atom?q=radicalistaion")

    assert "Showing results for “radicalisation”." in text(feed, "subtitle")


def test_an_empty_result_is_a_feed_without_entries(client: TestClient) -> None:
    feed = read(client, "/feed.atom?q=xyzzyx")

    assert feed.findall("entry", ATOM) == []
    assert datetime.fromisoformat(text(feed, "updated"))
    assert link(feed, "next") is link(feed, "previous") is None


def test_a_page_beyond_the_end_does_not_exist(client: TestClient) -> None:
    assert client.get("/feed.atom?page=5").status_code == 404
    assert client.get("/feed.atom?q=xyzzyx&page=2").status_code == 404
    assert client.get("/feed.atom?page=0").status_code == 422


def test_an_error_of_a_feed_is_plain_text(client: TestClient) -> None:
    response = client.get("/feed.atom?country=Denmrk&contry=denmark")

    assert response.status_code == 422
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "There is no country “Denmrk”. Did you mean “Denmark”? "
        "The parameter “contry” is not known here. Did you mean “country”?\n"
    )


@on_one_fixture
@given(query=st.text(max_size=60) | st.text(alphabet="<>&\"'\0\x0b\x1f\ufffe\uffff]é", max_size=20))
@example(query="]]><!ENTITY x>&x;")
@example(query="\ufffe\x00")
def test_whatever_is_typed_the_feed_is_well_formed(client: TestClient, query: str) -> None:
    response = client.get("/feed.atom", params={"q": query})
    title = text(ElementTree.fromstring(response.content), "title")  # noqa: S314  # our own answer

    assert response.status_code == 200
    assert title.startswith("Crossing Boundaries: ")
    if query.isprintable() and query == " ".join(query.split()) and query:
        assert f"“{query}”" in title


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, {"apple": case_markdown(title="Apple"), "berry": case_markdown(title="Berry")})


@pytest.fixture
def edited(library: Library) -> Iterator[TestClient]:
    library.build()
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as opened:
        yield opened


def rebuilt(client: TestClient, library: Library) -> None:
    library.build()
    client.app.state.live.refresh()  # type: ignore[attr-defined]


def ids(client: TestClient, address: str = "/feed.atom") -> dict[str, str]:
    feed = read(client, address)
    return dict(zip(texts(feed, "title"), texts(feed, "id"), strict=True))


def test_a_renamed_case_keeps_its_id_however_often(edited: TestClient, library: Library) -> None:
    before = ids(edited)
    library.case("apple").unlink()
    library.write("pear", case_markdown(title="Pear", aliases=["apple"]))
    rebuilt(edited, library)
    once = ids(edited)
    library.case("pear").unlink()
    library.write("plum", case_markdown(title="Plum", aliases=["apple", "pear"]))
    rebuilt(edited, library)

    assert ids(edited)["Plum"] == once["Pear"] == before["Apple"]
    assert ids(edited)["Berry"] == before["Berry"] != before["Apple"]


def test_ids_do_not_depend_on_the_address_of_the_site(edited: TestClient) -> None:
    one = edited.get("http://one.example/feed.atom").text
    other = edited.get("http://other.example/feed.atom").text

    assert "http://one.example/cases/apple" in one
    assert other == one.replace("one.example", "other.example")


def test_an_edit_brings_a_case_to_the_top(edited: TestClient, library: Library) -> None:
    for title, moment in (("Apple tart", 1_700_000_000), ("Berry tart", 1_800_000_000)):
        path = library.write(title.split()[0].lower(), case_markdown(title=title))
        os.utime(path, (moment, moment))
    rebuilt(edited, library)
    assert texts(read(edited, "/feed.atom"), "title") == ["Berry tart", "Apple tart"]

    os.utime(library.write("apple", case_markdown(title="Apple pie")), (1_900_000_000, 1_900_000_000))
    rebuilt(edited, library)
    feed = read(edited, "/feed.atom")

    assert texts(feed, "title") == ["Apple pie", "Berry tart"]
    assert [hit["slug"] for hit in edited.get("/api/v1/search?sort=changed").json()["hits"]] == ["apple", "berry"]
    assert text(feed, "updated") == texts(feed, "updated")[0] == "2030-03-17T17:46:40Z"


def test_the_page_of_a_search_links_to_its_feed_and_exports(client: TestClient) -> None:
    params = SearchParams("youth", {"city": ("aarhus",)}, Sort.TITLE, page=2, size=5)
    generation = client.app.state.live.current  # type: ignore[attr-defined]
    page = search_page(params, generation.search(params.request()), generation)

    assert page.feed_href == "/feed.atom?q=youth&city=aarhus"
    assert page.csv_href == "/api/v1/export.csv?q=youth&city=aarhus&sort=title"
    assert page.ndjson_href == "/api/v1/export.ndjson?q=youth&city=aarhus&sort=title"
