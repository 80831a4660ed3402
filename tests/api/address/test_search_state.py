"""The search in an address: read, changed, written back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.address.search_state import SearchParams, read_params
from kb import MAX_CHARACTERS, Sort, in_words
from tests.builders import vocabularies

VOCABULARIES = vocabularies()
FACET_NAMES = st.sampled_from(["city", "country", "status"])


def test_a_search_survives_a_round_trip_through_an_address() -> None:
    params = SearchParams(
        "youth “trust”", {"city": ("vienna", "aarhus"), "challenge": ("fragile-trust",)}, Sort.NEWEST, 3, 50
    )
    given_names: dict[str, list[str]] = {}
    for name, value in params.pairs():
        given_names.setdefault(name, []).append(value)

    assert replace(read_params(given_names, VOCABULARIES), page=3, size=50) == params


@given(st.text(max_size=200))
def test_any_text_survives_a_round_trip_through_an_address(text: str) -> None:
    assert read_params({"q": [text]}, VOCABULARIES).text == text.strip()


def test_defaults_are_left_out_of_the_address() -> None:
    assert SearchParams().href() == "/cases"
    assert SearchParams("trust").with_page(1).href() == "/cases?q=trust"


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    params = SearchParams("trust", page=4)

    assert params.with_filter("city", "vienna").page == 1
    assert params.with_filter("city", "vienna").without_filter("city", "vienna").page == 1


def test_a_second_value_of_a_facet_is_added_to_the_first() -> None:
    params = SearchParams().with_filter("city", "vienna").with_filter("city", "aarhus")

    assert params.href() == "/cases?city=vienna&city=aarhus"
    assert params.without_filter("city", "vienna").href() == "/cases?city=aarhus"


@pytest.mark.parametrize(
    ("name", "value", "code", "text"),
    [
        (
            "city",
            "aarhuss",
            "unknown-value",
            "There is no city “aarhuss”, so it was ignored. Did you mean “Aarhus”?",
        ),
        ("city", "xyzzy", "unknown-value", "There is no city “xyzzy”, so it was ignored."),
        (
            "sort",
            "best",
            "unknown-sort",
            "There is no sort order “best”. Choose one of: relevance, newest, started, changed, title, city.",
        ),
        (
            "arangement",
            "x",
            "unknown-parameter",
            "The parameter “arangement” is not known here. Did you mean “arrangement”?",
        ),
    ],
)
def test_what_cannot_be_used_is_left_out_with_a_notice(name: str, value: str, code: str, text: str) -> None:
    params = read_params({name: [value]}, VOCABULARIES)

    assert [(notice.code, in_words(notice)) for notice in params.notices] == [(code, text)]
    assert params.href() == "/cases"


def test_empty_parameters_of_a_form_mean_nothing() -> None:
    params = read_params({"q": [""], "city": [""], "sort": [""]}, VOCABULARIES)

    assert params == SearchParams()


@given(
    st.dictionaries(FACET_NAMES, st.lists(st.text(min_size=1, max_size=5)).map(tuple)),
    FACET_NAMES,
    st.text(min_size=1, max_size=5),
    st.text(max_size=10),
)
def test_the_addresses_of_all_values_are_the_same_as_one_by_one(
    filters: dict[str, tuple[str, ...]], facet: str, value: str, text: str
) -> None:
    params = SearchParams(text, {name: values for name, values in filters.items() if values}, Sort.TITLE, page=2)
    change = params.without_filter if value in params.selected(facet) else params.with_filter

    assert params.toggling(facet, "/path")(value) == change(facet, value).href("/path")


def test_a_very_long_address_is_read_in_part(client: TestClient) -> None:
    many = [("city", f"nowhere-{number}") for number in range(240)] + [(f"x{number}", "1") for number in range(240)]
    answer = client.get("/api/v1/search", params=[("q", "trust " * 1000), *many]).json()

    assert len(answer["query"]) <= MAX_CHARACTERS + 1
    assert len(answer["notices"]) <= 16
    assert {"too-long", "unknown-value", "unknown-parameter"} <= {notice["code"] for notice in answer["notices"]}
