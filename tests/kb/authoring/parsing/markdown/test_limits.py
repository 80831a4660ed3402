"""Any text is read, or refused at its line, with a bounded number of steps."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from kb.authoring.content_folder import MAX_BYTES
from kb.authoring.parsing.markdown.limits import DEEPEST, MOST_STEPS, Effort, TooMuch
from tests.kb.authoring.parsing.markdown.reading import read

REPEATED = [
    "[", "]", "(", "*", "_", "`", "<", "&", "!", "\\", "\n", ">", "-", "#", "|", " ", "a", "[@", "[a](", "*a ", "a*",
    "[]", "![", "`a", "<a", "<a:", "&a;", "- ", "> ", "1. ", "- a\n", "a\n", "|a", "[a]: b\n", "[a\n", "*a*", "[a](b '",
    "[a](<", "**a *b ", "~~~\n", "# a\n", "a  \n", "[@s1", "[@s1; ", "<!--", "e.g. ", "A. ",
]  # fmt: skip


@pytest.mark.parametrize(
    ("piece", "length"),
    [
        *((piece, 2_000) for piece in REPEATED),
        *(pytest.param(piece, 20_000, marks=pytest.mark.slow) for piece in REPEATED),
        *(pytest.param(piece, MAX_BYTES, marks=pytest.mark.slow) for piece in ("[", "\n", "&", "[a](")),
    ],
)
def test_anything_repeated_is_read_or_refused(piece: str, length: int) -> None:
    markdown = piece * (length // len(piece))

    reading = read(markdown)

    assert len(reading.problems) <= MOST_STEPS + 1
    assert reading.section.blocks or not markdown.strip() or reading.problems
    assert len(reading.section.html) < 7 * length


@pytest.mark.parametrize("piece", REPEATED)
def test_twice_the_text_takes_about_twice_the_work(piece: str) -> None:
    def calls(times: int) -> int:
        counted = 0

        def count(frame: FrameType, event: str, argument: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            read(piece * times)
        finally:
            sys.setprofile(None)
        return counted

    calls(1)
    assert calls(800) <= 2.2 * calls(400)


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("- " * 1000 + "a", 1),
        ("a\n\n" + "> " * 1000 + "a", 3),
        ("\n".join("  " * depth + "- a" for depth in range(300)), DEEPEST),
        ("a\n\n" + "*a " * 100 + "b" + "*" * 100, 3),
        ("**" * 100 + "a" + "**" * 100, 1),
        ("a\n[" + "*a " * 100 + "b" + "*" * 100 + "](https://a.example)", 2),
    ],
)
def test_endless_nesting_is_refused_at_its_line(markdown: str, line: int) -> None:
    reading = read(markdown)

    assert [(problem.rule, problem.line) for problem in reading.problems] == [("nested-too-deeply", line)]
    assert reading.section.blocks == ()


def test_ordinary_nesting_is_read() -> None:
    markdown = "\n".join("  " * depth + "- > a *b **c***" for depth in range(5))

    assert read(markdown).problems == ()


def test_too_many_marks_are_refused_where_they_become_too_many() -> None:
    reading = read("a\n\n" + "x\n\n" * 30_000)

    (problem,) = reading.problems
    assert problem.rule == "too-many-marks"
    assert 2 < problem.line < 60_000


def test_a_text_far_longer_than_any_case_is_read() -> None:
    reading = read("- One *thing* that [somebody](https://a.example) wrote down [@s1].\n" * 1000)

    assert reading.problems == ()
    assert len(reading.section.texts) == 1000


def test_the_next_text_is_read_after_a_refused_one() -> None:
    read("- " * 1000)

    assert read("- a").section.html == "<ul>\n<li>a</li>\n</ul>"


def test_the_limits_are_exact() -> None:
    effort = Effort()
    for _ in range(MOST_STEPS):
        effort.spend(1)

    with pytest.raises(TooMuch):
        effort.spend(7)
    effort.nest(DEEPEST, 1)
    with pytest.raises(TooMuch):
        effort.nest(DEEPEST + 1, 1)
