"""Front matter that is no YAML: what is broken costs its entry, everything else is read, and reading always ends."""

from __future__ import annotations

import time
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.yaml.nodes import Mapping, Scalar, Sequence, Unreadable, read_yaml
from kb.authoring.parsing.yaml.recovery import read_yaml_or_what_can_be_read
from kb.authoring.problems import ProblemList
from tests.builders import case_markdown, vocabularies

KEYS = ("title", "city", "started", "status", "lead", "evidence", "sources")
GOOD = [
    "title: A door",
    "city: [aarhus]",
    "started: 2010",
    "lead:",
    "  City Police: police",
    "evidence: {level: described}",
]


def read(text: str) -> tuple[Mapping | Sequence | Scalar | Unreadable, ProblemList]:
    problems = ProblemList(PurePosixPath("cases/a-case.md"))
    return read_yaml_or_what_can_be_read(text, 1, problems, KEYS), problems


BROKEN_LINES = [
    "status: a: b", "status ongoing", "status:ongoing", "status： ongoing", 'status: "on', "status: [on", "status: {on",
    "status: @on", "status: *on", "status: %on", "status: 'it's'", 'status: "a" b', "status: “a: b”", "}", "]",
    "- status", "\tstatus: on", "   status: on", "status: |x", "? [a, b]", "%YAML", "&a", "!b", "<<<<<<< HEAD",
    "* * *", "‘", "status: &",
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN_LINES)
@pytest.mark.parametrize("position", [0, 1, 3, 5, 6])
def test_a_broken_line_costs_no_other_entry(broken: str, position: int) -> None:
    node, problems = read("\n".join([*GOOD[:position], broken, *GOOD[position:]]))
    whole = read_yaml("\n".join(GOOD))

    assert isinstance(node, Mapping)
    assert isinstance(whole, Mapping)
    assert [problem.rule for problem in problems.found] in (["yaml-syntax"], ["merge-conflict"], [])
    assert {entry.key for entry in whole.entries} <= {entry.key for entry in node.entries}


@pytest.mark.parametrize("broken", BROKEN_LINES[:18])
def test_the_whole_file_is_checked_beside_a_broken_line(broken: str) -> None:
    text = case_markdown(city="atlantis", body={"What helped": "- Tea [@s9]."}).replace("status: ongoing", broken)
    file = parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies())

    assert file.case is None
    assert {"unknown-term", "unknown-source"} <= {problem.rule for problem in file.problems}


PIECES = st.sampled_from(
    ["a", "title", ": ", ":", " ", "  ", "\n", "\t", "- ", "[", "]", "{", "}", ",", '"', "'", "“", "”", "#", " #", "&",
     "*", "!", "|", ">", "%", "@", "`", "\\", "?", "=", "：", "~", "---", "...", "<<<<<<< ", "=======", ">>>>>>> ",
     "\u00a0", "\u00ad", "2010", "aarhus", "sources:\n  s1:\n    title: ", "\r\n", "\ufeff"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_front_matter_is_read_or_reported(head: str) -> None:
    node, problems = read(head)

    assert isinstance(node, Mapping | Sequence | Scalar | Unreadable)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems.found)
    assert not any("\n" in problem.message for problem in problems.found)


@given(st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map("".join), st.booleans())
def test_any_file_of_such_pieces_is_read_or_reported(head: str, body: str, is_closed: bool) -> None:
    good = case_markdown()
    text = f"---\n{head}\n{good[4:] if is_closed else ''}\n{body}"
    file = parse_case_file(PurePosixPath("cases/a-case.md"), text.encode("utf-8", "replace"), vocabularies())

    lines = file.text.split("\n")
    for problem in file.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


@pytest.mark.parametrize("text", ["---\n[\n ", "---\n[\n\n ", "---\n[", "---\n[\n \n", "---\na: [\n\n\n  "])
def test_what_is_missing_is_missed_within_the_file(text: str) -> None:
    problems = parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies()).problems

    assert max(problem.line for problem in problems) <= text.count("\n") + 1


LARGE = {
    "many broken entries": "\n".join(f"k{number}: a: b" for number in range(40_000)),
    "some broken entries": "\n".join(f"k{number}: a: b" for number in range(1_500)),
    "an open list": "a: [\n" + "b,\n" * 1_900,
    "an open mapping": "a: {\n" + "b: c\n" * 1_900,
    "one line of colons": "a: " + "b: " * 100_000,
    "one line of quotes": 'a: "' + '" "' * 100_000,
    "one line of commas": "a: [" + ",," * 100_000 + "]x",
    "steps": "\n".join(" " * number + "a: b" for number in range(900)),
    "tabs": "\t" * 200_000 + "a: b",
    "hyphens": "- " * 100_000 + "x: y: z",
    "spaces": "a" + " " * 400_000 + "b: c: d",
    "marks of merges": "<<<<<<< x\n" * 40_000,
}


@pytest.mark.parametrize("head", LARGE.values(), ids=LARGE.keys())
def test_large_front_matter_is_read_or_reported_quickly(head: str) -> None:
    started = time.process_time()
    read(head)

    assert time.process_time() - started < 5
