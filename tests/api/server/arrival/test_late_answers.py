"""An answer that comes too late is refused as a whole: nothing of it is sent, and nothing is missing of the refusal."""

from __future__ import annotations

import time

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response

from api.address.site import Site
from api.server.arrival.admission import Admission


def late() -> Response:
    """Computed in a thread, without looking at the time."""
    time.sleep(0.2)
    return PlainTextResponse("late")


def prompt() -> Response:
    return PlainTextResponse("prompt")


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.state.site = Site("https://cases.example.org", "", "", is_fixed=True)
    app.add_api_route("/late", late)
    app.add_api_route("/prompt", prompt)
    return TestClient(Admission(app, seconds=0.05))


def test_an_answer_that_comes_too_late_is_no_answer_without_a_body(client: TestClient) -> None:
    answer = client.get("/late")

    assert (answer.status_code, answer.text != "") == (503, True)
    assert "Retry-After" in answer.headers
    assert client.get("/prompt").text == "prompt"
