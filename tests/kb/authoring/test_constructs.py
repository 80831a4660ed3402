"""What people type (`tests.kb.authoring.constructs`): what is read, what is reported, where the mended lines lead."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.case_file import CaseFile, parse_case_file
from tests.builders import case_markdown, vocabularies
from tests.kb.authoring.constructs import (
    ALIASES,
    CITY,
    CONSTRUCTS,
    EVIDENCE,
    LANGUAGE,
    LEAD,
    PUBLICATION,
    REVIEW,
    STARTED,
    TEXT,
    TITLE,
    Construct,
)

MOST_ROUNDS = 3
"""How often an author may have to check a file until a mistake is mended."""


def text_of(construct: Construct) -> str:
    good = case_markdown()
    assert construct.place in good
    return good.replace(construct.place, construct.typed, 1)


@cache
def parse(text: str) -> CaseFile:
    return parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies())


def what_is_read(file: CaseFile, place: str) -> str | None:
    """What a case says at the place of a construct."""
    case = file.case
    if case is None:
        return None
    (helped,) = [section.html for section in case.sections if section.heading == "What helped"]
    return {
        TITLE: case.title,
        CITY: ", ".join(case.cities),
        STARTED: str(case.started),
        LEAD: ", ".join(f"{partner.name}={partner.sector}" for partner in case.lead),
        EVIDENCE: case.evidence.note,
        REVIEW: f"{case.review.state} {case.review.date} {case.review.by}",
        PUBLICATION: file.decision.fate.value,
        LANGUAGE: case.language,
        ALIASES: ", ".join((*case.aliases, *case.questions, *case.extremism)),
        TEXT: re.sub(r'<sup class="citation">.*?</sup>', "¹", helped),
    }[place]


def name(construct: Construct) -> str:
    return ascii(construct.typed)[1:60]


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=name)
def test_a_construct_is_read_and_reported_where_it_is(construct: Construct) -> None:
    file = parse(text_of(construct))

    assert what_is_read(file, construct.place) == construct.read
    assert tuple(f"{found.line}:{found.column} {found.rule}" for found in file.problems) == construct.reported
    assert tuple(found.fix for found in file.problems if found.fix) == construct.fixes


def mended(file: CaseFile, text: str) -> str:
    """The text with every mended line in place of the broken one; of two for one line, the first."""
    fixes = {found.line: found.fix for found in reversed(file.problems) if found.fix}
    lines = [fixes.get(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    return "\n".join(lines)


def test_pasting_the_mended_lines_leaves_nothing_that_they_could_mend() -> None:
    for construct in (row for row in CONSTRUCTS if row.fixes):
        text = text_of(construct)
        for _ in range(MOST_ROUNDS):
            text = mended(parse(text), text)

        assert [found.fix for found in parse(text).problems if found.fix] == [], construct.typed


def test_there_are_many_constructs_and_each_is_listed_once() -> None:
    assert len(CONSTRUCTS) > 150
    assert len({(row.place, row.typed) for row in CONSTRUCTS}) == len(CONSTRUCTS)


def test_no_message_is_a_phrase_of_the_library() -> None:
    phrases = ("block sequence", "mapping values", "expected", "token", "context", "scanning", "parsing", "while ")
    messages = {found.message for row in CONSTRUCTS for found in parse(text_of(row)).problems}

    assert [message for message in messages if any(phrase in message for phrase in phrases)] == []


def test_no_suggestion_looks_like_what_it_replaces() -> None:
    """What looks the same is told apart by name."""
    for row in CONSTRUCTS:
        for found in parse(text_of(row)).problems:
            quoted = re.findall(r"`([^`]+)`", found.message)[:1]
            suggested = re.findall(r"Did you mean `([^`]+)`", found.hint)
            if suggested and quoted and visibly(quoted[0]) == visibly(suggested[0]):
                assert "It contains a" in found.hint


def visibly(text: str) -> str:
    """A text as it looks: without what nobody sees, with Latin letters for Cyrillic ones of the same shape."""
    return (
        re.sub("[\u00ad\u200b\u2060\ufeff]", "", text)
        .replace("\u00a0", " ")
        .translate(str.maketrans("аеорсх", "aeopcx"))
    )
