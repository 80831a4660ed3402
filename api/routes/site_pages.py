"""Pages for people: parse the address, search, build the page object, render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from api import pages
from api.address import paths, questionnaire
from api.address.comparison import MOST_COMPARED, NAMES_READ, ComparedItems
from api.address.parameters import by_name
from api.address.saved_list import SavedList, unread_list
from api.address.search_state import compare_href
from api.deps import ComparedDep, FrameDep, GenerationDep, ListedDep, SearchDep, SearchedDep, StatusDep
from api.formats.word import MEDIA_TYPE as WORD
from api.formats.word import attachment
from api.matrix import make_matrix
from api.pages.parts.days import today
from api.pages.parts.saving import Frame
from api.routes.case_faces import case_face
from api.routes.pasting import MOST_FIELDS, condensed_address, form_items
from api.server.errors import ApiProblem
from api.server.headers import NOT_STORED
from api.server.links import WebLink, link_header, links_of_case
from api.server.rendering import render
from kb import RULES, Generation, StoredCase, Term, Vocabulary, case_template_path, gettext, nearest, ngettext, overview

T = TypeVar("T", bound=Term)

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/")
def home(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("home.html", pages.home_page(generation, today()), frame)


@router.get("/cases")
def search(request: Request, params: SearchDep, generation: GenerationDep, frame: FrameDep) -> Response:
    if params.says_too_much(request.query_params.multi_items()):
        return RedirectResponse(frame.saved.at(params.href()), status_code=303)
    result = generation.search(params.request())
    if result.is_beyond_end:
        text = ngettext(
            "There is no page {page}: this search has {count} page.",
            "There is no page {page}: this search has {count} pages.",
            result.pages,
        )
        raise ApiProblem(404, text.format(page=params.page, count=result.pages))
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
def compare(
    request: Request, compared: ComparedDep, generation: GenerationDep, frame: FrameDep, chosen: str = ""
) -> Response:
    if chosen and len(compared.arrangements) > 1 and not compared.notices:
        ticked = compare_href(arrangements=[term.id for term in compared.arrangements])
        return RedirectResponse(frame.saved.at(ticked), status_code=303)
    if page := _comparison(compared, generation, frame.saved):
        return render("comparison.html", page, frame)
    if len(compared.cases) > 1:
        # More than fit beside each other are a list to choose from.
        address = unread_list(request.query_params.getlist("case")[:NAMES_READ], frame.saved.name)
        return RedirectResponse(address, status_code=303)
    start = pages.comparison_start(compared, generation, frame.saved, has_chosen=bool(chosen))
    return render("comparison_start.html", start, frame)


@router.get("/saved")
def saved(
    listed: ListedDep, compared: ComparedDep, generation: GenerationDep, frame: FrameDep, chosen: str = ""
) -> Response:
    slugs = [case.slug for case in compared.cases]
    page = pages.saved_page(*listed, generation, frame.site, slugs if chosen else None)
    if chosen and 2 <= len(slugs) <= MOST_COMPARED:
        return RedirectResponse(page.saved.at(compare_href(slugs)), status_code=303)
    return render("saved.html", page, replace(frame, saved=page.saved))


@router.get("/saved/reader")
def reader(listed: ListedDep, generation: GenerationDep, frame: FrameDep) -> Response:
    page = pages.reader_page(*listed, generation, frame.site)
    if not page.cases:
        return RedirectResponse(frame.saved.at(paths.SAVED), status_code=303)
    return render("reader.html", page, replace(frame, saved=page.saved))


@router.get("/saved.docx")
def reader_word(listed: ListedDep, generation: GenerationDep, frame: FrameDep) -> Response:
    page = pages.reader_page(*listed, generation, frame.site)
    if not page.cases:
        raise ApiProblem(404, gettext("There is no such file: the list names no case of this collection."))
    headers = {"Content-Disposition": attachment(page.title, ".docx")}
    return Response(pages.reader_document(page, frame.site), media_type=WORD, headers=headers)


@router.get("/compare.csv")
def compare_csv(compared: ComparedDep, generation: GenerationDep, frame: FrameDep) -> Response:
    page = _comparison(compared, generation, frame.saved)
    if page is None:
        text = gettext("There is no such table: name two to {most} cases, or arrangements.")
        raise ApiProblem(404, text.format(most=MOST_COMPARED))
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
    term = _term(term_id, generation.vocabularies.arrangements, gettext("There is no arrangement of this name."))
    return render("arrangement.html", pages.arrangement_page(term, generation), frame)


@router.get("/arrangements/{term_id}/worksheet")
def worksheet(term_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    term = _term(term_id, generation.vocabularies.arrangements, gettext("There is no arrangement of this name."))
    return render("worksheet.html", pages.worksheet_page(term, generation), frame)


@router.get("/arrangements/{term_id}/worksheet.docx")
async def empty_worksheet(term_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    return await run_in_threadpool(_worksheet_document, term_id, (), generation, frame)


@router.post("/arrangements/{term_id}/worksheet.docx")
async def filled_worksheet(term_id: str, request: Request, generation: GenerationDep, frame: FrameDep) -> Response:
    """What was filled in becomes a document; it is not stored."""
    items = await form_items(request, MOST_FIELDS)
    return await run_in_threadpool(_worksheet_document, term_id, items, generation, frame)


def _worksheet_document(
    term_id: str, filled_in: Sequence[tuple[str, str]], generation: Generation, frame: Frame
) -> Response:
    term = _term(term_id, generation.vocabularies.arrangements, gettext("There is no arrangement of this name."))
    document = pages.worksheet_document(pages.worksheet_page(term, generation, filled_in), frame.site)
    headers = {"Content-Disposition": attachment(f"worksheet {term.id}", ".docx")}
    if filled_in:
        headers["Cache-Control"] = NOT_STORED
    return Response(document, media_type=WORD, headers=headers)


@router.get("/challenges/{term_id}")
def challenge(term_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    term = _term(term_id, generation.vocabularies.challenges, gettext("There is no challenge of this name."))
    return render("challenge.html", pages.challenge_page(term, generation), frame)


@router.get("/cities/{city_id}")
def city(city_id: str, generation: GenerationDep, frame: FrameDep) -> Response:
    city = generation.vocabularies.cities.get(city_id)
    page = pages.city_page(city, generation) if city else None
    # A city with only drafts must look like one without cases.
    if page is None or not page.cards:
        raise ApiProblem(404, gettext("There are no cases from a city of this name."))
    return render("city.html", page, frame)


@router.get("/countries")
@router.get("/continents")
def countries(frame: FrameDep) -> Response:
    """The overview of cities is one of countries and continents too."""
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
        raise ApiProblem(404, gettext("There is no map of this region. The map of the world links to the others."))
    return render("map.html", pages.map_page(region, params, generation), frame)


@router.get("/about")
def about(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("about.html", pages.about_page(generation, frame.site), frame)


@router.get("/method")
def method(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("method.html", pages.method_page(generation, frame.site), frame)


@router.get("/new")
def new(generation: GenerationDep, frame: FrameDep) -> Response:
    return render("new.html", pages.new_page(generation), frame)


@router.get("/contribute")
def contribute(generation: GenerationDep, frame: FrameDep) -> Response:
    report = frame.site.report_url(gettext("a case"), paths.CONTRIBUTE)
    return render("contribute.html", pages.contribute_page(generation, report), frame)


@router.get("/contribute/template.md")
def case_template() -> Response:
    return FileResponse(case_template_path(), media_type="text/markdown; charset=utf-8", filename="case-template.md")


@router.get("/contribute/status")
def status(generation: GenerationDep, frame: FrameDep, given: StatusDep) -> Response:
    page = pages.status_page(overview(generation, today()), *given)
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
        meant = gettext("Did you mean “{name}”?").format(name=near) if near else ""
        absent = gettext("There is no rule of this name.")
        raise ApiProblem(404, f"{absent} {meant}".rstrip())
    return render("rule.html", page, frame)


@router.get("/api/docs")
def api_docs(request: Request, frame: FrameDep) -> Response:
    return render("api_docs.html", pages.api_docs_page(request.app.openapi()), frame)


def _comparison(compared: ComparedItems, generation: Generation, saved: SavedList) -> pages.ComparisonPage | None:
    """The items side by side; None if there are too few or too many."""
    if 2 <= len(compared.cases) <= MOST_COMPARED:
        return pages.compare_cases(compared.cases, compared.notices, generation, saved)
    if len(compared.arrangements) > 1:
        return pages.compare_arrangements(compared.arrangements, compared.notices, generation)
    return None


def _term(term_id: str, vocabulary: Vocabulary[T], absence: str) -> T:
    term = vocabulary.get(term_id)
    if term is None:
        raise ApiProblem(404, absence)
    return term
