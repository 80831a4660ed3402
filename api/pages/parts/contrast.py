"""Two cases that differ, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from api.address.search_state import compare_href
from api.pages.parts.found import first_cases_with, found_cases
from api.pages.parts.lines import CaseLine, case_line, why
from kb import Generation, contrasting


@dataclass(frozen=True)
class ContrastView:
    """Two cases of an arrangement, and in what they differ."""

    cases: tuple[CaseLine, CaseLine]
    differences: str
    compare_href: str


def contrast_view(arrangement_id: str, generation: Generation) -> ContrastView | None:
    """Two of the first cases of this arrangement that differ as much as two of them can; None for fewer than two."""
    found = contrasting(
        found_cases(first_cases_with(generation, "arrangement", arrangement_id), generation), generation.vocabularies
    )
    if found is None:
        return None
    first, second = (
        case_line(case, generation.vocabularies, why(case.arrangements, arrangement_id))
        for case in (found.first, found.second)
    )
    compared = compare_href([found.first.slug, found.second.slug])
    return ContrastView((first, second), "; ".join(found.differences), compared)
