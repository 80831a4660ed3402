"""The list of English words."""

from __future__ import annotations

import pytest

from kb.search.words.analysis import fold
from kb.search.words.english import english_words


def test_every_word_of_the_list_is_known() -> None:
    assert len(english_words()) == 82_834


@pytest.mark.parametrize(
    "word", ["radicalisation", "radicalization", "prisons", "behaviour", "behavior", "rehabilitating", "can't"]
)
def test_real_words_are_known_in_all_their_forms(word: str) -> None:
    assert fold(word) in english_words()


@pytest.mark.parametrize("word", ["radicalistaion", "neigborhood", "shcool", "23135851162", "the 23135851162", ""])
def test_misspellings_and_frequencies_are_not_words(word: str) -> None:
    assert word not in english_words()
