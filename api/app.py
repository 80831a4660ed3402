"""The application: opens the index, mounts routes, turns errors into answers."""

from __future__ import annotations

import gc
import logging
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

from api.address.site import NAME, Site
from api.routes import case_faces, health, json_api, site_files, site_pages
from api.server.errors import add_error_handlers
from api.server.metrics import Measured, Metrics
from api.server.middleware import SafeAnswers
from api.server.rendering import STATIC, environment, templates_folder
from api.server.response_cache import ResponseCache, digest_of
from kb import LiveGeneration, Settings, load_settings, open_index

THREADS = 1
"""That answers are made in, beside the one that talks to the network. Answers are reckoned, not waited for: Python
reckons one at a time, and several threads only take it from each other. More workers make more answers."""

DESCRIPTION = """
Case studies of local practice in preventing violent extremism, as data.

The parameters are those of the website: any search there can be read here by putting `/api/v1/search` in place
of `/cases`. Fields may be added to answers; those that are there keep their name and meaning within `v1`.
Errors follow RFC 9457 (`application/problem+json`). The texts are licensed under CC BY 4.0.
"""


# The faces of a case come before its page: `/cases/{slug}` would take `/cases/a.bib` for a case.
ROUTERS = (json_api.router, health.router, site_files.router, case_faces.router, site_pages.router)


def create_app(settings: Settings) -> FastAPI:
    """The application over the index that `settings` names.

    Raises GenerationError when there is no index that can be opened.
    """
    live = LiveGeneration(open_index(settings))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        live.start()
        yield
        live.stop()

    app = FastAPI(
        title=NAME,
        summary="An open knowledge base of local practice in preventing violent extremism",
        description=DESCRIPTION,
        version="1",
        license_info={"name": "Code MIT, content CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=True,
    )
    app.state.live = live
    app.state.metrics = Metrics(live, settings.workers)
    app.state.site = Site.of(settings)
    environment()
    app.add_middleware(SafeAnswers)
    software = digest_of((Path(__file__).parent, templates_folder()), metadata.version("Jinja2"), settings)
    app.add_middleware(ResponseCache, live=live, software=software)
    app.add_middleware(Measured, metrics=app.state.metrics, routes=[*_route_paths(), "/api/openapi.json", "/static"])
    add_error_handlers(app)
    for router in ROUTERS:
        # As they are: `include_router` would analyse every route again, for each application and on its first request.
        app.router.routes.extend(router.routes)
    app.mount("/static", _Static(directory=STATIC))
    return app


def _route_paths() -> Iterator[str]:
    for router in ROUTERS:
        yield from (route.path for route in router.routes if isinstance(route, APIRoute))


def application() -> FastAPI:
    """The application with settings from the environment; what a server process calls."""
    # Looking for garbage took a tenth of the time. What is loaded until here never is any, and answers leave none.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    return create_app(load_settings())


class _Static(StaticFiles):
    """Files whose address changes when they do may be kept for ever."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
