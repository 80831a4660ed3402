"""What is new in the collection, and what has changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from api.address import paths
from api.pages.parts.days import Day
from api.pages.parts.page import Page
from kb import CaseChange, Generation, StoredCase, change_in_words, gettext, place_in_words

MOST_CHANGES = 50
"""Shown on the page; the feed has all cases."""


@dataclass(frozen=True)
class ChangedCase:
    """What happened to a case on one day."""

    title: str
    href: str
    place: str
    day: Day
    what: str
    """A sentence."""


@dataclass(frozen=True)
class DayOfChanges:
    """What happened on one day."""

    day: Day
    changes: tuple[ChangedCase, ...]


@dataclass(frozen=True)
class NewPage(Page):
    """`/new`."""

    days: tuple[DayOfChanges, ...]
    """The newest first."""
    is_all: bool
    """Whether nothing older is left out."""


def new_page(generation: Generation) -> NewPage:
    """The last changes of cases, by day."""
    changes = sorted(_changes(generation, MOST_CHANGES), key=attrgetter("title"))
    changes.sort(key=attrgetter("day.iso"), reverse=True)
    days = groupby(changes[:MOST_CHANGES], key=attrgetter("day"))
    return NewPage(
        title=gettext("New and changed"),
        path=paths.NEW,
        days=tuple(DayOfChanges(day, tuple(group)) for day, group in days),
        is_all=max(len(changes), generation.manifest.count) <= MOST_CHANGES,
    )


def last_changes(generation: Generation, most: int) -> Iterator[ChangedCase]:
    """The cases that were last added or changed, each with what happened to it last."""
    for stored in _last_changed(generation, most):
        yield _changed(stored, _history(stored)[-1], generation)


def _changes(generation: Generation, most: int) -> Iterator[ChangedCase]:
    """Everything that happened to the cases that changed last.

    The newest changes are all among them: a change cannot be newer than the last one of its case.
    """
    for stored in _last_changed(generation, most):
        for change in _history(stored):
            yield _changed(stored, change, generation)


def _last_changed(generation: Generation, most: int) -> Iterator[StoredCase]:
    changes = generation.cases.changes
    for slug in sorted(sorted(changes), key=changes.__getitem__, reverse=True)[:most]:
        if stored := generation.cases.stored(slug):
            yield stored


def _history(stored: StoredCase) -> tuple[CaseChange, ...]:
    """What happened to a case; without a history of its file, only that the file has changed."""
    return stored.history or (CaseChange(datetime.date.fromisoformat(stored.modified[:10]), ()),)


def _changed(stored: StoredCase, change: CaseChange, generation: Generation) -> ChangedCase:
    case = stored.case
    return ChangedCase(
        title=case.title,
        href=paths.case(case.slug),
        place=place_in_words(case, generation.vocabularies),
        day=Day.of(change.date),
        what=change_in_words(change) if change.kinds else gettext("Last changed."),
    )
