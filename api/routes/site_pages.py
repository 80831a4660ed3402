"""Pages for people: parse the address, search, build the page object, render."""

from __future__ import annotations

import datetime
from datetime import UTC
from typing import TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from api import pages
from api.address import paths, questionnaire
from api.address.comparison import MOST_COMPARED, ComparedItems
from api.address.parameters import by_name
from api.deps import ArrivalDep, ComparedDep, GenerationDep, SearchDep, SiteDep, StatusDep
from api.matrix import make_matrix
from api.routes.case_faces import case_face
from api.routes.pasting import condensed_address
from api.server.errors import ApiProblem
from api.server.headers import NOT_STORED
from api.server.links import WebLink, link_header, links_of_case
from api.server.rendering import render
from kb import RULES, Generation, StoredCase, Term, Vocabulary, case_template_path, counted, nearest, overview

T = TypeVar("T", bound=Term)

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/")
def home(generation: GenerationDep, site: SiteDep) -> Response:
    return render("home.html", pages.home_page(generation), site)


@router.get("/cases")
def search(request: Request, params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    if params.says_too_much(request.query_params.multi_items()):
        return RedirectResponse(params.href(), status_code=303)
    result = generation.search(params.request())
    if result.is_beyond_end:
        found = counted(result.pages, "page", "pages")
        raise ApiProblem(404, f"There is no page {params.page}: this search has {found}.")
    page = pages.search_page(params, result, generation)
    others = ((page.feed_href, "application/atom+xml"), (page.api_href, "application/json"))
    links = (WebLink("alternate", site.url(href), media_type) for href, media_type in others)
    return render("search.html", page, site, headers=link_header(links))


@router.post("/cases")
async def describe(request: Request, generation: GenerationDep) -> Response:
    """A long text becomes an address that can be shared; it is not stored."""
    return RedirectResponse(await condensed_address(request, generation, paths.CASES), status_code=303)


@router.get("/cases/{slug}")
def case(slug: str, request: Request, generation: GenerationDep, site: SiteDep, arrival: ArrivalDep) -> Response:
    def make(stored: StoredCase) -> Response:
        page = pages.case_page(stored, generation, arrival, site)
        return render("case.html", page, site, headers=link_header(links_of_case(slug, site)))

    return case_face(slug, "", generation, make, request.url.query)


@router.get("/compare")
def compare(compared: ComparedDep, generation: GenerationDep, site: SiteDep) -> Response:
    if page := _comparison(compared, generation):
        return render("comparison.html", page, site)
    if len(compared.cases) > 1:
        return render("reading_list.html", pages.reading_list(compared.cases, compared.notices, generation), site)
    return render("comparison_start.html", pages.comparison_start(compared, generation), site)


@router.get("/compare.csv")
def compare_csv(compared: ComparedDep, generation: GenerationDep, site: SiteDep) -> Response:
    page = _comparison(compared, generation)
    if page is None:
        raise ApiProblem(404, f"There is no such table: name two to {MOST_COMPARED} cases, or arrangements.")
    headers = {"Content-Disposition": 'attachment; filename="comparison.csv"'}
    return Response(pages.comparison_csv(page, site), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/matrix")
def matrix(params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    page = pages.matrix_page(make_matrix(params, generation), generation.vocabularies)
    return render("matrix.html", page, site)


@router.get("/arrangements")
def arrangements(generation: GenerationDep, site: SiteDep) -> Response:
    return render("arrangements.html", pages.arrangements_page(generation), site)


@router.get("/arrangements/which")
def which(request: Request, generation: GenerationDep, site: SiteDep) -> Response:
    given = by_name(request.query_params.multi_items())
    answered = questionnaire.read_answers(given, generation.vocabularies.questions)
    return render("which.html", pages.which_page(answered, generation), site)


@router.get("/challenges")
def challenges(generation: GenerationDep, site: SiteDep) -> Response:
    return render("challenges.html", pages.challenges_page(generation), site)


@router.get("/cities")
def cities(generation: GenerationDep, site: SiteDep) -> Response:
    return render("cities.html", pages.cities_page(generation), site)


@router.get("/arrangements/{term_id}")
def arrangement(term_id: str, generation: GenerationDep, site: SiteDep) -> Response:
    term = _term(term_id, "arrangement", generation.vocabularies.arrangements)
    return render("arrangement.html", pages.arrangement_page(term, generation), site)


@router.get("/arrangements/{term_id}/worksheet")
def worksheet(term_id: str, generation: GenerationDep, site: SiteDep) -> Response:
    term = _term(term_id, "arrangement", generation.vocabularies.arrangements)
    return render("worksheet.html", pages.worksheet_page(term, generation), site)


@router.get("/challenges/{term_id}")
def challenge(term_id: str, generation: GenerationDep, site: SiteDep) -> Response:
    term = _term(term_id, "challenge", generation.vocabularies.challenges)
    return render("challenge.html", pages.challenge_page(term, generation), site)


@router.get("/cities/{city_id}")
def city(city_id: str, generation: GenerationDep, site: SiteDep) -> Response:
    city = generation.vocabularies.cities.get(city_id)
    page = pages.city_page(city, generation) if city else None
    # A city with only drafts must look like one without cases.
    if page is None or not page.cards:
        raise ApiProblem(404, "There are no cases from a city of this name.")
    return render("city.html", page, site)


@router.get("/map")
def world_map(params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    return render("map.html", pages.map_page(pages.WORLD, params, generation), site)


@router.get("/map/{place}")
def closer_map(place: str, params: SearchDep, generation: GenerationDep, site: SiteDep) -> Response:
    region = pages.read_place(place, generation)
    if region is None:
        raise ApiProblem(404, "There is no map of this region. The map of the world links to the others.")
    return render("map.html", pages.map_page(region, params, generation), site)


@router.get("/about")
def about(generation: GenerationDep, site: SiteDep) -> Response:
    return render("about.html", pages.about_page(generation, site), site)


@router.get("/contribute")
def contribute(generation: GenerationDep, site: SiteDep) -> Response:
    report = site.report_url("a case", "/contribute")
    return render("contribute.html", pages.contribute_page(generation, report, site.repository_url), site)


@router.get("/contribute/template.md")
def case_template() -> Response:
    return FileResponse(case_template_path(), media_type="text/markdown; charset=utf-8", filename="case-template.md")


@router.get("/contribute/status")
def status(generation: GenerationDep, site: SiteDep, given: StatusDep) -> Response:
    today = datetime.datetime.now(UTC).date()
    page = pages.status_page(overview(generation, today), *given)
    # It also depends on the day.
    return render("status.html", page, site, headers={"Cache-Control": NOT_STORED})


@router.get("/contribute/rules")
def rules(site: SiteDep) -> Response:
    return render("rules.html", pages.rules_page(), site)


@router.get("/contribute/rules/{name}")
def rule(name: str, site: SiteDep) -> Response:
    page = pages.rule_page(name)
    if page is None:
        near = nearest(name, RULES)
        raise ApiProblem(404, f"There is no rule of this name.{f' Did you mean {near}?' if near else ''}")
    return render("rule.html", page, site)


@router.get("/api/docs")
def api_docs(request: Request, site: SiteDep) -> Response:
    return render("api_docs.html", pages.api_docs_page(request.app.openapi()), site)


def _comparison(compared: ComparedItems, generation: Generation) -> pages.ComparisonPage | None:
    """The items side by side; None if there are too few or too many."""
    if 2 <= len(compared.cases) <= MOST_COMPARED:
        return pages.compare_cases(compared.cases, compared.notices, generation)
    if len(compared.arrangements) > 1:
        return pages.compare_arrangements(compared.arrangements, compared.notices, generation)
    return None


def _term(term_id: str, kind: str, vocabulary: Vocabulary[T]) -> T:
    term = vocabulary.get(term_id)
    if term is None:
        raise ApiProblem(404, f"There is no {kind} of this name.")
    return term
