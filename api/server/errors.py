"""Errors as responses with a status and one shape: RFC 9457 for programs, a page for people."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

from api.address import paths
from api.address.notices import UnusableAddress
from api.address.site import Site
from api.address.spelling import is_withdrawn, read_path, respelled
from api.deps import frame_of, site_of
from api.pages import ErrorPage, near_pages, search_for_words_in
from api.pages.parts.page import Link
from api.pages.parts.saving import Frame
from api.server.arrival.limits import RETRY_SECONDS, UPLOADS
from api.server.metrics import UNKNOWN, known_method
from api.server.rendering import render
from kb import Generation, KbError, Kind, LiveGeneration, gettext, gettext_noop, ngettext

log = logging.getLogger("kb")


class ApiProblem(HTTPException):
    """A response other than success, with a sentence that helps."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(status, detail)


@dataclass(frozen=True)
class _Problem:
    status: int
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    near: tuple[Link, ...] = ()
    """Pages that were perhaps meant."""
    search: Link | None = None


_DETAILS = {
    404: gettext_noop(
        "There is nothing at this address. It may have been mistyped, or the page may have been removed."
    ),
    405: gettext_noop("This address does not support that method. Use GET."),
    410: gettext_noop("This case was withdrawn. It is no longer part of the collection."),
    500: gettext_noop("Something went wrong on our side. It has been logged."),
    503: gettext_noop("The collection cannot be read at the moment. Please try again in a minute."),
}


_TITLES = {
    400: gettext_noop("This request cannot be read"),
    404: gettext_noop("Page not found"),
    405: gettext_noop("Not allowed here"),
    410: gettext_noop("This case was withdrawn"),
    413: gettext_noop("This is too large"),
    414: gettext_noop("This address is too long"),
    421: gettext_noop("This is another site"),
    422: gettext_noop("This link does not work"),
    429: gettext_noop("Too many requests"),
    500: gettext_noop("Something went wrong"),
    503: gettext_noop("Temporarily unavailable"),
}
"""For people; programs get the phrases of HTTP."""


def _detail(status: int) -> str:
    return gettext(_DETAILS[status])


def add_error_handlers(app: FastAPI) -> None:
    """Every error leaves the application in one of two shapes."""
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_bad_parameters)
    app.add_exception_handler(UnusableAddress, _on_unusable_address)
    app.add_exception_handler(KbError, _on_core_error)
    app.add_exception_handler(Exception, _on_unforeseen)


def _on_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return _on_unforeseen(request, error)
    is_bare = error.detail == HTTPStatus(error.status_code).phrase
    detail = _detail(error.status_code) if is_bare and error.status_code in _DETAILS else error.detail
    if error.status_code == 404:
        return _on_nothing_there(request, detail)
    answer = _answer(request, _Problem(error.status_code, detail))
    answer.headers.update(error.headers or {})
    return answer


def _on_nothing_there(request: Request, detail: str) -> Response:
    """Leads to what the address means, whatever became of its spelling; else offers what is near."""
    live: LiveGeneration = request.app.state.live
    try:
        return _meant(request, live.current) or _answer(request, _not_found(request, detail, live.current))
    except KbError as error:
        return _on_core_error(request, error)


def _meant(request: Request, generation: Generation) -> Response | None:
    path: str = request.scope["path"]
    addresses = {route.path for route in request.app.router.routes if isinstance(route, Route)}
    if address := respelled(path, generation, addresses):
        # Without a host: the one that this server knows itself by may not be the public one.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{address}{query}", status_code=308)
    named = read_path(path)
    if named and named.kind is Kind.CASE and is_withdrawn(named.name, generation):
        return _answer(request, _Problem(410, _detail(410)))
    return None


def _not_found(request: Request, detail: str, generation: Generation) -> _Problem:
    path: str = request.scope["path"]
    return _Problem(404, detail, near=near_pages(path, generation), search=search_for_words_in(path))


def _on_unusable_address(request: Request, error: Exception) -> Response:
    """Something was asked that is not known here, and the answer has no place to say that it was left out."""
    unusable = error.unusable if isinstance(error, UnusableAddress) else ()
    errors = tuple({"parameter": item.parameter, "message": item.message} for item in unusable)
    return _answer(request, _Problem(422, str(error), errors))


def _on_bad_parameters(request: Request, error: Exception) -> Response:
    items = error.errors() if isinstance(error, RequestValidationError) else []
    errors = tuple({"parameter": str(item["loc"][-1]), "message": _plain(item)} for item in items)
    detail = " ".join(f"“{item['parameter']}” {item['message']}." for item in errors)
    return _answer(request, _Problem(422, detail, errors))


def _on_core_error(request: Request, error: Exception) -> Response:
    """The collection cannot be read: the error says in one line what to do about it."""
    log.error("%s: %s", _request_line(request), error)
    return _answer(request, _Problem(503, _detail(503)))


def _on_unforeseen(request: Request, error: Exception) -> Response:
    """A bug: fixing it needs the request and the traceback."""
    log.error("%s failed", _request_line(request), exc_info=error)
    return _answer(request, _Problem(500, _detail(500)))


def _request_line(request: Request) -> str:
    """Method and pattern of the address, which is known here: what was typed is nobody's business."""
    return f"{known_method(request.method)} {getattr(request.state, 'route', UNKNOWN)}"


def _plain(item: Any) -> str:
    """A validation message without the validator's jargon."""
    limits = item.get("ctx") or {}
    match item["type"]:
        case "greater_than_equal":
            return gettext("must be {number} or more").format(number=limits["ge"])
        case "less_than_equal":
            return gettext("must be {number} or less").format(number=limits["le"])
        case "int_parsing" | "int_parsing_size" | "int_from_float":
            return gettext("must be a whole number")
    return str(item["msg"]).lower()


def wants_json(request: Request) -> bool:
    """Whether the address is meant for programs."""
    return request.url.path.startswith("/api/") or request.url.path.endswith((".json", ".jsonld"))


def _answer(request: Request, problem: _Problem) -> Response:
    title = HTTPStatus(problem.status).phrase
    if request.url.path == paths.FEED:
        return PlainTextResponse(f"{problem.detail}\n", problem.status)
    if not wants_json(request):
        heading = gettext(_TITLES[problem.status]) if problem.status in _TITLES else title
        page = ErrorPage(heading, request.url.path, problem.detail, problem.near, problem.search)
        return render("error.html", page, frame_of(request), problem.status)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": problem.status,
        "detail": _with_hint(problem),
        "instance": site_of(request).local(request.url.path),
    }
    if problem.errors:
        body["errors"] = problem.errors
    return JSONResponse(body, problem.status, media_type="application/problem+json")


def _with_hint(problem: _Problem) -> str:
    """What went wrong, and the name that was probably meant."""
    if not problem.near:
        return problem.detail
    meant = gettext("Did you mean “{name}”?").format(name=problem.near[0].href.rpartition("/")[2])
    return f"{problem.detail} {meant}"


def refused(request: Request, status: int, detail: str) -> Response:
    """The response to a request that is refused before its content is considered."""
    if wants_json(request) or request.url.path == paths.FEED:
        answer = _answer(request, _Problem(status, detail))
    else:
        answer = HTMLResponse(_refusal_page(status, detail, request.app.state.site), status)
    return answer


@lru_cache(maxsize=32)
def _refusal_page(status: int, detail: str, site: Site) -> bytes:
    """The page of a refusal, made once: there may be thousands, and the event loop itself sends them."""
    page = ErrorPage(gettext(_TITLES[status]), paths.HOME, detail)
    return bytes(render("error.html", page, Frame(site), status).body)


def too_busy(request: Request) -> Response:
    """The answer to a request for which there is no room."""
    return _later(request, 503, gettext("The site is receiving more requests than it can answer."), RETRY_SECONDS)


def too_slow(request: Request) -> Response:
    """The answer to a request that takes too long."""
    detail = gettext("The answer took too long. Ask for less: fewer words, or fewer with * or ?.")
    if request.url.path.endswith(UPLOADS):
        detail = gettext("Checking this file took too long. Shorten the file, or check its parts one by one.")
    return _later(request, 503, detail, RETRY_SECONDS)


def too_many_requests(request: Request, seconds: int) -> Response:
    """The answer to a client that has asked too often."""
    return _later(request, 429, gettext("You have sent more requests than one visitor may in this time."), seconds)


def _later(request: Request, status: int, detail: str, seconds: int) -> Response:
    text = ngettext("Please try again in {seconds} second.", "Please try again in {seconds} seconds.", seconds)
    again = text.format(seconds=seconds)
    answer = refused(request, status, f"{detail} {again}")
    answer.headers["Retry-After"] = str(seconds)
    return answer
