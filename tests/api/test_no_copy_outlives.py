"""Every answer has to be asked about before a copy of it is shown again: no copy outlives a case taken offline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.address import paths
from api.app import ROUTERS, create_app
from kb import Settings
from tests.builders import case_markdown
from tests.library import Library

PLACES = {
    "slug": "apple",
    "term_id": "knowledge-exchange",
    "city_id": "aarhus",
    "country_id": "denmark",
    "continent_id": "europe",
    "place": "europe",
    "part": "1",
    "name": "bad-year",
}
"""What fills the places in the patterns of addresses."""

QUERIES = {
    "/cases": ("", "?q=coffee"),
    "/compare": ("", "?case=apple&case=berry"),
    "/compare.csv": ("?case=apple&case=berry",),
    "/saved": ("", "?shelf=apple&shelf=berry"),
    "/saved/reader": ("?shelf=apple&shelf=berry",),
    "/saved.docx": ("?shelf=apple",),
    "/arrangements/which": ("", "?person=yes"),
    "/api/v1/suggest": ("?q=co",),
    "/api/v1/suggest/opensearch": ("?q=co",),
}
"""For addresses that show cases only, or in another way, when something is asked for."""

# A text of a challenge is written for a challenge, not for an arrangement.
PLACES_OF = {"/challenges/{term_id}": {"term_id": "fragile-trust"}}


def addresses() -> Iterator[str]:
    """An address, or several, for every route there is."""
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            path = route.path.format(**PLACES | PLACES_OF.get(route.path, {}))
            # Metrics take a token, and so are never cached: tests/api/server/test_metrics.py. Nor is what is posted.
            if path == paths.METRICS or "GET" not in (route.methods or ()):
                continue
            yield from (f"{path}{query}" for query in QUERIES.get(route.path, ("",)))


ADDRESSES = tuple(dict.fromkeys(addresses()))

OF_THIS_MOMENT = ("/healthz", "/readyz", paths.STATUS)
"""Not to be stored at all."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(
        tmp_path_factory.mktemp("library"),
        {
            "apple": case_markdown(title="Coffee", aliases=["earlier"]),
            "berry": case_markdown(title="Tea"),
            "gone": case_markdown(publication="withdrawn"),
        },
    )
    made.write_guide()
    made.build()
    return made


@pytest.fixture(scope="module")
def client(library: Library) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as opened:
        yield opened


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_route_forbids_lasting_copies(client: TestClient, library: Library, address: str) -> None:
    first = client.get(address)
    answers = {
        "first": first,
        "cached": client.get(address),
        "not compressed": client.get(address, headers={"Accept-Encoding": "identity"}),
        "with credentials": client.get(address, headers={"Cookie": "a=b"}),
        "HEAD": client.head(address),
    }
    if tag := first.headers.get("etag"):
        answers["not modified"] = client.get(address, headers={"If-None-Match": tag})
        settings = Settings(content=library.content.root, index=library.index.root)
        restarted = TestClient(create_app(settings))
        answers["not modified, nothing cached"] = restarted.get(address, headers={"If-None-Match": tag})

    statuses = {way: answer.status_code for way, answer in answers.items()}
    assert statuses == {way: 304 if way.startswith("not modified") else 200 for way in answers}
    assert {way: answer.headers.get("cache-control") for way, answer in answers.items()} == dict.fromkeys(
        answers, "no-store" if address in OF_THIS_MOMENT else "no-cache"
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/cases/earlier", 301),
        ("/cases/earlier.md", 301),
        ("/cases/gone", 410),
        ("/api/v1/cases/gone", 410),
        ("/cases/nowhere", 404),
        ("/cases?page=99", 404),
        ("/api/v1/search?page=0", 422),
        ("/cases?q=%ff", 400),
        ("/static/nothing.css", 404),
    ],
)
def test_redirects_and_errors_forbid_lasting_copies_too(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address, follow_redirects=False)

    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-cache" if status < 400 else "no-store")
