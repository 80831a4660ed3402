"""The site for programs that visit it: readers of feeds, search engines, browsers."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import pages
from api.deps import GenerationDep, SearchDep, SiteDep
from api.errors import ApiProblem
from api.rendering import render_xml

router = APIRouter(include_in_schema=False)


@router.get("/feed.atom")
def feed(params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    page = pages.feed_page(params, generation)
    if page.is_beyond_end:
        raise ApiProblem(404, f"There is no page {params.page} of this feed.")
    return render_xml("feed.atom", page, site, "application/atom+xml")
