"""Small parts of sentences, worded the same everywhere."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from kb.model.case import CaseSummary, Status
from kb.model.history import CaseChange, ChangeKind
from kb.model.vocabulary import Vocabularies
from kb.translation import gettext, gettext_noop, ngettext


def listed(names: Sequence[str]) -> str:
    """Names in a sentence; empty if there are none.

    >>> listed(["Aarhus", "Oslo", "Vienna"])
    'Aarhus, Oslo and Vienna'
    """
    *others, last = names or [""]
    return gettext("{others} and {last}").format(others=", ".join(others), last=last) if others else last


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
    return ngettext("{count} case", "{count} cases", count).format(count=f"{count:,}")


def years_in_words(case: CaseSummary) -> str:
    """When a case ran, without claiming to know more than its sources.

    So: "2010–2015", "since 2012" for what is ongoing, and "2012 – end unknown".
    """
    if not case.started:
        return ""
    if case.ended:
        return str(case.started) if case.ended == case.started else f"{case.started}–{case.ended}"
    if case.status is Status.ONGOING:
        return gettext("since {year}").format(year=case.started)
    return gettext("{year} – end unknown").format(year=case.started)


_MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)


def day_in_words(day: datetime.date) -> str:
    """A day as people write it.

    >>> day_in_words(datetime.date(2026, 11, 26))
    '26 November 2026'
    """
    return f"{day.day} {gettext(_MONTHS[day.month - 1])} {day.year}"


_HEADINGS = {"Lessons for another city": gettext_noop("Lessons for other cities")}


def heading_in_words(heading: str) -> str:
    """The heading of a section as readers see it; files have the one of the template.

    >>> heading_in_words("Lessons for another city"), heading_in_words("What helped")
    ('Lessons for other cities', 'What helped')
    """
    return gettext(_HEADINGS.get(heading, heading))


def status_in_words(case: CaseSummary, vocabularies: Vocabularies) -> str:
    """Whether a case is ongoing, and as of when: "Ongoing when last reported, 2017"."""
    label = vocabularies.statuses.label(case.status)
    if not case.last_reported:
        return label
    return gettext("{status} when last reported, {year}").format(status=label, year=case.last_reported.year)


_PARTS = {
    ChangeKind.FACTS: gettext_noop("facts"),
    ChangeKind.TEXT: gettext_noop("text"),
    ChangeKind.SOURCES: gettext_noop("sources"),
}

_EVENTS = {
    ChangeKind.PUBLISHED: gettext_noop("published"),
    ChangeKind.MOVED: gettext_noop("moved to this address"),
    ChangeKind.OFFLINE: gettext_noop("taken offline"),
    ChangeKind.AGAIN: gettext_noop("published again"),
    ChangeKind.REVIEWED: gettext_noop("reviewed"),
}


def change_in_words(change: CaseChange) -> str:
    """What happened to a case on one day, as a sentence without the day.

    >>> from datetime import date
    >>> change_in_words(CaseChange(date(2026, 3, 31), (ChangeKind.TEXT, ChangeKind.SOURCES)))
    'Text and sources changed.'
    >>> change_in_words(CaseChange(date(2026, 3, 31), (ChangeKind.REVIEWED, ChangeKind.TEXT), "a city office"))
    'Reviewed by a city office; text changed.'
    """
    events = [_event(kind, change) for kind in _EVENTS if kind in change.kinds]
    if parts := [gettext(words) for kind, words in _PARTS.items() if kind in change.kinds]:
        events.append(gettext("{parts} changed").format(parts=listed(parts)))
    sentence = "; ".join(events)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _event(kind: ChangeKind, change: CaseChange) -> str:
    if kind is ChangeKind.REVIEWED and change.by:
        return gettext("reviewed by {role}").format(role=change.by)
    return gettext(_EVENTS[kind])


def city_in_country(city_id: str, vocabularies: Vocabularies) -> str:
    """A city with its country; Singapore is both."""
    city = vocabularies.cities.get(city_id)
    country = vocabularies.countries.label(city.country) if city else ""
    label = city.label if city else city_id
    return f"{label}, {country}" if country and country != label else label


def place_in_words(case: CaseSummary, vocabularies: Vocabularies) -> str:
    """The cities of a case with their countries."""
    return " · ".join(city_in_country(city_id, vocabularies) for city_id in case.cities)
