"""The JSON API: the same searches and cases, for programs."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from api.deps import GenerationDep, SearchDep, SiteDep, StrictSearchDep, StrictWholeSearchDep
from api.formats.schemas.cases import CaseListOut, RelatedOut, related_out
from api.formats.schemas.lists import LinksOut, page_links
from api.formats.schemas.matrix import MatrixOut
from api.formats.schemas.searches import SearchOut, search_out
from api.formats.schemas.suggestions import SuggestionOut, suggestion_out
from api.formats.schemas.terms import (
    ArrangementOut,
    CityOut,
    VocabularyTermOut,
    arrangement_out,
    challenge_out,
    city_out,
)
from api.matrix import make_matrix
from api.routes.finding import find_case
from api.routes.pasting import condensed_address
from api.server.errors import ApiProblem
from api.server.links import WebLink, link_header
from kb import CaseOut, ExportForm, Generation, SearchResult, as_json, case_out, export, in_words, summary_out

Slug = Annotated[str, Path(description="As in the address of its page.")]

router = APIRouter(prefix="/api/v1", tags=["Cases"])

NOTICES_IN_HEADER = 5
"""Some proxies refuse headers longer than a few thousand characters."""

_EXPORT_TYPES = {
    ExportForm.CSV: "text/csv; charset=utf-8; header=present",
    ExportForm.NDJSON: "application/x-ndjson; charset=utf-8",
}


def _streamed(media_type: str) -> dict[str, Any]:
    """The description of a route that does not send JSON."""
    return {"response_class": StreamingResponse, "responses": {200: {"content": {media_type: {}}}}}


@router.get("/search", summary="Search cases, with counts for all facets", response_model=SearchOut)
def search(params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    """Parameters of one facet are joined by “or”, facets by “and”; the counts of a facet ignore its own filter.

    What cannot be used is left out, and “notices” reports it: read them, as without a filter the result is wider.
    """
    result = generation.search(params.request())
    _require_page(result)
    links = page_links(params, result.pages, paths.API_SEARCH, site, html=paths.CASES)
    body = as_json(search_out(params, result, generation, links, site))
    return Response(body, media_type="application/json", headers=_link_header(links))


@router.post(
    "/search",
    summary="Search with a long text",
    status_code=303,
    response_class=Response,
    responses={303: {"description": "The search as an address, in the header Location."}},
    openapi_extra={
        "requestBody": {
            "content": {
                "text/plain": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": {"q": {"type": "string"}}}
                },
            },
            "required": True,
        }
    },
)
async def search_with_text(request: Request, generation: GenerationDep) -> Response:
    """A text of up to 2,000 words, such as the description of a situation, as the body. Its forty most telling words
    become an address that can be shared, with the other parameters of this one.
    """
    address = await condensed_address(request, generation, paths.API_SEARCH)
    return RedirectResponse(address, status_code=303)


@router.get("/cases", summary="List cases")
def cases(params: StrictSearchDep, generation: GenerationDep, site: SiteDep, response: Response) -> CaseListOut:
    """Takes the same parameters as the search. One that cannot be used is an error (422), as in exports."""
    result = generation.search(params.request(marked=False))
    _require_page(result)
    summaries = generation.cases.summaries(hit.slug for hit in result.hits)
    links = page_links(params, result.pages, paths.API_CASES, site)
    response.headers.update(_link_header(links))
    return CaseListOut(
        total=result.total,
        page=params.page,
        pages=result.pages,
        size=params.size,
        cases=[summary_out(case, generation.vocabularies, site.base_url) for case in summaries.values()],
        links=links,
    )


@router.get("/cases/{slug}", summary="One case, whole")
def case(slug: Slug, generation: GenerationDep, site: SiteDep) -> CaseOut:
    """Text with citations, sources, evidence and review state."""
    return case_out(find_case(slug, generation), generation.vocabularies, site.base_url)


@router.get("/cases/{slug}/related", summary="Cases to read next, each with its reason")
def related(slug: Slug, generation: GenerationDep, site: SiteDep) -> list[RelatedOut]:
    """The same arrangement elsewhere, the same challenge in another arrangement, and nearest in content."""
    case = find_case(slug, generation).case
    others = ((item, generation.cases.summary(item.slug)) for item in generation.related(case))
    return [related_out(item, other, generation.vocabularies, site) for item, other in others if other]


@router.get("/export.csv", summary="The whole result of a search as a table", **_streamed("text/csv"))
def export_csv(params: StrictWholeSearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    """For spreadsheets: UTF-8 with a byte order mark, commas, one row for each case, columns as listed below.

    It contains all cases of the search; “page” and “size” are ignored. There is no limit to their number: rows are
    streamed, and the header X-Total-Count gives their number. A parameter or value that cannot be used is an error
    (422) that names the nearest one, as a table could not show what was left out. Several values in a cell are
    separated by “ | ”. A cell that begins with a tab, a line break, or =, +, - or @ (of any width, also after
    invisible characters), gets an apostrophe before it, so that no spreadsheet takes it for a formula. The
    header X-Notices reports, as JSON, how the search was understood, if that may surprise.
    """
    return _export(params, ExportForm.CSV, generation, site)


@router.get("/export.ndjson", summary="The whole result of a search, case by case", **_streamed("application/x-ndjson"))
def export_ndjson(params: StrictWholeSearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    """For programs: each line is a whole case, as in “One case, whole”. Number, headers and errors as for the table."""
    return _export(params, ExportForm.NDJSON, generation, site)


@router.get("/suggest", summary="Suggestions while typing")
def suggest(
    generation: GenerationDep,
    site: SiteDep,
    q: Annotated[str, Query(description="The text typed so far; its first 200 characters are read.")] = "",
) -> list[SuggestionOut]:
    """Names of arrangements, challenges, places and cases that begin with what was typed, with at most one typo."""
    return [suggestion_out(suggestion, site) for suggestion in generation.suggester.suggest(q[:200])]


class _Suggestions(JSONResponse):
    media_type = "application/x-suggestions+json"


@router.get("/suggest/opensearch", summary="Suggestions for a browser's address bar", response_class=_Suggestions)
def suggest_to_browser(
    generation: GenerationDep,
    site: SiteDep,
    q: Annotated[str, Query(description="The text typed so far; its first 200 characters are read.")] = "",
) -> tuple[str, list[str], list[str], list[str]]:
    """The same in the format of OpenSearch: the text typed, names, their kinds, and addresses."""
    suggestions = suggest(generation, site, q)
    return (
        q,
        [suggestion.label for suggestion in suggestions],
        [suggestion.kind.capitalize() for suggestion in suggestions],
        [suggestion.url for suggestion in suggestions],
    )


@router.get("/matrix", summary="Cases counted by arrangement and challenge")
def matrix(params: SearchDep, generation: GenerationDep, site: SiteDep) -> MatrixOut:
    """Takes the parameters of the search; `sort`, `page` and `size` are ignored. A case can have several
    arrangements and challenges, so counts do not add up to the totals.
    """
    return MatrixOut.of(make_matrix(params, generation), site)


@router.get("/arrangements", summary="The six arrangement types", tags=["Vocabularies"])
def arrangements(generation: GenerationDep, site: SiteDep) -> list[ArrangementOut]:
    """Each with the number of cases that show it."""
    counts = generation.counts["arrangement"]
    return [arrangement_out(term, counts.get(term.id, 0), site) for term in generation.vocabularies.arrangements]


@router.get("/challenges", summary="The challenges", tags=["Vocabularies"])
def challenges(generation: GenerationDep, site: SiteDep) -> list[VocabularyTermOut]:
    """Each with the number of cases that met it."""
    counts = generation.counts["challenge"]
    return [challenge_out(term, counts.get(term.id, 0), site) for term in generation.vocabularies.challenges]


@router.get("/cities", summary="The cities that have cases", tags=["Vocabularies"])
def cities(generation: GenerationDep, site: SiteDep) -> list[CityOut]:
    """Each with its position and the number of its cases."""
    counts = generation.counts["city"]
    return [
        city_out(city, counts[city.id], generation.vocabularies, site)
        for city in generation.vocabularies.cities
        if city.id in counts
    ]


def _export(params: SearchParams, form: ExportForm, generation: Generation, site: Site) -> Response:
    made = export(generation, params.request(marked=False), form, site.base_url)
    headers = {
        "Content-Disposition": f'attachment; filename="crossing-boundaries-cases.{form}"',
        "X-Total-Count": str(made.total),
    }
    if made.notices:
        notices = [{"code": notice.code, "text": in_words(notice)} for notice in made.notices[:NOTICES_IN_HEADER]]
        headers["X-Notices"] = json.dumps(notices)
    return StreamingResponse(made.pieces, media_type=_EXPORT_TYPES[form], headers=headers)


def _require_page(result: SearchResult) -> None:
    if result.is_beyond_end:
        raise ApiProblem(404, f"There is no page {result.request.page}; the last one is {result.pages}.")


def _link_header(links: LinksOut) -> dict[str, str]:
    relations = {
        "self": links.self,
        "first": links.first,
        "prev": links.previous,
        "next": links.next,
        "last": links.last,
    }
    return link_header(WebLink(rel, address) for rel, address in relations.items() if address)
