"""Cases that have something in common, found for a page."""

from __future__ import annotations

from api.address.search_state import SearchParams
from api.pages.parts.page import Link
from kb import CaseSummary, Generation, SearchResult, Sort, cases_in_words, make_request

FIRST_CASES = 100
"""Cases that a page of a term or a city lists: as many as a page of a search can."""


def first_cases_with(
    generation: Generation, facet: str, value: str, size: int = FIRST_CASES, sort: Sort = Sort.TITLE
) -> SearchResult:
    """The first cases with one value of a facet; the result knows how many there are."""
    return generation.search(make_request(filters={facet: (value,)}, sort=sort, size=size))


def found_cases(result: SearchResult, generation: Generation) -> tuple[CaseSummary, ...]:
    """The cases of a result's hits, as lists show them."""
    return tuple(generation.cases.summaries(hit.slug for hit in result.hits).values())


def cases_link(count: int, **filters: str) -> Link:
    """The search for these cases, with how many there are."""
    params = SearchParams(filters={facet: (value,) for facet, value in filters.items()})
    return Link(cases_in_words(count), params.href())
