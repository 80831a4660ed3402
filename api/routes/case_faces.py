"""One case in formats other than its page: source, data, and references."""

from __future__ import annotations

import json
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from api.address.site import Site
from api.deps import GenerationDep, SiteDep
from api.formats.citations import BIBTEX, CSL_JSON, RIS, Citation, CitationFile
from api.formats.jsonld import JSONLD_TYPE, case_jsonld
from api.routes.finding import find_case
from api.server.links import link_header, links_to_case
from kb import Generation, StoredCase, as_json, case_out

router = APIRouter(include_in_schema=False)


def case_face(
    slug: str, extension: str, generation: Generation, make: Callable[[StoredCase], Response], query: str = ""
) -> Response:
    """One format of a case; an earlier slug redirects to the same format at the present one."""
    stored = find_case(slug, generation)
    if stored.case.slug != slug:
        suffix = f"?{query}" if query else ""
        return RedirectResponse(f"/cases/{stored.case.slug}{extension}{suffix}", status_code=301)
    return make(stored)


@router.get("/cases/{slug}.md")
def markdown(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    def make(stored: StoredCase) -> Response:
        links = link_header(links_to_case(slug, "collection", site))
        return PlainTextResponse(stored.markdown, media_type="text/markdown; charset=utf-8", headers=links)

    return case_face(slug, ".md", generation, make)


@router.get("/cases/{slug}.bib")
def bibtex(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(slug, BIBTEX, generation, site)


@router.get("/cases/{slug}.ris")
def ris(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(slug, RIS, generation, site)


# Before `.json`, which would match `a.csl` as a slug.
@router.get("/cases/{slug}.csl.json")
def csl_json(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(slug, CSL_JSON, generation, site)


@router.get("/cases/{slug}.json")
def whole(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    def make(stored: StoredCase) -> Response:
        body = as_json(case_out(stored, generation.vocabularies, site.base_url))
        links = link_header(links_to_case(slug, "alternate", site))
        return Response(body, media_type="application/json", headers=links)

    return case_face(slug, ".json", generation, make)


@router.get("/cases/{slug}.jsonld")
def jsonld(slug: str, generation: GenerationDep, site: SiteDep) -> Response:
    def make(stored: StoredCase) -> Response:
        body = json.dumps(case_jsonld(stored, generation.vocabularies, site), ensure_ascii=False)
        links = link_header(links_to_case(slug, "describes", site))
        return Response(body, media_type=JSONLD_TYPE, headers=links)

    return case_face(slug, ".jsonld", generation, make)


def _citation(slug: str, file: CitationFile, generation: Generation, site: Site) -> Response:
    def make(stored: StoredCase) -> Response:
        download = {"Content-Disposition": f'attachment; filename="{slug}{file.extension}"'}
        return Response(
            file.write(Citation.of(stored, site)),
            media_type=f"{file.media_type}; charset=utf-8",
            headers=download | link_header(links_to_case(slug, "describes", site)),
        )

    return case_face(slug, file.extension, generation, make)
