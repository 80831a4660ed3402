"""The head of a file: found, read field by field, and honoured where it says that a page goes offline."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.fields import FieldReader
from kb.authoring.parsing.front_matter import SplitFile, read_head, split_file
from kb.authoring.parsing.yaml.nodes import Unreadable
from kb.authoring.problems import ProblemList
from kb.authoring.written import Place
from tests.builders import vocabularies


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


def reader(head: str, problems: ProblemList) -> FieldReader:
    return FieldReader(read_head(SplitFile(head, "", 1), problems), problems)


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
    split_file(text, problems)
    assert reported(problems)[0].startswith(message)


@pytest.mark.parametrize("head", ["- a list", "only text", "[a, b]"])
def test_front_matter_consists_of_keys(head: str, problems: ProblemList) -> None:
    assert read_head(SplitFile(head, "", 1), problems) == Unreadable(Place(2))
    assert reported(problems) == ["2:1: error: The front matter does not consist of `key: value` lines. [yaml-syntax]"]


@pytest.mark.parametrize("year", ["1800", "1999", "2026"])
def test_a_year_has_four_digits(year: str, problems: ProblemList) -> None:
    assert reader(f"started: {year}", problems).year("started") == int(year)
    assert problems.found == []


@pytest.mark.parametrize(
    ("year", "told"),
    [
        ("1799", "cannot be right. Years lie between 1800 and 2100."),
        ("2101", "cannot be right. Years lie between 1800 and 2100."),
        ("20266", "is not a year. Write four digits."),
        ("MMXXVI", "is not a year. Write four digits."),
        ("0x7e0", "is not a year. Write four digits."),
        ("0.5", "is not a year. Write four digits."),
        ("26", "is not a year. Write the year alone: `started: 2026`."),
        ("98", "is not a year. Write the year alone: `started: 1998`."),
        ("2026.0", "is not a year. Write the year alone: `started: 2026`."),
        ("2026-01", "is not a year. Write the year alone: `started: 2026`."),
        ("31-12-2019", "is not a year. Write the year alone: `started: 2019`."),
        ("c. 2010", "is not a year. Write the year alone: `started: 2010`."),
        ("٢٠١٥", "is not a year. Write the year alone: `started: 2015`."),
        ("2010–2015", "is not a year. Write `started: 2010` and `ended: 2015`."),
        ("2010, again from 2015", "is not a year. Write `started: 2010` and `ended: 2015`."),
    ],
)
def test_anything_else_is_not_a_year(year: str, told: str, problems: ProblemList) -> None:
    assert reader(f"started: {year}", problems).year("started") is None
    assert reported(problems) == [f"2:10: error: `started: {year}` {told} [bad-year]"]


def test_a_year_to_come_is_read_and_reported(problems: ProblemList) -> None:
    assert reader("started: 2099", problems).year("started") == 2099
    assert reported(problems) == ["2:10: warning: `started: 2099` is in the future. Check the year. [in-the-future]"]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-3-1", "Write it as 2026-03-01."),
        ("31-03-2026", "Write it as 2026-03-31."),
        ("31.3.2026", "Write it as 2026-03-31."),
        ("3/31/2026", "Write it as 2026-03-31."),
        ("20260331", "Write it as 2026-03-31."),
        ("2026-03-31T10:00", "Write it as 2026-03-31."),
        ("31 March 2026", "Write it as 2026-03-31."),
        ("March 31st, 2026", "Write it as 2026-03-31."),
        ("31 maart 2026", "Write it as 2026-03-31."),
        ("03/04/2026", "Write it as 2026-04-03 or 2026-03-04, whichever is meant."),
        ("2026-02-30", "There is no such day; check the month."),
        ("2026-W01-1", "Write it as 2026-03-31."),
        ("2026", "Write it as 2026-03-31."),
        ("soon", "Write it as 2026-03-31."),
    ],
)
def test_a_date_is_written_in_one_way_only(day: str, told: str, problems: ProblemList) -> None:
    assert reader(f"date: {day}", problems).day("date") is None
    assert reported(problems) == [f"2:7: error: `date: {day}` is not a date. {told} [bad-date]"]


def test_a_day_to_come_is_read_and_reported(problems: ProblemList) -> None:
    assert reader("date: 2099-03-31", problems).day("date") == date(2099, 3, 31)
    assert [problem.rule for problem in problems.found] == ["in-the-future"]


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
