"""Whoever types a title, whole or in part, finds its case first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kb import Generation, make_request
from kb.search.words.analysis import words
from tests.marking import most_slow

WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case": str.lower,
    "in capitals": str.upper,
    "without punctuation": lambda title: " ".join(words(title)),
    "in quotation marks": lambda title: f"“{title}”",
    "up to the colon or comma": lambda title: re.split("[:,]", title)[0],
    "from the colon or comma on": lambda title: re.split("[:,]", title, maxsplit=1)[-1],
    "without its first word": lambda title: " ".join(title.split()[1:]),
    "without its last word": lambda title: " ".join(title.split()[:-1]),
    "its second half": lambda title: " ".join(title.split()[-max(3, len(title.split()) // 2) :]),
    "with another end": lambda title: f"{title}: a city and its people",
    "in a question": lambda title: f"where can I read about {title}?",
}


@pytest.mark.parametrize("way", most_slow(WAYS, every=len(WAYS)))
def test_a_title_finds_its_case_first(collection: Generation, way: str) -> None:
    typed = {slug: WAYS[way](title) for slug, title in collection.cases.titles().items()}
    first = {slug: next(iter(collection.search(make_request(text)).hits), None) for slug, text in typed.items()}

    assert {typed[slug]: hit and hit.slug for slug, hit in first.items() if hit is None or hit.slug != slug} == {}


@pytest.mark.parametrize("typed", ["NOT IN OUR TOWN: FACING HATE TOGETHER", "Not in our town - hate has no home here"])
def test_small_words_of_a_title_count_in_their_order(collection: Generation, typed: str) -> None:
    assert collection.search(make_request(typed)).hits[0].slug == "banska-bystrica-not-in-our-town"
