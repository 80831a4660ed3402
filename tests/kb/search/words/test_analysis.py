"""Text to words: what counts as a word, and how it is folded."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.words.analysis import STOP_WORDS, fold, tokens, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("Police", "police"),
        ("Århus", "arhus"),
        ("København", "kobenhavn"),
        ("Łódź", "lodz"),
        ("Großstraße", "grossstrasse"),
        ("STRAẞE", "strasse"),
        ("Œuvre Ægir", "oeuvre aegir"),
        ("Đakovo", "dakovo"),
        ("Þingvellir", "thingvellir"),
        ("İstanbul", "istanbul"),
        ("Ħamrun", "hamrun"),
        ("ısparta", "isparta"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("Йошкар", "иошкар"),
        ("A\u030arhus", "arhus"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("ﬁnal", "final"),
        ("𝐏𝐨𝐥𝐢𝐜𝐞 ℋ", "police h"),
        ("H₂O x²", "h2o x2"),
        ("北京", "北京"),
        ("🙂", "🙂"),
    ],
)
def test_folding_takes_away_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \t\n ", []),
        ("... – !? _ 🙂", []),
        ("One door, for concerns.", ["one", "door", "for", "concerns"]),
        ("info-house", ["info", "house"]),
        ("and/or", ["and", "or"]),
        ("snake_case", ["snake", "case"]),
        ("P/CVE 24/7", ["p", "cve", "24", "7"]),
        ("3.5", ["3", "5"]),
        ("the city's plan", ["the", "city", "plan"]),
        ("the city’s plan", ["the", "city", "plan"]),
        ("the CITY'S plan", ["the", "city", "plan"]),
        ("the cities' plan", ["the", "cities", "plan"]),
        ("Coeur d'Alene", ["coeur", "dalene"]),
        ("'quoted'", ["quoted"]),
        ("rock'n'roll", ["rocknroll"]),
        ("A\u030arhus", ["arhus"]),
        ("cafe\u0301s", ["cafes"]),
        ("\u0301stray", ["stray"]),
        ("عن المدينة", ["عن", "المدينة"]),
        ("北京 市", ["北京", "市"]),
        ("nul\x00nul", ["nul", "nul"]),
        ("half \ud800 of a pair", ["half", "of", "a", "pair"]),
    ],
)
def test_a_text_has_these_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert [token.exact for token in tokens(text)] == expected


def test_stop_words_are_exact_forms() -> None:
    assert [words(word) for word in sorted(STOP_WORDS)] == [[word] for word in sorted(STOP_WORDS)]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_folding_knows_no_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text())
def test_words_stand_where_their_positions_say(text: str) -> None:
    found = list(tokens(text))

    assert [words(text[token.start : token.end]) for token in found] == [[token.exact] for token in found]
    assert all(token.start < token.end for token in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(st.text())
def test_the_words_of_a_text_are_those_of_its_tokens(text: str) -> None:
    assert words(text) == [token.exact for token in tokens(text)]


@given(st.text())
def test_a_word_is_found_by_its_exact_form(text: str) -> None:
    assert [words(word) for word in words(text)] == [[word] for word in words(text)]
