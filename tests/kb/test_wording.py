"""Small parts of sentences."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model.case import CASE_SECTIONS, Status
from kb.wording import day_in_words, heading_in_words, years_in_words
from tests.builders import make_case


@pytest.mark.parametrize(("started", "ended", "status", "words"), [
    (2010, 2015, Status.ENDED, "2010–2015"),
    (2010, 2010, Status.ENDED, "2010"),
    (2010, None, Status.ONGOING, "since 2010"),
    (2010, None, Status.UNKNOWN, "2010 – end unknown"),
    (2010, None, Status.ENDED, "2010 – end unknown"),
    (0, None, Status.UNKNOWN, ""),
])  # fmt: skip
def test_years_claim_no_more_than_is_known(started: int, ended: int | None, status: Status, words: str) -> None:
    case = dataclasses.replace(make_case(), started=started, ended=ended, status=status)

    assert years_in_words(case) == words


@given(st.dates())
def test_a_day_in_words_is_that_day(day: date) -> None:
    number, month, year = day_in_words(day).split()

    assert datetime.strptime(f"{number} {month} {int(year):04}", "%d %B %Y").date() == day


def test_every_heading_of_a_case_is_shown_in_some_words() -> None:
    assert len({heading_in_words(heading) for heading in CASE_SECTIONS}) == len(CASE_SECTIONS)
