"""Searches of one word: what comes first is about that word, and does not merely mention it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.evaluation.ranking import JudgedQuery, collection_ranker, load_judged_set
from kb.index.generation import Generation

OWN_SET = Path(__file__).parents[2] / "ranking"

EXACTLY_THIS = 3
"""The grade of a case that somebody who typed the word would be glad to see first."""

SAID_MORE_ELSEWHERE = {"w15", "w20", "w37", "w44"}
"""Sport, teachers, confidentiality and foreign fighters: another case says the word more often than those about it."""

WORDS = [query for query in load_judged_set(OWN_SET).queries if query.kind == "word"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            query, id=f"{query.id} {query.text}", marks=pytest.mark.xfail if query.id in SAID_MORE_ELSEWHERE else ()
        )
        for query in WORDS
    ],
)
def test_the_first_hit_for_a_single_word_is_about_it(collection: Generation, query: JudgedQuery) -> None:
    first = next(iter(collection_ranker(collection)(query)), "nothing")
    wanted = [slug for slug, grade in query.grades.items() if grade == EXACTLY_THIS]

    assert first in wanted, f"{query.text!r} finds {first} first (grade {query.grades.get(first, 0)})"
