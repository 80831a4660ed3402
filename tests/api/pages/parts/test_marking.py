"""The words of a search, marked in a whole page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.pages.parts.marking import Marker, SectionView
from kb import Highlighter, Section
from kb.model.section import Block, BlockKind, Citation, Span, Style
from kb.search.query.parser import parse_query


def marker(typed: str) -> Marker:
    return Marker(Highlighter.of(parse_query(typed).query))


def section(*content: str | Span | Citation) -> Section:
    return Section("context", "Context", (Block(BlockKind.PARAGRAPH, 1, content),))


@pytest.mark.parametrize(
    ("typed", "content", "shown"),
    [
        ("trust", ("Trust grew.",), "<p><mark>Trust</mark> grew.</p>"),
        ("school", ("All ", Span(Style.EMPHASIS, ("schools",))), "<p>All <em><mark>schools</mark></em></p>"),
        ("amp", ("Law & order",), "<p>Law &amp; order</p>"),
        ("law", ("Law <b> & order",), "<p><mark>Law</mark> &lt;b&gt; &amp; order</p>"),
        ("trust", (Span(Style.LINK, ("x",), "https://trust.org", "trust"),),
         '<p><a href="https://trust.org" title="trust">x</a></p>'),
        ("2", ("In 2", Citation("s2", 2, 1)),
         '<p>In <mark>2</mark><sup class="citation">'
         '<a aria-label="Source 2" href="#source-s2" id="cite-s2-1">2</a></sup></p>'),
    ],
)  # fmt: skip
def test_only_words_of_the_text_are_marked(typed: str, content: tuple[str | Span | Citation, ...], shown: str) -> None:
    assert marker(typed).section(section(*content)) == SectionView("context", "Context", shown)


def test_without_a_search_nothing_changes() -> None:
    assert Marker().section(section("Trust & more")).html == "<p>Trust &amp; more</p>"
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
def test_no_search_changes_the_text_or_its_tags(typed: str, texts: list[str]) -> None:
    shown = section(*(Span(Style.LINK, (text,), "https://a.example", text) for text in texts))

    assert _read(marker(typed).section(shown).html) == _read(shown.html)


def test_a_case_opened_from_a_result_shows_the_words_marked(client: TestClient) -> None:
    results = client.get("/cases?q=mentors").text
    link = re.search(r'card-title"><a href="(/cases/[^"]+q=mentors[^"]*)"', results)
    assert link is not None

    page = client.get(link.group(1)).text
    assert re.search(r"<mark>mentors?</mark>", page)
    assert "Your search words “mentors” are highlighted." in page
    plain = client.get(link.group(1).split("?")[0]).text
    assert "<mark>" not in plain


def test_a_name_in_another_spelling_is_marked_as_the_search_found_it(client: TestClient) -> None:
    page = client.get("/cases/aarhus-info-house?q=Århus").text

    assert "<mark>Aarhus</mark>" in page


def test_the_search_text_is_shown_as_text(client: TestClient) -> None:
    page = client.get("/cases/aarhus-info-house", params={"q": "<script>alert(1)</script>"}).text

    assert "<script>alert" not in page
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;”" in page


def test_a_word_searched_in_titles_is_marked_only_in_the_title(client: TestClient) -> None:
    page = client.get("/cases/aarhus-info-house?q=title:door").text

    assert page.count("<mark>door</mark>") == 1
