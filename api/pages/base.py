"""What every page has, and the pieces that several pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address.search_state import SearchParams, compare_href
from api.pages.marking import Marked
from kb import (
    Case,
    Generation,
    Hit,
    Reason,
    SearchResult,
    Sort,
    Source,
    Vocabularies,
    contrasting,
    make_request,
    place_in_words,
    years_in_words,
)

ALL = SearchParams()
"""No search: all cases."""

EXAMPLES = ("youth workers and police", "school concern about a pupil", '"round table"', "returnees")
"""Searches offered where somebody may not know what to type."""


@dataclass(frozen=True)
class Link:
    """Where to go."""

    label: str
    href: str


@dataclass(frozen=True)
class Page:
    """What every page has."""

    title: str
    path: str
    """Its address without the host, as it should be linked to."""


@dataclass(frozen=True)
class SnippetView:
    """The passage that shows why a case was found."""

    heading: str
    href: str
    passage: Marked


@dataclass(frozen=True)
class ShelfToggle:
    """Puts a case aside for comparing, or back."""

    href: str
    is_on: bool


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
    evidence: str
    snippet: SnippetView | None
    shelf: ShelfToggle | None = None
    """To put it aside, where a list can keep cases put aside."""


def case_card(case: Case, vocabularies: Vocabularies, hit: Hit | None = None, params: SearchParams = ALL) -> CaseCard:
    """A case in a list; with its passage and marks where it was found by words."""
    snippet = hit.snippet if hit else None
    return CaseCard(
        slug=case.slug,
        title=Marked(case.title, hit.title if hit else ()),
        href=params.case_href(case.slug),
        summary=Marked(case.summary, hit.summary if hit else ()),
        place=place_in_words(case, vocabularies),
        years=years_in_words(case),
        arrangements=tuple(vocabularies.arrangements.label(reason.id) for reason in case.arrangements),
        evidence=vocabularies.evidence.label(case.evidence.level),
        snippet=SnippetView(
            snippet.heading, params.case_href(case.slug, snippet.section), Marked(snippet.text, snippet.ranges)
        )
        if snippet
        else None,
    )


def case_cards(result: SearchResult, generation: Generation, params: SearchParams = ALL) -> tuple[CaseCard, ...]:
    """The cards of a result's hits; their addresses know the search that found them."""
    cases = generation.cases.briefs(hit.slug for hit in result.hits)
    found = ((hit, cases.get(hit.slug)) for hit in result.hits)
    return tuple(case_card(case, generation.vocabularies, hit, params) for hit, case in found if case is not None)


def found_cases(result: SearchResult, generation: Generation) -> tuple[Case, ...]:
    """The cases of a result's hits, as lists show them."""
    return tuple(generation.cases.briefs(hit.slug for hit in result.hits).values())


FIRST_CASES = 100
"""Cases that a page of a term or a city lists: as many as a page of a search can."""


def first_cases_with(generation: Generation, facet: str, value: str, size: int = FIRST_CASES) -> SearchResult:
    """The first cases with one value of a facet, by title; the result knows how many there are."""
    return generation.search(make_request(filters={facet: (value,)}, sort=Sort.TITLE, size=size))


@dataclass(frozen=True)
class TermCard:
    """A term in an overview."""

    label: str
    href: str
    description: str
    count: int


@dataclass(frozen=True)
class ArrangementCard(TermCard):
    """An arrangement in an overview: what it is for and which way information flows."""

    purpose: str
    flow: str
    flow_kind: str


def arrangement_cards(generation: Generation) -> tuple[ArrangementCard, ...]:
    """All arrangements for an overview."""
    found = generation.counts["arrangement"]
    return tuple(
        ArrangementCard(
            term.label,
            f"/arrangements/{term.id}",
            term.description,
            found.get(term.id, 0),
            term.purpose,
            term.flow,
            term.flow_kind,
        )
        for term in generation.vocabularies.arrangements
    )


def challenge_cards(generation: Generation) -> tuple[TermCard, ...]:
    """All challenges for an overview."""
    found = generation.counts["challenge"]
    return tuple(
        TermCard(term.label, f"/challenges/{term.id}", term.description, found.get(term.id, 0))
        for term in generation.vocabularies.challenges
    )


@dataclass(frozen=True)
class Backlink:
    """The way back from a source to where it is cited."""

    label: str
    href: str


@dataclass(frozen=True)
class SourceView:
    """A source in the list below a text."""

    number: int
    anchor: str
    title: str
    by: str
    year: int | None
    url: str | None
    backlinks: tuple[Backlink, ...]


def source_views(sources: Sequence[Source]) -> tuple[SourceView, ...]:
    """Sources with the ways back to where they are cited."""
    return tuple(
        SourceView(
            number,
            f"source-{source.id}",
            source.title,
            source.by,
            source.year,
            source.url,
            tuple(Backlink(str(time), f"#cite-{source.id}-{time}") for time in range(1, source.citations + 1)),
        )
        for number, source in enumerate(sources, start=1)
    )


def cites_general_knowledge(html: str) -> bool:
    """Whether something in a rendered text rests on general professional knowledge, with no source behind it."""
    return '#source-general"' in html


@dataclass(frozen=True)
class CaseLine:
    """A case in a few words, and why it stands in this list."""

    title: str
    href: str
    place: str
    years: str
    why: str


def case_line(case: Case, vocabularies: Vocabularies, why: str) -> CaseLine:
    """A case in a few words."""
    return CaseLine(case.title, f"/cases/{case.slug}", place_in_words(case, vocabularies), years_in_words(case), why)


def why(reasons: Sequence[Reason], term_id: str) -> str:
    """What a case says about one of its terms."""
    return next((reason.why for reason in reasons if reason.id == term_id), "")


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
