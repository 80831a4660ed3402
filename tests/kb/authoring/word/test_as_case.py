"""What a word processor's document says becomes the beginning of a case file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.draft import Draft, read_draft
from kb.authoring.word.as_case import case_from_word
from kb.model.case import CASE_SECTIONS
from tests.builders import vocabularies
from tests.properties import costly
from tests.word_files import item, link, note, paragraph, run, table, word_file


def text_of(*body: str, notes: dict[int, str] | None = None, links: dict[str, str] | None = None) -> str:
    return case_from_word(word_file(*body, notes=notes, links=links), vocabularies())


def body_of(*body: str, notes: dict[int, str] | None = None, links: dict[str, str] | None = None) -> str:
    return text_of(*body, notes=notes, links=links).partition("\n---\n")[2].strip()


def draft_of(text: str) -> Draft:
    return read_draft(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies())


CONTEXT = paragraph("Context", "H1")


@pytest.mark.parametrize(
    "heading",
    [
        paragraph("What helped", "H1"),
        paragraph("What helped", "H2"),
        paragraph("WHAT HELPED:", "H1"),
        paragraph("4. What helped", "H1"),
        paragraph("What helped", bold=True),
        paragraph("What helped"),
        paragraph("what helped", "Title"),
    ],
)
def test_a_heading_with_the_name_of_a_section_is_that_section(heading: str) -> None:
    assert body_of(CONTEXT, paragraph("They met."), heading, paragraph("Time.")).endswith("## What helped\n\nTime.")


def test_a_heading_of_another_name_stays_for_the_check_to_name() -> None:
    text = text_of(CONTEXT, paragraph("They met."), paragraph("Outcomes", "H1"), paragraph("Some."))

    assert "\n## Outcomes\n" in text
    assert "unknown-section" in {problem.rule for problem in draft_of(text).problems}


def test_a_heading_below_a_section_stays_below_it() -> None:
    assert "### Money" in body_of(CONTEXT, paragraph("Money", "H2"), paragraph("Little."))


def test_lists_tables_bold_words_and_links_stay() -> None:
    body = body_of(
        CONTEXT,
        paragraph("They met ", inside=run("every week", bold=True) + run(" at ") + link("the house", "r1")),
        item("First"),
        item("Below it", 1),
        item("Second"),
        item("One", numbering=2),
        table(["Year", "Cases"], ["2019", "4 | 5"]),
        links={"r1": "https://example.org/a b"},
    )

    assert "They met **every week** at [the house](https://example.org/a%20b)" in body
    assert "- First\n  - Below it\n- Second" in body
    assert "1. One" in body
    assert "| Year | Cases |\n| --- | --- |\n| 2019 | 4 \\| 5 |" in body


@pytest.mark.parametrize("sign", ["-", "–", "•", "·", "*", "o"])
def test_lines_that_begin_with_a_sign_are_a_list(sign: str) -> None:
    assert body_of(CONTEXT, paragraph(f"{sign} Time"), paragraph(f"{sign}\u00a0Trust")).endswith("- Time\n- Trust")


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "//evil.example", "#here", "https://["]
)
def test_a_link_that_leads_nowhere_is_words(target: str) -> None:
    body = body_of(CONTEXT, paragraph("See ", inside=link("this", "r1")), links={"r1": target})

    assert body.endswith("See this")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Title: The door: open"], 'title: "The door: open"'),
        (["City: Aarhus"], "city: [aarhus]"),
        (["Cities: Århus; Wien"], "city: [aarhus, vienna]"),
        (["Started: 2007"], "started: 2007"),
        (["Status: Ongoing"], "status: ongoing"),
        (["Audience: Young people, families"], "audiences: [youth, families]"),
        (["Lead organisation: City Police (Police)"], 'lead:\n  "City Police": police'),
        (["Partners: A school; City Press: press"], 'partners:\n  "A school":\n  "City Press": media'),
        (["Arrangement: Informing and intervening: They meet."], 'informing-and-intervening: "They meet."'),
        (["Challenge: Fragile trust: Few called."], 'fragile-trust:\n    showed: "Few called."'),
        (["Questions: Who calls? Who decides?"], 'questions:\n  - "Who calls?"\n  - "Who decides?"'),
        (["Resources: Two people"], 'resources: "Two people"'),
        (["Evidence: Self-reported: Nobody looked."], 'evidence:\n  level: self-reported\n  note: "Nobody looked."'),
        (["Summary: Two\twords & <more>"], 'summary: "Two words & <more>"'),
    ],
)
def test_lines_before_the_first_section_fill_in_the_header(lines: list[str], expected: str) -> None:
    as_lines = text_of(*map(paragraph, lines), CONTEXT, paragraph("They met."))
    as_table = text_of(table(*(line.split(": ", 1) for line in lines)), CONTEXT, paragraph("They met."))
    bold = [
        paragraph(inside=run(f"{name}: ", bold=True) + run(said)) for name, said in (x.split(": ", 1) for x in lines)
    ]
    as_bold = text_of(*bold, CONTEXT, paragraph("They met."))

    for text in (as_lines, as_table, as_bold):
        assert expected in re.sub(r"(?m)(  |^)\"([a-z-]+)\":", r"\1\2:", text)
        assert text.partition("\n---\n")[2].strip() == "## Context\n\nThey met."


def test_the_first_heading_is_the_title() -> None:
    assert 'title: "A \\"door\\""' in text_of(paragraph('A "door"', "Title"), CONTEXT, paragraph("They met."))
    assert 'title: "A door"' in text_of(paragraph("A door", "H1"), paragraph("Context", "H2"), paragraph("They met."))


def test_footnotes_become_sources_each_cited_before_the_end_of_its_sentence() -> None:
    text = text_of(
        CONTEXT,
        paragraph("They met.", inside=note(2) + run(" Again") + note(3) + run(".") + note(2)),
        notes={2: "City of Aarhus, Plan 2020, https://example.org/plan.", 3: "A book"},
    )

    assert "They met [@s1]. Again [@s2] [@s1]." in text
    assert 's1:\n    title: "City of Aarhus, Plan 2020"' in text
    assert 'year: 2020\n    url: "https://example.org/plan"' in text
    assert 's2:\n    title: "A book"' in text


def test_a_list_of_sources_is_cited_by_its_numbers() -> None:
    text = text_of(
        CONTEXT,
        paragraph("They met [1, 2]. Nobody [7] knows."),
        paragraph("Sources", "H1"),
        paragraph("[1] A report, 2019"),
        item("Another, https://example.org/b"),
    )

    assert "They met [@s1; @s2]. Nobody [7] knows." in text
    assert 's2:\n    title: "Another"' in text
    assert "## Sources" not in text


def test_what_is_written_in_our_own_signs_stays() -> None:
    text = text_of(CONTEXT, paragraph("They met [@s1]."), paragraph("Sources", "H1"), paragraph("A report, 2019"))

    assert "They met [@s1]." in text


def test_words_before_the_first_section_are_not_lost() -> None:
    assert body_of(paragraph("A note: of mine."), CONTEXT, paragraph("They met.")) == (
        "## Context\n\nA note: of mine.\n\nThey met."
    )
    assert body_of(paragraph("Words.")) == "## Context\n\nWords."


def test_it_is_a_draft_whatever_it_says() -> None:
    text = text_of(paragraph("Publication: published"), CONTEXT, paragraph("publication: published"))

    assert not draft_of(text).is_online
    assert "publication: draft" in text


def test_a_whole_document_needs_only_what_it_did_not_say() -> None:
    sections = [
        piece for name in CASE_SECTIONS for piece in (paragraph(name, "H1"), paragraph("They said so.", inside=note(1)))
    ]
    text = text_of(
        paragraph("A door", "Title"),
        table(
            ["Summary", "One door for worries in Aarhus."], ["City", "Aarhus"], ["Started", "2007"],
            ["Status", "unknown"], ["Arrangement", "Informing and intervening: They meet."],
            ["Challenge", "Fragile trust: Few called."], ["Audience", "Youth"], ["Lead", "City Police (police)"],
            ["Partners", "A school (research)"], ["Evidence", "described: Nobody looked."],
            ["Author", "Editorial team"], ["Questions", "Who calls?"],
        ),
        *sections,
        notes={1: "A report, 2020, https://example.org/r"},
    )  # fmt: skip

    assert {problem.rule for problem in draft_of(text).problems if problem.level == "error"} <= {"template-text"}


SIGNS = st.text(st.sampled_from("ab *_`<>[]()#|~\\-+.1:!&=\"'\n@s\u00a0\u200b"), max_size=40)


@costly
@given(st.lists(SIGNS, max_size=4))
def test_words_stay_the_words_they_are(paragraphs: list[str]) -> None:
    shown = "Words " + " ".join(paragraphs).replace("\n", " ")
    draft = draft_of(text_of(CONTEXT, paragraph(f"Words {' '.join(paragraphs)}")))

    letters = re.findall(r"[ab]", "".join(section.text for section in draft.case.sections))
    assert letters == re.findall(r"[ab]", shown) or draft.problems


@costly
@given(st.lists(st.sampled_from([paragraph, item]), max_size=5), st.text(max_size=60))
def test_any_words_become_a_draft(makers: list[object], words: str) -> None:
    clean = "".join(char for char in words if char.isprintable() and char not in "\ufffe\uffff")
    pieces = [paragraph(clean, "Title"), *(make(clean) for make in (paragraph, item)), CONTEXT, table([clean, clean])]

    assert not draft_of(text_of(*pieces, notes={1: clean})).is_online
