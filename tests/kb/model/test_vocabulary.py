"""Looking up the words that cases are described with."""

from __future__ import annotations

import pytest

from tests.builders import vocabularies

CITIES = vocabularies().cities


def test_a_vocabulary_knows_its_terms() -> None:
    assert len(CITIES) == 4
    assert "aarhus" in CITIES
    assert "Aarhus" not in CITIES
    assert CITIES["vienna"].label == "Vienna"
    assert CITIES.get("oslo") is None


def test_a_removed_term_is_shown_as_its_id() -> None:
    assert CITIES.label("liege") == "Liège"
    assert CITIES.label("oslo") == "oslo"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("aarhus", "aarhus"),
        ("AARHUS ", "aarhus"),
        ("Arhus", "aarhus"),
        ("Kobenhavn", "copenhagen"),
        ("Wien", "vienna"),
        ("liège", "liege"),
    ],
)
def test_the_term_someone_means_is_found_by_any_of_its_names(word: str, meant: str) -> None:
    found = CITIES.nearest(word)

    assert found is not None
    assert found.id == meant


@pytest.mark.parametrize("word", ["", "x", "Tokyo", "københavnske forstæder"])
def test_if_no_term_is_near_none_is_guessed(word: str) -> None:
    assert CITIES.nearest(word) is None
