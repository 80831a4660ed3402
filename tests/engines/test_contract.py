"""What every engine must do. Runs on each of them.

Exactly: which cases match, the total, the counts of facets, the order where scores differ clearly, and slugs where they
are equal. Scores, and what is added up from them, may differ within `tests.engines.tolerance.SCORE_TOLERANCE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.deadline import Deadline, OutOfTime, within
from kb.search.fields import FACETS, FACETS_BY_NAME
from kb.search.query.tree import (
    And,
    Boosted,
    DisMax,
    Having,
    MatchAll,
    MinimumShouldMatch,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Synonym,
    Wildcard,
    Word,
    Years,
)
from kb.search.request import SearchRequest, Sort
from kb.search.result import FacetCount, SearchResult
from kb.search.searching import make_request
from kb.search.words.wildcards import MOST_WORDS
from tests.builders import case_markdown
from tests.engines.conftest import EngineOver
from tests.engines.opening import Answering
from tests.engines.tolerance import SCORE_TOLERANCE, assert_ordered
from tests.properties import on_one_fixture


def find(over: Answering, query: Query, **rest: Any) -> list[str]:
    """The slugs found, in order."""
    return slugs(over.search(SearchRequest(query=query, **rest)))


def slugs(result: SearchResult) -> list[str]:
    return [hit.slug for hit in result.hits]


def one_sentence(sentence: str, **rest: Any) -> str:
    """A case whose sections contain nothing but this sentence."""
    return case_markdown(body=dict.fromkeys(SECTIONS, "") | {"Context": sentence}, **rest)


SECTIONS = (
    "What they do",
    "Who is at the table",
    "What helped",
    "What was hard",
    "What is known about results",
    "Lessons for another city",
)


# No case, and every case


def test_an_empty_collection_is_searched_without_complaint(engine_over: EngineOver) -> None:
    request = make_request('police "info house" po* -prison', {"city": ("aarhus",)})

    result = engine_over({}).search(request)

    assert (result.total, result.hits, result.pages) == (0, (), 1)
    assert result.facets["city"] == (FacetCount("aarhus", 0, selected=True),)
    assert all(result.facets[facet.name] == () for facet in FACETS if facet.name != "city")


def test_everything_is_every_case_by_slug_without_score_or_snippet(engine_over: EngineOver) -> None:
    engine = engine_over({"b": case_markdown(), "c": case_markdown(), "a": case_markdown()})

    result = engine.search(SearchRequest())

    assert [(hit.slug, hit.score, hit.snippet) for hit in result.hits] == [
        ("a", 0.0, None),
        ("b", 0.0, None),
        ("c", 0.0, None),
    ]


def test_the_result_contains_the_request_it_answers(engine_over: EngineOver) -> None:
    request = make_request("police", {"city": ("aarhus",)}, sort=Sort.TITLE, page=2, size=1)

    assert engine_over({"a": case_markdown()}).search(request).request == request


def test_an_engine_may_be_closed_twice(engine_over: EngineOver) -> None:
    engine = engine_over({"a": case_markdown()}).engine

    engine.close()
    engine.close()


def test_the_total_is_available_on_its_own(engine_over: EngineOver) -> None:
    engine = engine_over({slug: case_markdown(city="vienna" if slug == "c" else "aarhus") for slug in "abc"}).engine

    for request in (
        SearchRequest(),
        make_request("police", {"city": ("aarhus",)}, page=2, size=1),
        make_request("zeppelin"),
        SearchRequest(query=Boosted(Word("vienna"), ((Word("police"), 2.0),)), size=0),
    ):
        assert engine.total(request) == engine.search(request).total


# Which cases match

LIBRARY = {
    "door": case_markdown(
        title="One door for schools",
        city="aarhus",
        started=2007,
        lead="East Jutland Police",
        partners="Info House",
        body={"Context": "They organise talks.\n\nMentors meet pupils.", "What helped": "- Trust\n- Fund money"},
    ),
    "circle": case_markdown(
        title="A circle of mentors",
        city="vienna",
        started=2012,
        ended=2015,
        status="ended",
        lead="Municipality",
        partners="School board",
        body={"Context": "They met in a cafe near L'École. Trust funds paid for it."},
    ),
    "line": case_markdown(
        title="A line for worries",
        city="liege",
        started=2016,
        lead="Ministry",
        partners="Volunteers",
        body={"Context": "Radicalization was discussed at the info-house."},
    ),
}

MATCHES: list[tuple[str, Query, set[str]]] = [
    ("a word in the title", Word("worries"), {"line"}),
    ("a word in any inflected form", Word("mentoring"), {"door", "circle"}),
    ("a word in either spelling", Word("radicalisation"), {"line"}),
    ("a word in a named field", Word("school", "title"), {"door"}),
    ("a word in a partner's name", Word("school", "partner"), {"circle"}),
    ("a city by its label", Word("aarhus"), {"door"}),
    ("a city by another of its names", Word("wien"), {"circle"}),
    ("a city without its accents", Word("liege", "city"), {"line"}),
    ("a country by its label", Word("denmark"), {"door"}),
    ("a country by another of its names", Word("osterreich", "country"), {"circle"}),
    ("an arrangement by its label", Phrase(("informing", "and", "intervening")), {"door", "circle", "line"}),
    ("a word nobody uses", Word("zeppelin"), set()),
    ("a word in a field that does not contain it", Word("worries", "city"), set()),
    ("a prefix", Wildcard("ment*"), {"door", "circle"}),
    ("a prefix of an exact form, not of a base form", Wildcard("radicaliza*"), {"line"}),
    ("a prefix that is a whole word", Wildcard("volunteers*"), {"line"}),
    ("a prefix in a named field", Wildcard("min*", "partner"), {"line"}),
    ("a prefix nobody uses", Wildcard("zepp*"), set()),
    ("any letters at the start", Wildcard("*ntors"), {"door", "circle"}),
    ("any letters in the middle", Wildcard("radicali*ation"), {"line"}),
    ("no letters in the middle", Wildcard("vol*unteers"), {"line"}),
    ("letters in several places", Wildcard("*nt*r*"), {"door", "circle", "line"}),
    ("one letter", Wildcard("radicali?ation"), {"line"}),
    ("one letter where there are two", Wildcard("me?ors"), set()),
    ("any letters in a named field", Wildcard("*nna", "city"), {"circle"}),
    ("everything but a pattern", Not(Wildcard("*ntors")), {"line"}),
    ("a phrase", Phrase(("info", "house")), {"door", "line"}),
    ("a phrase in a named field", Phrase(("info", "house"), "partner"), {"door"}),
    ("a phrase in exactly these forms", Phrase(("trust", "fund")), set()),
    ("a phrase in exactly this order", Phrase(("house", "info")), set()),
    ("a phrase of one word", Phrase(("mentors",)), {"door", "circle"}),
    ("a phrase that is longer than any text", Phrase(("police",) * 300), set()),
    ("no phrase across two partners", Phrase(("police", "info")), set()),
    ("no phrase across two paragraphs", Phrase(("talks", "mentors")), set()),
    ("no phrase across two list items", Phrase(("trust", "fund"), "body"), set()),
    ("a phrase across sentences of one paragraph", Phrase(("ecole", "trust")), set()),
    ("a word near another", Near(("cafe", "trust"), 3), {"circle"}),
    ("a word near another before it", Near(("trust", "cafe"), 3), {"circle"}),
    ("a word too far from another", Near(("cafe", "trust"), 2), set()),
    ("no word near another in the next paragraph", Near(("talks", "mentors"), 9), set()),
    ("no word near itself", Near(("volunteers", "volunteers"), 9), set()),
    ("years before the first started", Years(1990, 2006), set()),
    ("the year one started", Years(2007, 2007), {"door"}),
    ("a year in which two were alive", Years(2015, 2015), {"door", "circle"}),
    ("the year after one ended", Years(2016, 2016), {"door", "line"}),
    ("future years: what is ongoing stays ongoing", Years(2900, 9999), {"door", "line"}),
    ("a value of a facet", Having("city", ("aarhus",)), {"door"}),
    ("any of several values", Having("city", ("aarhus", "liege", "nowhere")), {"door", "line"}),
    ("a value that no case has", Having("city", ("nowhere",)), set()),
    ("all of them", And((Word("info"), Word("talk"))), {"door"}),
    ("any of them", Or((Word("worries"), Word("vienna"))), {"line", "circle"}),
    ("most of them", MinimumShouldMatch((Word("trust"), Word("mentor"), Word("vienna")), 0.5), {"circle"}),
    ("some of them", MinimumShouldMatch((Word("fund"), Word("zeppelin")), 0.1), {"door", "circle"}),
    (
        "what no case contains has no weight",
        MinimumShouldMatch((Word("fund"), Word("zeppelin")), 1.0),
        {"door", "circle"},
    ),
    (
        "a name is missed by what was typed of it",
        MinimumShouldMatch((Synonym(Word("worries"), ((Word("mentor"), 0.9),)), Word("talk")), 0.5),
        {"door", "circle", "line"},
    ),
    (
        "what stands in for a name does not make it common",
        MinimumShouldMatch((DisMax((Word("worries"), Word("mentor"))), Word("talk")), 0.5),
        {"door", "circle", "line"},
    ),
    ("a share of nothing", MinimumShouldMatch((Word("zeppelin"),), 0.0), set()),
    ("a name or another name", Synonym(Word("worries"), ((Word("vienna"), 0.5),)), {"line", "circle"}),
    ("what is excluded", And((Word("mentor"), Not(Word("vienna")))), {"door"}),
    ("everything but", Not(Word("mentor")), {"line"}),
    ("not nothing", Not(MatchAll()), set()),
    ("not not", Not(Not(Word("worries"))), {"line"}),
    ("an exclusion of what nobody has", Not(Word("zeppelin")), {"door", "circle", "line"}),
]


@pytest.mark.parametrize(("query", "expected"), [row[1:] for row in MATCHES], ids=[row[0] for row in MATCHES])
def test_a_query_finds(engine_over: EngineOver, query: Query, expected: set[str]) -> None:
    found = find(engine_over(LIBRARY), query)

    assert set(found) == expected
    assert len(found) == len(expected)


@on_one_fixture
@given(text=st.text(max_size=60))
def test_nothing_a_visitor_types_makes_an_engine_fail(shared_engine: Answering, text: str) -> None:
    result = shared_engine.search(make_request(text))

    assert 0 <= result.total <= len(LIBRARY)


@pytest.fixture
def shared_engine(engine_over: EngineOver) -> Answering:
    return engine_over(LIBRARY)


# In which order


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(
            one_sentence("Coffee was served.", title="About mentors"),
            one_sentence("Mentors drank coffee.", title="About coffee"),
            id="in the title before in the body",
        ),
        pytest.param(
            one_sentence("Coffee was served.", summary="Mentors drank coffee."),
            one_sentence("Mentors drank coffee.", summary="Coffee was served."),
            id="in the summary before in the body",
        ),
        pytest.param(
            one_sentence("Mentors met. Mentors sang. Coffee was served at ten."),
            one_sentence("Mentors met. Pupils sang. Coffee was served at ten."),
            id="more often before less often",
        ),
        pytest.param(
            one_sentence("Mentors met."),
            one_sentence("Mentors met. Coffee was served at ten and tea at four and nobody sang."),
            id="in a short text before in a long one",
        ),
    ],
)
def test_a_word_counts_more(engine_over: EngineOver, better: str, worse: str) -> None:
    engine = engine_over({"a-worse": worse, "b-better": better})

    assert find(engine, Word("mentor")) == ["b-better", "a-worse"]


def test_a_rare_word_counts_more_than_a_common_one(engine_over: EngineOver) -> None:
    engine = engine_over(
        {
            "a-common": one_sentence("Mentors met."),
            "b-common": one_sentence("Mentors met."),
            "c-rare": one_sentence("Imams met."),
        }
    )

    assert find(engine, Or((Word("mentor"), Word("imam")))) == ["c-rare", "a-common", "b-common"]


def test_a_search_for_any_name_of_a_city_ranks_its_cases_first(engine_over: EngineOver) -> None:
    mention = one_sentence("Colleagues from Wien came. Wien is large. Wien is far.", city="aarhus")
    engine = engine_over({"a-mention": mention, "b-at-home": one_sentence("It began.", city="vienna")})

    assert find(engine, Word("wien")) == ["b-at-home", "a-mention"]


def test_cases_with_equal_scores_are_ordered_by_slug(engine_over: EngineOver) -> None:
    engine = engine_over(dict.fromkeys(["c", "a", "d", "b"], case_markdown()))

    assert find(engine, Word("coffee")) == ["a", "b", "c", "d"]


def test_scores_add_up_over_the_parts_that_match(engine_over: EngineOver) -> None:
    engine = engine_over(LIBRARY)

    def score(query: Query) -> float:
        return next(hit.score for hit in engine.search(SearchRequest(query=query)).hits if hit.slug == "door")

    both = score(Word("talk")) + score(Word("trust"))
    assert score(And((Word("talk"), Word("trust")))) == pytest.approx(both, rel=SCORE_TOLERANCE)
    assert score(Or((Word("talk"), Word("trust"), Word("zeppelin")))) == pytest.approx(both, rel=SCORE_TOLERANCE)
    alone = pytest.approx(score(Word("talk")), rel=SCORE_TOLERANCE)
    assert score(And((Word("talk"), Not(Word("vienna")), Years(2000, 2020)))) == alone


def test_the_order_of_relevance_is_that_of_the_scores(engine_over: EngineOver) -> None:
    result = engine_over(LIBRARY).engine.search(SearchRequest(query=Or((Word("trust"), Word("mentor"), Word("info")))))

    assert_ordered(result.ranked)
    assert len(result.ranked) == result.total == 3


# What an engine knows of words


def test_frequencies_count_the_cases_that_contain_exactly_this_form(engine_over: EngineOver) -> None:
    engine = engine_over(LIBRARY).engine

    assert engine.frequencies(["mentors", "mentor", "coffee", "zeppelin", "trust"]) == {
        "mentors": 2,
        "coffee": 3,
        "trust": 3,  # once in the label of a challenge
    }
    assert engine.frequencies([]) == {}


@pytest.mark.parametrize(
    ("word", "slips", "near"),
    [
        ("mentro", 1, set()),
        ("mentro", 2, {"mentors"}),
        ("mentosr", 1, {"mentors"}),
        ("partnr", 2, set()),
        ("coffe", 1, {"coffee"}),
        ("coffee", 1, set()),
        ("trsut", 1, {"trust"}),
        ("zeppelin", 2, set()),
    ],
)
def test_the_nearest_words_are_within_the_given_number_of_edits(
    engine_over: EngineOver, word: str, slips: int, near: set[str]
) -> None:
    engine = engine_over(LIBRARY).engine

    found = engine.nearest(word, slips)

    assert set(found) == near
    assert found == engine.frequencies(near)


def test_the_words_that_a_pattern_stands_for_are_those_of_most_cases_first(engine_over: EngineOver) -> None:
    engine = engine_over(LIBRARY).engine

    assert list(engine.words_matching("ment*")) == ["mentors"]
    assert list(engine.words_matching("*un*s"))[:1] == ["funds"]
    assert list(engine.words_matching("t*")).index("trust") < list(engine.words_matching("t*")).index("talks")
    assert list(engine.words_matching("zepp*in")) == []


def test_of_too_many_words_those_of_most_cases_are_searched(engine_over: EngineOver) -> None:
    rare = " ".join(f"zz{number:04}" for number in range(MOST_WORDS))
    sentences = {"many": rare, "two": "zz9998", "again": "zz9998", "last": "zz9999"}
    engine = engine_over({slug: one_sentence(f"It began. {words}") for slug, words in sentences.items()})

    assert len(engine.engine.words_matching("zz*")) == MOST_WORDS + 2
    assert set(find(engine, Wildcard("zz*"))) == {"many", "two", "again"}
    assert set(find(engine, Wildcard("zz999?"))) == {"two", "again", "last"}


def test_a_word_counts_as_contained_in_any_of_its_forms(engine_over: EngineOver) -> None:
    engine = engine_over(LIBRARY).engine

    assert engine.contains("mentoring")
    assert not engine.contains("zeppelin")


def test_the_idf_of_highlighted_words_comes_with_the_hits(engine_over: EngineOver) -> None:
    engine = engine_over(LIBRARY).engine
    query = And((Or((Word("mentor"), Phrase(("info", "house")))), Not(Word("zeppelin"))))

    result = engine.search(SearchRequest(query=query))

    assert set(result.idf) == {Word("mentor"), Phrase(("info", "house"))}
    assert all(weight > 0 for weight in result.idf.values())
    assert engine.search(SearchRequest(query=query, marked=False)).total == result.total


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, ["young", "same-year", "twin", "old"]),
        (Sort.STARTED, ["old", "same-year", "twin", "young"]),
        (Sort.CHANGED, ["old", "same-year", "twin", "young"]),
        (Sort.TITLE, ["twin", "old", "young", "same-year"]),
        (Sort.CITY, ["old", "twin", "same-year", "young"]),
    ],
)
def test_a_search_can_be_sorted(engine_over: EngineOver, sort: Sort, expected: list[str]) -> None:
    engine = engine_over(
        {
            "old": case_markdown(title="élan", city="aarhus", started=1999),
            "twin": case_markdown(title="A start", city="aarhus", started=2010),
            "same-year": case_markdown(title="zest", city="liege", started=2010),
            "young": case_markdown(title="Élan", city="vienna", started=2020),
        },
        changes={
            "old": "2026-01-01T00:00:00Z",
            "twin": "2025-12-31T23:59:59Z",
            "same-year": "2025-12-31T23:59:59Z",
            "young": "2019-02-28T12:00:00Z",
        },
    )

    assert find(engine, MatchAll(), sort=sort) == expected


# Which part of it

MANY: Mapping[str, str] = {f"case-{number}": case_markdown(started=2000 + number % 3) for number in range(7)}


@pytest.mark.parametrize("size", [1, 3, 7, 8])
@pytest.mark.parametrize("sort", Sort)
def test_pages_together_are_the_whole_result(engine_over: EngineOver, sort: Sort, size: int) -> None:
    engine = engine_over(MANY)
    whole = engine.search(SearchRequest(query=Word("coffee"), sort=sort, size=100))

    first = engine.search(SearchRequest(query=Word("coffee"), sort=sort, size=size))
    pages = [
        engine.search(SearchRequest(query=Word("coffee"), sort=sort, page=page, size=size))
        for page in range(1, first.pages + 1)
    ]

    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert all((page.total, page.facets) == (whole.total, whole.facets) for page in pages)


def test_a_page_beyond_the_end_is_empty_and_says_so(engine_over: EngineOver) -> None:
    result = engine_over(MANY).search(SearchRequest(page=3, size=5))

    assert (result.total, result.hits, result.pages, result.is_beyond_end) == (7, (), 2, True)


def test_a_page_of_size_zero_contains_only_counts(engine_over: EngineOver) -> None:
    result = engine_over(MANY).search(SearchRequest(query=Word("coffee"), size=0))

    assert (result.total, result.hits) == (7, ())
    assert result.facets["city"] == (FacetCount("aarhus", 7, selected=False),)


# Facets

FACETED = {
    "a": case_markdown(city="aarhus", challenges=["fragile-trust"], arrangements=["intelligence-link"]),
    "b": case_markdown(city="vienna", challenges=["fragile-trust", "no-real-say"], audiences=["youth", "families"]),
    "c": case_markdown(city="vienna", challenges=["no-real-say"], evidence="self-reported"),
    "d": case_markdown(city="copenhagen", challenges=["no-real-say"], status="ended", ended=2019),
}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({}, ["a", "b", "c", "d"], id="no filter"),
        pytest.param({"city": ()}, ["a", "b", "c", "d"], id="a filter without values"),
        pytest.param({"city": ("vienna",)}, ["b", "c"], id="one value"),
        pytest.param({"city": ("vienna", "aarhus")}, ["a", "b", "c"], id="any value of a facet"),
        pytest.param({"city": ("vienna", "vienna")}, ["b", "c"], id="a value twice"),
        pytest.param({"city": ("vienna",), "challenge": ("fragile-trust",)}, ["b"], id="all facets"),
        pytest.param({"country": ("denmark",)}, ["a", "d"], id="country"),
        pytest.param({"arrangement": ("intelligence-link",)}, ["a"], id="arrangement"),
        pytest.param({"audience": ("families",)}, ["b"], id="audience"),
        pytest.param({"evidence": ("self-reported",)}, ["c"], id="evidence"),
        pytest.param({"status": ("ended",)}, ["d"], id="status"),
        pytest.param({"city": ("atlantis",)}, [], id="a value nobody has"),
        pytest.param({"city": ("atlantis", "aarhus")}, ["a"], id="a value nobody has and one somebody has"),
        pytest.param({"city": ("Vienna",)}, [], id="values are ids, not labels"),
    ],
)
def test_filters_narrow_the_result(
    engine_over: EngineOver, filters: Mapping[str, tuple[str, ...]], expected: list[str]
) -> None:
    result = engine_over(FACETED).search(SearchRequest(filters=filters))

    assert slugs(result) == expected
    assert result.total == len(expected)


def counts(result: SearchResult, facet: str) -> list[tuple[str, int, bool]]:
    return [(count.value, count.cases, count.selected) for count in result.facets[facet]]


def test_facet_values_are_ordered_by_number_of_cases_then_by_id(engine_over: EngineOver) -> None:
    result = engine_over(FACETED).search(SearchRequest())

    assert list(result.facets) == list(FACETS_BY_NAME)
    assert counts(result, "city") == [("vienna", 2, False), ("aarhus", 1, False), ("copenhagen", 1, False)]
    assert counts(result, "challenge") == [("no-real-say", 3, False), ("fragile-trust", 2, False)]


def test_facet_counts_ignore_their_own_filter_and_respect_the_others(engine_over: EngineOver) -> None:
    result = engine_over(FACETED).search(SearchRequest(filters={"city": ("vienna",), "challenge": ("no-real-say",)}))

    assert counts(result, "city") == [("vienna", 2, True), ("copenhagen", 1, False)]
    assert counts(result, "challenge") == [("no-real-say", 2, True), ("fragile-trust", 1, False)]
    assert counts(result, "status") == [("ongoing", 2, False)]


def test_a_chosen_value_stays_in_its_facet_at_zero(engine_over: EngineOver) -> None:
    result = engine_over(FACETED).search(
        SearchRequest(filters={"city": ("copenhagen", "atlantis"), "challenge": ("fragile-trust",)})
    )

    assert result.total == 0
    assert counts(result, "city") == [
        ("aarhus", 1, False),
        ("vienna", 1, False),
        ("atlantis", 0, True),
        ("copenhagen", 0, True),
    ]


def test_facets_are_counted_over_the_cases_that_match_the_words(engine_over: EngineOver) -> None:
    result = engine_over(FACETED).search(SearchRequest(query=Word("vienna")))

    assert counts(result, "city") == [("vienna", 2, False)]


# Snippets


def test_a_hit_shows_the_passage_that_matched(engine_over: EngineOver) -> None:
    [hit] = engine_over(LIBRARY).search(SearchRequest(query=Word("radicalisation"))).hits

    assert hit.snippet is not None
    assert (hit.snippet.section, hit.snippet.heading) == ("context", "Context")
    assert hit.snippet.text == "Radicalization was discussed at the info-house."
    assert hit.snippet.ranges == ((0, 14),)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(Word("worries"), id="the word is in the title only"),
        pytest.param(Word("info", "partner"), id="the word was asked for in another part"),
        pytest.param(Years(2016, 2016), id="no word was asked for"),
        pytest.param(Not(Word("zeppelin")), id="only what is not there was asked for"),
    ],
)
def test_a_hit_without_a_passage_has_no_snippet(engine_over: EngineOver, query: Query) -> None:
    result = engine_over(LIBRARY).search(SearchRequest(query=query))

    assert result.total > 0
    assert [hit.snippet for hit in result.hits] == [None] * result.total


# Odd content


@pytest.mark.parametrize(
    ("title", "query"),
    [
        pytest.param("x" * 70_000, "xxx*", id="a very long word"),
        pytest.param("Köbenhavn København", "kobenhavn", id="accents"),
        pytest.param("A\u030arhus", "title:århus", id="an accent as a character of its own"),
        pytest.param("Ａａｒｈｕｓ", "aarhus title:aarhus", id="full-width letters"),
        pytest.param("عن المدينة", "المدينة", id="right to left"),
        pytest.param("北京", "北京", id="no spaces between words"),
        pytest.param("𝐏𝐨𝐥𝐢𝐜𝐞", "police title:police", id="styled letters"),
    ],
)
def test_odd_content_is_found(engine_over: EngineOver, title: str, query: str) -> None:
    engine = engine_over({"odd": case_markdown(title=title), "plain": case_markdown(title="Plain")})

    assert find(engine, make_request(query).query) == ["odd"]


def test_a_case_without_a_single_word_is_still_a_case(engine_over: EngineOver) -> None:
    engine = engine_over({"wordless": case_markdown(title="🙂", summary="…")})

    assert find(engine, MatchAll()) == ["wordless"]
    assert find(engine, Word("coffee", "title")) == []


# Time


@pytest.mark.parametrize(
    "query", [Word("coffee"), Wildcard("cof*"), Or((Word("coffee"), Not(Word("tea")))), MatchAll()]
)
def test_a_search_whose_deadline_is_over_is_given_up(engine_over: EngineOver, query: Query) -> None:
    engine = engine_over({"one": one_sentence("Coffee and tea.")}).engine
    with within(Deadline(0)):
        for ask in (engine.search, engine.total):
            with pytest.raises(OutOfTime):
                ask(SearchRequest(query=query))

    assert engine.total(SearchRequest(query=Word("coffee"))) == 1


def test_questions_about_words_are_given_up_as_well(engine_over: EngineOver) -> None:
    engine = engine_over({"one": one_sentence("Coffee and tea.")}).engine
    with within(Deadline(0)):
        for ask in (
            lambda: engine.contains("coffee"),
            lambda: engine.nearest("cofee", 1),
            lambda: engine.words_matching("c*"),
        ):
            with pytest.raises(OutOfTime):
                ask()
