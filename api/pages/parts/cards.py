"""Cases as cards in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address.search_state import SearchParams
from api.pages.parts.marking import Marked
from kb import CaseSummary, Generation, Hit, Vocabularies, heading_in_words, place_in_words, years_in_words

ALL = SearchParams()
"""No search: all cases."""


@dataclass(frozen=True)
class SnippetView:
    """The passage that shows why a case was found."""

    heading: str
    href: str
    passage: Marked


@dataclass(frozen=True)
class CaseCard:
    """A case in a list."""

    slug: str
    title: Marked
    href: str
    summary: Marked
    place: str
    years: str
    arrangements: tuple[str, ...]
    flow_kind: str | None
    """The drawing of its first arrangement."""
    evidence: str
    evidence_step: int
    evidence_steps: int
    """How far up the ladder of evidence it is, and how many steps that has."""
    snippet: SnippetView | None


def case_card(
    case: CaseSummary, vocabularies: Vocabularies, hit: Hit | None = None, params: SearchParams = ALL
) -> CaseCard:
    """A case in a list, with passage and marks if it matched words."""
    snippet = hit.snippet if hit else None
    return CaseCard(
        slug=case.slug,
        title=Marked(case.title, hit.title if hit else ()),
        href=params.case_href(case.slug),
        summary=Marked(case.summary, hit.summary if hit else ()),
        place=place_in_words(case, vocabularies),
        years=years_in_words(case),
        arrangements=tuple(vocabularies.arrangements.label(reason.id) for reason in case.arrangements),
        flow_kind=_flow_kind(case, vocabularies),
        evidence=vocabularies.evidence.label(case.evidence.level),
        evidence_step=vocabularies.evidence.place(case.evidence.level) + 1,
        evidence_steps=len(vocabularies.evidence),
        snippet=SnippetView(
            heading_in_words(snippet.heading),
            params.case_href(case.slug, snippet.section),
            Marked(snippet.text, snippet.ranges),
        )
        if snippet
        else None,
    )


def _flow_kind(case: CaseSummary, vocabularies: Vocabularies) -> str | None:
    known = (vocabularies.arrangements.get(reason.id) for reason in case.arrangements)
    return next((arrangement.flow_kind for arrangement in known if arrangement), None)


def case_cards(hits: Sequence[Hit], generation: Generation, params: SearchParams = ALL) -> tuple[CaseCard, ...]:
    """The cards of hits; their addresses carry the search that found them."""
    cases = generation.cases.summaries(hit.slug for hit in hits)
    found = ((hit, cases.get(hit.slug)) for hit in hits)
    return tuple(case_card(case, generation.vocabularies, hit, params) for hit, case in found if case is not None)
