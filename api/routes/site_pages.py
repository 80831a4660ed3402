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
from api.address.saved_list import SavedList
from api.deps import ComparedDep, FrameDep, GenerationDep, SearchDep, SearchedDep, StatusDep
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
def home(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("home.html", pages.home_page(generation), frame)


@router.get("/cases")
def search(request: Request, params: SearchDep, generation: GenerationDep, frame: FrameDep) -> Response:
    if params.says_too_much(request.query_params.multi_items()):
        return RedirectResponse(frame.saved.at(params.href()), status_code=303)
    result = generation.search(params.request())
    if result.is_beyond_end:
        found = counted(result.pages, "page", "pages")
        raise ApiProblem(404, f"There is no page {params.page}: this search has {found}.")
    page = pages.search_page(params, result, generation)
    others = ((page.feed_href, "application/atom+xml"), (page.api_href, "application/json"))
    links = (WebLink("alternate", frame.site.url(href), media_type) for href, media_type in others)
    return render("search.html", page, frame, headers=link_header(links))


@router.post("/cases")
async def describe(request: Request, generation: GenerationDep, frame: FrameDep) -> Response:
    """A long text becomes an address that can be shared; it is not stored."""
    address = await condensed_address(request, generation, paths.CASES)
    return RedirectResponse(frame.saved.at(address), status_code=303)


@router.get("/cases/{slug}")
def case(slug: str, request: Request, generation: GenerationDep, frame: FrameDep, searched: SearchedDep) -> Response:
    def make(stored: StoredCase) -> Response:
        page = pages.case_page(stored, generation, searched, frame.site)
        return render("case.html", page, frame, headers=link_header(links_of_case(slug, frame.site)))

    return case_face(slug, "", generation, make, request.url.query)


@router.get("/compare")
def compare(compared: ComparedDep, generation: GenerationDep, frame: FrameDep) -> Response:
    if page := _comparison(compared, generation):
        return render("comparison.html", page, frame)
    if len(compared.cases) > 1:
        # More than fit beside each other are a list to choose from.
        listed = SavedList.read(case.slug for case in compared.cases)
        return RedirectResponse(listed.named(frame.saved.name).at(paths.SAVED), status_code=303)
    return render("comparison_start.html", pages.comparison_start(compared, generation), frame)


@router.get("/saved")
def saved(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("saved.html", pages.saved_page(frame.saved, generation), frame)


@router.get("/compare.csv")
def compare_csv(compared: ComparedDep, generation: GenerationDep, frame: FrameDep) -> Response:
    page = _comparison(compared, generation)
    if page is None:
        raise ApiProblem(404, f"There is no such table: name two to {MOST_COMPARED} cases, or arrangements.")
    headers = {"Content-Disposition": 'attachment; filename="comparison.csv"'}
    return Response(pages.comparison_csv(page, frame.site), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/matrix")
def matrix(params: SearchDep, generation: GenerationDep, frame: FrameDep) -> Response:
    page = pages.matrix_page(make_matrix(params, generation), generation.vocabularies)
    return render("matrix.html", page, frame)


@router.get("/arrangements")
def arrangements(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("arrangements.html", pages.arrangements_page(generation), frame)


@router.get("/arrangements/which")
def which(request: Request, generation: GenerationDep, frame: FrameDep) -> Response:
    given = by_name(request.query_params.multi_items())
    answered = questionnaire.read_answers(given, generation.vocabularies.questions)
    return render("which.html", pages.which_page(answered, generation), frame)


@router.get("/challenges")
def challenges(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("challenges.html", pages.challenges_page(generation), frame)


@router.get("/cities")
def cities(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("cities.html", pages.cities_page(generation), frame)


@router.get("/arrangements/{term_id}")
def arrangement(term_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    term = _term(term_id, "arrangement", generation.vocabularies.arrangements)
    return render("arrangement.html", pages.arrangement_page(term, generation), frame)


@router.get("/arrangements/{term_id}/worksheet")
def worksheet(term_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    term = _term(term_id, "arrangement", generation.vocabularies.arrangements)
    return render("worksheet.html", pages.worksheet_page(term, generation), frame)


@router.get("/challenges/{term_id}")
def challenge(term_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    term = _term(term_id, "challenge", generation.vocabularies.challenges)
    return render("challenge.html", pages.challenge_page(term, generation), frame)


@router.get("/cities/{city_id}")
def city(city_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    city = generation.vocabularies.cities.get(city_id)
    page = pages.city_page(city, generation) if city else None
    # A city with only drafts must look like one without cases.
    if page is None or not page.cards:
        raise ApiProblem(404, "There are no cases from a city of this name.")
    return render("city.html", page, frame)


@router.get("/countries")
def countries(frame: FrameDep) -> Response:
    """The overview of cities is one of countries too."""
    return RedirectResponse(frame.saved.at(paths.CITIES), status_code=308)


@router.get("/countries/{country_id}")
def country(country_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    known = generation.vocabularies.countries.get(country_id)
    page = pages.country_page(known, generation) if known else None
    if page is None:
        raise ApiProblem(404, "There are no cases from a country of this name.")
    return render("country.html", page, frame)


@router.get("/continents/{continent_id}")
def continent(continent_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    known = generation.vocabularies.continents.get(continent_id)
    page = pages.continent_page(known, generation) if known else None
    if page is None:
        raise ApiProblem(404, "There are no cases from a continent of this name.")
    return render("continent.html", page, frame)


@router.get("/map")
def world_map(params: SearchDep, generation: GenerationDep, frame: FrameDep) -> Response:
    return render("map.html", pages.map_page(pages.WORLD, params, generation), frame)


@router.get("/map/{place}")
def closer_map(place: str, params: SearchDep, generation: GenerationDep, frame: FrameDep) -> Response:
    region = pages.read_place(place, generation)
    if region is None:
        raise ApiProblem(404, "There is no map of this region. The map of the world links to the others.")
    return render("map.html", pages.map_page(region, params, generation), frame)


@router.get("/about")
def about(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("about.html", pages.about_page(generation, frame.site), frame)


@router.get("/contribute")
def contribute(generation: GenerationDep, frame: FrameDep) -> Response:
    report = frame.site.report_url("a case", "/contribute")
    return render("contribute.html", pages.contribute_page(generation, report, frame.site.repository_url), frame)


@router.get("/contribute/template.md")
def case_template() -> Response:
    return FileResponse(case_template_path(), media_type="text/markdown; charset=utf-8", filename="case-template.md")


@router.get("/contribute/status")
def status(generation: GenerationDep, frame: FrameDep, given: StatusDep) -> Response:
    today = datetime.datetime.now(UTC).date()
    page = pages.status_page(overview(generation, today), *given)
    # It also depends on the day.
    return render("status.html", page, frame, headers={"Cache-Control": NOT_STORED})


@router.get("/contribute/rules")
def rules(frame: FrameDep) -> Response:
    return render("rules.html", pages.rules_page(), frame)


@router.get("/contribute/rules/{name}")
def rule(name: str, frame: FrameDep) -> Response:
    page = pages.rule_page(name)
    if page is None:
        near = nearest(name, RULES)
        raise ApiProblem(404, f"There is no rule of this name.{f' Did you mean {near}?' if near else ''}")
    return render("rule.html", page, frame)


@router.get("/api/docs")
def api_docs(request: Request, frame: FrameDep) -> Response:
    return render("api_docs.html", pages.api_docs_page(request.app.openapi()), frame)


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
