"""The text of a file: its sections, their order, and what an author must fix in them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.body import Body, read_body, uncited_statements
from kb.authoring.problems import ProblemList
from kb.model.section import Section

TEMPLATE = ("Context", "What helped", "What was hard")


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


def reported(problems: ProblemList) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in problems.sorted()]


def read_whole(body: str, problems: ProblemList, first_line: int = 1) -> Body:
    """A body that may cite s1."""
    return read_body(body, first_line, TEMPLATE, {"s1": 1}, "cases", problems)


def read(body: str, problems: ProblemList) -> tuple[Section, ...]:
    """Its sections."""
    return read_whole(body, problems).sections


# Cutting


def test_a_body_is_split_at_its_headings(problems: ProblemList) -> None:
    body = read_whole("\n## Context\n\nText\n### Part\nMore\n## What helped\n## What was hard\nRain", problems, 10)

    cut = [(section.heading, section.line, [block.text for block in section.blocks]) for section in body.written]
    assert cut == [("Context", 11, ["Text", "Part", "More"]), ("What helped", 16, []), ("What was hard", 17, ["Rain"])]


@pytest.mark.parametrize(
    "line", ["## Context", "##  Context  ", "## Context ##", "##\tContext", "  ## Context", "Context\n---"]
)
def test_a_heading_is_recognised_however_it_is_written(line: str, problems: ProblemList) -> None:
    assert [section.heading for section in read_whole(f"{line}\na", problems).written] == ["Context"]


@pytest.mark.parametrize(
    "line", ["### Context", "text ## Context", "\\## Context", "```\n## Context\n```", "**Context**", "Context"]
)
def test_other_lines_are_text(line: str, problems: ProblemList) -> None:
    body = read_whole(f"## Context\n\n{line}\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [section.heading for section in body.written] == list(TEMPLATE)
    assert problems.found == []


@pytest.mark.parametrize("body", ["", "\n\n", "   "])
def test_an_empty_body_has_no_sections(body: str, problems: ProblemList) -> None:
    assert read_whole(body, problems).written == ()
    assert [problem.rule for problem in problems.found] == ["no-text"]


def test_text_above_the_first_section_is_reported_once_where_it_begins(problems: ProblemList) -> None:
    read_whole("\n\nText\nmore text\n\nand more\n\n## Context\na\n## What helped\nb\n## What was hard\nc", problems, 5)

    assert reported(problems) == [
        "7:1: error: There is text above the first section. Move it below a heading. [text-before-section]"
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("# Tea", "This is a level-one heading; only the title in the front matter may be one. "
                  "Write section headings with two hashes."),
        ("##Tea", "`##Tea` is not a heading without a space after the hashes. Write `## Tea`."),
        ("- ## Tea", "The heading `Tea` is inside a list or a quote. Start it at the beginning of a line."),
        ("> ## Tea", "The heading `Tea` is inside a list or a quote. Start it at the beginning of a line."),
    ],
)  # fmt: skip
def test_what_might_be_a_heading_is_reported(line: str, message: str, problems: ProblemList) -> None:
    read(f"## Context\n\n{line}\n\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert reported(problems) == [f"3:1: error: {message} [unknown-section]"]


# Sections


def test_sections_come_in_the_order_of_the_template(problems: ProblemList) -> None:
    sections = read("## What was hard\nRain.\n## Context\nA town.\n## What helped\nTea.", problems)

    assert [section.heading for section in sections] == list(TEMPLATE)
    assert reported(problems) == [
        "3:1: warning: `Context` comes too late. In the template, it comes before `What was hard`. [section-order]",
        "5:1: warning: `What helped` comes too late. In the template, it comes before `What was hard`. [section-order]",
    ]


def test_a_section_has_an_anchor_html_and_text(problems: ProblemList) -> None:
    sections = read("## Context\nA *town*.\n## What helped\n## What was hard\n", problems)

    (section,) = sections
    assert (section.id, section.heading) == ("context", "Context")
    assert (section.html, section.text) == ("<p>A <em>town</em>.</p>", "A town.")


def test_empty_and_missing_sections_are_reported(problems: ProblemList) -> None:
    read("## Context\n\n## What was hard\nRain.", problems)

    assert reported(problems) == [
        "1:1: warning: The section `Context` is empty. Write the section, or leave its heading out. [empty-section]",
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
def test_an_unknown_heading_is_reported_with_a_suggestion(heading: str, hint: str, problems: ProblemList) -> None:
    read(f"## Context\nA town.\n## {heading}\nTea.\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert reported(problems) == [f"3:1: error: There is no section `{heading}`. {hint} [unknown-section]"]


def test_a_repeated_heading_is_reported(problems: ProblemList) -> None:
    sections = read("## Context\nOne.\n## Context\nTwo.\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [section.text for section in sections] == ["One.\nTwo.", "Tea.", "Rain."]
    assert reported(problems) == ["3:1: error: The section `Context` appears twice. Merge them. [duplicate-section]"]


# Text


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("Plain text, 5 < 6 > 4, a_b, 2*3 [sic].", []),
        ("[x](https://example.org) <https://example.org> [x](mailto:info@example.org) <mailto:info@example.org>", []),
        ("[x](oslo-salto.md) [x](../challenges/fragile-trust.md#how-it-shows) [x](#context)", []),
        ("Code: `<b>`, ``[x](javascript:y)``, `[@s9]`, `![x](y)`.", []),
        ("`two\nlines <b>`", []),
        ("`not code\n\n<b>`", ["raw-html"]),
        ("\\`<b>\\`", ["raw-html"]),
        ("```\n<b>\n```", []),
        ("~~~\n<b>\n~~~", []),
        ("<b>bold</b>", ["raw-html", "raw-html"]),
        ("<!-- hidden -->", ["raw-html"]),
        ("<br/>", ["raw-html"]),
        ("<script\nsrc=x>", ["raw-html"]),
        ("fewer than <five", []),
        ("![x](https://example.org/a.png)", ["image"]),
        ("![x][y]", ["image"]),
        ("[x](javascript:alert(1))", ["unsafe-link"]),
        ("[x](JavaScript:alert(1))", ["unsafe-link"]),
        ("[x](\njavascript:alert(1))", ["unsafe-link"]),
        ("[x](java&#115;cript:alert(1))", ["unsafe-link"]),
        ("[a [b] c](javascript:alert(1))", ["unsafe-link"]),
        ("[x]: javascript:alert(1)", ["empty-section", "unsafe-link"]),
        ("[x]:\n  javascript:alert(1)", ["empty-section", "unsafe-link"]),
        ("> - [x]: javascript:alert(1)", ["unsafe-link"]),
        ("[x](ftp://example.org)", ["unsafe-link"]),
        ("[x](//example.org)", ["unsafe-link"]),
        ("[x](//example.org/a.md)", ["unsafe-link"]),
        ("[x](example.org)", ["unsafe-link"]),
        ("[x](/cases/oslo-salto)", ["unsafe-link"]),
        ("[x](../vocabularies/cities.yaml)", ["unsafe-link"]),
        ("[x](http://[)", ["unsafe-link"]),
        ("[x]()", ["unsafe-link"]),
        ("<javascript:alert(1)>", ["unsafe-link"]),
        ("Fact [@s1; @s1, p. 4].", []),
        ("Fact [@s9].", ["unknown-source"]),
        ("Fact [@s1; @s9].", ["unknown-source"]),
        ("Fact [@s1;\n@s9].", ["unknown-source"]),
        ("Fact [@S1].", ["unknown-source"]),
        ("Fact [@general].", ["unknown-source"]),
        ("Fact [@ s1].", ["bad-citation"]),
        ("a@example.org", []),
        ("Fact (5 < 6 <7).", []),
        ("![x]", []),
    ],
)
def test_every_line_is_checked(line: str, rules: list[str], problems: ProblemList) -> None:
    read(f"## Context\n{line}\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [problem.rule for problem in problems.sorted()] == rules


def test_text_below_an_unknown_heading_is_checked_in_the_same_run(problems: ProblemList) -> None:
    read("## Zzz\n<b>\n## Context\nA town.\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert [problem.rule for problem in problems.sorted()] == ["unknown-section", "raw-html"]


def test_problems_in_the_text_quote_their_cause(problems: ProblemList) -> None:
    read(
        "## Context\n<script\nsrc=x>\n[x](ftp://a) ![x](y)\n## What helped\nTea [@s9].\n## What was hard\n[@ s1]",
        problems,
    )

    assert reported(problems) == [
        "2:1: error: There is an HTML tag here: `<script src=x>`. "
        "Write markdown: `**bold**`, `*emphasis*`, `[text](address)`; for the character itself, `\\<`. [raw-html]",
        "4:5: error: A link points to `ftp://a`. "
        "Link to an https:// address or to another content file such as `oslo-salto.md`. [unsafe-link]",
        "4:14: error: There is an image here. Describe it in words. [image]",
        "6:5: error: `s9` is not listed under `sources`. The listed sources are: s1. [unknown-source]",
        "8:1: error: `[@ s1]` cannot be read as a citation. `@ s1` is not a source key with an `@`. "
        "Write `[@s1]`, `[@s1; @s2]` or `[@s1, p. 4]`. [bad-citation]",
    ]


def test_endlessly_nested_lists_are_reported_and_do_not_crash(problems: ProblemList) -> None:
    read(f"## Context\n{'- ' * 1000}a\n## What helped\nTea.\n## What was hard\nRain.", problems)

    assert reported(problems)[-1] == (
        "2:1: error: Lists, quotes or emphasis are nested more than 20 levels deep. "
        "Write them side by side. [nested-too-deeply]"
    )


def test_citations_are_counted_in_the_order_of_the_page(problems: ProblemList) -> None:
    body = read_whole("## What was hard\nRain [@s1].\n## Context\nA town [@s1].", problems)

    assert body.citations == {"s1": 2}
    assert [citation.time for section in body.sections for citation in section.citations] == [1, 2]
    assert body.sections[0].heading == "Context"


# Statements without a source


@pytest.mark.parametrize(
    ("text", "uncited"),
    [
        ("Fact [@s1].", []),
        ("Fact.", [(2, "Fact.")]),
        ("Fact\nover lines [@s1].", []),
        ("Fact [@s1].\n\nAnother\nfact.", [(4, "Another fact.")]),
        ("- One [@s1].\n- Two.\n- Three\n  goes on [@s1].", [(3, "Two.")]),
        ("- One.\n  - Two [@s1].\n\n    Three.", [(2, "One."), (5, "Three.")]),
        ("1. One.\n2. Two [@s1].", [(2, "One.")]),
        ("### Part\nFact.", [(3, "Fact.")]),
        ("> Said.\n> - Done [@s1].", [(2, "Said.")]),
        ("| a | b |\n|---|---|\n| c | d [@s1] |", []),
        ("| a |\n|---|\n| b |", [(2, "a b")]),
        ("**Fact [@s1]**.", []),
        ("Fact `[@s1]`.", [(2, "Fact [@s1].")]),
        ("***", []),
        ("\n\n", []),
    ],
)
def test_every_block_without_a_source_is_found(
    text: str, uncited: list[tuple[int, str]], problems: ProblemList
) -> None:
    (section,) = read_whole(f"## Context\n{text}", problems).written

    assert [(block.line, block.text) for block, _ in uncited_statements(section)] == uncited
