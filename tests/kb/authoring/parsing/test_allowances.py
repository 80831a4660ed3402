"""A comment that allows a finding is not part of the text."""

from __future__ import annotations

import pytest

from kb.authoring.parsing.allowances import without_allowances
from tests.kb.authoring.parsing.markdown.reading import html


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("One. <!-- allow harm-name: a city -->\nTwo.", "One.\nTwo."),
        ("One.  <!-- allow harm-name: a city -->  \nTwo.", "One.\nTwo."),
        ("<!-- allow harm-name: a city -->\n\nOne.", "\n\nOne."),
        ("<!-- allow harm-name: -->", "<!-- allow harm-name: -->"),
        ("<!-- allow everything: please -->", "<!-- allow everything: please -->"),
        ("<!-- a comment -->", "<!-- a comment -->"),
    ],
)
def test_only_these_comments_are_taken_out(written: str, read: str) -> None:
    assert without_allowances(written) == read


def test_nothing_else_of_a_line_moves() -> None:
    written = "Ask <!-- allow harm-name: why --> him."

    assert without_allowances(written).index("him") == written.index("him")


def test_a_page_does_not_show_them() -> None:
    assert "allow" not in html(without_allowances("In Gulshan [@s1]. <!-- allow harm-name: a district -->"))
