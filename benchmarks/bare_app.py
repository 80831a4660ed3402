"""The least that FastAPI can do: an address that returns ready bytes. No site built on it can be faster."""

from __future__ import annotations

import os

from fastapi import FastAPI, Response

BYTES_VARIABLE = "BENCH_BYTES"
"""The length of the response."""


def application() -> FastAPI:
    """The application; uvicorn calls this."""
    app = FastAPI()
    size = int(os.environ[BYTES_VARIABLE])
    body = b'{"text":"' + b"x" * max(0, size - 11) + b'"}'

    @app.get("/")
    async def ready() -> Response:
        return Response(body, media_type="application/json")

    return app
