"""The case on the front page: another one each week, by a rule that anyone can check."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.address import paths
from kb import (
    CaseSummary,
    Challenge,
    Generation,
    SearchRequest,
    Vocabularies,
    first_sentence,
    place_in_words,
    years_in_words,
)

_DAYS = 7


@dataclass(frozen=True)
class FeaturedCase:
    """A case in five seconds: where, who informs whom, what was hard and what was done."""

    title: str
    href: str
    place: str
    years: str
    sentence: str
    """The first one of its summary."""
    arrangement: str
    flow_kind: str
    challenge: str
    showed: str
    """How the challenge showed; empty if the case does not say."""
    handled: str
    of: int
    """How many cases take turns."""


def week_of(day: datetime.date) -> int:
    """The number of the week of a day, counted without end, so that no year begins again; weeks begin on Monday.

    >>> week_of(datetime.date(2026, 12, 6)), week_of(datetime.date(2026, 12, 7))
    (105707, 105708)
    """
    return (day.toordinal() - 1) // _DAYS


def featured_case(generation: Generation, week: int) -> FeaturedCase | None:
    """The case of a week: those that say how a challenge was handled take turns, in the order of their addresses.

    None if no case says so.
    """
    handled = tuple(generation.counts["handled"])
    if not handled:
        return None
    every = SearchRequest(filters={"handled": handled}, size=1, counted=False, marked=False)
    total = generation.engine.total(every)
    found = generation.engine.search(replace(every, page=week % total + 1)).ranked
    case = generation.cases.summary(found[0].slug)
    return _featured(case, total, generation.vocabularies) if case else None


def _featured(case: CaseSummary, total: int, vocabularies: Vocabularies) -> FeaturedCase:
    arrangement = next(filter(None, (vocabularies.arrangements.get(reason.id) for reason in case.arrangements)))
    challenge = _most_telling(case.challenges)
    return FeaturedCase(
        title=case.title,
        href=paths.case(case.slug),
        place=place_in_words(case, vocabularies),
        years=years_in_words(case),
        sentence=first_sentence(case.summary),
        arrangement=arrangement.label,
        flow_kind=arrangement.flow_kind,
        challenge=vocabularies.challenges.label(challenge.id),
        showed=challenge.showed or "",
        handled=challenge.handled or "",
        of=total,
    )


def _most_telling(challenges: Sequence[Challenge]) -> Challenge:
    """The first challenge of which a case says both how it showed and what was done; else the first with the latter."""
    handled = [challenge for challenge in challenges if challenge.handled]
    return next((challenge for challenge in handled if challenge.showed), handled[0])
