"""A search as pages show it: in words, as removable chips, and with a way out of an empty result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.pages.parts.page import Link
from kb import (
    FACETS,
    FACETS_BY_NAME,
    FacetField,
    Removal,
    SearchResult,
    Vocabularies,
    cases_in_words,
    gettext,
)


@dataclass(frozen=True)
class Chip:
    """A selected value and the search without it."""

    facet: str
    label: str
    href: str


MOST_NAMED = 3
"""The most values of a facet named in a heading; beyond that it says how many there are."""


def _any_of(facet: FacetField, values: Sequence[str], vocabularies: Vocabularies) -> str:
    vocabulary = facet.vocabulary(vocabularies)
    if len(values) > MOST_NAMED:
        return gettext("any of {count} {things}").format(count=len(values), things=gettext(vocabulary.name))
    return gettext(" or ").join(map(vocabulary.label, values))


def looked_for(params: SearchParams, vocabularies: Vocabularies) -> str:
    """The conditions of a search in words; empty for all cases."""
    parts = [f"“{params.text}”"] if params.text else []
    for name, values in params.filters.items():
        facet = FACETS_BY_NAME[name]
        labels = _any_of(facet, values, vocabularies)
        parts.append(labels if facet.is_plain else f"{gettext(facet.label).lower()} “{labels}”")
    return ", ".join(parts)


def search_in_words(params: SearchParams, total: int, vocabularies: Vocabularies) -> str:
    """The whole search in words, for the title, the heading and anyone who gets the link."""
    count, wanted = cases_in_words(total), looked_for(params, vocabularies)
    if not wanted:
        return gettext("All {cases}").format(cases=count)
    if total:
        return gettext("{cases}: {search}").format(cases=count, search=wanted)
    return gettext("No cases found: {search}").format(search=wanted)


def filter_chips(params: SearchParams, vocabularies: Vocabularies, path: str = paths.CASES) -> tuple[Chip, ...]:
    """The selected filters, each with the address at `path` without it."""
    return tuple(
        Chip(
            gettext(facet.label),
            facet.vocabulary(vocabularies).label(value),
            params.without_filter(facet.name, value).href(path),
        )
        for facet in FACETS
        for value in params.selected(facet.name)
    )


def search_chips(params: SearchParams, vocabularies: Vocabularies, path: str) -> tuple[Chip, ...]:
    """The chips with one for the text of the search, for pages without a search field."""
    words = (Chip(gettext("Words"), f"“{params.text}”", params.with_text("").href(path)),) if params.text else ()
    return (*words, *filter_chips(params, vocabularies, path))


def removal_links(
    params: SearchParams, result: SearchResult, vocabularies: Vocabularies, path: str = paths.CASES
) -> tuple[Link, ...]:
    """For an empty result: the search without one of its filters, with the total it would have."""
    return tuple(_removal(params, removal, vocabularies, path) for removal in result.removals)


def _removal(params: SearchParams, removal: Removal, vocabularies: Vocabularies, path: str) -> Link:
    href = params.without_facet(removal.facet).href(path)
    left_out = _filter_in_words(params, removal.facet, vocabularies)
    text = gettext("Search without {filter}: {cases}")
    return Link(text.format(filter=left_out, cases=cases_in_words(removal.total)), href)


def _filter_in_words(params: SearchParams, name: str | None, vocabularies: Vocabularies) -> str:
    if name is None:
        return gettext("any filter")
    vocabulary = FACETS_BY_NAME[name].vocabulary(vocabularies)
    return gettext(" or ").join(map(vocabulary.label, params.selected(name)))
