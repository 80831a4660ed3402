"""The head of a file: found, read field by field, and honoured where it says that a page goes offline."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.front_matter import FieldReader, SplitFile, read_head, split_file
from kb.authoring.problems import ProblemList
from tests.builders import vocabularies


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


def reader(head: str, problems: ProblemList) -> FieldReader:
    mapping = read_head(head, problems)
    assert mapping is not None
    return FieldReader(mapping, problems)


def reported(problems: ProblemList) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in problems.sorted()]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("---\na: b\n---\nText\n", SplitFile("a: b", "Text\n", 4)),
        ("---\n---\n", SplitFile("", "", 3)),
        ("---  \na: b\n---\t\n\nText", SplitFile("a: b", "\nText", 4)),
        ("---\na: b\n---\nText\n---\nMore", SplitFile("a: b", "Text\n---\nMore", 4)),
    ],
)
def test_a_file_is_split_at_its_first_two_fences(text: str, split: SplitFile, problems: ProblemList) -> None:
    assert split_file(text, problems) == split
    assert problems.found == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: error: The file does not start with a line of three hyphens."),
        ("\n---\na: b\n---\n", "1:1: error: The file does not start with a line of three hyphens."),
        (" ---\na: b\n---\n", "1:1: error: The file does not start with a line of three hyphens."),
        ("----\na: b\n----\n", "1:1: error: The file does not start with a line of three hyphens."),
        ("---\na: b\n", "3:1: error: The front matter is not closed."),
        ("---\na: b\n--- b", "3:1: error: The front matter is not closed."),
    ],
)
def test_a_file_without_front_matter_is_reported(text: str, message: str, problems: ProblemList) -> None:
    assert split_file(text, problems) is None
    assert reported(problems)[0].startswith(message)


@pytest.mark.parametrize("head", ["- a list", "only text", "[a, b]"])
def test_front_matter_consists_of_keys(head: str, problems: ProblemList) -> None:
    assert read_head(head, problems) is None
    assert reported(problems) == ["2:1: error: The front matter does not consist of `key: value` lines. [yaml-syntax]"]


@pytest.mark.parametrize("year", ["1800", "2026", "2100"])
def test_a_year_has_four_digits(year: str, problems: ProblemList) -> None:
    assert reader(f"started: {year}", problems).year("started") == int(year)
    assert problems.found == []


@pytest.mark.parametrize("year", ["1799", "2101", "26", "20266", "-2026", "2026.0", "MMXXVI", "2026-01", "0x7e0"])
def test_anything_else_is_not_a_year(year: str, problems: ProblemList) -> None:
    assert reader(f"started: {year}", problems).year("started") is None
    assert reported(problems) == [f"2:10: error: `started: {year}` is not a year. Write four digits. [bad-year]"]


@pytest.mark.parametrize("day", ["2026-3-1", "31-03-2026", "2026-02-30", "20260331", "2026-W01-1", "2026-03-31T10:00"])
def test_a_date_is_written_in_one_way_only(day: str, problems: ProblemList) -> None:
    assert reader(f"date: {day}", problems).day("date") is None
    assert reported(problems) == [f"2:7: error: `date: {day}` is not a date. Write it as 2026-03-31. [bad-date]"]


def test_a_date_is_read(problems: ProblemList) -> None:
    assert reader("date: 2026-03-31", problems).day("date") == date(2026, 3, 31)


@pytest.mark.parametrize("value", ["", "~", "[]", "{}", "[~]", '["", ~]', '"  "'])
def test_a_required_key_must_not_be_empty(value: str, problems: ProblemList) -> None:
    reader(f"city: {value}", problems).texts("city", required=True)

    assert [problem.message for problem in problems.found] == ["`city` is empty."]


def test_a_required_key_must_be_present(problems: ProblemList) -> None:
    assert reader("a: b", problems).text("title") == ""
    assert reported(problems) == ["2:1: error: `title` is missing. Every file needs it. [missing-key]"]


@pytest.mark.parametrize("value", ["", "~", "[]", "{}"])
def test_a_key_that_is_not_required_may_be_empty(value: str, problems: ProblemList) -> None:
    assert reader(f"partners: {value}", problems).texts("partners") == ()
    assert problems.found == []


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("aarhuss", "Did you mean `aarhus`?"),
        ("Aarhus", "Did you mean `aarhus`?"),
        ("København", "Did you mean `copenhagen`?"),
        ("Luik", "Did you mean `liege`?"),
        ("tokyo", "The known ones are: aarhus, copenhagen, vienna, liege."),
    ],
)
def test_an_unknown_term_is_reported_with_a_suggestion(word: str, hint: str, problems: ProblemList) -> None:
    assert reader(f"city: [{word}]", problems).terms("city", vocabularies().cities) == ()
    assert problems.found[0].message == f"`{word}` is not in the vocabulary `cities`."
    assert problems.found[0].hint.startswith(hint)


@pytest.mark.parametrize(
    ("key", "hint"), [("titel", "Did you mean `title`?"), ("colour", "The keys are: started, title.")]
)
def test_an_unknown_key_is_reported_with_a_suggestion(key: str, hint: str, problems: ProblemList) -> None:
    fields = reader(f"title: a\nstarted: 2010\n{key}: b", problems)
    fields.text("title")
    fields.year("started")
    fields.finish()

    assert reported(problems) == [f"4:1: error: There is no key `{key}`. {hint} [unknown-key]"]


def test_a_problem_inside_a_mapping_is_reported_with_the_full_name_of_the_key(problems: ProblemList) -> None:
    fields = reader("review: {date: soon, who: me, date: now}", problems).inside("review")
    fields.day("date")
    fields.finish()

    assert reported(problems) == [
        "2:16: error: `review.date: soon` is not a date. Write it as 2026-03-31. [bad-date]",
        "2:22: error: There is no key `review.who`. The keys are: date. [unknown-key]",
        "2:31: error: The key `review.date` appears here a second time. Keep one of the two. [duplicate-key]",
    ]


def test_a_text_of_exactly_the_allowed_length_is_fine(problems: ProblemList) -> None:
    reader("title: abc", problems).text("title", longest=3)

    assert problems.found == []


def test_a_longer_text_is_reported_with_its_length(problems: ProblemList) -> None:
    assert reader("title: abcd", problems).text("title", longest=3) == "abcd"
    assert reported(problems) == ["2:8: warning: `title` has 4 characters; the limit is 3. Shorten it. [too-long]"]


def test_no_is_a_word() -> None:
    problems = ProblemList(PurePosixPath("vocabularies/arrangements.yaml"))

    assert reader("named_person: no", problems).choice("named_person", ("yes", "no")) == "no"
    assert problems.found == []
