"""Health checks and metrics for the operators of the server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.deps import GenerationDep
from api.server.headers import NOT_STORED
from api.server.metrics import MEDIA_TYPE, Metrics
from api.server.metrics_access import may_read_metrics

router = APIRouter(include_in_schema=False)

_NOW = {"Cache-Control": NOT_STORED}
"""What is only about this moment."""

_REFUSED = "Metrics are for programs on this machine, or with the token of KB_METRICS_TOKEN (Authorization: Bearer).\n"


@router.get("/healthz")
def healthz() -> Response:
    """The process responds."""
    return PlainTextResponse("ok\n", headers=_NOW)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The metrics of this process, in the format of Prometheus."""
    if not may_read_metrics(request.scope, request.app.state.metrics_token):
        return PlainTextResponse(_REFUSED, 401, {"WWW-Authenticate": "Bearer"})
    counted: Metrics = request.app.state.metrics
    return Response(counted.as_text(), media_type=MEDIA_TYPE, headers=_NOW)


@router.get("/readyz")
def readyz(generation: GenerationDep) -> Response:
    """The collection can be read; names its generation."""
    generation.cases.slugs()
    return JSONResponse({"generation": generation.id, "cases": generation.manifest.count}, headers=_NOW)
