"""Notices: a code and values, and the sentences that are made of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from kb.notices import REFUSALS, SENTENCES, Notice, in_words

ROOT = Path(__file__).parents[2]


def made_in_the_code() -> Iterator[tuple[str, set[str]]]:
    """The key of every `Notice.of` in the code that gives it in plain words, with the names of its values."""
    for path in (*ROOT.glob("kb/**/*.py"), *ROOT.glob("api/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Notice.of" and node.args:
                names = {keyword.arg for keyword in node.keywords if keyword.arg} - {"instead"}
                for key in ast.walk(node.args[0]):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, names


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(("key", "names"), list(made_in_the_code()))
def test_every_notice_has_the_values_that_its_sentence_names(key: str, names: set[str]) -> None:
    assert names - {"near"} == placeholders(SENTENCES[key])


def test_no_sentence_is_left_over() -> None:
    code = "".join(path.read_text("utf-8") for path in (*ROOT.glob("kb/search/**/*.py"), *ROOT.glob("api/**/*.py")))

    assert [key for key in SENTENCES if key != "did-you-mean" and f'"{key}"' not in code] == []


@pytest.mark.parametrize(
    ("notice", "sentence"),
    [
        (Notice.of("capitals"), "In a line that is all in capitals, OR and NOT are read as words."),
        (Notice.of("too-long", most=1000), "The search is long. Only its first 1,000 characters were used."),
        (
            Notice.of("synonyms.searched", name="mum", others=("mothers", "parents")),
            "Also searched for “mothers”, “parents” (other words for “mum”).",
        ),
        (
            Notice.of("unknown-value", facet="country", value="Denmrak", near="Denmark"),
            "There is no country “Denmrak”, so it was ignored. Did you mean “Denmark”?",
        ),
        (Notice.of("respelled", typed="x" * 200, meant="y"), f"No results for “{'x' * 80}…”. Showing results for “y”."),
        (
            Notice.of("short-pattern", pattern="{x}*"),
            "In `{x}*` only the letters were read: a pattern needs at least two.",
        ),
    ],
)
def test_a_notice_in_words(notice: Notice, sentence: str) -> None:
    assert in_words(notice) == sentence


def test_where_nothing_goes_on_the_sentence_does_not_say_so() -> None:
    notice = Notice.of("unknown-value", facet="country", value="Denmrak", near="Denmark")

    assert in_words(notice, REFUSALS) == "There is no country “Denmrak”. Did you mean “Denmark”?"


def test_a_notice_in_another_language() -> None:
    catalogue = {"respelled": "Kein Fall enthält „{typed}“. Gelesen als „{meant}“."}
    notice = Notice.of("respelled", typed="shcool", meant="school")

    assert in_words(notice, catalogue) == "Kein Fall enthält „shcool“. Gelesen als „school“."


def test_the_code_is_the_kind_of_notice_however_it_is_worded() -> None:
    assert {Notice.of("relaxed.most").code, Notice.of("relaxed.any").code} == {"relaxed"}
