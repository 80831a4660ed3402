"""Arrangements: the overview, and the page of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import compare_href
from api.pages.guide.text import GuideText, guide_text
from api.pages.parts.cards import CaseCard, case_cards
from api.pages.parts.found import cases_link, first_cases_with, found_cases
from api.pages.parts.lines import CaseLine, case_line
from api.pages.parts.page import Link, Page
from kb import Arrangement, Generation, Reason, Sort, Vocabulary, make_request


@dataclass(frozen=True)
class ArrangementRow:
    """An arrangement in the overview."""

    term: Arrangement
    href: str
    cases: Link


@dataclass(frozen=True)
class ArrangementsPage(Page):
    """`/arrangements`."""

    rows: tuple[ArrangementRow, ...]
    which_href: str


def arrangements_page(generation: Generation) -> ArrangementsPage:
    """All arrangements, side by side."""
    found = generation.counts["arrangement"]
    rows = tuple(
        ArrangementRow(term, paths.arrangement(term.id), cases_link(found.get(term.id, 0), arrangement=term.id))
        for term in generation.vocabularies.arrangements
    )
    return ArrangementsPage("Six kinds of arrangement", paths.ARRANGEMENTS, rows, paths.WHICH)


@dataclass(frozen=True)
class Drift:
    """A case that partners or residents experienced as an arrangement other than the announced one."""

    case: CaseLine
    announced: str
    experienced: str


@dataclass(frozen=True)
class ArrangementPage(Page):
    """`/arrangements/{id}`."""

    term: Arrangement
    guide: GuideText
    worksheet_href: str
    which_href: str
    comparisons: tuple[Link, ...]
    """The other arrangements, each to be compared with this one."""
    lived_as_this: tuple[Drift, ...]
    lived_otherwise: tuple[Drift, ...]
    cards: tuple[CaseCard, ...]
    cases: Link


def arrangement_page(term: Arrangement, generation: Generation) -> ArrangementPage:
    """The page of one arrangement."""
    result = first_cases_with(generation, "arrangement", term.id)
    arrangements = generation.vocabularies.arrangements
    drifted = {"arrangement": (term.id,), "experienced_as": tuple(other.id for other in arrangements)}
    return ArrangementPage(
        title=term.label,
        path=paths.arrangement(term.id),
        term=term,
        guide=guide_text("arrangement", term.id, generation),
        worksheet_href=paths.worksheet(term.id),
        which_href=paths.WHICH,
        comparisons=tuple(
            Link(other.label, compare_href(arrangements=[term.id, other.id]))
            for other in arrangements
            if other.id != term.id
        ),
        lived_as_this=_drifts({"experienced_as": (term.id,)}, generation),
        lived_otherwise=_drifts(drifted, generation),
        cards=case_cards(result.hits, generation),
        cases=cases_link(result.total, arrangement=term.id),
    )


def _drifts(filters: Mapping[str, tuple[str, ...]], generation: Generation) -> tuple[Drift, ...]:
    vocabularies = generation.vocabularies
    result = generation.search(make_request(filters=filters, sort=Sort.TITLE, size=100))
    return tuple(
        Drift(
            case_line(case, vocabularies, " ".join(reason.why for reason in case.experienced_as)),
            announced=_labels(case.arrangements, vocabularies.arrangements),
            experienced=_labels(case.experienced_as, vocabularies.arrangements),
        )
        for case in found_cases(result, generation)
    )


def _labels(reasons: Sequence[Reason], vocabulary: Vocabulary[Arrangement]) -> str:
    return ", ".join(vocabulary.label(reason.id) for reason in reasons)
