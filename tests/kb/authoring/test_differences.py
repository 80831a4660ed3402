"""What differs between two versions of a text, for people to read."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.differences import DiffLine, LineKind, changed_passages, differences
from tests.builders import case_markdown

TEXTS = st.text(alphabet=st.sampled_from("ab \n.é\u0301\u2028\t-"), max_size=60) | st.text(max_size=60)


def marked(line: DiffLine) -> str:
    """A line with its changed words in brackets."""
    sign = {LineKind.SAME: " ", LineKind.REMOVED: "-", LineKind.ADDED: "+"}[line.kind]
    return sign + "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in line.pieces)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("One.\nTwo.", "One.\nTwo.", [" One.", " Two."]),
        ("They met weekly.", "They met monthly.", ["-They met [weekly].", "+They met [monthly]."]),
        ("Ten people came.", "Ten people came late.", ["-Ten people came.", "+Ten people came[ late]."]),
        ("One.\nThree.", "One.\nTwo.\nThree.", [" One.", "+[Two.]", " Three."]),
        ("One.\nTwo.\nThree.", "One.\nThree.", [" One.", "-[Two.]", " Three."]),
        ("Cats sleep.", "Zebras grazed on hills!", ["-[Cats sleep.]", "+[Zebras grazed on hills!]"]),
        ("It began in 2010 [@s1].", "It began in 2011 [@s2].",
         ["-It began in [2010] [@[s1]].", "+It began in [2011] [@[s2]]."]),
        ("A long line that is later\nbroken in two.", "A long line that is\nlater broken in two.",
         ["-A long line that is later", "-broken in two.", "+A long line that is", "+later broken in two."]),
        ("", "One.", ["-", "+[One.]"]),
        ("", "", [" "]),
    ],
)  # fmt: skip
def test_the_words_that_changed_are_marked(old: str, new: str, expected: list[str]) -> None:
    assert [marked(line) for line in differences(old, new)] == expected


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_from_the_difference(old: str, new: str) -> None:
    lines = differences(old, new)

    assert [line.text for line in lines if line.kind is not LineKind.ADDED] == old.split("\n")
    assert [line.text for line in lines if line.kind is not LineKind.REMOVED] == new.split("\n")
    assert [line.old for line in lines if line.old] == list(range(1, len(old.split("\n")) + 1))
    assert [line.new for line in lines if line.new] == list(range(1, len(new.split("\n")) + 1))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert not any(piece.is_changed for line in differences(text, text) for piece in line.pieces)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a", "a b c d e f g h", "{number} words that differ", "x" * 50])
def test_a_difference_between_huge_texts_takes_no_longer_than_a_reader_waits(line: str) -> None:
    old = "\n".join(line.format(number=number) for number in range(500_000 // (len(line) + 1)))
    started = time.process_time()

    differences(old, old[::-1])
    differences(old, old.replace("a", "b"))

    assert time.process_time() - started < 10


def test_one_word_of_a_case_is_one_pair_of_lines() -> None:
    text = case_markdown()
    lines = differences(text, text.replace("Coffee helped", "Tea helped"))

    assert [marked(line) for line in lines if line.kind is not LineKind.SAME] == [
        "-- [Coffee] helped [@s1].",
        "+- [Tea] helped [@s1].",
    ]


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_the_passages_contain_every_change_and_some_lines_around_it(old: str, new: str, around: int) -> None:
    passages = changed_passages(old, new, around)

    changed = [line for line in differences(old, new) if line.kind is not LineKind.SAME]
    assert [line for passage in passages for line in passage if line.kind is not LineKind.SAME] == changed
    for passage in passages:
        kinds = [line.kind is LineKind.SAME for line in passage]
        assert not all(kinds)
        assert kinds.index(False) <= around
        assert kinds[::-1].index(False) <= around
