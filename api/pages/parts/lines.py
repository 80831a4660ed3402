"""Cases in a few words each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address import paths
from kb import CaseSummary, Reason, Vocabularies, place_in_words, years_in_words


@dataclass(frozen=True)
class CaseLine:
    """A case in a few words, and where it matters why it is in this list."""

    slug: str
    title: str
    href: str
    place: str
    years: str
    why: str


def case_line(case: CaseSummary, vocabularies: Vocabularies, why: str = "") -> CaseLine:
    """A case in a few words."""
    return CaseLine(
        case.slug,
        case.title,
        paths.case(case.slug),
        place_in_words(case, vocabularies),
        years_in_words(case),
        why,
    )


def why(reasons: Sequence[Reason], term_id: str) -> str:
    """What a case says about one of its terms."""
    return next((reason.why for reason in reasons if reason.id == term_id), "")
