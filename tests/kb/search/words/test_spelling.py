"""Slips of the pen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kb.notices import in_words
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from kb.search.words.line import Line
from kb.search.words.spelling import SpellingIndex, nearest_word, respelled
from tests.builders import case_markdown, vocabularies
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

LEXICON = {"radicalisation": 40, "school": 30, "schools": 20, "vilvoorde": 2, "malmo": 3, "house": 9, "mouse": 1}

known = SpellingIndex.of(LEXICON).nearest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("radicalistaion", "radicalisation", id="two letters swapped"),
        pytest.param("vilvorde", "vilvoorde", id="a letter missing"),
        pytest.param("schhool", "school", id="a letter too many"),
        pytest.param("shcool", "school", id="a swap is one slip"),
        pytest.param("rouse", "house", id="of two as near the more frequent"),
        pytest.param("skool", None, id="two slips in a short word are too many"),
        pytest.param("abc", None, id="short words are near to everything"),
        pytest.param("2015", None, id="numbers are not misspelt"),
        pytest.param("zeppelin", None, id="nothing near"),
    ],
)
def test_the_nearest_word(typed: str, meant: str | None) -> None:
    assert nearest_word(typed, known) == meant


@given(st.dictionaries(st.text("abc", max_size=6), st.integers(1, 9)), st.text("abc", max_size=6), st.integers(1, 3))
def test_the_nearest_words_of_a_lexicon_are_all_within_so_many_edits(
    lexicon: dict[str, int], word: str, slips: int
) -> None:
    near = {other: cases for other, cases in lexicon.items() if 0 < OSA.distance(word, other) <= slips}

    assert SpellingIndex.of(lexicon).nearest(word, slips) == near


def test_everything_but_the_doubtful_word_stays_as_typed() -> None:
    assert (
        respelled(Line.of('"Info House"  vilvorde -prison'), {"vilvorde"}, known, {})
        == '"Info House"  vilvoorde -prison'
    )


def test_names_are_written_as_they_are() -> None:
    assert respelled(Line.of("police in malmp"), {"malmp"}, known, {"malmo": "Malmö"}) == "police in Malmö"


@given(st.text(max_size=60))
def test_any_text_can_be_respelled(text: str) -> None:
    assert respelled(Line.of(text), set(text.split()), known, {}) is None or text


def engine() -> ScanEngine:
    cases = Cases(
        {
            "one": case_markdown(summary="A school.", city="liege"),
            "two": case_markdown(summary="Falcons at school."),
            "three": case_markdown(summary="A falcon."),
        }
    )
    return ScanEngine(cases.documents(), cases)


def test_a_word_no_case_contains_is_read_as_the_nearest_with_a_notice() -> None:
    result = search(engine(), make_request("shcool"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["one", "two"]
    assert [(notice.code, in_words(notice)) for notice in result.notices] == [
        ("respelled", "No results for “shcool”. Showing results for “school”.")
    ]


def test_a_notice_names_a_misspelt_city_in_its_own_spelling() -> None:
    result = search(engine(), make_request("liegge"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["one"]
    assert list(map(in_words, result.notices)) == [
        "No results for “liegge”. Showing results for “Liège”.",
        "“Liège” was read as a place.",
    ]


def test_a_word_is_quoted_as_it_was_typed() -> None:
    result = search(engine(), make_request("Shcool"), Language())

    assert in_words(result.notices[0]) == "No results for “Shcool”. Showing results for “school”."


def test_a_word_of_a_known_name_is_never_offered_in_another_spelling() -> None:
    many = {f"case-{number}": case_markdown(summary="A long day.") for number in range(4)}
    cases = Cases({**many, "rare": case_markdown(summary="A lone actor.")})
    known = Language.of(replace(vocabularies(), synonyms=(("lone actor", "lone wolf"),)))

    assert search(ScanEngine(cases.documents(), cases), make_request("lone"), known).suggestion is None
    assert search(ScanEngine(cases.documents(), cases), make_request("lone"), Language()).suggestion is not None


def test_a_real_word_that_no_case_contains_is_not_read_as_another() -> None:
    result = search(engine(), make_request("scholar"), Language())

    assert (result.total, result.notices) == (0, ())


def test_a_word_in_quotation_marks_is_never_read_as_another() -> None:
    assert search(engine(), make_request('"shcool"'), Language()).total == 0


def test_another_spelling_is_offered_only_if_it_finds_much_more() -> None:
    many = {f"case-{number}": case_markdown(summary="Falcons everywhere.") for number in range(4)}
    cases = Cases({**many, "rare": case_markdown(summary="Falkons, misspelt.")})
    over = ScanEngine(cases.documents(), cases)

    offered = search(over, make_request("falkons"), Language()).suggestion

    assert offered is not None
    assert (offered.text, offered.total) == ("falcons", 4)
    assert search(over, make_request("falcons"), Language()).suggestion is None


def test_an_empty_result_says_which_filter_excludes_everything() -> None:
    filters = {"city": ("vienna",), "country": ("denmark", "belgium")}

    result = search(engine(), make_request("school", filters), Language())

    assert result.total == 0
    assert [(removal.facet, removal.total) for removal in result.removals] == [("city", 2)]


@pytest.mark.parametrize(
    "typed", ["SHCOOL at work", "UNPD", "McShcool", "ShCool", "the SHCOOL", "Xchool", "S.H.C.O.O.L."]
)
def test_a_name_is_not_read_as_another_word(typed: str) -> None:
    result = search(engine(), make_request(typed), Language.of(vocabularies()))

    assert [notice for notice in result.notices if notice.code == "respelled"] == []


@pytest.mark.parametrize("typed", ["Shcool", "shcool", "SHCOOL FALCON", "a Liegge school"])
def test_other_words_are_read_as_the_nearest_whatever_their_case(typed: str) -> None:
    result = search(engine(), make_request(typed), Language.of(vocabularies()))

    assert [notice.code for notice in result.notices if notice.code == "respelled"] == ["respelled"]


def test_a_word_of_a_known_name_is_not_read_as_another() -> None:
    known = replace(vocabularies(), synonyms=(("Skool Faith Trust", "SFT"),))
    cases = Cases({"one": case_markdown(summary="A skoal.")})

    for typed in ("skool", "Skool", "skool trust", "vienna"):
        result = search(ScanEngine(cases.documents(), cases), make_request(typed), Language.of(known))
        assert [notice for notice in result.notices if notice.code == "respelled"] == []


@pytest.mark.parametrize("typed", ["1,000 schools", "1 000 schools", "1000 schools", "1\u202f000 schools"])
def test_a_number_is_found_however_it_is_grouped(typed: str) -> None:
    cases = Cases({"a": case_markdown(summary="Over 1,000 schools."), "b": case_markdown(summary="A school, 000.")})

    assert search(ScanEngine(cases.documents(), cases), make_request(typed), Language()).hits[0].slug == "a"
