"""A name of which a search leaves one word is a name only where it was typed in full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb import Generation
from kb.search.mentions import Names
from kb.search.query.parser import parse_query
from kb.search.query.tree import And
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from kb.search.words.idioms import is_idiom
from kb.search.words.line import Line
from kb.search.words.synonyms import Synonyms
from tests.builders import case_markdown, vocabularies
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

SYNONYMS = Synonyms.of(
    replace(
        vocabularies(),
        synonyms=(("Netherlands", "Holland", "the Netherlands"), ("responsibility", "responsible")),
        everyday_words=(
            ("what works", ("realistic evaluation",)),
            ("where to turn", ("helpline",)),
            ("spy on", ("surveillance",)),
            ("who is responsible", ("accountable",)),
            ("too small", ("tiny",)),
            ("us and them", ("polarisation",)),
            ("code of conduct", ("written code",)),
        ),
    )
)


def used(typed: str) -> list[tuple[str, tuple[str, ...]]]:
    query = parse_query(typed).query
    return list(SYNONYMS.in_line(Line.of(typed)).expand(query.clauses if isinstance(query, And) else (query,)).used)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("what works", [("what works", ("realistic evaluation",))]),
        ("What works?", [("what works", ("realistic evaluation",))]),
        ("what works in schools", [("what works", ("realistic evaluation",))]),
        ("schools: what works", [("what works", ("realistic evaluation",))]),
        ("works", []),
        ("social work", []),
        ("what a work", []),
        ("work what", []),
        ("where to turn to", [("where to turn", ("helpline",))]),
        ("turn", []),
        ("spied on", [("spy on", ("surveillance",))]),
        ("spying", []),
        ("responsible", [("responsible", ("responsibility",))]),
        ("who is responsible", [("who is responsible", ("responsibility", "responsible", "accountable"))]),
        ("netherlands", [("netherlands", ("Holland",))]),
        ("the netherlands", [("the Netherlands", ("Netherlands", "Holland"))]),
        ("code of conduct", [("code of conduct", ("written code",))]),
        ("code conduct", [("code of conduct", ("written code",))]),
        ("us and them", [("us and them", ("polarisation",))]),
        ("too small", [("too small", ("tiny",))]),
        ('"what works"', []),
    ],
)
def test_an_idiom_is_a_name_only_in_full(typed: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert used(typed) == expected


def test_words_of_the_collection_do_not_mean_what_an_idiom_means(collection: Generation) -> None:
    synonyms = collection.language.synonyms
    left = {(word,) for word in ("work", "turn", "call", "tell", "join", "charge")}

    assert left <= {idiom.left for idiom in synonyms.idioms}
    assert left.isdisjoint(synonyms.alternatives)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("what works", "says"), ("code of conduct", "agreed"), ("the code of conduct", "agreed"), ("works", "works")],
)
def test_a_name_with_its_small_words_comes_before_its_other_words(typed: str, first: str) -> None:
    summaries = {
        "agreed": "A code of conduct.",
        "coded": "Code, and the conduct of a code.",
        "says": "They say what works.",
        "works": "It works and works and works.",
    }
    cases = Cases({slug: case_markdown(summary=summary) for slug, summary in summaries.items()})

    result = search(ScanEngine(cases.documents(), cases), make_request(typed), Language(SYNONYMS))

    assert result.hits[0].slug == first


@pytest.mark.parametrize(
    ("typed", "named"),
    [("blame", []), ("who is to blame", ["accountability"]), ("and who is to blame here", ["accountability"])],
)
def test_a_page_is_named_by_an_idiom_only_in_full(typed: str, named: list[str]) -> None:
    names = Names.of([("accountability", "Unequal accountability", ("who is to blame",))])

    assert names.named_in(typed, 3) == named


@pytest.mark.parametrize("name", ["work", "what", "us and them", "safety house", "", "house of justice"])
def test_other_names_are_no_idioms(name: str) -> None:
    assert not is_idiom(name)
