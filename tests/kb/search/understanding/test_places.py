"""Places and times in plain words are understood as such; whoever means the word can have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import Generation
from kb.search.query.parser import parse_query
from kb.search.query.tree import And, Having, Query, Word, Years
from kb.search.result import SearchResult
from kb.search.searching import make_request, search
from kb.search.understanding.language import Language
from kb.search.understanding.places import find_places, found_notice
from kb.search.words.line import Line
from kb.search.words.synonyms import Synonyms
from tests.builders import case_markdown, vocabularies
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine

LANGUAGE = Language.of(vocabularies())
THIS_YEAR = datetime.now(UTC).year


def understood(typed: str) -> tuple[list[str], list[Query]]:
    """The words that are left of what was typed, and the places and times found in it."""
    query = parse_query(typed).query
    clauses = query.clauses if isinstance(query, And) else (query,)
    rest, found = find_places(clauses, Line.of(typed), LANGUAGE.places, LANGUAGE.synonyms)
    return [str(clause) for clause in rest], [place.query for place in found]


AARHUS = Having("city", ("aarhus",))
DENMARK = Having("country", ("denmark",))
AUSTRIA = Having("country", ("austria",))
EUROPE = Having("continent", ("europe",))
NORTH = Having("country", ("belgium", "denmark"))


@pytest.mark.parametrize(
    ("typed", "rest", "found"),
    [
        ("Aarhus police", ["police"], [AARHUS]),
        ("police in århus", ["police"], [AARHUS]),
        ("police ÅRHUS trust", ["police", "trust"], [AARHUS]),
        ("mentors in Danmark", ["mentors"], [DENMARK]),
        ("Denmark’s mentors", ["mentors"], [DENMARK]),
        ("mentors Europe", ["mentors"], [EUROPE]),
        ("mentors in the Low Countries", ["mentors"], [NORTH]),
        ("the north of Europe, mentors", ["mentors"], [NORTH]),
        ("Aarhus Denmark", [], [AARHUS, DENMARK]),
        ("cases in Denmark", [], [DENMARK]),
        ("What are examples of projects from Denmark?", [], [DENMARK]),
        ("case management Denmark", ["case", "management"], [DENMARK]),
        ('police "Denmark"', ["police", '"denmark"'], []),
        ("police country:denmark", ["police", "country:denmark"], []),
        ("police -denmark", ["police", "-denmark"], []),
        ("police low", ["police", "low"], []),
        ("cases", ["cases"], []),
    ],
)
def test_places_are_found_by_any_of_their_names(typed: str, rest: list[str], found: list[Query]) -> None:
    assert understood(typed) == (rest, found)


@pytest.mark.parametrize(
    ("typed", "rest", "found"),
    [
        ("Danish prisons", ["prisons"], [DENMARK]),
        ("danish prisons", ["prisons"], [DENMARK]),
        ("mentors for Danes", ["mentors"], [DENMARK]),
        ("Danish", [], [DENMARK]),
        ("cases of Danish practice", [], [DENMARK]),
        ("European mentors", ["mentors"], [EUROPE]),
        ("what Europeans do", [], [EUROPE]),
        ("low-country mentors", ["mentors"], [NORTH]),
        ("Danish and Austrian mentors", ["mentors"], [DENMARK, AUSTRIA]),
        # Beside a place it is people who are meant, or nothing new.
        ("Austrian youth in Aarhus", ["austrian", "youth"], [AARHUS]),
        ("Danish police in Aarhus", ["danish", "police"], [AARHUS]),
        ("Danish police since 2015", ["police"], [DENMARK, Years(2015, 9999)]),
        # What is said of people here is where they are from.
        ("Danish immigrants", ["danish", "immigrants"], []),
        ("youth of Austrian origin", ["youth", "austrian", "origin"], []),
        ("a Danish-speaking mentor", ["danish", "speaking", "mentor"], []),
        ("Denmark immigrants", ["immigrants"], [DENMARK]),
        # A word of everyday language is one unless it has a capital.
        ("polish the plan", ["polish", "plan"], []),
        ("Polish plan", ["plan"], [DENMARK]),
        ('"Danish" prisons', ['"danish"', "prisons"], []),
        ("prisons -danish", ["prisons", "-danish"], []),
    ],
)
def test_adjectives_and_peoples_are_places(typed: str, rest: list[str], found: list[Query]) -> None:
    assert understood(typed) == (rest, found)


def test_every_country_of_the_collection_has_an_adjective(collection: Generation) -> None:
    places, names = collection.language.places, collection.language.synonyms
    for country in collection.vocabularies.countries:
        assert country.adjectives, country.label
        for adjective in country.adjectives:
            query = parse_query(adjective).query
            clauses = query.clauses if isinstance(query, And) else (query,)
            _, found = find_places(clauses, Line.of(adjective), places, names)
            assert [place.query for place in found] == [Having("country", (country.id,))], adjective


@pytest.mark.parametrize(
    "typed",
    ["European Commission", "European funds", "Danish Security and Intelligence Service", "Danish model", "Danish SSP"],
)
def test_what_a_body_is_called_is_no_place(collection: Generation, typed: str) -> None:
    codes = [notice.code for notice in collection.search(make_request(typed)).notices]

    assert ("understood" in codes) == (typed == "Danish SSP")


@pytest.mark.parametrize(
    ("typed", "rest", "found"),
    [
        ("schools 2015", ["schools"], [Years(2015, 2015)]),
        ("schools in the year 2015", ["schools"], [Years(2015, 2015)]),
        ("schools since 2015", ["schools"], [Years(2015, 9999)]),
        ("schools after 2015", ["schools"], [Years(2016, 9999)]),
        ("schools before 2015", ["schools"], [Years(0, 2014)]),
        ("schools until 2015", ["schools"], [Years(0, 2015)]),
        ("schools 2015-2019", ["schools"], [Years(2015, 2019)]),
        ("schools 2015–2019", ["schools"], [Years(2015, 2019)]),
        ("between 2015 and 2019 schools", ["schools"], [Years(2015, 2019)]),
        ("from 2015 to 2019", [], [Years(2015, 2019)]),
        ("2019 2015", [], [Years(2019, 2019), Years(2015, 2015)]),
        ("the 1990s", [], [Years(1990, 1999)]),
        ("schools in the nineties", ["schools"], [Years(1990, 1999)]),
        ("schools in the early nineties", ["schools"], [Years(1990, 1994)]),
        ("schools in the mid-1990s", ["schools"], [Years(1993, 1997)]),
        ("late 2000s", [], [Years(2005, 2009)]),
        ("early intervention 2010s", ["early", "intervention"], [Years(2010, 2019)]),
        ("schools 90s", ["schools"], [Years(1990, 1999)]),
        (f"schools {THIS_YEAR}", ["schools"], [Years(THIS_YEAR, THIS_YEAR)]),
        (f"schools {THIS_YEAR + 1}", ["schools", str(THIS_YEAR + 1)], []),
        ("schools 1066", ["schools", "1066"], []),
        ("schools 20155", ["schools", "20155"], []),
        ("resolution 2250", ["resolution", "2250"], []),
        ("since then", ["since"], []),
        ("before and after school", ["before", "after", "school"], []),
    ],
)
def test_times_are_found_in_plain_words(typed: str, rest: list[str], found: list[Query]) -> None:
    assert understood(typed) == (rest, found)


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("police in Århus, now", ['police in "Århus", now']),
        ("mentors in the Low Countries", ['mentors in the "Low Countries"']),
        ("the north of Europe", ['the "north of Europe"']),
        ("Denmark 2010", ['"Denmark" 2010', 'Denmark "2010"']),
        ("from 2015 to 2019", ['from "2015" to "2019"']),
        ("in the nineties", ['in the "nineties"']),
    ],
)
def test_a_notice_offers_the_search_for_the_words(typed: str, instead: list[str]) -> None:
    query = parse_query(typed).query
    _, found = find_places(
        query.clauses if isinstance(query, And) else (query,), Line.of(typed), LANGUAGE.places, LANGUAGE.synonyms
    )

    assert [found_notice(place, Line.of(typed)).instead for place in found] == instead
    for again in instead:
        assert len(understood(again)[1]) < len(found) or "2015" in again


@given(st.text(max_size=40))
def test_any_text_is_understood_somehow(typed: str) -> None:
    rest, found = understood(typed)

    assert rest or found


CASES = Cases(
    {
        "here": case_markdown(summary="Mentors meet.", city="aarhus", started=2008),
        "mentions": case_markdown(
            summary="Mentors learned from Aarhus, Denmark, in 2009.", city="vienna", started=2015
        ),
        "elsewhere": case_markdown(summary="Mentors meet.", city="vienna", started=2015),
    }
)
ENGINE = ScanEngine(CASES.documents(), CASES)


def answer(typed: str) -> SearchResult:
    return search(ENGINE, CASES, make_request(typed), LANGUAGE)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("Aarhus", ["here"], ["mentions"]),
        ("mentors in Denmark", ["here"], ["mentions", "elsewhere"]),
        ("2009", ["here"], ["mentions"]),
        ('"Aarhus"', ["here", "mentions"], []),
        ("Belgium", [], []),
        ("Danish", ["here"], []),
        ("Danish mentors in Aarhus", ["here"], ["mentions", "elsewhere"]),
        # Of two cities, or two countries, either is meant.
        ("mentors in Denmark and Austria", ["mentions", "elsewhere", "here"], []),
        ("Aarhus Vienna", ["mentions", "elsewhere", "here"], []),
        ("Aarhus Denmark", ["here"], ["mentions"]),
    ],
)
def test_cases_that_only_mention_a_place_come_second(typed: str, first: list[str], second: list[str]) -> None:
    result = answer(typed)

    assert [hit.slug for hit in result.hits] == first
    assert [hit.slug for hit in result.partial_hits] == second


def test_a_place_stays_when_no_case_there_contains_all_words() -> None:
    result = answer("mentors with falcons in Denmark")

    assert [hit.slug for hit in result.hits] == ["here"]


def test_places_have_their_names_in_notices() -> None:
    assert [(notice.code, notice.instead) for notice in answer("Aarhus mentors").notices] == [
        ("understood", '"Aarhus" mentors')
    ]


def test_the_name_of_something_else_is_no_place() -> None:
    assert understood("safety house")[1] == []
    assert understood(str(Word("house")))[1] == []


def test_a_longer_name_that_begins_with_a_place_is_no_place() -> None:
    named = replace(vocabularies(), synonyms=(("Aarhus model", "info-house"),))
    clauses = (Word("aarhus"), Word("model"), Word("vienna"))

    rest, found = find_places(clauses, Line.of("Aarhus model Vienna"), LANGUAGE.places, Synonyms.of(named))

    assert rest == (Word("aarhus"), Word("model"))
    assert [place.query for place in found] == [Having("city", ("vienna",))]
