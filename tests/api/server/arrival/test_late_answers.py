"""An answer that is late is sent whole, or refused whole: never is there a beginning without the rest."""

from __future__ import annotations

import time
from collections.abc import Iterator

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.address.site import Site
from api.server.arrival.admission import Admission


def late() -> Response:
    """Computed in a thread, without looking at the time."""
    time.sleep(0.2)
    return PlainTextResponse("late")


def late_stream() -> Response:
    def pieces() -> Iterator[str]:
        yield "one"
        yield "two"

    time.sleep(0.2)
    return StreamingResponse(pieces(), media_type="text/plain")


class Suspending:
    """What is around the admission may suspend while it sends, as a cache does that compresses in a thread."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_later(message: Message) -> None:
            await anyio.sleep(0.001)
            await send(message)

        await self._app(scope, receive, send_later)


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.state.site = Site("https://cases.example.org", "", "", is_fixed=True)
    app.add_api_route("/late", late)
    app.add_api_route("/late-stream", late_stream)
    return TestClient(Suspending(Admission(app, seconds=0.05)))


def test_an_answer_that_was_computed_too_late_is_sent_whole(client: TestClient) -> None:
    answer = client.get("/late")

    assert (answer.status_code, answer.text) == (200, "late")


def test_a_stream_that_is_late_is_refused_before_it_begins(client: TestClient) -> None:
    answer = client.get("/late-stream")

    assert (answer.status_code, answer.text != "") == (503, True)
    assert "Retry-After" in answer.headers
