"""Small parts of sentences, worded the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from kb.model.case import CaseSummary, Status
from kb.model.vocabulary import Vocabularies


def listed(names: Sequence[str]) -> str:
    """Names in a sentence; empty if there are none.

    >>> listed(["Aarhus", "Oslo", "Vienna"])
    'Aarhus, Oslo and Vienna'
    """
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last


def plural(count: int, one: str, many: str) -> str:
    """The form of a word that goes with a number.

    >>> plural(1, "has", "have"), plural(0, "has", "have")
    ('has', 'have')
    """
    return one if count == 1 else many


def counted(count: int, one: str, many: str) -> str:
    """How many there are of something.

    >>> counted(1, "city", "cities"), counted(1200, "city", "cities")
    ('1 city', '1,200 cities')
    """
    return f"{count:,} {plural(count, one, many)}"


def cases_in_words(count: int) -> str:
    """A number of cases.

    >>> cases_in_words(0), cases_in_words(1)
    ('0 cases', '1 case')
    """
    return counted(count, "case", "cases")


def years_in_words(case: CaseSummary) -> str:
    """When a case ran, without claiming to know more than its sources: "2010–2015", "since 2012", "from 2012"."""
    if not case.started:
        return ""
    if case.ended:
        return str(case.started) if case.ended == case.started else f"{case.started}–{case.ended}"
    return f"since {case.started}" if case.status is Status.ONGOING else f"from {case.started}"


def status_in_words(case: CaseSummary, vocabularies: Vocabularies) -> str:
    """Whether a case is ongoing, and as of when: "Ongoing when last reported, 2017"."""
    label = vocabularies.statuses.label(case.status)
    return f"{label} when last reported, {case.last_reported.year}" if case.last_reported else label


def city_in_country(city_id: str, vocabularies: Vocabularies) -> str:
    """A city with its country; Singapore is both."""
    city = vocabularies.cities.get(city_id)
    country = vocabularies.countries.label(city.country) if city else ""
    label = city.label if city else city_id
    return f"{label}, {country}" if country and country != label else label


def place_in_words(case: CaseSummary, vocabularies: Vocabularies) -> str:
    """The cities of a case with their countries."""
    return " · ".join(city_in_country(city_id, vocabularies) for city_id in case.cities)
