"""The same problems for a person at a terminal, for a program and for a code host."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.checks.report import Format, as_github, as_json, as_text, summary
from kb.authoring.problems import Problem
from kb.authoring.rules import Level

ERROR = Problem("cases/a.md", 3, 7, "unknown-term", Level.ERROR, "There is no `aarhuss`.", "Did you mean `aarhus`?")
WARNING = Problem("cases/å.md", 1, 1, "too-long", Level.WARNING, "Too long.")


def test_there_are_three_formats() -> None:
    assert [str(name) for name in Format] == ["text", "json", "github"]


def test_text_has_one_line_per_problem_in_the_form_editors_understand() -> None:
    assert as_text([ERROR, WARNING]) == (
        "cases/a.md:3:7: error: There is no `aarhuss`. Did you mean `aarhus`? [unknown-term]\n"
        "cases/å.md:1:1: warning: Too long. [too-long]"
    )


def test_json_contains_every_field() -> None:
    assert json.loads(as_json([ERROR, WARNING], "https://cases.example.org")) == [
        {
            "path": "cases/a.md",
            "line": 3,
            "column": 7,
            "rule": "unknown-term",
            "level": "error",
            "message": "There is no `aarhuss`.",
            "hint": "Did you mean `aarhus`?",
            "fix": "",
            "paste": "",
            "is_sure": False,
            "see": "https://cases.example.org/contribute/rules/unknown-term",
        },
        {
            "path": "cases/å.md",
            "line": 1,
            "column": 1,
            "rule": "too-long",
            "level": "warning",
            "message": "Too long.",
            "hint": "",
            "fix": "",
            "paste": "",
            "is_sure": False,
            "see": "https://cases.example.org/contribute/rules/too-long",
        },
    ]


def test_the_lines_to_write_follow_the_message() -> None:
    mended = replace(ERROR, fix="city: [aarhus]", paste="aarhus:\n  country: ")

    assert as_text([mended]).split("\n")[1:] == ["    > city: [aarhus]", "    + aarhus:", "    +   country: "]
    assert as_github([mended], "content").endswith("%0A    > city: [aarhus]%0A    + aarhus:%0A    +   country: ")


def test_json_keeps_letters_readable() -> None:
    assert "cases/å.md" in as_json([WARNING])


def test_a_code_host_gets_an_annotation_per_problem() -> None:
    assert as_github([ERROR, WARNING], "content") == (
        "::error file=content/cases/a.md,line=3,col=7,title=unknown-term"
        "::There is no `aarhuss`. Did you mean `aarhus`?\n"
        "::warning file=content/cases/å.md,line=1,col=1,title=too-long::Too long."
    )


@pytest.mark.parametrize(
    ("path", "message", "annotation"),
    [
        ("a,b:c.md", "x", "::error file=content/a%2Cb%3Ac.md,line=1,col=1,title=yaml-syntax::x"),
        ("a%2C.md", "x", "::error file=content/a%252C.md,line=1,col=1,title=yaml-syntax::x"),
        ("a.md", "50 %, so: b::c", "::error file=content/a.md,line=1,col=1,title=yaml-syntax::50 %25, so: b::c"),
        ("a.md", "a\r\n::error::b", "::error file=content/a.md,line=1,col=1,title=yaml-syntax::a%0D%0A::error::b"),
        ("a\n::b.md", "x", "::error file=content/a%0A%3A%3Ab.md,line=1,col=1,title=yaml-syntax::x"),
    ],
)
def test_an_annotation_is_escaped(path: str, message: str, annotation: str) -> None:
    assert as_github([Problem(path, 1, 1, "yaml-syntax", Level.ERROR, message)], "content") == annotation


@given(path=st.text(), message=st.text(), hint=st.text())
def test_no_text_can_add_an_annotation_or_a_property(path: str, message: str, hint: str) -> None:
    annotation = as_github([Problem(path, 1, 1, "yaml-syntax", Level.ERROR, message, hint)], "content")

    assert "\n" not in annotation
    assert "\r" not in annotation
    properties = annotation.removeprefix("::").split("::", 1)[0]
    assert properties.count(",") == 3
    assert ":" not in properties


def test_no_problems_produce_no_output() -> None:
    assert as_text([]) == ""
    assert as_json([]) == "[]"
    assert as_github([], "content") == ""


@pytest.mark.parametrize(
    ("problems", "files", "line"),
    [
        ([], 0, "0 files checked: nothing to fix."),
        ([], 1, "1 file checked: nothing to fix."),
        ([ERROR], 1, "1 file checked: 1 error."),
        ([WARNING], 2, "2 files checked: 1 warning."),
        ([ERROR, WARNING, ERROR, WARNING], 9, "9 files checked: 2 errors, 2 warnings."),
    ],
)
def test_the_closing_line_counts(problems: list[Problem], files: int, line: str) -> None:
    assert summary(problems, files) == line
