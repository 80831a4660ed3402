"""One case in other forms than its page: as it was written, as data, and as a reference."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from api.citations import BIBTEX, CSL_JSON, RIS, Citation, CitationFile
from api.deps import GenerationDep, SiteDep
from api.errors import ApiProblem
from api.schemas import CaseOut
from api.site import Site
from kb import Generation, StoredCase

router = APIRouter(include_in_schema=False)


def case_face(slug: str, extension: str, generation: Generation, make: Callable[[StoredCase], Response]) -> Response:
    """One face of a case; an earlier name leads to the same face at its present one."""
    stored = generation.cases.stored(slug)
    if stored is not None:
        return make(stored)
    if current := generation.cases.slug_for_alias(slug):
        return RedirectResponse(f"/cases/{current}{extension}", status_code=301)
    if generation.cases.is_withdrawn(slug):
        raise ApiProblem(410, "This case was withdrawn. It is no longer part of the collection.")
    raise ApiProblem(404, "There is no case at this address.")


@router.get("/cases/{slug}.md")
def markdown(slug: str, generation: GenerationDep) -> Response:
    return case_face(
        slug,
        ".md",
        generation,
        lambda stored: PlainTextResponse(stored.markdown, media_type="text/markdown; charset=utf-8"),
    )


@router.get("/cases/{slug}.bib")
def bibtex(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(slug, BIBTEX, generation, site)


@router.get("/cases/{slug}.ris")
def ris(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(slug, RIS, generation, site)


# Before `.json`, which would take `a.csl` for a case.
@router.get("/cases/{slug}.csl.json")
def csl_json(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(slug, CSL_JSON, generation, site)


@router.get("/cases/{slug}.json")
def json(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    def make(stored: StoredCase) -> Response:
        body = CaseOut.of(stored, generation.vocabularies, site).model_dump_json()
        return Response(body, media_type="application/json")

    return case_face(slug, ".json", generation, make)


def _citation(slug: str, file: CitationFile, generation: Generation, site: Site) -> Response:
    def make(stored: StoredCase) -> Response:
        return Response(
            file.write(Citation.of(stored, site)),
            media_type=f"{file.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{stored.case.slug}{file.extension}"'},
        )

    return case_face(slug, file.extension, generation, make)
