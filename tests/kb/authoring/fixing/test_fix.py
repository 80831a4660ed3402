"""What `kb fix` mends, what it leaves alone, and that it never changes what a case says."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.authoring.content_folder import ContentFolder
from kb.authoring.fixing.fix import _KINDS, fix
from kb.authoring.parsing.case_file import CaseFile, parse_case_file
from kb.authoring.parsing.publication import Fate
from kb.authoring.rules import RULES
from kb.model.case import Case
from kb.model.vocabulary import Vocabularies
from tests.builders import case_markdown, vocabularies
from tests.kb.authoring.constructs import CONSTRUCTS, Construct
from tests.kb.authoring.test_constructs import name, text_of
from tests.marking import most_slow

CONTENT = Path(__file__).parents[4] / "content"
GOOD = fix(case_markdown(), vocabularies()).text
SHOWN = {Fate.ONLINE, Fate.LAST_GOOD}

few = settings(max_examples=settings().max_examples, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def parse(text: str, known: Vocabularies | None = None) -> CaseFile:
    return parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), known or vocabularies())


def mended(old: str, new: str, text: str = GOOD) -> str:
    """What becomes of a good case with one change."""
    assert text.count(old) == 1, old
    return fix(text.replace(old, new), vocabularies()).text


def said(case: Case) -> tuple[Any, list[tuple[str, str]]]:
    """What a case says on its page."""
    return replace(case, sections=()), [(section.id, section.html) for section in case.sections]


def test_a_good_case_has_only_a_space_at_the_end_of_a_line() -> None:
    assert [str(change) for change in fix(case_markdown(), vocabularies()).changes] == [
        "spaces at the end of a line: 1 line"
    ]
    assert fix(GOOD, vocabularies()).changes == ()


def test_the_collection_and_the_template_have_nothing_to_mend() -> None:
    folder = ContentFolder(CONTENT)
    known, _ = folder.vocabularies()
    for path in (*folder.case_paths()[::8], PurePosixPath("TEMPLATE.md")):
        text = (CONTENT / path).read_text("utf-8")
        assert fix(text, known).text == text, path


TITLE = 'title: "A door for concerns"'
MENDED = [
    # Characters
    ("---\ntitle", "\ufeff---\ntitle", None),
    ("aarhus", "aar\u200bhus", None),
    ("quiet quarter", "qui\u00adet quar\u2060ter", None),
    ("- Coffee", "-\u00a0Coffee", None),
    ("## Context", "##\u00a0Context", None),
    ("status: ongoing", "status:\u00a0ongoing", None),
    ("\n\n## What they do", "\n\u00a0\n## What they do", None),
    ("status: ongoing\n", "status: ongoing\r\n", None),
    ("status: ongoing\n", "status: ongoing\r", None),
    ("begin with coffee.\n", "begin with coffee.\n\n\n\n", None),
    ("begin with coffee.\n", "begin with coffee.", None),
    # Front matter
    ("---\ntitle", "—\ntitle", None),
    (TITLE, "title: “A door for concerns”", None),
    (TITLE, "title: „A door for concerns“", None),
    (TITLE, 'title:"A door for concerns"', None),
    (TITLE, 'title： "A door for concerns"', None),
    (TITLE, 'Title: "A door for concerns"', None),
    (TITLE, "title: The city: a door", 'title: "The city: a door"'),
    (TITLE, "title: A city\\'s door", "title: A city's door"),
    ("[aarhus]", "Århus", "[aarhus]"),
    ("[aarhus]", "[Århus, Wien]", "[aarhus, vienna]"),
    ("[aarhus]", "Aarhus and Wien", "[aarhus, vienna]"),
    ("[youth]", "Young people", "[youth]"),
    ("  fragile-trust:", "  Fragile trust:", None),
    ("  informing-and-intervening:", "\tinforming-and-intervening:", None),
    ("police}", "Law enforcement}", None),
    ("level: described", "level: Described", None),
    ("language: en", "language: English", None),
    ("{state: unreviewed}", "{state: reviewed, by: the mayor, date: 31 March 2026}",
     "{state: reviewed, by: the mayor, date: 2026-03-31}"),
    ("contributors: [Editorial team]", "contributors: Editorial team", None),
    ("status: ongoing", "status: ongoing   ", None),
    ('fragile-trust: {showed: "How fragile-trust showed."}', 'fragile-trust: "How it showed." # so',
     'fragile-trust:\n    showed: "How it showed." # so'),
    ('fragile-trust: {showed: "How fragile-trust showed."}', "fragile-trust: How it\n    showed.",
     "fragile-trust:\n    showed: How it\n      showed."),
    ('lead: {"City Police": police}', "lead:\n  - City Police: police\n  - Town: police",
     "lead:\n  City Police: police\n  Town: police"),
    # The text
    ("## What helped", "# What helped", None),
    ("## What helped", "###  what helped:", None),
    ("## What helped", "##What helped", None),
    ("## What helped", "**What helped**", None),
    ("## What helped", "## Waht helped", None),
    ("## What helped", "##### Coffee\n\nIt was good [@s1].\n\n## What helped",
     "### Coffee\n\nIt was good [@s1].\n\n## What helped"),
    ("\n\n## What helped\n\n", "\n## What helped\n", None),
    ("- Coffee helped [@s1].", "- Coffee helped \\[@s1\\].", None),
    ("- Coffee helped [@s1].", "- Coffee helped \\[@s1].", None),
    ("- Coffee helped [@s1].", "- It\\'s \\$5 for \\\"coffee\\\"\\, they said [@s1].",
     '- It\'s $5 for "coffee", they said [@s1].'),
    ("- Coffee helped [@s1].", "- Coffee helped [@s1]. \t", None),
]  # fmt: skip


@pytest.mark.parametrize(("good", "typed", "meant"), MENDED, ids=[ascii(row[1])[:50] for row in MENDED])
def test_what_is_safe_is_mended(good: str, typed: str, meant: str | None) -> None:
    assert mended(good, typed) == GOOD.replace(good, good if meant is None else meant)


LEFT = [
    ("[aarhus]", "[arhuss]"),  # a guess
    ("[aarhus]", "[Sarajevo]"),
    ("level: described", "level: not described"),
    ("{state: unreviewed}", "{state: reviewed, by: the mayor, date: 03/04/2026}"),
    ("started: 2010", "started: c. 2010"),
    ("started: 2010", "started: 2010?"),
    (TITLE, "title: PIVA network #1"),  # may be a comment
    (TITLE, 'title: "A \u00a0 door"'),
    ("evidence: {", "questions: How, and why?\nevidence: {"),
    ("## What helped", "## What was nice"),
    ("- Coffee helped [@s1].", "Coffee helped [@s1].  \nTea did not [@s1]."),  # a hard break
    ("- Coffee helped [@s1].", "- Coffee at 5\u00a0% helped [@s1]."),  # typed on purpose
    ("- Coffee helped [@s1].", "2010\\. A year [@s1]."),  # no list
    ("- Coffee helped [@s1].", "A \\*b\\* \\_c\\_ [@s1]."),
    ("- Coffee helped [@s1].", "`a\\'b`   c [@s1]."),
    ("- Coffee helped [@s1].", "```\na\\'b  \n## c\nd   \n```"),
    ("- Coffee helped [@s1].", "A [b]\\(c) [@s1]."),
    ("- Coffee helped [@s1].", "می\u200cخواهم [@s1]."),
    ("- Coffee helped [@s1].", "Coffee\nhelped\n\n\nmuch [@s1]."),
]


@pytest.mark.parametrize(("good", "typed"), LEFT, ids=[ascii(row[1])[:50] for row in LEFT])
def test_what_might_mean_something_else_is_left(good: str, typed: str) -> None:
    assert mended(good, typed) == GOOD.replace(good, typed)


def test_keys_come_into_the_order_of_the_template_with_their_comments() -> None:
    head = (
        '# first\nstatus: ongoing # sure\n\n# of the title\ntitle: "A door for concerns"\nsummary: |\n  One.\n  Two.\n'
    )
    text = GOOD.replace(GOOD[4 : GOOD.index("city:")], head).replace("\nstatus: ongoing\narr", "\narr")
    text = text.replace("\n---\n\n##", "\n# last\n---\n\n##")

    found = fix(text, vocabularies()).text

    assert found.startswith('---\n\n# of the title\ntitle: "A door for concerns"\nsummary: |\n  One.\n  Two.\ncity:')
    assert "ended:\n# first\nstatus: ongoing # sure\narrangements:" in found
    assert "\n# last\n---\n" in found


def test_a_heading_that_is_hidden_behind_another_mistake_is_mended_too() -> None:
    text = GOOD.replace("---\ntitle", "\ufeff—\nTitle").replace("[aarhus]", "Århus").replace("## What h", "# what h")
    text = text.replace("\n", "\r\n")

    assert fix(text, vocabularies()).text == GOOD


@pytest.mark.parametrize(
    "line",
    ["Publication: Draft", "publication： published", "publication: Published", "publication:published", "",
     "publication: “published”", "# publication: published", "published: true", "publication: published\ndraft: true",
     "publication: withdrawn ", "publicaton: published", "publication = published", "\tpublication: published",
     "publication: [published]", "publication: published # not yet", "PUBLICATION: published"],
)  # fmt: skip
@pytest.mark.parametrize("other", ["", "city: Århus"])
def test_no_page_comes_online_or_goes_offline(line: str, other: str) -> None:
    text = GOOD.replace("publication: published", line)
    if other:
        text = text.replace("city: [aarhus]", other)

    assert (parse(fix(text, vocabularies()).text).decision.fate in SHOWN) == (parse(text).decision.fate in SHOWN)


@pytest.mark.parametrize("row", most_slow(CONSTRUCTS, every=4, ids=name))
def test_no_construct_is_read_as_something_else(row: Construct) -> None:
    text = text_of(row)
    before, fixed = parse(text), fix(text, vocabularies())

    assert (parse(fixed.text).decision.fate in SHOWN) == (before.decision.fate in SHOWN)
    if before.case and not {"curly-quotes", "backslash", "heading-level", "split-at-comma", "old-form"}.intersection(
        problem.rule for problem in before.problems
    ):
        after = parse(fixed.text).case
        assert after is not None
        assert said(after) == said(before.case)


def test_only_rules_that_exist_are_mended() -> None:
    assert set(_KINDS) <= set(RULES)


# Properties

DAMAGE = [
    "\u00a0", "\u200b", "\ufeff", "\u00ad", "\u2028", "\x00", "\u202e", "\r", "\r\n", "\n", "\n\n", "\t", "  ", "    ",
    " ", '"', "'", "“", "”", "\\", "\\'", ":", "：", ": ", "#", " # x", "##", "-", "- ", "---", "—", "[", "]", "{", "}",
    ",", "@", "[@s1]", "\\[@s1\\]", "*", "**", "_", "`", "```\n", "<b>", "&", "!", "|", ">", "%", "A", "é", "1", ".",
    "publication: draft\n", "draft: true\n", "<<<<<<< a\n", "=======\n",
]  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.integers(0, len(GOOD)), st.sampled_from(DAMAGE), st.integers(0, 3)), min_size=1, max_size=4
)


def damaged(text: str, changes: list[tuple[int, str, int]]) -> str:
    for position, typed, gone in changes:
        text = text[:position] + typed + text[position + gone :]
    return text


@few
@given(CHANGES)
def test_a_damaged_case_says_the_same_when_it_is_mended(changes: list[tuple[int, str, int]]) -> None:
    text = damaged(GOOD, changes)
    before = parse(text)

    fixed = fix(text, vocabularies())

    after = parse(fixed.text)
    assert (after.decision.fate in SHOWN) == (before.decision.fate in SHOWN)
    assert comments(text) <= comments(fixed.text)
    if before.case:
        assert after.case is not None
        rules = {problem.rule for problem in before.problems}
        if not rules & {"curly-quotes", "backslash"}:
            assert replace(after.case, sections=()) == replace(before.case, sections=())
        if "heading-level" not in rules:
            assert said(after.case)[1] == said(before.case)[1]
    assert bool(fixed.changes) == (fixed.text != text)


@few
@given(CHANGES)
def test_mending_twice_is_mending_once(changes: list[tuple[int, str, int]]) -> None:
    once = fix(damaged(GOOD, changes), vocabularies()).text

    assert fix(once, vocabularies()).text == once


def comments(text: str) -> Counter[str]:
    """The comments on lines of their own above the text."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n## ")[0]
    found = (line.strip().lstrip("#") for line in plain.split("\n") if line.startswith("# "))
    return Counter("".join(filter(str.isalnum, line)) for line in found)


@few
@given(st.one_of(st.text(), st.binary().map(lambda data: data.decode("utf-8", "replace"))))
def test_any_text_can_be_mended(text: str) -> None:
    fixed = fix(text, vocabularies())

    assert fix(f"---\n{text}\n---\n{text}", vocabularies())
    assert bool(fixed.changes) == (fixed.text != text)


HOSTILE = {
    "tabs": "---\n" + "\tx: y\n" * 30_000,
    "brackets": "---\ntitle: " + "[" * 100_000 + "\n---\n",
    "escapes": GOOD + "\n" + "\\' " * 60_000,
    "headings": GOOD + "# what helped\n" * 13_000,
    "quotes": "---\n" + "title: “a”\n" * 15_000 + "---\n",
    "spaces": GOOD + " " * 190_000,
    "blank lines": "\n \n" * 60_000,
    "hashes": "#" * 190_000,
    "carriage returns": "\r" * 190_000,
    "challenges": GOOD.replace("challenges:", "challenges:\n" + "  a: b\n" * 20_000),
    "citations": GOOD + "\\[@s1\\] " * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    fix(text, vocabularies())

    assert time.process_time() - began < 20


@pytest.mark.parametrize("text", ["", "\n", "\ud800", " \r\n ", "---", "---\n---", "---\n---\n---"])
def test_what_is_no_case_is_left_or_tidied(text: str) -> None:
    assert fix(text, vocabularies()).text.strip() == text.strip()
