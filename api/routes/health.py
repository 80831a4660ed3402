"""Health checks and metrics for the operators of the server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.deps import GenerationDep
from api.server.metrics import MEDIA_TYPE, Metrics

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """The process responds. This is said by the event loop itself, and waits for nothing that is computed."""
    return PlainTextResponse("ok\n")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The metrics of this process, in the format of Prometheus."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.as_text(), media_type=MEDIA_TYPE)


@router.get("/readyz")
def readyz(generation: GenerationDep) -> Response:
    """The collection can be read; names its generation."""
    generation.cases.slugs()
    return JSONResponse({"generation": generation.id, "cases": generation.manifest.count})
