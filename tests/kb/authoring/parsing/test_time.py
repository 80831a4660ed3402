"""A file is read in time in proportion to its size, or refused with a line, whatever it contains."""

from __future__ import annotations

import itertools
import random
import string
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath

import pytest

from kb.authoring.content_folder import MAX_BYTES
from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.guide_file import parse_guide_file
from kb.authoring.parsing.vocabulary_files import parse_vocabularies
from kb.errors import ContentError
from kb.stores.packing import pack_case
from tests.builders import VOCABULARY_FILES, case_markdown, vocabularies
from tests.library import GUIDE

pytestmark = pytest.mark.slow

SECONDS = 2.0
"""Of the processor."""

CHARACTERS = [*map(chr, range(32, 127)), "\n", "\t", "\u00a0", "\u200b", "\u0301", "é", "“", "…", "字", "😀"]


def filled(text: str, piece: str) -> str:
    """A text with as much of a piece in the place of `@@@` as a file may contain."""
    room = MAX_BYTES - len(text.encode())
    return text.replace("@@@", piece * (room // len(piece.encode())), 1)


PLACES: dict[str, str] = {
    "a section": case_markdown(body={"Context": "@@@"}),
    "a list": case_markdown(body={"What helped": "- @@@"}),
    "the whole file": "@@@",
    "a value": case_markdown(extra="notes: @@@\n"),
    "a quoted value": case_markdown(summary="@@@"),
    "the front matter": case_markdown(extra="@@@\n"),
    "a key": case_markdown(extra="a@@@: b\n"),
}


def read(text: str) -> None:
    """Read a case file as a build does."""
    file = parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies())
    assert file.case or file.problems
    assert all(problem.line >= 1 for problem in file.problems)
    if file.case:
        pack_case(file.case)


def seconds(do: Callable[..., object], *arguments: object) -> float:
    """The processor's time that something takes: the clock also counts what others do."""
    vocabularies()
    began = time.process_time()
    do(*arguments)
    return time.process_time() - began


def slow(texts: Mapping[str, str]) -> dict[str, float]:
    """Those of the texts that take too long to read."""
    taken = {name: seconds(read, text) for name, text in texts.items()}
    return {name: round(needed, 1) for name, needed in taken.items() if needed > SECONDS}


def halves(place: str, pair: Sequence[str]) -> str:
    """A file with many of one piece and then many of another."""
    room = (MAX_BYTES - len(PLACES[place].encode())) // 2
    one, other = (piece * (room // len(piece.encode())) for piece in pair)
    return PLACES[place].replace("@@@", one + other, 1)


GROUPS = 7
"""Of characters. Every one fills a section and the front matter; other places are filled with one group."""


@pytest.mark.parametrize(
    ("place", "group"),
    [(place, group) for place in PLACES for group in range(GROUPS) if group == 0 or place in ("a section", "a value")],
)
def test_any_character_fills_a_file(place: str, group: int) -> None:
    assert slow({char: filled(PLACES[place], char) for char in CHARACTERS[group::GROUPS]}) == {}


def pairs(seed: int) -> list[str]:
    """Pairs of characters, at random; what can be marks in markdown and YAML more often than letters."""
    chance = random.Random(seed)  # noqa: S311 - chance for a test, not for a secret
    marks = [char for char in CHARACTERS if char not in string.ascii_letters + string.digits]
    return ["".join(chance.sample(chance.choice((marks, CHARACTERS)), 2)) for _ in range(6)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", range(2))
def test_any_pair_of_characters_fills_a_file(place: str, seed: int) -> None:
    assert slow({pair: filled(PLACES[place], pair) for pair in pairs(seed)}) == {}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", range(2))
def test_many_of_one_character_and_then_of_another_are_read(place: str, seed: int) -> None:
    assert slow({pair: halves(place, list(pair)) for pair in pairs(seed + 100)}) == {}


BETWEEN = [
    ("*", " "),
    ("a", " "),
    ('"', " "),
    (",", " "),
    ("{", " "),
    (", a", " "),
    ("-", '"'),
    ("[", "("),
    ("'", "\t"),
    ("?", "`"),
    ("` ", "`` "),
]


@pytest.mark.parametrize("place", PLACES)
def test_gaps_between_marks_are_gone_through_once(place: str) -> None:
    assert slow({" ".join(pair): halves(place, pair) for pair in BETWEEN}) == {}


@pytest.mark.parametrize("piece", [*"[]()*_`<&>|#-:\"'\n \u00a0", "[@", "[a](", "a: ", "- ", "{a: "])
def test_guides_and_vocabularies_are_read_as_well(piece: str) -> None:
    path = PurePosixPath("challenges/fragile-trust.md")
    guide = filled(GUIDE.replace("In silence.", "@@@"), piece).encode()
    files = {name: text.encode() for name, text in VOCABULARY_FILES.items()}
    terms = {**files, "cities": filled(f"{VOCABULARY_FILES['cities']}\n@@@\n", piece).encode()}

    def read_terms() -> None:
        with suppress(ContentError):
            parse_vocabularies(terms)

    assert seconds(parse_guide_file, path, guide, vocabularies()) < SECONDS
    assert seconds(read_terms) < SECONDS


def test_twenty_thousand_words_that_no_vocabulary_has_are_reported() -> None:
    words = ", ".join(f"unknown-{number}" for number in range(20_000))

    assert slow({"ids": case_markdown().replace("audiences: [youth]", f"audiences: [{words}]")}) == {}


def test_a_file_of_every_pair_is_read() -> None:
    """All pairs side by side, as often as there is room."""
    text = "".join("".join(pair) for pair in itertools.product(CHARACTERS, CHARACTERS))

    assert slow({"all": filled(PLACES["a section"], text)}) == {}
