"""Health checks and metrics for the operators of the server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.deps import GenerationDep
from api.server.headers import NOT_STORED
from api.server.metrics import MEDIA_TYPE, Metrics
from api.server.metrics_access import may_read_metrics
from kb import BuildingState, LiveGeneration

OUTDATED = "A newer generation cannot be opened, so the previous one is shown. The log gives the reason."

router = APIRouter(include_in_schema=False)

_NOW = {"Cache-Control": NOT_STORED}
"""For responses that are true only at this moment."""

_REFUSED = "Metrics are only for programs on the same machine, or with the KB_METRICS_TOKEN (Authorization: Bearer).\n"


@router.get("/healthz")
async def healthz() -> Response:
    """The process responds. The event loop itself answers, without waiting for any computation."""
    return PlainTextResponse("ok\n", headers=_NOW)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The metrics of this process, in the format of Prometheus."""
    if not may_read_metrics(request.scope, request.app.state.metrics_token):
        return PlainTextResponse(_REFUSED, 401, {"WWW-Authenticate": "Bearer"})
    counted: Metrics = request.app.state.metrics
    return Response(counted.as_text(), media_type=MEDIA_TYPE, headers=_NOW)


@router.get("/readyz")
def readyz(request: Request, generation: GenerationDep) -> Response:
    """The collection can be read; names its generation, and what prevents newer content from being shown.

    The status is 200 even then: taking a server out of service that shows yesterday's cases would show none.
    """
    generation.cases.slugs()
    building: BuildingState = request.app.state.building
    live: LiveGeneration = request.app.state.live
    problems = [*building.read().problems, *([OUTDATED] if live.is_outdated else [])]
    state = {"generation": generation.id, "cases": generation.manifest.count, "problems": problems}
    return JSONResponse(state, headers=_NOW)
