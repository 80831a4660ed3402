"""Words with letters left open."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.words.wildcards import beginning_of, has_wildcard, matcher, words_matching


def stands_for(pattern: str, word: str) -> bool:
    """The same by trying everything."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return stands_for(pattern[1:], word) or (word != "" and stands_for(pattern, word[1:]))
    return word != "" and pattern[0] in ("?", word[0]) and stands_for(pattern[1:], word[1:])


@given(pattern=st.text("ab*?", max_size=8), word=st.text("abc", max_size=8))
def test_a_pattern_stands_for_what_it_stands_for_when_everything_is_tried(pattern: str, word: str) -> None:
    assert matcher(pattern)(word) is stands_for(pattern, word)


@pytest.mark.parametrize("letter", ["ø", "ß", "北", "п", "١"])
def test_a_letter_of_any_script_is_one_letter(letter: str) -> None:
    assert matcher("a?b")(f"a{letter}b")
    assert matcher(f"*{letter}*")(f"x{letter}")


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_what_a_pattern_stands_for_begins_as_the_pattern_does(pattern: str, word: str) -> None:
    assert word.startswith(beginning_of(pattern)) or not matcher(pattern)(word)


@given(st.text("ab", max_size=8))
def test_a_pattern_without_open_letters_stands_for_itself(word: str) -> None:
    assert not has_wildcard(word)
    assert matcher(word)(word)
    assert not matcher(word)(f"{word}a")


@pytest.mark.parametrize(
    "pattern", ["*a" * 200 + "b", "*" * 500 + "b", "a*" * 200 + "?" * 200 + "b", "*a?" * 150 + "b"]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    started = perf_counter()

    assert not matcher(pattern)("a" * 2000)
    assert perf_counter() - started < 2


def test_the_words_of_most_cases_come_first_and_equals_in_order_of_letters() -> None:
    lexicon = {"network": 2, "homework": 2, "work": 9, "works": 4}

    assert words_matching("*work", lexicon, lexicon) == ["work", "homework", "network"]
