"""The page of a search."""

from __future__ import annotations

from html import unescape
from re import findall
from urllib.parse import parse_qs, urlsplit

from fastapi.testclient import TestClient

from kb import QUERY_EXAMPLES


def test_how_to_search_shows_every_example_with_a_link_that_runs_it(client: TestClient) -> None:
    page = client.get("/cases").text

    lines = findall(r'<tr><td><a href="([^"]*)"><code>(.*?)</code></a></td><td>(.*?)</td></tr>', page)

    assert [
        (parse_qs(urlsplit(unescape(href)).query)["q"], unescape(typed), finds) for href, typed, finds in lines
    ] == [([example.typed], example.typed, example.finds) for example in QUERY_EXAMPLES]


def test_compact_rows_are_a_choice_of_the_page_that_its_links_carry(client: TestClient) -> None:
    page = unescape(client.get("/cases?q=police&arrangement=intelligence-link&view=compact&size=5").text)

    assert 'class="card-row"' in page
    assert 'class="card-summary"' not in page
    assert '<input type="hidden" name="view" value="compact">' in page
    assert 'href="/cases?q=police&size=5&view=compact" data-live="chip"' in page
    assert "/api/v1/export.csv?q=police&arrangement=intelligence-link" in page
    for line in findall(r'href="(/(?:api|map|matrix|feed)[^"]*)"', page):
        assert "view=" not in line


def test_full_cards_are_usual_and_leave_nothing_in_the_address(client: TestClient) -> None:
    for query in ("q=police", "q=police&view=anything"):
        page = unescape(client.get(f"/cases?{query}").text)

        assert 'class="card-summary"' in page
        assert 'href="/cases?q=police">' in page or 'href="/cases?q=police" data-live="view"' in page


def test_without_words_cases_are_in_the_order_of_their_cities_and_the_page_says_so(client: TestClient) -> None:
    page = client.get("/cases").text
    by_city = client.get("/api/v1/search?sort=city").json()
    usual = client.get("/api/v1/search").json()

    assert '<option value="relevance" selected>City A–Z</option>' in page
    assert '<option value="city"' not in page
    assert [hit["slug"] for hit in usual["hits"]] == [hit["slug"] for hit in by_city["hits"]]
    assert '<option value="relevance" selected>Best match</option>' in client.get("/cases?q=police").text


def test_evidence_is_a_word_with_its_steps(client: TestClient) -> None:
    page = client.get("/cases?evidence=externally-reviewed").text
    card = page[page.index('<article class="card">') :]
    ladder = card[card.index('<svg class="ladder"') : card.index("</svg>", card.index('<svg class="ladder"'))]

    assert (ladder.count("reached"), ladder.count("above")) == (3, 1)
    assert 'aria-hidden="true"' in ladder
    assert "Externally reviewed</span>" in card


def test_the_kind_of_extremism_is_among_the_first_filters(client: TestClient) -> None:
    page = client.get("/cases").text
    facets = findall(r'<details class="facet" data-facet="(\w+)"( open)?>', page)

    assert facets[:4] == [("arrangement", " open"), ("challenge", " open"), ("extremism", " open"), ("continent", "")]
    assert page.index('id="filters"') < page.index('id="results"')
