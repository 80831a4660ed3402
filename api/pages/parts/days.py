"""Days: what today is, and how a day is written."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from datetime import UTC


def today() -> datetime.date:
    """The day it is, in UTC."""
    return datetime.datetime.now(UTC).date()


@dataclass(frozen=True)
class Day:
    """A day for people and for programs."""

    iso: str
    words: str

    @classmethod
    def of(cls, date: datetime.date) -> Day:
        """The day of a date.

        >>> Day.of(datetime.date(2026, 3, 9))
        Day(iso='2026-03-09', words='9 March 2026')
        """
        return cls(date.isoformat(), f"{date.day} {date:%B %Y}")
