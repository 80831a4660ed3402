"""The words of a search, marked in a whole page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.pages.parts.marking import Marker
from kb import Highlighter
from kb.search.query.parser import parse_query


def marker(typed: str) -> Marker:
    return Marker(Highlighter.of(parse_query(typed).query))


@pytest.mark.parametrize(
    ("typed", "markup", "shown"),
    [
        ("trust", "<p>Trust grew.</p>", "<p><mark>Trust</mark> grew.</p>"),
        ("school", "<p>All <em>schools</em></p>", "<p>All <em><mark>schools</mark></em></p>"),
        ("amp", "<p>Law &amp; order</p>", "<p>Law &amp; order</p>"),
        ("law", "<p>Law &lt;b&gt; &amp; order</p>", "<p><mark>Law</mark> &lt;b&gt; &amp; order</p>"),
        ("trust", '<a title="trust > all">x</a>', '<a title="trust > all">x</a>'),
        ("2", '<p>In 2<sup class="citation"><a href="#s2">2</a></sup></p>',
         '<p>In <mark>2</mark><sup class="citation"><a href="#s2">2</a></sup></p>'),
    ],
)  # fmt: skip
def test_only_words_of_the_text_are_marked(typed: str, markup: str, shown: str) -> None:
    assert marker(typed).markup(markup) == shown


def test_without_a_search_nothing_changes() -> None:
    assert Marker().markup("<p>Trust &amp; more</p>") == "<p>Trust &amp; more</p>"
    assert Marker().marked("Trust").ranges == ()


class _Reader(HTMLParser):
    """What a browser would show, without marks."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, object]] = []
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "mark":
            self.seen.append((tag, attrs))


def _read(markup: str) -> tuple[str, list[tuple[str, object]]]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.text, reader.seen


@given(st.text(max_size=30), st.lists(st.text(alphabet="ab &<>\"'é", max_size=12), max_size=4))
def test_whatever_is_searched_the_text_and_its_tags_stay(typed: str, texts: list[str]) -> None:
    from html import escape

    markup = "".join(f'<p id="{escape(text)}">{escape(text, quote=False)}</p>' for text in texts)

    assert _read(marker(typed).markup(markup)) == _read(markup)


def test_a_case_opened_from_a_result_shows_the_words_marked(client: TestClient) -> None:
    results = client.get("/cases?q=mentors").text
    link = re.search(r'card-title"><a href="(/cases/[^"]+q=mentors[^"]*)"', results)
    assert link is not None

    page = client.get(link.group(1)).text
    assert re.search(r"<mark>mentors?</mark>", page)
    assert "Words of the search “mentors” are" in page
    plain = client.get(link.group(1).split("?")[0]).text
    assert "<mark>" not in plain


def test_a_name_in_another_spelling_is_marked_as_the_search_found_it(client: TestClient) -> None:
    page = client.get("/cases/aarhus-info-house?q=Århus").text

    assert "<mark>Aarhus</mark>" in page


def test_what_was_looked_for_is_shown_as_text(client: TestClient) -> None:
    page = client.get("/cases/aarhus-info-house", params={"q": "<script>alert(1)</script>"}).text

    assert "<script>alert" not in page
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;”" in page


def test_a_word_looked_for_in_titles_is_marked_in_the_title_alone(client: TestClient) -> None:
    page = client.get("/cases/aarhus-info-house?q=title:door").text

    assert page.count("<mark>door</mark>") == 1
