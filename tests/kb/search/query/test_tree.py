"""The query tree: how it prints, and what there is to highlight."""

from __future__ import annotations

import pytest

from kb.search.query.parser import parse_query
from kb.search.query.tree import (
    And,
    DisMax,
    Having,
    MatchAll,
    MinimumShouldMatch,
    Not,
    Or,
    Phrase,
    Query,
    Synonym,
    Weighted,
    Wildcard,
    Word,
    Years,
    positive_leaves,
)

PRINTED: list[tuple[Query, str]] = [
    (MatchAll(), "*"),
    (Word("police"), "police"),
    (Word("vienna", "city"), "city:vienna"),
    (Wildcard("pol*"), "pol*"),
    (Wildcard("vie*", "city"), "city:vie*"),
    (Phrase(("info", "house")), '"info house"'),
    (Phrase(("info", "house"), "title"), 'title:"info house"'),
    (Years(2015, 2019), "year:2015..2019"),
    (Not(Word("prison")), "-prison"),
    (Having("city", ("aarhus", "oslo")), "city=aarhus,oslo"),
    (Weighted(Word("prison"), 0.5), "prison^0.5"),
    (And((Word("police"), Word("school"))), "police school"),
    (Or((Word("police"), Word("school"))), "police OR school"),
    (And((Or((Word("police"), Word("school"))), Not(Word("prison")))), "(police OR school) -prison"),
    (Not(And((Word("info"), Word("house")))), "-(info house)"),
    (Or((And((Word("info"), Word("house"))), Word("hub"))), "(info house) OR hub"),
    (And((Or((Word("police"),)), Word("school"))), "police school"),
    (MinimumShouldMatch((Word("a"), Word("b"), Phrase(("c", "d"))), 0.5), '50% of (a, b, "c d")'),
    (Synonym(Word("youth"), ((Phrase(("young", "people"), any_form=True), 0.85),)), "youth"),
    (DisMax((And((Word("info"), Word("house"))), Synonym(Word("infohouse"), ()))), "(info house)"),
]


@pytest.mark.parametrize(("query", "printed"), PRINTED)
def test_a_query_prints_as_it_could_be_typed(query: Query, printed: str) -> None:
    assert str(query) == printed


@pytest.mark.parametrize(
    "query",
    [
        Word("police"),
        Word("vienna", "city"),
        Wildcard("pol*"),
        Wildcard("vie*", "city"),
        Phrase(("info", "house")),
        Phrase(("info", "house"), "title"),
        Years(2015, 2019),
        And((Word("police"), Phrase(("info", "house")), Not(Word("prison")))),
        Or((Word("police"), Word("school"), Wildcard("ment*"))),
    ],
)
def test_what_is_printed_reads_back_as_the_same_query(query: Query) -> None:
    assert parse_query(str(query)).query == query


def test_equal_queries_share_a_key() -> None:
    assert {Word("police"), Word("police"), Wildcard("police*"), Word("police", "title")} == {
        Word("police"),
        Wildcard("police*"),
        Word("police", "title"),
    }


def test_all_that_a_match_may_contain_is_to_be_highlighted_in_order() -> None:
    leaves = (Word("a"), Wildcard("bc*"), Phrase(("d", "e")), Word("f", "title"), Word("g"))
    query = And((MinimumShouldMatch(leaves[:2], 0.5), Or((leaves[2], leaves[3])), leaves[4]))

    assert tuple(positive_leaves(query)) == leaves


@pytest.mark.parametrize("query", [MatchAll(), Years(2000, 2001), Not(Word("prison")), Not(Not(Word("prison")))])
def test_there_is_nothing_to_highlight_in(query: Query) -> None:
    assert list(positive_leaves(query)) == []
