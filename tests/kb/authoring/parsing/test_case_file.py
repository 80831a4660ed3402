"""A case file to a complete case, or to everything that is wrong with it; never to a crash."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import CaseFile, parse_case_file
from kb.authoring.rules import Level
from kb.model.case import CASE_SECTIONS, Case, Evidence, Reason, Review, Source
from tests.builders import case_markdown, make_case, vocabularies

VOCABULARIES = vocabularies()
GOOD = case_markdown()


def parse(text: str | bytes, name: str = "a-case.md") -> CaseFile:
    data = text.encode() if isinstance(text, str) else text
    return parse_case_file(PurePosixPath("cases") / name, data, VOCABULARIES)


def changed(old: str, new: str) -> CaseFile:
    """A good file with one change."""
    assert GOOD.count(old) == 1, old
    return parse(GOOD.replace(old, new))


def told(file: CaseFile) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in file.problems]


# Good files


def test_a_file_without_problems_gives_a_complete_case() -> None:
    text = case_markdown(ended=2015, status="ended", aliases=["old-name"]).replace(
        "review: {state: unreviewed}",
        "review: {state: reviewed, date: 2026-03-31, by: Prevention coordinator}\n"
        "experienced_as: {intelligence-link: It felt like one.}\n"
        "questions: [Where can a parent ask?, 'Who decides?']",
    )
    file = parse(text)

    assert file.problems == ()
    assert file.is_published
    assert file.text == text
    assert file.case is not None
    sections = file.case.sections
    assert file.case == Case(
        slug="a-case",
        title="A door for concerns",
        summary="Police and town hall share one door.",
        cities=("aarhus",),
        started=2010,
        ended=2015,
        status="ended",
        arrangements=(Reason("informing-and-intervening", "Why it is informing-and-intervening."),),
        challenges=(Reason("fragile-trust", "How fragile-trust showed."),),
        audiences=("youth",),
        lead=("City Police",),
        partners=("University",),
        experienced_as=(Reason("intelligence-link", "It felt like one."),),
        questions=("Where can a parent ask?", "Who decides?"),
        evidence=Evidence("described", "Nobody has looked."),
        language="en",
        contributors=("Editorial team",),
        review=Review("reviewed", date(2026, 3, 31), "Prevention coordinator"),
        aliases=("old-name",),
        sources=(Source("s1", "A report", "A city", 2020, "https://example.org/report", 6),),
        sections=sections,
    )
    assert tuple(section.heading for section in sections) == CASE_SECTIONS
    assert all(section.html and section.text for section in sections)


@pytest.mark.parametrize(
    "data",
    [
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("---\n", "---  \n").encode(),
        (GOOD + "\n\n\n").encode(),
        GOOD.rstrip().encode(),
    ],
)
def test_line_ends_marks_and_spaces_of_editors_change_nothing(data: bytes) -> None:
    file = parse(data)

    assert file.problems == ()
    assert file.case == make_case()


@pytest.mark.parametrize("key", ["ended:", 'partners: ["University"]', "audiences: [youth]", "aliases: []"])
def test_what_is_optional_may_be_left_out(key: str) -> None:
    file = changed(f"{key}\n" if key != "ended:" else "ended: \n", "")

    assert file.problems == ()
    assert file.is_published


def test_a_section_may_be_left_out_with_a_warning() -> None:
    file = changed("## What helped\n\n- Coffee helped [@s1].\n\n", "")

    assert file.is_published
    assert [problem.rule for problem in file.problems] == ["missing-section"]


def test_a_title_may_hold_quotes_and_other_alphabets() -> None:
    file = changed('"A door for concerns"', "'Das „Haus“: 日本 & <Łódź>'")

    assert file.case is not None
    assert file.case.title == "Das „Haus“: 日本 & <Łódź>"


@pytest.mark.parametrize("statement", ["We found no evaluation.", "This case is one of many.", "Nobody told us."])
def test_where_authors_speak_of_themselves_there_is_nothing_to_cite(statement: str) -> None:
    assert changed("Nothing was measured [@s1].", statement).problems == ()


def test_lessons_need_no_source() -> None:
    assert parse(case_markdown(body={"Lessons for another city": "- Begin.\n- Go on."})).problems == ()


# Broken files


def test_all_problems_of_a_file_come_in_one_run() -> None:
    file = parse(
        "---\n"
        "title: [a]\n"
        "sumary: A text.\n"
        "city: [aarhuss]\n"
        "started: 10\n"
        "ended: 2009\n"
        "status: over\n"
        "arrangements: {knowledge-exchange: }\n"
        "challenges: fragile-trust\n"
        "lead: [Police]\n"
        "evidence: {level: described, level: none}\n"
        "language: en\n"
        "contributors: []\n"
        "publication: published\n"
        "review: {state: reviewed, date: today}\n"
        "aliases: [Old]\n"
        "sources: {s1: {title: A, by: B, url: nowhere}}\n"
        "---\n"
        "Too early.\n"
        "## What hepled\n"
        "<b>Tea</b>\n"
        "## Context\n"
        "![x](javascript:y) [@s2]\n"
    )

    assert file.case is None
    errors = [(problem.line, problem.rule) for problem in file.problems if problem.level is Level.ERROR]
    assert errors == [
        (2, "missing-key"),  # summary
        (2, "wrong-type"),
        (3, "unknown-key"),
        (4, "unknown-term"),
        (5, "bad-year"),
        (7, "unknown-term"),
        (8, "missing-key"),
        (9, "wrong-type"),
        (11, "missing-key"),  # evidence.note
        (11, "duplicate-key"),
        (13, "missing-key"),
        (15, "review-incomplete"),
        (15, "bad-date"),
        (16, "bad-alias"),
        (17, "bad-url"),
        (19, "text-before-section"),
        (20, "unknown-section"),
        (21, "raw-html"),
        (21, "raw-html"),
        (23, "image"),
        (23, "unsafe-link"),
        (23, "unknown-source"),
    ]


def test_problems_come_in_the_order_of_the_file() -> None:
    file = parse(GOOD.replace("city: [aarhus]", "city: [x]").replace("## What helped", "## Zzz"))

    assert list(file.problems) == sorted(file.problems)
    assert told(file)[0] == (
        "4:8: error: `x` is not in the vocabulary `cities`. "
        "Known are: aarhus, copenhagen, vienna, liege. [unknown-term]"
    )


REQUIRED = [
    "title", "summary", "city", "started", "status", "arrangements", "challenges", "lead", "evidence", "language",
    "contributors", "publication", "review", "sources",
]  # fmt: skip


@pytest.mark.parametrize("key", REQUIRED)
def test_what_every_file_needs_is_told_where_it_is_missing(key: str) -> None:
    head, body = GOOD.split("\n---\n", 1)
    lines = head.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((n for n, line in enumerate(lines) if n > start and not line.startswith(" ")), len(lines))
    file = parse("\n".join([*lines[:start], *lines[end:]]) + "\n---\n" + body)

    assert file.case is None
    assert f"2:1: error: `{key}` is missing. Every file needs it. [missing-key]" in told(file)


@pytest.mark.parametrize(
    "name", ["Upper.md", "a b.md", "a_b.md", "-a.md", "a-.md", "a--b.md", "å.md", ".md", "a.b.md", "a\n.md", "a.txt"]
)
def test_a_name_that_cannot_be_an_address_is_told(name: str) -> None:
    file = parse(GOOD, name)

    assert file.case is None
    assert [problem.rule for problem in file.problems] == ["file-name"]


def test_an_end_before_the_beginning_is_told_where_the_end_stands() -> None:
    assert told(parse(case_markdown(started=2010, ended=2009, status="ended"))) == [
        "6:8: error: `ended: 2009` is before it started. It started in 2010. [bad-year]"
    ]


def test_a_warning_keeps_no_case_from_being_published() -> None:
    file = parse(case_markdown(ended=2015))

    assert file.is_published
    assert told(file) == [
        "7:9: warning: The case has an end, but its status says otherwise. "
        "Write `status: ended`, or leave `ended` empty. [status-and-end]"
    ]


def test_a_date_of_review_alone_is_not_enough() -> None:
    assert told(changed("{state: unreviewed}", "{state: reviewed, date: 2026-03-31}")) == [
        "19:9: error: A reviewed case says when and by whom. "
        "Add `date: 2026-03-31` and `by: the city's prevention coordinator`. [review-incomplete]"
    ]


# Anything at all


def check_whatever(file: CaseFile) -> None:
    """What is true of every file, however broken."""
    errors = [problem for problem in file.problems if problem.level is Level.ERROR]
    assert (file.case is None) == bool(errors)
    lines = file.text.split("\n")
    for problem in file.problems:
        assert "\n" not in str(problem)
        assert str(problem).encode()
        if file.text:
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    if file.case is not None:
        case = file.case
        assert all([case.title, case.summary, case.cities, case.started, case.status, case.arrangements])
        assert all([case.challenges, case.lead, case.language, case.contributors, case.evidence.level, case.sources])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    check_whatever(parse(data))


@given(st.text(max_size=100), st.text(max_size=200))
def test_any_head_and_body_are_read_or_told(head: str, body: str) -> None:
    check_whatever(parse(f"---\n{head}\n---\n{body}".encode("utf-8", "replace")))


PIECES = [
    b"\n", b"\t", b" ", b"    ", b"\x00", b"\xff", b"\xe2\x80\xa8", b"\r", b"---\n", b"#", b"## What helped\n", b"- ",
    b"> ", b"[", b"]", b"{", b"}", b"(", b")", b"<", b"<b>", b"&", b"&#1;", b"*", b"!", b"|", b"'", b'"', b"\\", b"`",
    b"```", b":", b": ", b"@", b"[@s1]", b"[@s9]", b"[x](", b"http://[", b"[x]: ", b"..", b".md", b"%", b"~",
]  # fmt: skip

EDITS = st.lists(
    st.tuples(
        st.integers(0, len(GOOD)),
        st.integers(0, 20),
        st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=4).map(b"".join),
    ),
    min_size=1,
    max_size=4,
)


@given(EDITS)
def test_any_edit_of_a_good_file_is_read_or_told(edits: list[tuple[int, int, bytes]]) -> None:
    data = GOOD.encode()
    for position, gone, new in edits:
        data = data[:position] + new + data[position + gone :]

    check_whatever(parse(data))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n---\n",
        "---\n" * 1000,
        GOOD.replace("city: [aarhus]", "city: " + "{a: " * 2000),
        case_markdown(body={"Context": ">" * 2000}),
        case_markdown(body={"Context": "*" * 2000 + "a" + "*" * 2000}),
        case_markdown(body={"Context": "- " * 2000 + "a"}),
        case_markdown(body={"Context": "[x](http://[)"}),
        case_markdown(body={"Context": "[" * 500}),
        case_markdown(body={"Context": "`" * 2000}),
        case_markdown(title="long " * 10_000),
    ],
)
def test_what_was_made_to_break_it_does_not(text: str) -> None:
    check_whatever(parse(text))
