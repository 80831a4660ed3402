"""The site for programs that visit it: readers of feeds, search engines, browsers."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import pages
from api.address import paths
from api.address.site import Site
from api.deps import GenerationDep, SiteDep, StrictSearchDep
from api.formats.citations import BIBTEX, COLLECTION, CSL_JSON, RIS, Citation, CitationFile
from api.server import icons
from api.server.errors import ApiProblem
from api.server.rendering import render_text, render_xml
from kb import Generation, schema_text

router = APIRouter(include_in_schema=False)


@router.get("/feed.atom")
def feed(params: StrictSearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    page = pages.feed_page(params, generation)
    if page.is_beyond_end:
        raise ApiProblem(404, f"There is no page {params.page} of this feed.")
    return render_xml("feed.atom", page, site, "application/atom+xml")


@router.get("/sitemap.xml")
def sitemap(generation: GenerationDep, site: SiteDep) -> Response:
    return render_xml("sitemap.xml", pages.sitemap_page(generation), site, "application/xml")


@router.get("/sitemap-{part}.xml")
def part_of_sitemap(part: int, generation: GenerationDep, site: SiteDep) -> Response:
    page = pages.sitemap_part(part, generation)
    if page is None:
        raise ApiProblem(404, "The sitemap has no such part: sitemap.xml lists its parts.")
    return render_xml("sitemap.xml", page, site, "application/xml")


@router.get("/collection.bib")
def bibtex(generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(BIBTEX, generation, site)


@router.get("/collection.ris")
def ris(generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(RIS, generation, site)


@router.get("/collection.csl.json")
def csl_json(generation: GenerationDep, site: SiteDep) -> Response:
    return _citation(CSL_JSON, generation, site)


@router.get("/opensearch.xml")
def opensearch(site: SiteDep) -> Response:
    page = pages.Page("Search from the browser", "/opensearch.xml")
    return render_xml("opensearch.xml", page, site, "application/opensearchdescription+xml")


@router.get("/robots.txt")
def robots(site: SiteDep) -> Response:
    return render_text("robots.txt", pages.Page("For robots", "/robots.txt"), site)


@router.get("/llms.txt")
def llms(generation: GenerationDep, site: SiteDep) -> Response:
    return render_text("llms.txt", pages.llms_page(generation), site)


@router.get(paths.CASE_SCHEMA)
def case_schema(generation: GenerationDep) -> Response:
    return Response(schema_text(generation.vocabularies), media_type="application/schema+json")


@router.get("/favicon.ico")
def favicon_file() -> Response:
    return Response(icons.favicon(), media_type=icons.ICO_TYPE)


@router.get("/apple-touch-icon.png")
def touch_icon_file() -> Response:
    return Response(icons.touch_icon(), media_type=icons.PNG_TYPE)


def _citation(file: CitationFile, generation: Generation, site: Site) -> Response:
    """How to cite the collection."""
    headers = {"Content-Disposition": f'attachment; filename="{COLLECTION}{file.extension}"'}
    return Response(file.write(Citation.of_collection(generation, site)), media_type=file.media_type, headers=headers)
