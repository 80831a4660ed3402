"""The form for a new case or a correction: everything travels with each request, and nothing is stored."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from api import pages
from api.address import paths
from api.deps import FrameDep, GenerationDep
from api.pages.parts.saving import Frame
from api.routes.finding import find_case
from api.routes.pasting import form_items
from api.server.errors import ApiProblem
from api.server.headers import NOT_STORED
from api.server.rendering import render
from kb import CaseValues, Generation, values_in

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

MOST_FIELDS = 600
"""Fields of one form: 60 sources and 100 partners, and all there is once."""

MOST_LINES = 1500
"""Lines of all answers together: several times as many as the longest case has. To read more would take too long."""

DOWNLOAD = "download"


@router.get(paths.NEW_CASE)
def empty_form(generation: GenerationDep, frame: FrameDep, case: str = "") -> Response:
    """An empty form, or the one that corrects a case."""
    base = find_case(case, generation) if case else None
    values = values_in(base.markdown) if base else CaseValues()
    markdown = base.markdown if base else ""
    slug = base.case.slug if base else ""
    answers = pages.answers_of(values, generation.vocabularies, slug, pages.digest_of(markdown))
    page = pages.case_form_page(answers, markdown, generation, frame.site, is_sent=False)
    return render("case_form.html", page, frame)


@router.post(paths.NEW_CASE)
async def filled_form(request: Request, generation: GenerationDep, frame: FrameDep) -> Response:
    """The form with its answers, at the step that was asked for; or the file that comes of it."""
    items = await form_items(request, MOST_FIELDS)
    if sum(value.count("\n") for _, value in items) > MOST_LINES:
        raise ApiProblem(413, f"The text is too long: at most {MOST_LINES} lines are read.")
    return await run_in_threadpool(_answered, items, generation, frame)


def _answered(items: list[tuple[str, str]], generation: Generation, frame: Frame) -> Response:
    answers = pages.read_answers(items, generation.vocabularies)
    base = find_case(answers.case, generation).markdown if answers.case else ""
    headers = {"Cache-Control": NOT_STORED}
    if answers.do == DOWNLOAD:
        file = pages.written_file(answers, base, generation)
        headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return Response(file.text, media_type="text/markdown; charset=utf-8", headers=headers)
    is_outdated = bool(answers.case) and answers.base != pages.digest_of(base)
    page = pages.case_form_page(answers, base, generation, frame.site, is_sent=True, is_outdated=is_outdated)
    return render("case_form.html", page, frame, headers=headers)
