"""The application: opens the index, mounts routes, turns errors into responses."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api.address import paths
from api.address.site import NAME, Site
from api.maps.coast import border_path, land_path
from api.maps.places import WORLD
from api.pages.parts.days import today
from api.pages.site.featured import week_of
from api.routes import case_faces, case_form, checking, health, json_api, preview, site_files, site_pages
from api.server.access_log import log_access
from api.server.arrival.admission import Admission
from api.server.arrival.checked_host import CheckedHost
from api.server.arrival.clients import BehindProxies, RateLimited
from api.server.arrival.middleware import CleanAddresses, OpenToScripts, ReadableAddresses
from api.server.arrival.prefix import BelowPrefix
from api.server.arrival.uploads import Uploads
from api.server.errors import add_error_handlers
from api.server.headers import headers_of_site
from api.server.metrics import Measured, Metrics
from api.server.rendering import STATIC, compile_templates, templates_folder
from api.server.response_cache import ResponseCache, digest_of
from api.server.safe_answers import IdentifiedAnswers, SafeAnswers
from kb import BuildingState, DraftFolder, LiveGeneration, Settings, load_settings, open_index, set_up_logging

THREADS = 1
"""Threads that compute responses, apart from the event loop. Responses are CPU-bound, and Python runs one thread at a
time: more threads would only compete. More workers mean more throughput."""

DESCRIPTION = """
Case studies of local practice in preventing violent extremism, as data.

The parameters are those of the website: any search there can be read here by putting `/api/v1/search` in place
of `/cases`. New fields may be added to responses; existing ones keep their name and meaning within `v1`.
Errors follow RFC 9457 (`application/problem+json`). The texts are licensed under CC BY 4.0.

Values are ids; names are understood too, in any spelling. Parameters that only count visitors (`utm_…`, `fbclid`) are
ignored. A search goes on without a parameter or value that it cannot use, and reports it in `notices`. Exports, lists
of cases and the feed have no place for notices, and would contain more than was asked for: they answer 422 with the
nearest name. Scripts on other sites may read everything here (CORS).
"""


# The formats of a case come before its page: `/cases/{slug}` would match `/cases/a.bib` too.
ROUTERS = (
    json_api.router,
    health.router,
    site_files.router,
    case_faces.router,
    case_form.router,
    checking.router,
    site_pages.router,
)


def _prepare() -> None:
    """Load what the first pages would wait for, and every request behind them: more than a second on a busy machine."""
    compile_templates()
    land_path(WORLD.view)
    border_path(WORLD.view)


def create_app(settings: Settings, building: BuildingState | None = None) -> FastAPI:
    """The application over the index that `settings` names; `building` is the state of building, if anything is built.

    Raises GenerationError when there is no index that can be opened.
    """
    live = LiveGeneration(open_index(settings))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        _prepare()
        live.start()
        yield
        live.stop()

    app = _Application(
        title=NAME,
        summary="An open knowledge base of local practice in preventing violent extremism",
        description=DESCRIPTION,
        version="1",
        license_info={"name": "Code MIT, content CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        servers=[{"url": settings.base_url}] if settings.base_url else None,
        openapi_url=paths.OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # What FastAPI can report about requests to a collector contains their addresses, and so what was typed. The
        # metrics and the log of this site do not.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
        # An address with a slash behind it is one of many spellings: `api.server.errors` leads to what is meant.
        redirect_slashes=False,
    )
    app.state.live = live
    app.state.building = building or BuildingState()
    app.state.metrics = Metrics(live, settings.workers, app.state.building)
    app.state.site = Site.of(settings)
    app.state.metrics_token = settings.metrics_token
    app.state.drafts = DraftFolder(settings.content) if settings.drafts else None
    app.add_middleware(Admission, seconds=settings.request_seconds)
    app.add_middleware(Uploads)
    app.add_middleware(SafeAnswers, headers=headers_of_site(settings.base_url))
    app.add_middleware(ReadableAddresses)
    software = digest_of((Path(__file__).parent, templates_folder()), metadata.version("Jinja2"), settings)
    app.add_middleware(ResponseCache, live=live, software=software, clocks={paths.HOME: lambda: week_of(today())})
    app.add_middleware(CleanAddresses)
    if settings.rate_limit:
        app.add_middleware(RateLimited, rate=settings.rate_limit)
    app.add_middleware(OpenToScripts)
    app.add_middleware(CheckedHost, settings=settings)
    notes = (app.state.metrics.count, *([log_access] if settings.access_log else []))
    app.add_middleware(Measured, notes=notes, routes=[*_route_paths(), paths.OPENAPI, paths.STATIC])
    if settings.trusted_hops:
        app.add_middleware(BehindProxies, hops=settings.trusted_hops)
    if prefix := app.state.site.prefix:
        app.add_middleware(BelowPrefix, prefix=prefix)
    add_error_handlers(app)
    for router in (*ROUTERS, preview.router) if settings.drafts else ROUTERS:
        # As they are: `include_router` would analyse every route again, for each application and on its first request.
        app.router.routes.extend(router.routes)
    app.mount(paths.STATIC, _Static(directory=STATIC))
    return app


def _route_paths() -> Iterator[str]:
    for router in ROUTERS:
        yield from (route.path for route in router.routes if isinstance(route, APIRoute))


def application(building: BuildingState | None = None) -> FastAPI:
    """The application with settings from the environment; called by each server process."""
    # Garbage collection took a tenth of the time. What is loaded by now stays, and responses leave no cycles.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    settings = load_settings()
    set_up_logging(settings.log_format)
    return create_app(settings, building)


class _Application(FastAPI):
    """With what every answer has around all other middleware: answers to bugs are sent past those that are added."""

    def build_middleware_stack(self) -> ASGIApp:
        return IdentifiedAnswers(super().build_middleware_stack(), headers_of_site(self.state.site.base_url))


class _Static(StaticFiles):
    """Files whose address changes with their content may be cached for ever."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if response.media_type == "image/svg+xml":
            # Starlette says so of texts only, and this is one.
            response.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
        return response
