"""A bug of ours is 500 and leaves its traceback in the log; a damaged index is 503 and leaves the cure there."""

from __future__ import annotations

import gc
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, repeat
from pathlib import Path
from typing import NoReturn

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import Settings
from tests.builders import case_markdown
from tests.library import Library

API = "/api/v1/search?q=coffee+trust&city=aarhus"
PAGE = "/cases?q=coffee+trust&city=aarhus"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("built"), {f"case-{number}": case_markdown() for number in range(5)})
    made.build()
    return made


@pytest.fixture
def client(built: Library) -> Iterator[TestClient]:
    with serving(built) as opened:
        yield opened


def serving(library: Library) -> TestClient:
    app = create_app(Settings(content=library.content.root, index=library.index.root))
    return TestClient(app, raise_server_exceptions=False)


PLACES = [
    "kb.index.generation.search",
    "kb.search.searching.read",
    "kb.engines.whoosh.engine.evaluate",
    "kb.engines.whoosh.engine.count_facets",
    "kb.search.answering.marks",
    "kb.engines.whoosh.engine.WhooshEngine._page",
    "kb.engines.whoosh.engine.WhooshEngine.search",
    "kb.engines.whoosh.facets.FacetTable.having",
    "kb.engines.whoosh.matching._bm25f",
    "kb.engines.whoosh.snapshot.merged",
    "kb.engines.whoosh.snapshot.terms_of_base_form",
    "kb.engines.whoosh.postings._blocks",
    "kb.engines.whoosh.layout.codec.PackedCodec.postings_reader",
    "kb.engines.whoosh.layout.codec.PackedMatcher.block",
    "kb.engines.whoosh.layout.mapped.Window.seek",
    "kb.search.highlighting.snippets._snippet",
    "kb.search.highlighting.passages.Passages.from_bytes",
    "kb.stores.packing._unpacked",
]
"""From the first step of a search down to what Whoosh itself calls, and to what is stored of cases."""

BUGS = [TypeError("unsupported operand"), AttributeError("no attribute"), KeyError("absent"), IndexError("too far")]


@pytest.mark.parametrize(
    ("place", "bug"),
    [*zip(PLACES, cycle(BUGS), strict=False), *zip(repeat("kb.engines.whoosh.layout.codec.PackedMatcher.block"), BUGS)],
)
def test_a_bug_is_500_with_its_traceback_in_the_log(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str, bug: Exception
) -> None:
    def planted(*_: object, **__: object) -> NoReturn:
        raise bug

    monkeypatch.setattr(place, planted)
    answer = client.get(API)

    assert answer.status_code == 500
    [record] = [record for record in caplog.records if record.name == "kb" and record.levelno == logging.ERROR]
    assert record.getMessage() == "GET /api/v1/search failed"
    assert record.exc_info is not None
    assert record.exc_info[1] is bug
    assert "in planted" in caplog.text
    assert "kb index --rebuild" not in caplog.text
    monkeypatch.undo()
    assert client.get(API).status_code == 200


def test_a_program_gets_a_bug_as_an_ordinary_problem_document(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.index.generation.search", None)
    answer = client.get(API)

    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side. It has been logged.",
        "instance": "/api/v1/search",
    }
    assert answer.headers["content-type"] == "application/problem+json"
    assert "etag" not in answer.headers
    assert "retry-after" not in answer.headers


def test_a_person_gets_an_error_page_as_secure_as_any_other(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = client.get("/about").headers
    monkeypatch.setattr("kb.index.generation.search", None)
    answer = client.get(PAGE)

    assert answer.status_code == 500
    assert "<h1>Something went wrong</h1>" in answer.text
    assert "It has been logged." in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    for name in ("content-security-policy", "referrer-policy", "x-content-type-options"):
        assert answer.headers[name] == usual[name]


def test_what_is_logged_of_a_request_is_its_method_and_the_pattern_of_its_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.routes.case_faces.find_case", None)
    client.get("/cases/a%0AERROR%20forged%1b%5b2J?q=b%0Ac")

    [message] = [record.getMessage() for record in caplog.records if record.name == "kb" and record.exc_info]
    assert message == "GET /cases/{slug} failed"


def overwrite(path: Path) -> None:
    """Put noise in place of a file's bytes, where a server has them mapped."""
    with path.open("r+b") as file:
        size = len(file.read())
        file.seek(0)
        file.write(random.Random(0).randbytes(size))  # noqa: S311 - chance for a test, not for a secret


DAMAGES = {
    "whoosh/*.seg": "The search could not be carried out (",
    "library.base.sqlite": "The stored cases cannot be read (",
}
"""Files, and how what is logged about each begins."""


@dataclass(frozen=True)
class Damaged:
    """A running server whose index was damaged."""

    library: Library
    client: TestClient
    complaint: str


@pytest.fixture(params=DAMAGES)
def damaged(request: pytest.FixtureRequest, built: Library, tmp_path: Path) -> Iterator[Damaged]:
    library = built.copy_to(tmp_path)
    with serving(library) as client:
        [path] = library.current().glob(request.param)
        overwrite(path)
        yield Damaged(library, client, DAMAGES[request.param])


def test_a_program_learns_of_damage_and_when_to_retry(damaged: Damaged) -> None:
    answer = damaged.client.get(API)

    assert answer.status_code == 503
    assert answer.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The collection cannot be read at the moment. Please try again in a minute.",
        "instance": "/api/v1/search",
    }
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "60"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_a_person_learns_of_damage_on_a_page_that_says_what_to_do(damaged: Damaged) -> None:
    answer = damaged.client.get(PAGE)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["retry-after"] == "60"
    assert "<h1>Temporarily unavailable</h1>" in answer.text
    assert "The collection cannot be read at the moment. Please try again in a minute." in answer.text
    assert '<input type="search"' in answer.text


def test_the_log_reports_damage_in_one_line_with_the_remedy(damaged: Damaged, caplog: pytest.LogCaptureFixture) -> None:
    damaged.client.get(API)

    [record] = [record for record in caplog.records if record.name == "kb" and record.levelno == logging.ERROR]
    assert record.getMessage().startswith(f"GET /api/v1/search: {damaged.complaint}")
    assert "kb index --rebuild" in record.getMessage()
    assert "\n" not in record.getMessage()
    assert record.exc_info is None


# Whoosh leaves files open when reading them fails; they are closed when the error is collected.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_damaged_index_answers_again_after_a_rebuild(damaged: Damaged) -> None:
    assert damaged.client.get(API).status_code == 503
    damaged.library.build(rebuild=True)
    damaged.client.app.state.live.refresh()  # type: ignore[attr-defined]

    assert damaged.client.get(API).json()["total"] == 5
    gc.collect()
