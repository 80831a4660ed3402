"""What may stand after `year:`: one year, a range, several of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from kb.search.query.tree import Years

FIRST, LAST = 0, 9999
"""A range without a beginning or an end goes to these."""

_RANGE = r"(?:\.\.+|…|-+|/)"
_ONE = rf"""
    (?:[<>]=?|[=≤≥])\ ?\d{{4}}
  | \d{{4}}(?:\ ?{_RANGE}\ ?|\ (?:to|until)\ )(?:\d{{4}}|\d\d)(?!\d)
  | {_RANGE}\ ?\d{{4}}
  | \d{{4}}{_RANGE}?
  | \d{{3}}0['’]?s
  | \d{{2,3}}[*?x]+
"""
_END = r"(?=[,;|.!?:]*(?:[\s)\"]|$))"
YEARS = re.compile(rf"(?:{_ONE})(?:\ ?[,;|]\ ?(?:{_ONE}))*{_END}", re.VERBOSE | re.IGNORECASE)
"""Years at the beginning of a text whose runs of white space are one space, and whose dashes are hyphens."""

_PARTS = re.compile(
    rf"""(?P<compared>[<>]=?|[=≤≥])\ ?(?P<than>\d+)
       | (?P<first>\d{{4}})?\ ?(?:{_RANGE}|to|until)\ ?(?P<last>\d+)?
       | (?P<only>\d{{4}})
       | (?P<decade>\d{{3}}0)['’]?s
       | (?P<digits>\d{{2,3}})[*?x]+""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class YearsRead:
    """Years as they were understood."""

    years: Years
    is_backward: bool = False
    """Whether they were typed the other way round."""


def read_years(text: str) -> list[YearsRead]:
    """Any of these years; none where the text says no years.

    >>> [str(read.years) for read in read_years("2015-2019, 2021")]
    ['year:2015..2019', 'year:2021..2021']
    >>> read_years("soon")
    []
    """
    text = with_decimals(text)
    if not YEARS.fullmatch(text):
        return []
    parts = (_PARTS.fullmatch(part.strip()) for part in re.split("[,;|]", text))
    return [_in_order(*_ends(part.groupdict())) for part in parts if part]


def with_decimals(text: str) -> str:
    """The text with the digits of all scripts as those of ASCII, each in its place."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(char, char)) for char in text)


def _in_order(first: int, last: int) -> YearsRead:
    first, last = min(first, LAST), max(last, FIRST)
    return YearsRead(Years(min(first, last), max(first, last)), is_backward=last < first)


def _ends(parts: Mapping[str, str]) -> tuple[int, int]:
    if compared := parts["compared"]:
        return _compared(compared, int(parts["than"]))
    if only := parts["only"]:
        return int(only), int(only)
    if decade := parts["decade"]:
        return int(decade), int(decade) + 9
    if digits := parts["digits"]:
        return int(digits.ljust(4, "0")), int(digits.ljust(4, "9"))
    first, last = parts["first"], parts["last"]
    if first and last:
        # "2015-19", as seasons and budgets are written.
        last = first[: 4 - len(last)] + last
    return int(first or FIRST), int(last or LAST)


def _compared(sign: str, year: int) -> tuple[int, int]:
    match sign:
        case ">":
            return year + 1, LAST
        case ">=" | "≥":
            return year, LAST
        case "<":
            return FIRST, year - 1
        case "<=" | "≤":
            return FIRST, year
    return year, year
