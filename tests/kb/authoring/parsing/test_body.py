"""The text of a file: its sections, their order, and what in them an author must mend."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.body import (
    RawSection,
    link_targets,
    read_sections,
    split_sections,
    uncited_blocks,
    without_code,
)
from kb.authoring.problems import ProblemList
from kb.model.case import Section

TEMPLATE = ("Context", "What helped", "What was hard")


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


def told(problems: ProblemList) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in problems.sorted()]


def read(body: str, problems: ProblemList) -> tuple[Section, ...]:
    """The sections of a body that may cite s1."""
    raw = split_sections(body, 1, problems)
    return read_sections(raw, TEMPLATE, {"s1": 1}, "cases", problems)[0]


# Cutting


def test_a_body_is_cut_at_its_headings(problems: ProblemList) -> None:
    sections = split_sections("\n## One\n\nText\n### Part\nMore\n## Two", 10, problems)

    assert sections == (
        RawSection("One", 11, ("", "Text", "### Part", "More")),
        RawSection("Two", 16, ()),
    )
    assert problems.found == []


@pytest.mark.parametrize("line", ["## Context", "##Context", "##  Context  ", "## Context ##", "##\tContext"])
def test_a_heading_is_read_however_its_hashes_are_written(line: str, problems: ProblemList) -> None:
    assert split_sections(line, 1, problems) == (RawSection("Context", 1, ()),)


@pytest.mark.parametrize("line", ["### Context", "text ## Context", "\\## Context", "    ## Context"])
def test_other_lines_are_text(line: str, problems: ProblemList) -> None:
    assert split_sections(f"## One\n{line}", 1, problems) == (RawSection("One", 1, (line,)),)
    assert problems.found == []


@pytest.mark.parametrize("body", ["", "\n\n", "   "])
def test_an_empty_body_has_no_sections(body: str, problems: ProblemList) -> None:
    assert split_sections(body, 1, problems) == ()
    assert problems.found == []


def test_text_above_the_first_section_is_told_once_where_it_begins(problems: ProblemList) -> None:
    split_sections("\n\nText\nmore text\n\n## One", 5, problems)

    assert told(problems) == [
        "7:1: error: Text stands above the first section. Move it below a heading. [text-before-section]"
    ]


# Sections


def test_sections_come_in_the_order_of_the_template(problems: ProblemList) -> None:
    sections = read("## What was hard\nRain.\n## Context\nA town.\n## What helped\nTea.", problems)

    assert [section.heading for section in sections] == list(TEMPLATE)
    assert told(problems) == [
        "3:1: warning: `Context` stands too late. The template has it before `What was hard`. [section-order]",
        "5:1: warning: `What helped` stands too late. The template has it before `What was hard`. [section-order]",
    ]


def test_a_section_has_an_anchor_html_and_text(problems: ProblemList) -> None:
    sections = read("## Context\nA *town*.\n## What helped\n## What was hard\n", problems)

    assert sections == (Section("context", "Context", "<p>A <em>town</em>.</p>", "A town."),)


def test_sections_that_are_empty_or_missing_are_told(problems: ProblemList) -> None:
    read("## Context\n\n## What was hard\nRain.", problems)

    assert told(problems) == [
        "1:1: warning: The section `Context` is empty. Write it, or leave the heading out. [empty-section]",
        "3:1: warning: The section `What helped` is missing. "
        "Comparison with other cases relies on it. [missing-section]",
    ]


@pytest.mark.parametrize(
    ("heading", "hint"),
    [
        ("What Helped", "Did you mean `## What helped`?"),
        ("What helped us", "Did you mean `## What helped`?"),
        ("Zzz", "The headings are: Context; What helped; What was hard."),
        ("", "The headings are: Context; What helped; What was hard."),
    ],
)
def test_an_unknown_heading_is_told_with_the_one_that_may_be_meant(
    heading: str, hint: str, problems: ProblemList
) -> None:
    read(f"## Context\nA town.\n## {heading}\nTea.\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert told(problems) == [f"3:1: error: There is no section `{heading}`. {hint} [unknown-section]"]


def test_a_heading_that_stands_twice_is_told(problems: ProblemList) -> None:
    sections = read("## Context\nOne.\n## Context\nTwo.\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [section.text for section in sections] == ["One.", "Tea.", "Rain."]
    assert told(problems) == ["3:1: error: The section `Context` stands twice. Join them. [duplicate-section]"]


# Text


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("Plain text, 5 < 6 > 4, a_b, 2*3 [sic].", []),
        ("[x](https://example.org) <https://example.org> [x](mailto:a@example.org) <mailto:a@example.org>", []),
        ("[x](oslo-salto.md) [x](../challenges/fragile-trust.md#how-it-shows) [x](#context)", []),
        ("Code: `<b>`, ``[x](javascript:y)``, `[@s9]`, `![x](y)`.", []),
        ("`two\nlines <b>`", []),
        ("`not code\n\n<b>`", ["raw-html"]),
        ("\\`<b>\\`", ["raw-html"]),
        ("```\n<b>\n```", []),
        ("~~~\n<b>\n~~~", ["raw-html"]),
        ("<b>bold</b>", ["raw-html", "raw-html"]),
        ("<!-- hidden -->", ["raw-html"]),
        ("<br/>", ["raw-html"]),
        ("<script\nsrc=x>", ["raw-html"]),
        ("fewer than <five", ["raw-html"]),
        ("![x](https://example.org/a.png)", ["image"]),
        ("![x][y]", ["image"]),
        ("[x](javascript:alert(1))", ["unsafe-link"]),
        ("[x](JavaScript:alert(1))", ["unsafe-link"]),
        ("[x](\njavascript:alert(1))", ["unsafe-link"]),
        ("[x](java&#115;cript:alert(1))", ["unsafe-link"]),
        ("[a [b] c](javascript:alert(1))", ["unsafe-link"]),
        ("[x]: javascript:alert(1)", ["unsafe-link"]),
        ("[x]:\n  javascript:alert(1)", ["unsafe-link"]),
        ("> - [x]: javascript:alert(1)", ["unsafe-link"]),
        ("[x](ftp://example.org)", ["unsafe-link"]),
        ("[x](//example.org)", ["unsafe-link"]),
        ("[x](//example.org/a.md)", ["unsafe-link"]),
        ("[x](example.org)", ["unsafe-link"]),
        ("[x](/cases/oslo-salto)", ["unsafe-link"]),
        ("[x](../vocabularies/cities.yaml)", ["unsafe-link"]),
        ("[x](http://[)", []),
        ("<javascript:alert(1)>", ["raw-html", "unsafe-link"]),
        ("Fact [@s1; @s1, p. 4].", []),
        ("Fact [@s9].", ["unknown-source"]),
        ("Fact [@s1; @s9].", ["unknown-source"]),
        ("Fact [@s1;\n@s9].", ["unknown-source"]),
        ("Fact [@S1].", ["unknown-source"]),
        ("Fact [@general].", ["unknown-source"]),
        ("Fact [@ s1].", ["unknown-source"]),
        ("a@example.org", []),
    ],
)
def test_every_line_is_checked(line: str, rules: list[str], problems: ProblemList) -> None:
    read(f"## Context\n{line}\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [problem.rule for problem in problems.sorted()] == rules


def test_text_below_an_unknown_heading_is_checked_in_the_same_run(problems: ProblemList) -> None:
    read("## Zzz\n<b>\n## Context\nA town.\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [problem.rule for problem in problems.sorted()] == ["unknown-section", "raw-html"]


def test_problems_of_the_text_say_what_stands_there(problems: ProblemList) -> None:
    read(
        "## Context\n<script\nsrc=x>\n[x](ftp://a) ![x](y)\n## What helped\nTea [@s9].\n## What was hard\n[@ s1]",
        problems,
    )

    assert told(problems) == [
        "2:1: error: An HTML tag stands here: `<script src=x>`. "
        "Write markdown: `**bold**`, `*stress*`, `[text](address)`. [raw-html]",
        "4:5: error: A link leads to `ftp://a`. "
        "Link to an https:// address or to another content file such as `oslo-salto.md`. [unsafe-link]",
        "4:14: error: An image stands here. Describe it in words. [image]",
        "4:19: error: A link leads to `y`. "
        "Link to an https:// address or to another content file such as `oslo-salto.md`. [unsafe-link]",
        "6:5: error: `s9` is not listed under `sources`. Listed are: s1. [unknown-source]",
        "8:1: error: `[@ s1]` names no source. Listed are: s1. [unknown-source]",
    ]


def test_lists_without_end_are_told_and_do_not_crash(problems: ProblemList) -> None:
    read(f"## Context\n{'- ' * 1000}a\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert told(problems) == [
        "1:1: error: Lists or quotes in `Context` are nested too deeply. Write them side by side. [nested-too-deeply]"
    ]


def test_links_have_their_positions() -> None:
    text = "[a](x) <https://b>\n[c]: y"

    assert [(text[position:], target) for position, target in link_targets(text)] == [
        ("x) <https://b>\n[c]: y", "x"),
        ("https://b>\n[c]: y", "https://b"),
        ("y", "y"),
    ]


@given(st.text(alphabet="a`\\\n <", max_size=30))
def test_taking_code_out_moves_nothing(markdown: str) -> None:
    text = without_code(markdown)

    assert len(text) == len(markdown)
    assert all(new in {old, " "} for old, new in zip(markdown, text, strict=True))
    assert text.count("\n") == markdown.count("\n")


# Statements without a source


@pytest.mark.parametrize(
    ("text", "uncited"),
    [
        ("Fact [@s1].", []),
        ("Fact.", [(2, "Fact.")]),
        ("Fact\nover lines [@s1].", []),
        ("Fact [@s1].\n\nAnother\nfact.", [(4, "Another fact.")]),
        ("- One [@s1].\n- Two.\n- Three\n  goes on [@s1].", [(3, "- Two.")]),
        ("1. One.\n2. Two [@s1].", [(2, "1. One.")]),
        ("### Part\nFact.", [(3, "Fact.")]),
        ("\n\n", []),
    ],
)
def test_every_block_without_a_source_is_found(text: str, uncited: list[tuple[int, str]]) -> None:
    assert list(uncited_blocks(RawSection("Context", 1, tuple(text.split("\n"))))) == uncited
