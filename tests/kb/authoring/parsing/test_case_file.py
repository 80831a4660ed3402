"""A case file to a complete case, or to everything that is wrong with it; never to a crash."""

from __future__ import annotations

import json
from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import CaseFile, parse_case_file
from kb.authoring.rules import Level
from kb.model.case import (
    CASE_SECTIONS,
    Case,
    Challenge,
    Evidence,
    LastReported,
    Partner,
    Reason,
    Review,
    ReviewState,
    Source,
    Status,
)
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


def reported(file: CaseFile) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in file.problems]


# Good files


def test_a_file_without_problems_becomes_a_complete_case() -> None:
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
        status=Status.ENDED,
        arrangements=(Reason("informing-and-intervening", "Why it is informing-and-intervening."),),
        challenges=(Challenge("fragile-trust", "How fragile-trust showed.", None),),
        extremism=(),
        audiences=("youth",),
        lead=(Partner("City Police", "police"),),
        partners=(Partner("University", "research"),),
        last_reported=None,
        resources=None,
        experienced_as=(Reason("intelligence-link", "It felt like one."),),
        questions=("Where can a parent ask?", "Who decides?"),
        evidence=Evidence("described", "Nobody has looked."),
        language="en",
        contributors=("Editorial team",),
        review=Review(ReviewState.REVIEWED, date(2026, 3, 31), "Prevention coordinator"),
        aliases=("old-name",),
        sources=(Source("s1", "A report", "A city", 2020, "https://example.org/report", None, 6),),
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
def test_line_ends_byte_order_marks_and_trailing_spaces_change_nothing(data: bytes) -> None:
    file = parse(data)

    assert file.problems == ()
    assert file.case == make_case()


@pytest.mark.parametrize("key", ["ended:", 'partners: {"University": research}', "audiences: [youth]", "aliases: []"])
def test_optional_fields_may_be_left_out(key: str) -> None:
    file = changed(f"{key}\n" if key != "ended:" else "ended: \n", "")

    assert file.problems == ()
    assert file.is_published


def test_a_section_may_be_left_out_with_a_warning() -> None:
    file = changed("## What helped\n\n- Coffee helped [@s1].\n\n", "")

    assert file.is_published
    assert [problem.rule for problem in file.problems] == ["missing-section"]


def test_a_title_may_contain_quotes_and_other_alphabets() -> None:
    file = changed('"A door for concerns"', "'Das „Haus“: 日本 & <Łódź>'")

    assert file.case is not None
    assert file.case.title == "Das „Haus“: 日本 & <Łódź>"


@pytest.mark.parametrize("statement", ["We found no evaluation.", "This case is one of many.", "Nobody told us."])
def test_statements_in_the_authors_own_voice_need_no_source(statement: str) -> None:
    assert changed("Nothing was measured [@s1].", statement).problems == ()


def test_lessons_need_no_source() -> None:
    assert parse(case_markdown(body={"Lessons for another city": "- Begin.\n- Go on."})).problems == ()


# What a case says of challenges, of those at the table, of its last report


@pytest.mark.parametrize(
    ("written", "challenge"),
    [
        ("{showed: In silence.}", Challenge("fragile-trust", "In silence.", None)),
        ("{handled: They came back.}", Challenge("fragile-trust", None, "They came back.")),
        (
            "{handled: They came back., showed: In silence.}",
            Challenge("fragile-trust", "In silence.", "They came back."),
        ),
        ("{showed: In silence., handled: }", Challenge("fragile-trust", "In silence.", None)),
    ],
)
def test_a_challenge_says_how_it_showed_or_what_was_done_or_both(written: str, challenge: Challenge) -> None:
    file = changed('{showed: "How fragile-trust showed."}', written)

    assert file.problems == ()
    assert file.case is not None
    assert file.case.challenges == (challenge,)


@pytest.mark.parametrize("written", ["", "~", "{}", "[]", "{showed: , handled: ''}"])
def test_an_empty_challenge_is_reported(written: str) -> None:
    file = changed('{showed: "How fragile-trust showed."}', written)

    assert file.case is None
    assert reported(file) == [
        "11:3: error: `challenges.fragile-trust` needs `showed` or `handled`. "
        "Write how it showed here, or what they did about it, in one sentence. [missing-key]"
    ]


def test_partners_are_read_in_order_with_their_sectors() -> None:
    file = changed('{"City Police": police}', '{"Police: north": police, Town hall: research}')

    assert file.problems == ()
    assert file.case is not None
    assert file.case.lead == (Partner("Police: north", "police"), Partner("Town hall", "research"))
    assert file.case.at_the_table == (*file.case.lead, *file.case.partners)
    assert {sector: len(partners) for sector, partners in file.case.by_sector.items()} == {"research": 2, "police": 1}


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{Town hall: }", "13:8: error: `Town hall` needs a sector. Write an id from `vocabularies/sectors.yaml` "),
        ("{Town hall: polic}", "13:19: error: `polic` is not in the vocabulary `sectors`. Did you mean `police`? "),
        ("{Town hall: [police]}", "13:19: error: `lead.Town hall` must be a single text. "),
        ('{"": police}', "13:8: error: A name is missing here. Write `name: sector`. "),
        ("Town hall", "13:7: error: `lead` must be a mapping such as `City Police: police`. "),
        (
            "{Town hall: police, Town hall: research}",
            "13:27: error: The key `lead.Town hall` appears here a second time.",
        ),
    ],
)
def test_an_unusable_sector_is_reported(written: str, problem: str) -> None:
    file = changed('{"City Police": police}', written)

    assert file.case is None
    assert [found for found in reported(file) if found.startswith(problem)]


def test_ongoing_is_based_on_a_year_and_a_source() -> None:
    file = parse(case_markdown(extra="last_reported: {year: 2019, source: s1}\n"))

    assert file.problems == ()
    assert file.case is not None
    assert file.case.last_reported == LastReported(2019, "s1")


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("{year: 2019, source: s9}", ["unknown-source"]),
        ("{year: 2019}", ["missing-key"]),
        ("{source: s1}", ["missing-key"]),
        ("{year: soon, source: s1}", ["bad-year"]),
        ("{year: 2009, source: s1}", ["bad-year"]),
        ("{year: 2021, source: s1}", ["last-reported"]),
        ("{year: 2019, source: s1, page: 4}", ["unknown-key"]),
        ("2019", ["wrong-type"]),
        ("[2019, s1]", ["wrong-type"]),
        ("", []),
        ("{}", []),
    ],
)
def test_an_impossible_last_report_is_reported(written: str, rules: list[str]) -> None:
    file = parse(case_markdown(extra=f"last_reported: {written}\n"))

    assert [problem.rule for problem in file.problems] == rules


def test_only_an_ongoing_practice_is_dated_by_its_last_report() -> None:
    file = parse(case_markdown(status="unknown", extra="last_reported: {year: 2019, source: s1}\n"))

    assert file.is_published
    assert [problem.rule for problem in file.problems] == ["last-reported"]


def test_kinds_of_extremism_and_what_it_takes_are_read() -> None:
    file = parse(case_markdown(extra='extremism: [jihadist, far-right]\nresources: "Four posts in 2016."\n'))

    assert file.problems == ()
    assert file.case is not None
    assert file.case.extremism == ("jihadist", "far-right")
    assert file.case.resources == "Four posts in 2016."


# What earlier versions wrote


def test_a_challenge_in_one_sentence_is_accepted_and_its_new_form_is_shown() -> None:
    file = changed('{showed: "How fragile-trust showed."}', '"They said \\"no\\": twice."')

    assert file.is_published
    assert file.case is not None
    assert file.case.challenges == (Challenge("fragile-trust", 'They said "no": twice.', None),)
    assert reported(file) == [
        "11:18: warning: `challenges.fragile-trust` is written in the old form. "
        'Write `fragile-trust: {showed: "They said \\"no\\": twice."}`, or `handled:` if it says what was done. '
        "[old-form]"
    ]


def test_lists_of_partners_are_accepted_and_their_new_form_is_shown() -> None:
    file = changed('{"City Police": police}', '["City Police", Town hall]')

    assert file.is_published
    assert file.case is not None
    assert file.case.lead == (Partner("City Police", None), Partner("Town hall", None))
    assert reported(file) == [
        "13:7: warning: `lead` is written in the old form. "
        'Write `lead: {"City Police": …, "Town hall": …}` with a sector from `vocabularies/sectors.yaml` after each. '
        "[old-form]"
    ]


@given(st.text(alphabet='a "\\:{}[]#é,', min_size=1).map(lambda text: f"x{text}"))
def test_the_suggested_new_form_means_the_same(sentence: str) -> None:
    old = changed('{showed: "How fragile-trust showed."}', json.dumps(sentence, ensure_ascii=False))
    (hint,) = [problem.hint for problem in old.problems if problem.rule == "old-form"]
    new = changed('fragile-trust: {showed: "How fragile-trust showed."}', hint.split("`")[1])

    assert {problem.rule for problem in new.problems} <= {"backslash", "other-markup"}
    assert new.case == old.case


@pytest.mark.parametrize("key", ["lead", "partners"])
def test_an_empty_list_is_not_an_old_form(key: str) -> None:
    file = changed('{"City Police": police}' if key == "lead" else '{"University": research}', "[]")

    assert [problem.rule for problem in file.problems] == (["missing-key"] if key == "lead" else [])


# Broken files


def test_all_problems_in_a_file_are_reported_in_one_run() -> None:
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
        "[x](javascript:y) ![x](y) [@s2]\n"
    )

    assert file.case is None
    errors = [(problem.line, problem.rule) for problem in file.problems if problem.level is Level.ERROR]
    assert errors == [
        (2, "wrong-type"),
        (3, "unknown-key"),  # and so `summary` is not missing
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
        (23, "unsafe-link"),
        (23, "image"),
        (23, "unknown-source"),
    ]


def test_problems_are_reported_in_the_order_of_the_file() -> None:
    file = parse(GOOD.replace("city: [aarhus]", "city: [x]").replace("## What helped", "## Zzz"))

    assert list(file.problems) == sorted(file.problems)
    assert reported(file)[0] == (
        "4:8: error: `x` is not in the vocabulary `cities`. "
        "The known ones are: aarhus, copenhagen, vienna, liege. "
        "For a new one, add these lines to `vocabularies/cities.yaml` and fill them in. [unknown-term]"
    )


REQUIRED = [
    "title", "summary", "city", "started", "status", "arrangements", "challenges", "lead", "evidence", "language",
    "contributors", "publication", "review", "sources",
]  # fmt: skip


@pytest.mark.parametrize("key", REQUIRED)
def test_missing_required_fields_are_reported(key: str) -> None:
    head, body = GOOD.split("\n---\n", 1)
    lines = head.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((n for n, line in enumerate(lines) if n > start and not line.startswith(" ")), len(lines))
    file = parse("\n".join([*lines[:start], *lines[end:]]) + "\n---\n" + body)

    assert file.case is None
    assert f"2:1: error: `{key}` is missing. Every file needs it. [missing-key]" in reported(file)


@pytest.mark.parametrize(
    "name", ["Upper.md", "a b.md", "a_b.md", "-a.md", "a-.md", "a--b.md", "å.md", ".md", "a.b.md", "a\n.md", "a.txt"]
)
def test_a_file_name_that_cannot_be_an_address_is_reported(name: str) -> None:
    file = parse(GOOD, name)

    assert file.case is None
    assert [problem.rule for problem in file.problems] == ["file-name"]


def test_an_end_before_the_start_is_reported_at_the_end_year() -> None:
    assert reported(parse(case_markdown(started=2010, ended=2009, status="ended"))) == [
        "6:8: error: `ended: 2009` is before the case started. It started in 2010. [bad-year]"
    ]


def test_a_warning_does_not_stop_a_case_from_being_published() -> None:
    file = parse(case_markdown(ended=2015))

    assert file.is_published
    assert reported(file) == [
        "7:9: warning: The case has an end year, but its status says otherwise. "
        "Write `status: ended`, or leave `ended` empty. [status-and-end]"
    ]


def test_a_review_date_alone_is_not_enough() -> None:
    assert reported(changed("{state: unreviewed}", "{state: reviewed, date: 2026-03-31}")) == [
        "19:9: error: A reviewed case says when it was reviewed, and by whom. "
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
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    check_whatever(parse(data))


@given(st.text(max_size=100), st.text(max_size=200))
def test_any_front_matter_and_body_are_read_or_reported(head: str, body: str) -> None:
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
def test_any_edit_of_a_good_file_is_read_or_reported(edits: list[tuple[int, int, bytes]]) -> None:
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
def test_hostile_files_do_not_break_the_parser(text: str) -> None:
    check_whatever(parse(text))
