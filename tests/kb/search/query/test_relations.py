"""What operators do to what is found, over any words and in any language."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import assume, given
from hypothesis import strategies as st

from kb.search.query.parser import parse_query
from kb.search.searching import make_request
from kb.search.understanding.advice import total_of
from kb.search.understanding.language import Language
from kb.search.understanding.places import Places
from kb.search.words.synonyms import Synonyms
from tests.builders import case_markdown, vocabularies
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

WORDS = ("falcon", "ravens", "mum", "mothers", "wien", "vienna", "cve", "prison", "owls")
SYNONYMS = (("ravens", "corvids"), ("prison", "custody", "detention"), ("falcon", "bird of prey"))

words = st.sampled_from([*WORDS, "corvids", "custody", "detention", "parents", "austria"])
sides = st.one_of(
    words,
    st.sampled_from(['"ravens owls"', "city:vienna", "city:vienna,aarhus", "year:2012..", "fal*", "-owls", "zeppelin"]),
    st.tuples(words, words).map(" ".join).map("({})".format),
    st.tuples(words, words).map("-".join),
    st.tuples(words, words, words, words).map(" ".join).map("({})".format),
)
"""What may be on a side of an OR."""


@cache
def library() -> tuple[ScanEngine, Language]:
    """Cases that each contain a few of the words, and a language that has other names for some."""
    names = [*WORDS, "corvids", "custody", "birds of prey", "detention", "parents"]
    texts = {
        f"case-{number:02}": case_markdown(
            summary=" ".join(name for place, name in enumerate(names) if (number * (place + 3)) % 7 < 2) + ".",
            city="vienna" if number % 3 == 0 else "aarhus",
            started=2005 + number,
        )
        for number in range(24)
    }
    cases = Cases(texts)
    synonyms = Synonyms.of(replace(vocabularies(), synonyms=SYNONYMS))
    # Without places: "wien" is a word here, as it is inside OR and under NOT.
    language = replace(Language.of(vocabularies()), synonyms=synonyms, places=Places())
    return ScanEngine(cases.documents(), cases), language


def total(text: str) -> int:
    """How many cases a line finds, read once: without asking for less."""
    engine, language = library()
    return total_of(engine, make_request(text), language)


def shown(text: str) -> int:
    """How many cases a search lists."""
    engine, language = library()
    return search(engine, make_request(text), language).total


@given(st.lists(sides, min_size=2, max_size=4))
def test_or_never_finds_fewer_than_one_of_its_sides(several: list[str]) -> None:
    assert total(" OR ".join(several)) >= max(map(total, several))


@given(words, words)
def test_or_of_two_words_lists_no_fewer_than_one_of_them(first: str, second: str) -> None:
    assert shown(f"{first} OR {second}") >= max(shown(first), shown(second))


@given(words, words)
def test_or_counts_every_case_once(first: str, second: str) -> None:
    assert total(f"{first} OR {second}") == total(first) + total(second) - total(f"{first} AND {second}")


@given(words, words)
def test_a_word_splits_the_cases_into_those_with_it_and_those_without(wanted: str, other: str) -> None:
    assert total(f"{wanted} -{other}") + total(f"{wanted} AND {other}") == total(wanted)


@given(sides, sides)
def test_an_exclusion_never_finds_more(wanted: str, other: str) -> None:
    # What is excluded twice is wanted.
    assume(not other.startswith("-"))

    assert total(f"{wanted} -{other}") <= total(wanted)


@given(words)
def test_an_exclusion_alone_finds_all_the_other_cases(word: str) -> None:
    assert total(f"-{word}") == total("") - total(word)


@given(sides)
def test_every_dash_and_not_exclude_the_same(other: str) -> None:
    assume(not other.startswith("-"))

    assert {
        str(parse_query(f"owls {sign}{other}").query) for sign in ("-", "–", "−", "—", "－", "NOT ", "AND NOT ")
    } == {str(parse_query(f"owls -{other}").query)}


@given(st.text("mumpsoe", min_size=2, max_size=4))
def test_a_pattern_finds_no_fewer_the_more_it_leaves_open(text: str) -> None:
    assert total(f"{text}*") <= total(f"*{text}*")
    assert total(f"{text[0]}?{text[1:]}*") <= total(f"{text[0]}*{text[1:]}*")
