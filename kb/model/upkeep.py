"""What editors look after in a published case."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from kb.model.case import Case, ReviewState, Status


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What of a published case becomes outdated, or is missing."""

    slug: str
    title: str
    is_reviewed: bool
    reviewed_on: datetime.date | None
    last_shown: int | None
    """For an ongoing practice, the newest year of which a source shows it; None for others."""
    unlinked: tuple[str, ...]
    """The ids of sources without an address."""


def upkeep_of(case: Case) -> Upkeep:
    """What editors look after in a case."""
    is_ongoing = case.status is Status.ONGOING
    return Upkeep(
        slug=case.slug,
        title=case.title,
        is_reviewed=case.review.state is ReviewState.REVIEWED,
        reviewed_on=case.review.date,
        last_shown=_last_shown(case) if is_ongoing else None,
        unlinked=tuple(source.id for source in case.sources if not source.url),
    )


def _last_shown(case: Case) -> int:
    """What the case itself says, or else the year of its newest source, or of its beginning."""
    if case.last_reported:
        return case.last_reported.year
    return max((source.year for source in case.sources if source.year), default=case.started)
