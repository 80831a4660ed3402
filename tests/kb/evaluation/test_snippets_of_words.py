"""A search of one word shows a passage about that word: with the word, a form of it, or another name of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from kb import Generation, make_request
from kb.evaluation.ranking import load_judged_set
from kb.model.case import Case
from kb.search.result import Hit
from kb.search.words.analysis import STOP_WORDS, base_form, words

JUDGED = [
    query.text for query in load_judged_set(Path(__file__).parents[2] / "ranking").queries if query.kind == "word"
]


@pytest.fixture(scope="module")
def searched(collection: Generation) -> list[str]:
    """The judged searches, and every word by which arrangements, challenges, audiences and kinds are called."""
    v = collection.vocabularies
    terms = [term for vocabulary in (v.arrangements, v.challenges, v.audiences, v.extremism) for term in vocabulary]
    names = [word for term in terms for name in (term.label, *term.aliases) for word in words(name)]
    return list(dict.fromkeys([*JUDGED, *(word for word in names if word not in STOP_WORDS)]))


def forms(text: str) -> set[str]:
    return {base_form(word) for word in words(text)}


def passages_of(case: Case) -> Iterable[str]:
    """What may be shown of a case, without its questions: an answer is better."""
    yield from (text for section in case.sections for text in section.texts)
    yield from (reason.why for reason in (*case.arrangements, *case.experienced_as))
    yield from (text for challenge in case.challenges for text in (challenge.showed, challenge.handled) if text)
    if case.resources:
        yield case.resources


def marked(hit: Hit) -> list[str]:
    return [hit.snippet.text[start:end] for start, end in hit.snippet.ranges] if hit.snippet else []


def test_what_is_shown_for_a_word_is_about_it(collection: Generation, searched: list[str]) -> None:
    names = collection.language.synonyms
    assert len(searched) > 300

    for typed in searched:
        wanted = forms(typed)
        others = names.alternatives.get(tuple(map(base_form, words(typed))), ())
        known = wanted.union(*(forms(other.name) for other in others))
        for hit in collection.search(make_request(typed)).hits:
            assert all(forms(piece) & known for piece in marked(hit)), (typed, hit.slug, marked(hit))


@pytest.mark.slow
def test_a_passage_with_the_word_itself_is_shown_where_there_is_one(
    collection: Generation, searched: list[str]
) -> None:
    for typed in (word for word in searched if len(words(word)) == 1):
        for hit in collection.search(make_request(typed)).hits:
            case = collection.cases.case(hit.slug)
            assert case is not None
            if any(forms(typed) <= forms(text) for text in passages_of(case)):
                assert forms(typed) <= forms(hit.snippet.text if hit.snippet else ""), (typed, hit.slug, hit.snippet)
