"""The saved list in the address, and in every link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.address.saved_list import MOST_SAVED, SavedList
from tests.pages import PAGES

SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
LISTS = st.builds(lambda slugs, name: SavedList.read(slugs, name), st.lists(SLUGS), st.text(max_size=100))


@given(LISTS)
def test_a_list_survives_a_round_trip_through_an_address(saved: SavedList) -> None:
    given_names = parse_qs(urlsplit(saved.at("/cases?q=a%26b")).query)
    name = given_names.get("list", [""])[0] if saved.slugs else saved.name
    assert SavedList.read(given_names.get("shelf", []), name) == saved
    assert given_names["q"] == ["a&b"]


@given(LISTS, SLUGS)
def test_saving_and_removing_keep_the_order_of_the_others(saved: SavedList, slug: str) -> None:
    assert slug not in saved.removing(slug)
    assert saved.saving(slug).removing(slug).slugs == saved.removing(slug).slugs
    assert len(saved.saving(slug).slugs) <= MOST_SAVED


@given(LISTS, st.data(), st.integers(-20, 20))
def test_moving_a_case_loses_none(saved: SavedList, data: st.DataObject, steps: int) -> None:
    if saved.slugs:
        moved = saved.moving(data.draw(st.sampled_from(saved.slugs)), steps)
        assert sorted(moved.slugs) == sorted(saved.slugs)


def test_text_that_looks_like_a_link_is_left_alone() -> None:
    html = '<p title="<a href=/x>">&lt;a href="/cases"&gt;</p><a class="x" href="/cases?q=a&amp;page=2#top">'
    assert SavedList(("oslo-salto",)).carried_by(html) == html.replace(
        "/cases?q=a&amp;page=2#top", "/cases?q=a&amp;page=2&amp;shelf=oslo-salto#top"
    )


_LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"]*)"[^>]*>')
_LEFT_ALONE = re.compile(r"^/(?:static|api/v1|feed\.atom)|^/schema/")


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_every_page_carries_the_list(path: str, client: TestClient) -> None:
    joined = f"{path}{'&' if '?' in path else '?'}shelf=oslo-salto&list=For+Monday"
    html = client.get(joined).text
    for link in _LINK.finditer(html):
        if "data-own-list" in link[0] or " download" in link[0] or _LEFT_ALONE.match(link[1]):
            continue
        assert "shelf=" in link[1], link[0]
    for form in re.finditer(r'<form\b[^>]*method="get"[^>]*>(.{0,200})', html, re.DOTALL):
        assert "data-own-list" in form[0] or 'name="shelf" value="oslo-salto"' in form[1]
    assert re.search(r"[1-5] cases? saved", html)


def test_without_a_list_no_page_names_one(client: TestClient) -> None:
    assert "shelf=" not in client.get("/arrangements").text


def test_the_list_is_not_part_of_a_canonical_address(client: TestClient) -> None:
    html = client.get("/cases?q=youth&shelf=oslo-salto").text
    assert re.search(r'<link rel="canonical" href="[^"]*/cases\?q=youth">', html)


def test_a_redirect_carries_the_list(client: TestClient) -> None:
    answer = client.get("/cases?q=youth&sort=&shelf=oslo-salto", follow_redirects=False)
    assert answer.headers["location"] == "/cases?q=youth&shelf=oslo-salto"


def test_a_full_list_leads_to_the_list(client: TestClient) -> None:
    full = "&".join(f"shelf=case-{number}" for number in range(MOST_SAVED))
    html = client.get(f"/cases/oslo-salto?{full}").text
    assert "The saved list is full" in html
    assert "data-save>" not in html.replace(" rel=", ">")


def test_names_are_escaped_where_they_are_carried(client: TestClient) -> None:
    html = client.get("/cases", params={"shelf": "oslo-salto", "list": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in html
