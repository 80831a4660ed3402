"""What moves a case up beyond its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.search.query.tree import Near, Phrase, Query
from kb.search.request import Sort
from kb.search.searching import make_request
from kb.search.understanding.boosting import boosts_of
from kb.search.words.synonyms import Synonyms
from tests.builders import vocabularies

NAMES = Synonyms.of(vocabularies())


def boosts(typed: str) -> list[Query]:
    return [boost for boost, _ in boosts_of(make_request(typed), NAMES)]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("police trust", [("police", "trust")]),
        ("police and trust", [("police", "trust")]),
        # Near each other, words of a name are another thing.
        ("safety house", []),
        ("safety house police", [("house", "police")]),
        ("house safety", [("house", "safety")]),
        ("police", []),
        ('"police trust"', []),
        ("", []),
    ],
)
def test_neighbours_are_wanted_near_each_other_unless_they_are_one_name(
    typed: str, near: list[tuple[str, str]]
) -> None:
    assert [boost.words for boost in boosts(typed) if isinstance(boost, Near)] == near


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("not in our town", [("not", "in", "our", "town")]),
        ("NOT IN OUR TOWN: FACING IT", [("not", "in", "our", "town")]),
        ("police of the city and trust", [("police", "of", "the", "city"), ("city", "and", "trust")]),
        ("police trust", []),
        ("the police", []),
        ("police who are with us in the town", []),
        ("of the", []),
    ],
)
def test_a_piece_of_a_title_is_wanted_with_its_small_words(typed: str, pieces: list[tuple[str, ...]]) -> None:
    assert [boost.words for boost in boosts(typed) if isinstance(boost, Phrase) and boost.field == "title"] == pieces


def test_only_relevance_is_boosted() -> None:
    assert list(boosts_of(replace(make_request("police trust"), sort=Sort.TITLE), NAMES)) == []
