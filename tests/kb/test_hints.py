"""The name that was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.hints import nearest

FIELDS = ("title", "city", "country", "partner", "year")


@pytest.mark.parametrize(
    ("text", "name"),
    [("titel", "title"), ("COUNTRY", "country"), (" partners ", "partner"), ("yaer", "year"), ("contry", "country")],
)
def test_a_typing_error_is_near(text: str, name: str) -> None:
    assert nearest(text, FIELDS) == name


@pytest.mark.parametrize("text", ["", " ", "budget", "http", "0", "\ud800"])
def test_an_unlike_name_is_near_none(text: str) -> None:
    assert nearest(text, FIELDS) is None


def test_the_most_similar_is_chosen_and_the_first_among_equals() -> None:
    assert nearest("harvest", ["harbour", "harvests"]) == "harvests"
    assert nearest("abcd", ["abce", "abcf"]) == "abce"


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text_is_answered_with_one_of_the_names_or_none(text: str, names: list[str]) -> None:
    assert nearest(text, names) in [*names, None]


@given(st.lists(st.text(min_size=1, alphabet="abcdef-"), min_size=1, max_size=5), st.data())
def test_a_name_is_nearest_to_itself(names: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names))

    assert nearest(name, names) == name
