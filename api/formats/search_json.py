"""The result of a search as JSON.

A page of results contains hundreds of small values, all valid already: they are written directly, without building
models that validate each of them. `api.formats.schemas.SearchOut` describes the output.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from api.formats.schemas.lists import LinksOut
from kb import (
    FACETS,
    CaseSummary,
    FacetCount,
    FacetField,
    Generation,
    Hit,
    SearchResult,
    Snippet,
    Vocabularies,
    case_summary,
)


def result_as_json(
    params: SearchParams, result: SearchResult, generation: Generation, links: LinksOut, site: Site
) -> bytes:
    """A result, written as `SearchOut` describes it."""
    vocabularies = generation.vocabularies
    cases = generation.cases.summaries(hit.slug for hit in result.hits)
    return to_json(
        {
            "query": params.text,
            "understood_as": str(result.request.query),
            "total": result.total,
            "page": params.page,
            "pages": result.pages,
            "size": params.size,
            "sort": params.sort,
            "notices": [{"code": notice.code, "text": notice.text} for notice in result.notices],
            "did_you_mean": _spelling(params, result, site),
            "removals": [
                {
                    "facet": removal.facet,
                    "total": removal.total,
                    "url": site.url(params.without_facet(removal.facet).href(paths.API_SEARCH)),
                }
                for removal in result.removals
            ],
            "hits": [_hit(hit, cases[hit.slug], vocabularies, site) for hit in result.hits if hit.slug in cases],
            "facets": {
                facet.name: _facet(facet, result.facets[facet.name], params, vocabularies, site) for facet in FACETS
            },
            "links": links.model_dump(),
        }
    )


def _spelling(params: SearchParams, result: SearchResult, site: Site) -> dict[str, Any] | None:
    suggestion = result.suggestion
    if suggestion is None:
        return None
    return {
        "text": suggestion.text,
        "total": suggestion.total,
        "url": site.url(params.with_text(suggestion.text).href(paths.API_SEARCH)),
    }


def _hit(hit: Hit, case: CaseSummary, vocabularies: Vocabularies, site: Site) -> dict[str, Any]:
    snippet = _snippet(hit.snippet, case, site) if hit.snippet else None
    return case_summary(case, vocabularies, site.base_url) | {"score": round(hit.score, 6), "snippet": snippet}


def _snippet(snippet: Snippet, case: CaseSummary, site: Site) -> dict[str, Any]:
    return {
        "section": snippet.section,
        "heading": snippet.heading,
        "url": site.url(f"{paths.case(case.slug)}#{snippet.section}"),
        "text": snippet.text,
        "ranges": snippet.ranges,
    }


def _facet(
    facet: FacetField, counts: tuple[FacetCount, ...], params: SearchParams, vocabularies: Vocabularies, site: Site
) -> dict[str, Any]:
    labels = facet.vocabulary(vocabularies).labels
    address = params.toggling(facet.name, site.url(paths.API_SEARCH))
    values = [
        {"value": value, "label": labels.get(value, value), "count": cases, "selected": selected, "url": address(value)}
        for value, cases, selected in counts
    ]
    return {"label": facet.label, "values": values}
