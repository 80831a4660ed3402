"""The result of a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from api.formats.schemas.lists import LinksOut, NoticeOut, notices_out
from api.site_hits import site_hits
from kb import (
    FACETS,
    CaseSummary,
    CaseSummaryOut,
    FacetCount,
    FacetField,
    Generation,
    Hit,
    Ranges,
    SearchResult,
    Snippet,
    Vocabularies,
    summary_as,
)


@dataclass(slots=True)
class SnippetOut:
    """The passage that shows why a case was found."""

    section: str
    heading: str
    url: str
    text: str
    ranges: Annotated[Ranges, Field(description="Start and end of what matched, in characters of `text`.")]


@dataclass(slots=True)
class HitOut(CaseSummaryOut):
    """A case that was found."""

    score: Annotated[float, Field(description="Comparable within one result only.")]
    snippet: SnippetOut | None


@dataclass(slots=True)
class FacetValueOut:
    """One value to narrow by."""

    value: str
    label: str
    count: Annotated[
        int, Field(description="Cases of the result with this value, whatever else is selected in this facet.")
    ]
    selected: bool
    url: Annotated[str, Field(description="This search with the value added, or taken away if it is selected.")]


@dataclass(slots=True)
class FacetOut:
    """One facet with its values, most cases first."""

    label: str
    values: list[FacetValueOut]


@dataclass(slots=True)
class SpellingOut:
    """Another spelling that finds more."""

    text: str
    total: int
    url: str


@dataclass(slots=True)
class SiteHitOut:
    """Something of the site, beside cases, that the words name."""

    kind: Annotated[str, Field(description="“challenge”, “arrangement”, “city”, “country”, “tool”…")]
    label: str
    url: str
    note: Annotated[str, Field(description="What is there.")]


@dataclass(slots=True)
class RemovalOut:
    """For an empty result: a facet whose filter excludes every case."""

    facet: Annotated[str | None, Field(description="Null for all filters together.")]
    total: Annotated[int, Field(description="Cases there would be without it.")]
    url: str


@dataclass(slots=True)
class SearchOut:
    """The result of a search."""

    query: str
    understood_as: Annotated[str, Field(description="The query as it was read, printed as a query.")]
    total: int
    page: int
    pages: int
    size: int
    sort: str
    notices: list[NoticeOut]
    did_you_mean: SpellingOut | None
    removals: list[RemovalOut]
    site_hits: Annotated[
        list[SiteHitOut],
        Field(description="On the first page: what else of the site answers, such as guide pages, places and tools."),
    ]
    hits: list[HitOut]
    partial_hits: Annotated[
        list[HitOut],
        Field(description="On the first page of a short result: cases that match only some of the words. Not counted."),
    ]
    facets: dict[str, FacetOut]
    links: LinksOut


def search_out(
    params: SearchParams, result: SearchResult, generation: Generation, links: LinksOut, site: Site
) -> SearchOut:
    """The result of a search."""
    vocabularies = generation.vocabularies
    return SearchOut(
        query=params.text,
        understood_as=str(result.request.query),
        total=result.total,
        page=params.page,
        pages=result.pages,
        size=params.size,
        sort=params.sort,
        notices=notices_out(result.notices),
        did_you_mean=_spelling(params, result, site),
        removals=[
            RemovalOut(removal.facet, removal.total, site.url(less.href(paths.API_SEARCH)))
            for removal in result.removals
            for less in [params.without_facet(removal.facet)]
        ],
        site_hits=[
            SiteHitOut(hit.kind, hit.label, site.url(hit.href), hit.note)
            for hit in (site_hits(params.text, generation) if params.page == 1 else ())
        ],
        hits=_hits(result.hits, generation, site),
        partial_hits=_hits(result.partial_hits, generation, site),
        facets={facet.name: _facet(facet, result.facets[facet.name], params, vocabularies, site) for facet in FACETS},
        links=links,
    )


def _hits(hits: Sequence[Hit], generation: Generation, site: Site) -> list[HitOut]:
    cases = generation.cases.summaries(hit.slug for hit in hits)
    return [_hit(hit, cases[hit.slug], generation.vocabularies, site) for hit in hits if hit.slug in cases]


def _spelling(params: SearchParams, result: SearchResult, site: Site) -> SpellingOut | None:
    found = result.suggestion
    if found is None:
        return None
    return SpellingOut(found.text, found.total, site.url(params.with_text(found.text).href(paths.API_SEARCH)))


def _hit(hit: Hit, case: CaseSummary, vocabularies: Vocabularies, site: Site) -> HitOut:
    snippet = _snippet(hit.snippet, case, site) if hit.snippet else None
    return summary_as(HitOut, case, vocabularies, site.base_url, score=round(hit.score, 6), snippet=snippet)


def _snippet(snippet: Snippet, case: CaseSummary, site: Site) -> SnippetOut:
    url = site.url(f"{paths.case(case.slug)}#{snippet.section}")
    return SnippetOut(snippet.section, snippet.heading, url, snippet.text, snippet.ranges)


def _facet(
    facet: FacetField, found: tuple[FacetCount, ...], params: SearchParams, vocabularies: Vocabularies, site: Site
) -> FacetOut:
    labels = facet.vocabulary(vocabularies).labels
    address = params.toggling(facet.name, site.url(paths.API_SEARCH))
    values = [
        FacetValueOut(value, labels.get(value, value), cases, selected, address(value))
        for value, cases, selected in found
    ]
    return FacetOut(facet.label, values)
