"""The JSON API: the same searches and cases, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.deps import GenerationDep, SearchDep, SiteDep
from api.errors import ApiProblem
from api.matrix import make_matrix
from api.pages import counts
from api.schemas import (
    ArrangementOut,
    CaseListOut,
    CaseOut,
    CaseSummaryOut,
    CityOut,
    LinksOut,
    MatrixOut,
    RelatedOut,
    SearchOut,
    SuggestionOut,
    VocabularyTermOut,
    arrangement_out,
    challenge_out,
    city_out,
    page_links,
    related_out,
    suggestion_out,
)
from kb import SearchResult

Slug = Annotated[str, Path(description="As in the address of its page.")]

router = APIRouter(prefix="/api/v1", tags=["Cases"])


@router.get("/search", summary="Search cases, with counts for all facets", response_model=SearchOut)
def search(params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    """Parameters of one facet are joined by “or”, facets by “and”; the counts of a facet ignore its own filter."""
    result = generation.search(params.request())
    _require_page(result)
    body = SearchOut.of(params, result, generation, site)
    # Written at once: FastAPI would check a second time what was made of checked values.
    return Response(body.model_dump_json(), media_type="application/json", headers={"Link": _link_header(body.links)})


@router.get("/cases", summary="List cases")
def cases(params: SearchDep, generation: GenerationDep, site: SiteDep, response: Response) -> CaseListOut:
    """Takes the same parameters as the search."""
    result = generation.search(params.request(marked=False))
    _require_page(result)
    found = (generation.cases.brief(hit.slug) for hit in result.hits)
    links = page_links(params, result.pages, "/api/v1/cases", site)
    response.headers["Link"] = _link_header(links)
    return CaseListOut(
        total=result.total,
        page=params.page,
        pages=result.pages,
        size=params.size,
        cases=[CaseSummaryOut.of(case, generation.vocabularies, site) for case in found if case],
        links=links,
    )


@router.get("/cases/{slug}", summary="One case, whole")
def case(slug: Slug, generation: GenerationDep, site: SiteDep) -> CaseOut:
    """Text with citations, sources, evidence and review state."""
    current = generation.cases.slug_for_alias(slug)
    stored = generation.cases.stored(slug) or (generation.cases.stored(current) if current else None)
    if stored is None:
        if generation.cases.is_withdrawn(slug):
            raise ApiProblem(410, "This case was withdrawn. It is no longer part of the collection.")
        raise ApiProblem(404, f"There is no case “{slug[:80]}”.")
    return CaseOut.of(stored, generation.vocabularies, site)


@router.get("/cases/{slug}/related", summary="Cases to read next, each with its reason")
def related(slug: Slug, generation: GenerationDep, site: SiteDep) -> list[RelatedOut]:
    """The same arrangement elsewhere, the same challenge in another arrangement, and nearest in content."""
    found = generation.cases.case(slug)
    if found is None:
        raise ApiProblem(404, f"There is no case “{slug[:80]}”.")
    others = ((item, generation.cases.brief(item.slug)) for item in generation.related(found))
    return [related_out(item, other, generation.vocabularies, site) for item, other in others if other]


@router.get("/suggest", summary="Suggestions while typing")
def suggest(
    generation: GenerationDep,
    site: SiteDep,
    q: Annotated[str, Query(description="What was typed so far; its first 200 characters are read.")] = "",
) -> list[SuggestionOut]:
    """Names of arrangements, challenges, cities and cases that begin as what was typed; one slip is forgiven."""
    return [suggestion_out(suggestion, site) for suggestion in generation.suggester.suggest(q[:200])]


@router.get("/matrix", summary="Cases counted by arrangement and challenge")
def matrix(params: SearchDep, generation: GenerationDep, site: SiteDep) -> MatrixOut:
    """Takes the parameters of the search; `sort`, `page` and `size` change nothing. A case can have several
    arrangements and challenges, so counts do not add up to the totals.
    """
    return MatrixOut.of(make_matrix(params, generation), site)


@router.get("/arrangements", summary="The six arrangement types", tags=["Vocabularies"])
def arrangements(generation: GenerationDep, site: SiteDep) -> list[ArrangementOut]:
    """Each with the number of cases that show it."""
    found = counts(generation, "arrangement")
    return [arrangement_out(term, found.get(term.id, 0), site) for term in generation.vocabularies.arrangements]


@router.get("/challenges", summary="The challenges", tags=["Vocabularies"])
def challenges(generation: GenerationDep, site: SiteDep) -> list[VocabularyTermOut]:
    """Each with the number of cases that met it."""
    found = counts(generation, "challenge")
    return [challenge_out(term, found.get(term.id, 0), site) for term in generation.vocabularies.challenges]


@router.get("/cities", summary="The cities that have cases", tags=["Vocabularies"])
def cities(generation: GenerationDep, site: SiteDep) -> list[CityOut]:
    """Each with its position and the number of its cases."""
    found = counts(generation, "city")
    return [
        city_out(city, found[city.id], generation.vocabularies, site)
        for city in generation.vocabularies.cities
        if city.id in found
    ]


def _require_page(result: SearchResult) -> None:
    if result.is_beyond_end:
        raise ApiProblem(404, f"There is no page {result.request.page}; the last one is {result.pages}.")


def _link_header(links: LinksOut) -> str:
    """The links of a list as RFC 8288 writes them."""
    relations = {
        "self": links.self,
        "first": links.first,
        "prev": links.previous,
        "next": links.next,
        "last": links.last,
    }
    return ", ".join(f'<{address}>; rel="{name}"' for name, address in relations.items() if address)
