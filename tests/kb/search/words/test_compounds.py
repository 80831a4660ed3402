"""Words that some people write in one, and others in two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.searching import make_request
from kb.search.understanding.language import Language
from kb.search.words.compounds import joined, parts_of
from tests.builders import case_markdown, vocabularies
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

KNOWN = {
    "leg",
    "end",
    "man",
    "age",
    "the",
    "rapist",
    "street",
    "work",
    "works",
    "front",
    "line",
    "not",
    "able",
    "dis",
    "covers",
}
TEXTS = {
    "two": "The street work of the far right.",
    "hyphen": "Street-works, and the far-right; well-being on the front line.",
    "one": "Streetwork, wellbeing and a frontline office.",
    "apart": "Work in a street. The right is far away.",
    "traps": "A leg end. A man age 20. The rapist.",
}


def frequencies(words: Iterable[str]) -> Mapping[str, int]:
    return dict.fromkeys(KNOWN.intersection(words), 1)


def found(typed: str) -> tuple[set[str], list[str]]:
    """The cases found, and the codes of notices."""
    cases = Cases({slug: case_markdown(summary=text) for slug, text in TEXTS.items()})
    engine = ScanEngine(cases.documents(), cases)
    result = search(engine, make_request(typed), Language.of(vocabularies()))
    return {hit.slug for hit in (*result.hits, *result.partial_hits)}, [notice.code for notice in result.notices]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("streetwork", ("street", "work")),
        ("streetworks", ("street", "works")),
        ("frontline", ("front", "line")),
        ("legend", None),
        ("manage", None),
        ("therapist", None),
        ("notable", None),
        ("discovers", None),
        ("streetunknown", None),
        ("street", None),
        ("street2work", None),
        ("", None),
    ],
)
def test_a_word_falls_into_two_that_are_side_by_side(word: str, parts: tuple[str, str] | None) -> None:
    assert parts_of(word, frequencies, lambda *_: 1) == parts
    assert parts_of(word, frequencies, lambda *_: 0) is None


def test_of_two_ways_to_split_a_word_the_more_common_one_is_meant() -> None:
    known = dict.fromkeys(("abc", "defghi", "abcdef", "ghi"), 5)

    def together(first: str, second: str) -> int:
        return {"abc": 1, "abcdef": 2}[first]

    assert parts_of("abcdefghi", lambda _: known, together) == ("abcdef", "ghi")


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("street", "work", "streetwork"),
        ("front", "line", "frontline"),
        ("leg", "end", None),
        ("the", "rapist", None),
        ("street", "2", None),
    ],
)
def test_two_words_become_one_that_is_known(first: str, second: str, word: str | None) -> None:
    assert joined(first, second, lambda words: dict.fromkeys(words, 1)) == word
    assert joined(first, second, lambda _: {}) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_be_asked_for(first: str, second: str) -> None:
    parts = parts_of(first, lambda words: dict.fromkeys(words, 1), lambda *_: 1)
    assert parts is None or "".join(parts) == first
    assert joined(first, second, lambda words: dict.fromkeys(words, 1)) in (None, first + second)


@pytest.mark.parametrize(
    ("spellings", "cases"),
    [
        (["streetwork", "street-work", "street work", "StreetWork"], {"two", "hyphen", "one"}),
        (["farright", "far-right", "far right"], {"two", "hyphen"}),
        (["wellbeing", "well-being", "well being"], {"hyphen", "one"}),
        (["frontline", "front-line", "front line"], {"hyphen", "one"}),
    ],
)
def test_a_compound_is_found_however_it_is_written(spellings: list[str], cases: set[str]) -> None:
    for spelling in spellings:
        slugs, notices = found(spelling)
        assert cases <= slugs, spelling
        assert "respelled" not in notices


@pytest.mark.parametrize("word", ["legend", "manage", "therapist"])
def test_a_word_that_only_looks_like_a_compound_stays_whole(word: str) -> None:
    assert found(word) == (set(), [])


def test_a_compound_in_a_sentence_is_found_too() -> None:
    assert found("streetwork with the farright")[0] >= {"two", "hyphen"}
    assert "two" in found("which offices know about streetwork or sports")[0]


def test_words_of_a_name_may_be_written_as_one() -> None:
    known = replace(vocabularies(), synonyms=(("street work", "outreach"),))
    cases = Cases(
        {"a": case_markdown(summary="Workers of the street. The work."), "b": case_markdown(summary="Outreach.")}
    )

    result = search(ScanEngine(cases.documents(), cases), make_request("streetwork"), Language.of(known))

    assert {hit.slug for hit in (*result.hits, *result.partial_hits)} == {"a", "b"}
