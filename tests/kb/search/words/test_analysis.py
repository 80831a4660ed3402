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
        ("soft\u00adly \u200bﬆop", "softly stop"),
        ("d’Alene d´Alene dʼAlene", "d'alene d'alene d'alene"),
    ],
)
def test_folding_removes_case_and_accents(text: str, folded: str) -> None:
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
        ("radicali\u00adsation and radicali\u200bsation", ["radicalisation", "and", "radicalisation"]),
        ("\u202aright\u202c \ufeffto\u2060 le\u200dft\u200f", ["right", "to", "left"]),
        ("\u00ad \u200b", []),
        ("the cityʼs, city´s, city`s, city‘s, city＇s, city′s plan", ["the", *["city"] * 6, "plan"]),
        ("Coeur d´Alene, d`Alene, dʼAlene", ["coeur", "dalene", "dalene", "dalene"]),
        ("Jamaʿatu Shiʻa Qurʼan", ["jamaatu", "shia", "quran"]),
        ("the `code` and ´so´ and ʼthatʼ", ["the", "code", "and", "so", "and", "that"]),
        ("U.K. N.G.O. U.K", ["uk", "ngo", "uk"]),
        ("Made in the U.K. They paid.", ["made", "in", "the", "uk", "they", "paid"]),
        ("(the U.K.’s plan, the N.G.O.'S too)", ["the", "uk", "plan", "the", "ngo", "too"]),
        ("U.K.-based", ["uk", "based"]),
        ("e.g. at 9 p.m., i.e. late", ["eg", "at", "9", "pm", "ie", "late"]),
        ("J.R.R. Tolkien and J.Smith", ["jrr", "tolkien", "and", "j", "smith"]),
        ("plan B.The end.A start", ["plan", "b", "the", "end", "a", "start"]),
        ("page.a.b, x1.y, ends in the U.S.They", ["page", "a", "b", "x1", "y", "ends", "in", "the", "usa", "they"]),
        ("Ş.Ü.", ["su"]),
        ("the US, the U.S., the u.s., the USA", ["the", "usa", "the", "usa", "the", "usa", "the", "usa"]),
        ("US’s and ＵＳ", ["usa", "and", "usa"]),
        ("tell us, Us", ["tell", "us", "us"]),
        ("IS is", ["isis", "is"]),
        ("1,000 and 12,345,678", ["1000", "and", "12345678"]),
        ("1\u00a0000 1\u202f234\u202f567 10\u2009500", ["1000", "1234567", "10500"]),
        ("about 1 000 or 10 000 000 people", ["about", "1000", "or", "10000000", "people"]),
        ("2015,2016 and 2015, 2016", ["2015", "2016", "and", "2015", "2016"]),
        ("5 100 people in 2015 100 more", ["5", "100", "people", "in", "2015", "100", "more"]),
        ("1,20 1,0000 1,000,20 1.000 12,5,000", "1 20 1 0000 1 000 20 1 000 12 5 000".split()),
        ("a1,000 1,000b 1,000.50", ["a1", "000", "1", "000b", "1000", "50"]),
        ("１，０００ ２０１５", ["1", "000", "2015"]),
        ("１,０００ and 1,000’s", ["1000", "and", "1000"]),
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
def test_folding_ignores_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text())
def test_words_are_at_their_reported_positions(text: str) -> None:
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


@given(
    st.text(alphabet=st.sampled_from("aBé1.,' ’ʼUS0 \u0301-")), st.sampled_from("\u00ad\u200b\u200d\u2060\ufeff\u200f")
)
def test_what_is_not_seen_changes_no_word(text: str, unseen: str) -> None:
    expected = list(tokens(text))
    strewn = unseen.join(text)

    assert words(strewn) == words(text)
    for token, plain in zip(tokens(strewn), expected, strict=True):
        assert strewn[token.start : token.end].replace(unseen, "") == text[plain.start : plain.end]
        assert (strewn[token.start], strewn[token.end - 1]) == (text[plain.start], text[plain.end - 1])


@given(st.text(alphabet="aZ0 -."), st.sampled_from("`´ʹʻʼʽˈ‘’‛′＇"))
def test_every_apostrophe_is_the_plain_one(text: str, apostrophe: str) -> None:
    assert words(text.replace("-", apostrophe)) == words(text.replace("-", "'"))


@given(st.lists(st.sampled_from(["U.K.", "N.G.O.", "a.b", "the", "They", "2015", "1,000", "12", "U.S."])))
def test_words_do_not_reach_over_spaces(pieces: list[str]) -> None:
    assert words("  ".join(pieces)) == [word for piece in pieces for word in words(piece)]
