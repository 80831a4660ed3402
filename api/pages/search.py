"""The search and its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.pages.parts.cards import CaseCard, case_cards
from api.pages.parts.examples import EXAMPLES
from api.pages.parts.narrowing import Chip, filter_chips, removal_links, search_in_words
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from api.site_hits import SiteHit, site_hits
from kb import (
    FACETS,
    QUERY_EXAMPLES,
    ExportForm,
    FacetCount,
    FacetField,
    Generation,
    SearchResult,
    Sort,
    Vocabularies,
    cases_in_words,
)

SORT_LABELS = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Most recently started",
    Sort.STARTED: "Earliest started",
    Sort.CHANGED: "Last changed",
    Sort.TITLE: "Title",
    Sort.CITY: "City",
}

SHORT_FACET = 10
"""Values that a facet shows at first: all challenges."""

FIRST_VALUES = 6
"""Values shown first if there are more."""


@dataclass(frozen=True)
class FacetLine:
    """One value to narrow by."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class FacetGroup:
    """One facet with its values."""

    name: str
    label: str
    lines: tuple[FacetLine, ...]
    more: tuple[FacetLine, ...]
    """Values shown on request."""
    selected: int
    """How many values are selected."""
    is_open: bool


@dataclass(frozen=True)
class PageLink:
    """One page of the result; the gap and the current page have no address."""

    label: str
    href: str | None
    is_current: bool = False


@dataclass(frozen=True)
class Pagination:
    """Links to the pages of a result."""

    previous: str | None
    next: str | None
    links: tuple[PageLink, ...]


@dataclass(frozen=True)
class SortOption:
    """One order of hits."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class HelpLine:
    """Something to type, and what it finds."""

    example: Link
    finds: str


@dataclass(frozen=True)
class SearchPage(Page):
    """`/cases`: the search and its result."""

    text: str
    help: tuple[HelpLine, ...]
    """How to search."""
    heading: str
    notices: tuple[NoticeLine, ...]
    site_hits: tuple[SiteHit, ...]
    """What else of the site answers: guide pages, places, tools."""
    cards: tuple[CaseCard, ...]
    partial_cards: tuple[CaseCard, ...]
    """Where few cases were found: others that match some of the words. No number on the page counts them."""
    total_in_words: str
    groups: tuple[FacetGroup, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    did_you_mean: Link | None
    removals: tuple[Link, ...]
    """For an empty result: the search without one of its filters, with the total it would have."""
    sorts: tuple[SortOption, ...]
    size: int | None
    """Hits per page, if not the default."""
    pagination: Pagination | None
    examples: tuple[Link, ...]
    api_href: str
    map_href: str
    feed_href: str
    csv_href: str
    """The whole result as a table."""
    ndjson_href: str
    matrix_href: str


def search_page(params: SearchParams, result: SearchResult, generation: Generation) -> SearchPage:
    """The page for a search."""
    vocabularies = generation.vocabularies
    heading = search_in_words(params, result.total, vocabularies)
    usual = SearchParams().size
    return SearchPage(
        title=heading if params.text or params.filters else "All cases",
        path=params.href(),
        text=params.text,
        help=tuple(HelpLine(Link(it.typed, SearchParams(it.typed).href()), it.finds) for it in QUERY_EXAMPLES),
        heading=heading,
        notices=notice_lines(result.notices, params),
        site_hits=site_hits(params.text, generation) if params.page == 1 else (),
        cards=case_cards(result.hits, generation, params),
        partial_cards=case_cards(result.partial_hits, generation, params),
        total_in_words=cases_in_words(result.total),
        groups=tuple(_facet_group(facet, params, result.facets[facet.name], vocabularies) for facet in FACETS),
        chips=filter_chips(params, vocabularies),
        clear_href=params.without_filters().href(),
        did_you_mean=_did_you_mean(params, result),
        removals=removal_links(params, result, vocabularies),
        sorts=tuple(SortOption(sort.value, label, sort is params.sort) for sort, label in SORT_LABELS.items()),
        size=params.size if params.size != usual else None,
        pagination=_pagination(params, result.pages),
        examples=tuple(Link(text, SearchParams(text).href()) for text in EXAMPLES),
        api_href=params.href(paths.API_SEARCH),
        map_href=params.with_page(1).href(paths.MAP),
        matrix_href=params.with_page(1).href(paths.MATRIX),
        feed_href=SearchParams(params.text, params.filters).href(paths.FEED),
        csv_href=params.whole().href(paths.export(ExportForm.CSV)),
        ndjson_href=params.whole().href(paths.export(ExportForm.NDJSON)),
    )


def _facet_group(
    facet: FacetField, params: SearchParams, found: Sequence[FacetCount], vocabularies: Vocabularies
) -> FacetGroup:
    vocabulary = facet.vocabulary(vocabularies)
    if facet.in_order:
        found = sorted(found, key=lambda count: vocabulary.place(count.value))
    lines = tuple(FacetLine(count.value, vocabulary.label(count.value), count.cases, count.selected) for count in found)
    selected = sum(line.selected for line in lines)
    shown, more = _first_lines(lines)
    # The others open once they are used.
    return FacetGroup(facet.name, facet.label, shown, more, selected, facet.leads or selected > 0)


def _first_lines(lines: tuple[FacetLine, ...]) -> tuple[tuple[FacetLine, ...], tuple[FacetLine, ...]]:
    """The start of a long list with the selected values, and the rest."""
    if len(lines) <= SHORT_FACET:
        return lines, ()
    shown = tuple(line for place, line in enumerate(lines) if place < FIRST_VALUES or line.selected)
    return shown, tuple(line for place, line in enumerate(lines) if place >= FIRST_VALUES and not line.selected)


def _did_you_mean(params: SearchParams, result: SearchResult) -> Link | None:
    suggestion = result.suggestion
    if suggestion is None:
        return None
    return Link(f"{suggestion.text} ({cases_in_words(suggestion.total)})", params.with_text(suggestion.text).href())


def _pagination(params: SearchParams, pages: int) -> Pagination | None:
    if pages < 2:
        return None
    current = params.page
    near = sorted({1, pages, *range(max(1, current - 2), min(pages, current + 2) + 1)})
    links: list[PageLink] = []
    before = 0
    for number in near:
        if number - before > 1:
            links.append(PageLink("…", None))
        is_current = number == current
        href = None if is_current else params.with_page(number).href()
        links.append(PageLink(str(number), href, is_current))
        before = number
    return Pagination(
        previous=params.with_page(current - 1).href() if current > 1 else None,
        next=params.with_page(current + 1).href() if current < pages else None,
        links=tuple(links),
    )
