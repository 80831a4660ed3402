"""For whoever keeps the server running."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.deps import GenerationDep

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(generation: GenerationDep) -> Response:
    """The collection can be read, and which one it is."""
    generation.cases.slugs()
    return JSONResponse({"generation": generation.id, "cases": generation.manifest.count})
