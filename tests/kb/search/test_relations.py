"""What holds between searches, whatever is typed: alternatives never find less, conditions never more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import MAX_SIZE, Generation, in_words, make_request
from tests.properties import on_one_fixture

WORDS = (
    "youth police prison mosque trust wives exaggerated turn mill employed vigilance funding zebra jail mum hotline"
    " streetwork cve families returnees schools evaluation shcool the"
).split()
PLACES = ["Europe", "Asia", "Denmark", "London", "Aarhus", "Scandinavia", "Danish", "Hungary", "the UK", "Germany"]
TIMES = ["since 2015", "2010", "1990s", "before 2012"]

PLAIN = st.lists(st.sampled_from(WORDS + PLACES + TIMES), min_size=1, max_size=4).map(" ".join)
"""What people type without any operator."""
EXPLICIT = st.one_of(
    st.sampled_from(WORDS).map("-{}".format),
    st.sampled_from(PLACES).map('-"{}"'.format),
    st.sampled_from(["-Europe", "-Denmark", "-(youth prison)", "-city:aarhus", "NOT prison", "-since 2015"]),
    st.sampled_from(WORDS).map('"{}"'.format),
    st.sampled_from(["city:aarhus", "year:2015", "title:prevention", "country:denmark", '"both"', "radicali*"]),
)
"""What must be, or must not be."""
OPERAND = st.one_of(PLAIN, st.tuples(PLAIN, EXPLICIT).map(" ".join), EXPLICIT)


def slugs(collection: Generation, typed: str) -> set[str]:
    """The first list of a search, as a whole."""
    result = collection.search(make_request(typed, size=MAX_SIZE))
    assert len(result.hits) == result.total
    return {hit.slug for hit in result.hits}


@on_one_fixture
@given(OPERAND, OPERAND)
def test_alternatives_find_what_each_finds_alone(collection: Generation, one: str, other: str) -> None:
    assert slugs(collection, f"({one}) OR ({other})") >= slugs(collection, one) | slugs(collection, other)


@on_one_fixture
@given(PLAIN, EXPLICIT)
def test_what_is_asked_for_in_addition_never_finds_more(collection: Generation, plain: str, explicit: str) -> None:
    assert slugs(collection, f"{plain} {explicit}") <= slugs(collection, plain)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("Unity Week -Christchurch", "Unity Week"),
        ("say eta -formal", "say eta"),
        ('therapy trust "results"', "therapy trust"),
        ("London -violence", "London"),
        ("Europe", "Asia OR Europe"),
        ("youth", "youth OR since 2015"),
        ("cases in Denmark", "Denmark OR Norway"),
    ],
)
def test_one_search_finds_no_more_than_the_other(collection: Generation, narrow: str, wide: str) -> None:
    assert slugs(collection, narrow) <= slugs(collection, wide)


@pytest.mark.parametrize("typed", ["not in Denmark", "-Denmark", "outside Denmark", "except Denmark"])
def test_a_place_is_left_out_in_signs_and_in_words(collection: Generation, typed: str) -> None:
    danish = slugs(collection, "country:denmark")

    assert slugs(collection, f"youth {typed}") == slugs(collection, "youth") - danish


def test_all_but_a_place(collection: Generation) -> None:
    everything = slugs(collection, "")

    assert slugs(collection, "cases not in Denmark") == everything - slugs(collection, "country:denmark")


@pytest.mark.parametrize("typed", ["police in Hungary", "theatre in Kenya", "mosque in Amsterdam"])
def test_a_notice_of_a_place_is_true_of_what_is_listed(collection: Generation, typed: str) -> None:
    result = collection.search(make_request(typed, size=MAX_SIZE))
    codes = [notice.code for notice in result.notices]

    assert "understood" not in codes or not {"relaxed"} & set(codes), list(map(in_words, result.notices))


@pytest.mark.parametrize(
    "typed", ["Balkans", "Latin America", "mosque in Amsterdam", "police in Denmark since 2015", "Kenya"]
)
def test_what_undoes_a_notice_finds_something(collection: Generation, typed: str) -> None:
    for notice in collection.search(make_request(typed)).notices:
        assert notice.instead is None or slugs(collection, notice.instead)


def test_a_word_that_no_case_contains_is_named(collection: Generation) -> None:
    result = collection.search(make_request("youth workers in Marseille"))

    assert "No results for “Marseille”." in map(in_words, result.notices)
    assert result.total == collection.search(make_request("youth workers")).total
