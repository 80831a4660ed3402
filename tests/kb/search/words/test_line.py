"""A line as it was typed, and what is seen only in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.words.line import Line


@pytest.mark.parametrize(
    ("word", "line", "expected"),
    [
        ("usa", "US cities", True),
        ("usa", "US", True),
        ("usa", "TELL US WHAT WORKS", False),
        ("us", "tell us", False),
        ("us", "Us", False),
        ("usa", "THE U.S. WAY", True),
        ("usa", "the u.s. way", True),
        ("ran", "the RAN in Vienna", True),
        ("it", "WHAT IT IS", False),
        ("bka", "the BKA", True),
        ("un", "ＵＮ work", True),
        ("a", "A plan", False),
        ("end", "The end.", False),
        ("2015", "2015", False),
        ("", "", False),
    ],
)
def test_an_acronym_is_known_by_capitals_that_the_line_is_not_in(word: str, line: str, expected: bool) -> None:
    assert Line.of(line).is_acronym(word) is expected


def test_a_word_is_written_as_it_was_typed_first() -> None:
    line = Line.of("Århus and aarhus, and ÅRHUS")

    assert (line.written("arhus"), line.span("arhus")) == ("Århus", (0, 5))
    assert (line.written("oslo"), line.span("oslo")) == ("oslo", None)


@given(st.text(), st.text(), st.text())
def test_any_text_may_be_asked_whether_it_is_a_name(word: str, meant: str, line: str) -> None:
    assert isinstance(Line.of(line).may_mean(word, meant), bool)


@given(st.text())
def test_every_word_of_a_line_is_where_it_says(text: str) -> None:
    line = Line.of(text)

    for token in line.tokens:
        start, end = line.span(token.exact) or (0, 0)
        assert start < end <= len(text)
        assert line.written(token.exact) == text[start:end]
