"""Terms are named by id, label or alias, however these are spelled; what is in doubt names nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model.vocabulary import Term, Vocabulary
from kb.search.naming import plain_name, read_terms, term_named
from tests.builders import vocabularies

CITIES = vocabularies().cities


def vocabulary_of(**names: tuple[str, ...]) -> Vocabulary[Term]:
    """A vocabulary of ids with a label and aliases."""
    return Vocabulary("things", tuple(Term(term_id, called[0], "", called[1:]) for term_id, called in names.items()))


@pytest.mark.parametrize(
    "text",
    [
        "aarhus", "Aarhus", "AARHUS", " aarhus ", "aarhus.", "“Aarhus”", "(aarhus)", "aarhus)", "århus", "Århus",
        "A\u030arhus", "arhus", "ＡＡＲＨＵＳ", "aar\u00adhus", "\u200baarhus\u200b", "*aarhus*", "aarhus\n",
    ],
)  # fmt: skip
def test_a_name_is_understood_however_it_is_spelled(text: str) -> None:
    term = term_named(CITIES, text)

    assert term is not None
    assert term.id == "aarhus"


@pytest.mark.parametrize(
    "text", ["", " ", "…", "aarhuss", "-aarhus", "–aarhus", " −aarhus", "!aarhus", "not aarhus", "a", "防止"]
)
def test_what_is_in_doubt_names_nothing(text: str) -> None:
    assert term_named(CITIES, text) is None


def test_a_name_that_two_share_names_neither_but_an_id_names_its_own() -> None:
    shared = vocabulary_of(derry=("Derry", "The Maiden City"), vienna=("Vienna", "the maiden city", "Derry"))

    assert term_named(shared, "the-maiden-city") is None
    assert term_named(shared, "DERRY") == shared["derry"]
    assert read_terms(shared, ["The maiden city"]).unknown == ("The maiden city",)


def test_several_names_between_commas_are_several_terms_unless_one_is_in_doubt() -> None:
    assert read_terms(CITIES, ["Wien, AARHUS,", "aarhus"]).ids == ("vienna", "aarhus")
    assert read_terms(CITIES, ["vienna;luik|copenhagen"]).ids == ("vienna", "liege", "copenhagen")
    for doubtful in ("vienna, atlantis", "vienna,-aarhus", ",", ";|"):
        named = read_terms(CITIES, [doubtful])
        assert (named.ids, named.unknown) == ((), (doubtful,))


def test_a_name_with_a_comma_is_one_name() -> None:
    places = vocabulary_of(salto=("Salto, Uruguay",), uruguay=("Uruguay",))

    assert read_terms(places, ["salto, uruguay"]).ids == ("salto",)


def test_empty_values_name_nothing_and_each_term_comes_once() -> None:
    named = read_terms(CITIES, ["", " ", "Wien", "vienna", "x", "x"])

    assert (named.ids, named.unknown) == (("vienna",), ("x",))


@given(st.sampled_from([name for city in CITIES for name in (city.id, city.label, *city.aliases)]), st.data())
def test_case_and_signs_around_never_change_what_is_named(name: str, data: st.DataObject) -> None:
    signs = st.text(alphabet=" .,;:!?)]}>\"'”’»*…\u200b\u00ad", max_size=4)
    spelled = "".join(data.draw(st.sampled_from([letter.upper(), letter.lower()])) for letter in name)

    assert read_terms(CITIES, [spelled + data.draw(signs)]) == read_terms(CITIES, [name])


@given(st.text())
def test_any_text_has_a_plain_name_that_is_its_own(text: str) -> None:
    assert plain_name(plain_name(text)) == plain_name(text)


@given(st.lists(st.text()))
def test_any_values_are_named_or_unknown_or_empty(values: list[str]) -> None:
    named = read_terms(CITIES, values)

    assert all(term_id in CITIES for term_id in named.ids)
    assert set(named.unknown) <= {value for value in values if value.strip()}
