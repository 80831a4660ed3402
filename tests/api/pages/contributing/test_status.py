"""The overview for editors on the site: all of it public, readable, and with links to what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.contributing import status
from kb import Settings
from tests.builders import build_in, case_markdown

UNCITED = case_markdown(body={"Context": "Nobody cites this."})


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("cases")
    cases = {f"case-{number:02}": case_markdown(title=f"Case {number}") for number in range(12)}
    hidden = {"secret": case_markdown(publication="draft"), "gone": case_markdown(publication="withdrawn")}
    build_in(root, {**cases, **hidden, "uncited": UNCITED})[1].close()
    with TestClient(create_app(Settings(content=root / "content", index=root / "index"))) as opened:
        yield opened


def section(html: str, name: str) -> str:
    """One chapter of the page; empty if it has no such chapter."""
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', html, re.DOTALL)
    return found.group() if found else ""


def test_each_chapter_links_to_cases_rules_and_guide_pages(client: TestClient) -> None:
    html = client.get("/contribute/status").text

    assert 'href="/cases/case-00">Case 0</a>' in section(html, "unreviewed")
    assert 'href="/contribute/rules/uncited-statement"' in section(html, "problems")
    assert 'href="/arrangements/intelligence-link"' in section(html, "terms")
    assert 'href="/matrix"' in section(html, "cells")
    assert 'href="/contribute/status"' in client.get("/contribute").text


def test_a_long_chapter_is_shortened_and_leads_to_all_of_it(client: TestClient) -> None:
    html = client.get("/contribute/status").text
    whole = client.get("/contribute/status?all=unreviewed").text

    assert section(html, "unreviewed").count('href="/cases/') == status.FIRST
    assert "All 13 entries" in section(html, "unreviewed")
    assert section(whole, "unreviewed").count('href="/cases/') == 13
    assert "<section" not in whole.replace(section(whole, "unreviewed"), "")


def test_a_very_long_chapter_has_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ON_PAGE", 5)
    pages = [client.get(f"/contribute/status?all=unreviewed&page={number}").text for number in (1, 2, 3)]

    assert [page.count('href="/cases/case-') + page.count('href="/cases/uncited') for page in pages] == [5, 5, 3]
    assert ["Previous" in page for page in pages] == [False, True, True]
    assert ["Next" in page for page in pages] == [True, True, False]


def test_of_what_is_not_online_there_are_only_numbers(client: TestClient) -> None:
    html = client.get("/contribute/status").text

    assert 'Not online <span class="count">1</span>' in html
    assert 'Withdrawn <span class="count">1</span>' in html
    for address in ("", "?all=offline", "?all=withdrawn"):
        assert not re.search(r"secret|cases/gone", client.get(f"/contribute/status{address}").text)


@pytest.mark.parametrize("asked", ["all=nothing", "all=", "all=unreviewed&page=99", "all=%00", "page=7", "all=offline"])
def test_what_there_is_not_is_answered_with_the_whole_overview(client: TestClient, asked: str) -> None:
    response = client.get(f"/contribute/status?{asked}")

    assert response.status_code == 200
    assert "<h1>Overview for editors</h1>" in response.text


def test_the_overview_is_that_of_today_and_so_it_is_not_stored(client: TestClient) -> None:
    assert client.get("/contribute/status").headers["cache-control"] == "no-store"
