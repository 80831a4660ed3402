"""A file written from values says these values, whatever they are; a correction changes only what is corrected."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import CaseFile, parse_case_file, parse_text
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import unread
from kb.authoring.writing.edits import Items, Word
from kb.authoring.writing.file import corrected, with_fields, written
from kb.authoring.writing.values import CaseValues, SourceValues, tidy, values_in
from kb.model.case import CASE_SECTIONS, Case
from tests.builders import case_markdown, vocabularies
from tests.conftest import CONTENT
from tests.kb.authoring.writing import strategies
from tests.marking import most_slow

CASES = sorted((CONTENT / "cases").glob("*.md"))


def parse(text: str) -> CaseFile:
    return parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies())


@given(strategies.values)
def test_a_file_says_what_was_typed_whatever_that_is(values: CaseValues) -> None:
    text = written(values)

    assert values_in(text) == tidy(values)
    assert not {"yaml-syntax", "no-front-matter", "unknown-key", "not-utf-8"} & {p.rule for p in parse(text).problems}
    assert parse(text).decision.fate is Fate.OFFLINE


@given(strategies.values)
def test_tidy_values_stay_as_they_are(values: CaseValues) -> None:
    assert tidy(tidy(values)) == tidy(values)
    assert written(tidy(values)) == written(values)


@given(strategies.texts, strategies.boxes, st.sampled_from(CASE_SECTIONS))
def test_the_reader_of_files_reads_the_same_words(title: str, box: str, heading: str) -> None:
    values = CaseValues(title=title, summary=title, sections=((heading, box),))
    case = read(written(values))

    assert (case.title, case.summary) == (tidy(values).title, tidy(values).summary)
    assert {section.heading for section in case.sections} <= {heading}


def read(text: str) -> Case:
    return parse_text("a-case", text, vocabularies(), unread())[0]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


@given(strategies.boxes)
def test_no_word_that_is_typed_into_a_box_is_lost(box: str) -> None:
    values = tidy(CaseValues(sections=(("Context", box),)))

    assert letters(values.section("Context")) == letters(box)
    assert values_in(written(values)).section("Context") == values.section("Context")


@pytest.mark.parametrize("path", most_slow(CASES, every=8, ids=lambda path: path.stem))
def test_a_case_of_the_collection_stays_byte_for_byte_until_something_is_changed(path: Path) -> None:
    text = path.read_text("utf-8")

    assert corrected(text, values_in(text)) == text
    assert values_in(written(values_in(text))) == tidy(values_in(text))


COMMENTED = """---
# Above all.
title: "A door"   # behind the title
summary: A door in Aarhus.
city: [aarhus]    # a "city", as it is
started: 2015
ended:            # still open
status: ongoing
arrangements:
  # Why this one?
  informing-and-intervening: "They meet."  # every week
  knowledge-exchange: >
    They # learn
    from others.
challenges:
  fragile-trust:
    # asked in May
    showed: 'It''s hard'  # behind
    handled: They talked.
extremism: []
audiences:
- youth   # the young
- families
lead: {City: police}
partners:
  "School: north": research
  # nobody else
custom: kept
evidence: {level: described, note: "Nothing."}
language: en
contributors: [Editorial team]
publication: published
review: {state: unreviewed}
aliases: [old-door]
sources:
  s1:
    title: "Report"
    by: A city
    # where it was
    year: 2019
    archived: kept too
# at the end
---

## Context

It began [@s1].  <!-- allow harm-name: a reason -->


## What helped

- Coffee [@s1].
"""
COMMENTS = ("# Above all.", "# Why this one?", "# nobody else", "custom: kept", "aliases: [old-door]", "# at the end",
            "publication: published", "review: {state: unreviewed}")  # fmt: skip


@given(strategies.values)
def test_a_correction_says_what_was_typed_and_keeps_what_the_form_does_not_know(values: CaseValues) -> None:
    text = corrected(COMMENTED, values)

    assert tidy(values_in(text)) == tidy(values)
    assert [
        line for line in ("custom: kept", "aliases: [old-door]", "publication: published") if line not in text
    ] == []


CHANGES = [
    (replace(values_in(COMMENTED), title='One "door"'), ['title: "One \\"door\\"" # behind the title'], 1),
    (replace(values_in(COMMENTED), ended="2020", status="ended"),
     ["ended: 2020       # still open", "status: ended"], 2),
    (replace(values_in(COMMENTED), city=("aarhus", "vienna")), ['city: [aarhus, vienna] # a "city", as it is'], 1),
    (replace(values_in(COMMENTED), arrangements=(("informing-and-intervening", "They call."),
        ("knowledge-exchange", "They # learn from others."))),
     ['  informing-and-intervening: "They call."  # every week'], 1),
    (replace(values_in(COMMENTED), arrangements=(("informing-and-intervening", "They meet."),
        ("knowledge-exchange", "They learn."))), ['  knowledge-exchange: "They learn."'], 3),
    (replace(values_in(COMMENTED), challenges=(("fragile-trust", "It's easy", "They talked."),)),
     ['    showed: "It\'s easy"   # behind'], 1),
    (replace(values_in(COMMENTED), challenges=(("fragile-trust", "It's hard", ""),)), [], 1),
    (replace(values_in(COMMENTED), audiences=("youth", "schools", "families")), ["- schools"], 0),
    (replace(values_in(COMMENTED), lead=(("City", "police"), ("Town", "media"))),
     ["lead:", "  City: police", "  Town: media"], 1),
    (replace(values_in(COMMENTED), sources=(SourceValues("s1", "Report", "A city", "2020"),)), ["    year: 2020"], 1),
    (replace(values_in(COMMENTED), sources=(SourceValues("s1", "Report", "A city", "2019", lang="da"),)),
     ["    lang: da"], 0),
    (replace(values_in(COMMENTED), resources="Two people."), ['resources: "Two people."'], 0),
    (replace(values_in(COMMENTED), note="Much."), ["evidence:", "  level: described", '  note: "Much."'], 1),
    (replace(values_in(COMMENTED), sections=(*values_in(COMMENTED).sections, ("What was hard", "- Rain."))),
     ["", "## What was hard", "", "- Rain."], 0),
    (replace(values_in(COMMENTED), sections=values_in(COMMENTED).sections[:1]), [], 2),
]  # fmt: skip


@pytest.mark.parametrize(("values", "added", "removed"), CHANGES)
def test_only_lines_that_say_something_else_are_changed(values: CaseValues, added: list[str], removed: int) -> None:
    text = corrected(COMMENTED, values)
    lines = [line for line in difflib.ndiff(COMMENTED.split("\n"), text.split("\n")) if line[0] in "+-"]

    assert values_in(text) == tidy(values)
    assert [line[2:] for line in lines if line[0] == "+" and line.strip("+ ")] == [line for line in added if line]
    assert len([line for line in lines if line[0] == "-" and line.strip("- ")]) == removed
    assert [comment for comment in COMMENTS if comment not in text] == []


def test_windows_characters_in_lines_that_stay_are_left_to_kb_fix() -> None:
    text = COMMENTED.replace("A door in Aarhus.", "A do\u00ador in Aarhus.")
    changed = corrected(text, replace(values_in(text), status="unknown"))

    assert "A do\u00ador in Aarhus." in changed
    assert "status: unknown" in changed


def test_a_valid_case_is_valid_when_it_is_written_from_its_values() -> None:
    text = written(values_in(case_markdown()))

    assert parse(text).case is not None
    assert parse(text.replace("publication: draft", "publication: published")).is_published


def test_a_new_case_is_a_draft_in_the_order_of_the_template() -> None:
    text = written(CaseValues(title="A door", city=("aarhus",), sections=(("What helped", "- Tea [@s1]."),)))

    assert text.startswith('---\ntitle: "A door"\nsummary:\ncity: [aarhus]\nstarted:\n')
    assert (
        "\npublication: draft\nreview:\n  state: unreviewed\naliases: []\nsources: {}\n---\n\n## What helped\n\n"
        in text
    )


def test_a_key_can_be_removed_and_put_back_at_its_place() -> None:
    without = with_fields(COMMENTED, {"status": None})

    assert "status" not in without
    assert with_fields(without, {"status": Word("ongoing")}) == COMMENTED
    assert "audiences: []" in with_fields(COMMENTED, {"audiences": Items(())})
