"""The search and its result."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.pages.parts.cards import CaseCard, case_cards
from api.pages.parts.examples import EXAMPLES
from api.pages.parts.facets import FacetGroup, facet_groups, facets_in_address
from api.pages.parts.narrowing import Chip, filter_chips, removal_links, search_in_words
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from api.site_hits import SiteHit, site_hits
from kb import (
    QUERY_EXAMPLES,
    ExportForm,
    Generation,
    SearchResult,
    Sort,
    cases_in_words,
    gettext,
    gettext_noop,
)

SORT_LABELS = {
    Sort.RELEVANCE: gettext_noop("Best match"),
    Sort.NEWEST: gettext_noop("Newest work first"),
    Sort.STARTED: gettext_noop("Oldest work first"),
    Sort.CHANGED: gettext_noop("Last updated"),
    Sort.TITLE: gettext_noop("Title A–Z"),
    Sort.CITY: gettext_noop("City A–Z"),
}


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
class ViewOption:
    """One way to show results."""

    label: str
    href: str
    is_current: bool


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
    """The search in words."""
    count_in_words: str
    heading_rest: str
    """The heading in two parts: on a phone only the first is shown, since box and chips say the other."""
    notices: tuple[NoticeLine, ...]
    site_hits: tuple[SiteHit, ...]
    """What else of the site answers: guide pages, places, tools."""
    cards: tuple[CaseCard, ...]
    partial_cards: tuple[CaseCard, ...]
    """Where few cases were found: others that match some of the words. No number on the page counts them."""
    total_in_words: str
    facets: str
    """The names of the facets in the order in which an address contains them."""
    groups: tuple[FacetGroup, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    did_you_mean: Link | None
    removals: tuple[Link, ...]
    """For an empty result: the search without one of its filters, with the total it would have."""
    sorts: tuple[SortOption, ...]
    views: tuple[ViewOption, ...]
    is_compact: bool
    size: int | None
    """Hits per page, if not the default."""
    pagination: Pagination | None
    examples: tuple[Link, ...]
    api_href: str
    """The same for programs."""
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
    count = cases_in_words(result.total) if result.total else gettext("No cases found")
    # "12 cases: “youth”" begins with the count, "All 68 cases" does not.
    count, rest = (count, heading.removeprefix(count)) if heading.startswith(count) else (heading, "")
    usual = SearchParams().size
    return SearchPage(
        title=heading if params.text or params.filters else gettext("All cases"),
        path=params.href(),
        text=params.text,
        help=tuple(HelpLine(Link(it.typed, SearchParams(it.typed).href()), gettext(it.finds)) for it in QUERY_EXAMPLES),
        heading=heading,
        count_in_words=count,
        heading_rest=rest,
        notices=notice_lines(result.notices, params),
        site_hits=site_hits(params.text, generation) if params.page == 1 else (),
        cards=case_cards(result.hits, generation, params),
        partial_cards=case_cards(result.partial_hits, generation, params),
        total_in_words=cases_in_words(result.total),
        facets=facets_in_address(),
        groups=facet_groups(result.facets, vocabularies),
        chips=filter_chips(params, vocabularies),
        clear_href=params.without_filters().href(),
        did_you_mean=_did_you_mean(params, result),
        removals=removal_links(params, result, vocabularies),
        sorts=_sorts(params),
        views=(
            ViewOption(gettext("Full"), params.with_view(compact=False).href(), not params.compact),
            ViewOption(gettext("Compact"), params.with_view(compact=True).href(), params.compact),
        ),
        is_compact=params.compact,
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


def _sorts(params: SearchParams) -> tuple[SortOption, ...]:
    """The orders to choose from. Without words there is nothing to match, and the usual order is by city."""
    labels = dict(SORT_LABELS)
    chosen = params.sort
    if not params.text:
        labels[Sort.RELEVANCE] = labels.pop(Sort.CITY)
        chosen = Sort.RELEVANCE if chosen is Sort.CITY else chosen
    return tuple(SortOption(sort.value, gettext(label), sort is chosen) for sort, label in labels.items())


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
