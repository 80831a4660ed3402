"""Years and dates as people write them, converted to the one form that is accepted."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date

from kb.model.vocabulary import YEARS

_MONTHS = {
    1: "jan ene gen", 2: "feb fev fév", 3: "mar maa mrt mär mae märz", 4: "apr avr abr", 5: "may mai mei maj mag",
    6: "jun jui giu juin", 7: "jul lug juil", 8: "aug aoû ago aou", 9: "sep set", 10: "oct okt out ott",
    11: "nov", 12: "dec dez dic déc",
}  # fmt: skip
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SHORT_YEAR = re.compile(r"['’]?(\d{2})")
_PARTS = re.compile(r"(\d{1,4})[-./ ]+(\d{1,2})[-./ ]+(\d{1,4})")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d.*")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def plain_digits(text: str) -> str:
    """The text with the digits of other scripts as 0 to 9.

    >>> plain_digits("٢٠١٥"), plain_digits("２０１５")
    ('2015', '2015')
    """
    return "".join(str(unicodedata.digit(char)) if unicodedata.digit(char, -1) >= 0 else char for char in text)


def years_in(text: str) -> list[int]:
    """The years that a text names, each with four digits.

    >>> years_in("c. 2010 to 2015"), years_in("'15"), years_in("20155")
    ([2010, 2015], [2015], [])
    """
    text = plain_digits(text)
    if short := _SHORT_YEAR.fullmatch(text):
        number = int(short.group(1))
        return [2000 + number if number < 70 else 1900 + number]
    return [int(found) for found in _YEAR.findall(text) if int(found) in YEARS]


def dates_in(text: str) -> list[date]:
    """The dates that a text may mean: none, one, or two if day and month may be either way round.

    >>> dates_in("31.3.2026"), dates_in("31 March 2026"), dates_in("2026/3/31") == dates_in("20260331")
    ([datetime.date(2026, 3, 31)], [datetime.date(2026, 3, 31)], True)
    >>> len(dates_in("03/04/2026")), dates_in("2026-02-30"), dates_in("soon")
    (2, [], [])
    """
    text = plain_digits(text).strip()
    if with_time := _TIME.fullmatch(text):
        text = with_time.group(1)
    if compact := _COMPACT.fullmatch(text):
        return _dates((int(compact[1]), int(compact[2]), int(compact[3])))
    if parts := _PARTS.fullmatch(text):
        first, second, third = (int(part) for part in parts.groups())
        if first > 99:
            return _dates((first, second, third))
        if third > 99:
            return _dates((third, second, first), (third, first, second))
        return []
    return _in_words(text)


def _in_words(text: str) -> list[date]:
    words = re.findall(r"[^\W\d_]+|\d+", text.casefold())
    years = [int(word) for word in words if len(word) == 4 and word.isdigit()]
    days = [int(word) for word in words if len(word) < 3 and word.isdigit()]
    months = [_month(word) for word in words if _month(word)]
    if (len(years), len(days), len(months)) == (1, 1, 1):
        return _dates((years[0], months[0], days[0]))
    return []


def _month(word: str) -> int:
    return _MONTH_OF.get(word[:4], _MONTH_OF.get(word[:3], 0)) if len(word) >= 3 else 0


def _dates(*candidates: tuple[int, int, int]) -> list[date]:
    found: list[date] = []
    for year, month, day in candidates:
        with suppress(ValueError):
            found.append(date(year, month, day))
    return list(dict.fromkeys(found))
