"""A case as an engine sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kb.model.case import Challenge, LastReported, Partner, Reason, Status
from kb.search.document import SearchDocument, make_document
from kb.search.fields import FACETS, FACETS_BY_NAME, QUERY_FIELDS, TEXT_FIELDS
from tests.builders import case_markdown, make_case, vocabularies

MODIFIED = "2026-07-01T08:00:00Z"


def document(**named: Any) -> SearchDocument:
    return make_document(make_case(text=case_markdown(**named)), vocabularies(), MODIFIED)


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        ("title", ("A door for concerns",)),
        ("city", ("Aarhus", "Århus")),
        ("country", ("Denmark", "Danmark", "Danish", "Danes", "Polish")),
        ("summary", ("Police and town hall share one door.",)),
        ("labels", ("Informing and intervening", "Fragile trust", "Young people")),
        (
            "reasons",
            (
                "informingandintervening Why it is informing-and-intervening.",
                "fragiletrust How fragile-trust showed.",
                "Nobody has looked.",
            ),
        ),
        ("handling", ("Coffee helped.", "Mornings were hard.")),
        ("partner", ("City Police", "University")),
        (
            "body",
            (
                "It began in a quiet quarter.",
                "They meet on Mondays.",
                "Police and town hall.",
                "Nothing was measured.",
                "It may help to begin with coffee.",
            ),
        ),
    ],
)
def test_a_case_is_searched_by(field: str, texts: tuple[str, ...]) -> None:
    assert document().texts[field] == texts


def test_every_paragraph_and_list_item_is_a_separate_text() -> None:
    body = {"Context": "First [@s1].\n\nSecond [@s1].", "What helped": "- Third [@s1].\n- Fourth [@s1]."}

    texts = document(body=body).texts

    assert {"First.", "Second."} <= set(texts["body"])
    assert {"Third.", "Fourth."} <= set(texts["handling"])


def test_a_case_of_several_cities_is_found_by_each_and_its_countries_once() -> None:
    case = replace(make_case(), cities=("vienna", "aarhus", "copenhagen"))

    made = make_document(case, vocabularies(), MODIFIED)

    assert made.texts["city"] == ("Vienna", "Wien", "Aarhus", "Århus", "Copenhagen", "København")
    assert made.texts["country"] == (
        "Austria",
        "Österreich",
        "Austrian",
        "Denmark",
        "Danmark",
        "Danish",
        "Danes",
        "Polish",
    )
    assert made.facets["city"] == ("vienna", "aarhus", "copenhagen")
    assert made.facets["country"] == ("austria", "denmark")
    assert made.city_key == "vienna"


def test_an_experienced_arrangement_is_searched_and_counted_apart_from_the_announced_one() -> None:
    case = replace(make_case(), experienced_as=(Reason("intelligence-link", "It went straight to police."),))

    made = make_document(case, vocabularies(), MODIFIED)

    assert "Intelligence link" in made.texts["labels"]
    assert "intelligencelink It went straight to police." in made.texts["reasons"]
    assert made.facets["arrangement"] == ("informing-and-intervening",)
    assert made.facets["experienced_as"] == ("intelligence-link",)


@pytest.mark.parametrize(
    ("facet", "values"),
    [
        ("arrangement", ("informing-and-intervening",)),
        ("challenge", ("fragile-trust",)),
        ("city", ("aarhus",)),
        ("country", ("denmark",)),
        ("audience", ("youth",)),
        ("evidence", ("described",)),
        ("status", ("ongoing",)),
        ("handled", ()),
        ("continent", ("europe",)),
        ("sector", ("police", "research")),
        ("extremism", ()),
        ("decade", ("2010s",)),
        ("experienced_as", ()),
    ],
)
def test_a_case_is_counted_by(facet: str, values: tuple[str, ...]) -> None:
    assert document().facets[facet] == values


def test_handling_a_challenge_is_searched_and_counted_apart_from_how_it_showed() -> None:
    challenges = (
        Challenge("fragile-trust", "In silence.", "They came back."),
        Challenge("no-real-say", "Nobody asked.", None),
    )
    made = make_document(replace(make_case(), challenges=challenges), vocabularies(), MODIFIED)

    assert "fragiletrust In silence." in made.texts["reasons"]
    assert "fragiletrust fragiletrusthandled They came back." in made.texts["reasons"]
    assert made.facets["challenge"] == ("fragile-trust", "no-real-say")
    assert made.facets["handled"] == ("fragile-trust",)


def test_kinds_of_extremism_and_what_it_takes_are_searched() -> None:
    case = replace(make_case(), extremism=("far-right",), resources="Four posts.")

    made = make_document(case, vocabularies(), MODIFIED)

    assert "Far right" in made.texts["labels"]
    assert made.texts["resources"] == ("Four posts.",)
    assert made.facets["extremism"] == ("far-right",)


def test_sectors_are_counted_once_and_unknown_ones_are_left_out() -> None:
    table = (Partner("A", "police"), Partner("B", None), Partner("C", "police"))
    case = replace(make_case(), lead=table, partners=())

    assert make_document(case, vocabularies(), MODIFIED).facets["sector"] == ("police",)


def test_sort_keys_ignore_case_and_accents() -> None:
    made = document(title="Élan in Ølby", city="liege")

    assert (made.title_key, made.city_key) == ("elan in olby", "liege")


def test_years_are_those_of_the_practice() -> None:
    assert (document(started=2007).started, document(started=2007).ended) == (2007, None)
    assert document(started=2007, ended=2009, status="ended").ended == 2009


def test_what_is_ongoing_is_known_to_have_run_until_it_was_last_reported() -> None:
    case = replace(make_case(), last_reported=LastReported(2017, "s1"))

    assert make_document(case, vocabularies(), MODIFIED).ended == 2017
    assert make_document(replace(case, last_reported=None), vocabularies(), MODIFIED).ended is None
    assert make_document(replace(case, status=Status.ENDED, ended=2018), vocabularies(), MODIFIED).ended == 2018


def test_if_the_end_is_unknown_the_newest_source_counts_as_the_last_known_year() -> None:
    assert document(started=2007, status="unknown").ended == 2020
    assert document(started=2024, status="unknown").ended == 2024


def test_terms_removed_from_the_vocabulary_do_no_harm() -> None:
    case = replace(make_case(), cities=("atlantis",), audiences=("merfolk",))

    made = make_document(case, vocabularies(), MODIFIED)

    assert made.texts["city"] == made.texts["country"] == ()
    assert made.facets["city"] == ("atlantis",)
    assert made.facets["country"] == ()
    assert "merfolk" in made.texts["labels"]


def test_every_declared_field_and_facet_exists() -> None:
    made = document()

    assert list(made.texts) == [field.name for field in TEXT_FIELDS]
    assert list(made.facets) == list(FACETS_BY_NAME)


def test_weights_and_norms_are_valid() -> None:
    assert all(field.weight > 0 for field in TEXT_FIELDS)
    assert all(0.0 <= field.length_norm <= 1.0 for field in TEXT_FIELDS)
    assert set(QUERY_FIELDS) < {field.name for field in TEXT_FIELDS}


def test_the_vocabulary_of_every_facet_knows_its_values() -> None:
    made = document()

    for facet in FACETS:
        assert all(value in facet.vocabulary(vocabularies()) for value in made.facets[facet.name])
