"""The examples of the help do on the real collection what they say."""

from __future__ import annotations

import pytest

from kb.index.generation import Generation
from kb.search.query.examples import QUERY_EXAMPLES, QueryExample, Relation
from kb.search.query.lexer import FIELD_NAMES
from kb.search.request import MAX_SIZE
from kb.search.searching import make_request


def found(collection: Generation, text: str) -> set[str]:
    result = collection.search(make_request(text, size=MAX_SIZE))
    assert result.total == len(result.hits)
    return {hit.slug for hit in result.hits}


def first(collection: Generation, text: str) -> str:
    return collection.search(make_request(text, size=1)).hits[0].slug


@pytest.mark.parametrize("example", QUERY_EXAMPLES, ids=lambda example: example.typed)
def test_an_example_of_the_help_finds_what_it_says(collection: Generation, example: QueryExample) -> None:
    these, those = found(collection, example.typed), found(collection, example.other)

    assert these
    match example.relation:
        case Relation.NARROWER:
            assert these < those
        case Relation.WIDER:
            assert these > those
        case Relation.SAME:
            assert these == those


@pytest.mark.parametrize("example", QUERY_EXAMPLES, ids=lambda example: example.typed)
def test_nothing_has_to_be_said_of_how_an_example_was_read(example: QueryExample) -> None:
    assert make_request(example.typed).notices == ()


def test_the_help_shows_every_field() -> None:
    assert {name for name in FIELD_NAMES if any(f"{name}:" in example.typed for example in QUERY_EXAMPLES)} == {
        *FIELD_NAMES
    }


def test_a_pasted_title_finds_its_case_first_in_capitals_too(collection: Generation) -> None:
    for slug, title in collection.cases.titles().items():
        assert first(collection, title.upper()) == slug


@pytest.mark.parametrize(
    "typed",
    [
        "NOT In Our Town: a citizens' platform against extremism",
        "NOT in our town",
        "NOT IN OUR TOWN",
        "NOT IN OUR TOWN: CITIZENS OR EXTREMISTS",
    ],
)
def test_a_title_that_begins_with_not_finds_its_case_first(collection: Generation, typed: str) -> None:
    title = "Not in Our Town: a citizens' platform against extremism"
    (slug,) = (slug for slug, other in collection.cases.titles().items() if other == title)

    assert first(collection, typed) == slug
