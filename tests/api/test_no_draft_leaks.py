"""What is not published cannot be reached on any page or by any address of the API."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import Settings
from tests.builders import build_in, case_markdown
from tests.test_no_draft_leaks import SECRET_FACETS, SECRET_WORDS, secret

FACES = (
    "/cases/hidden.md",
    "/cases/hidden.json",
    "/cases/hidden.bib",
    "/cases/hidden.ris",
    "/cases/hidden.csl.json",
    "/cases/hidden.jsonld",
)

GUESSES = (
    "/cases/hidden",
    *FACES,
    "/cases/hidden-before",
    "/cases/hidden-before.md",
    "/cases/hidden-before.bib",
    "/cities/liege",
    "/api/v1/cases/hidden",
    "/api/v1/cases/hidden-before",
    "/api/v1/cases/hidden/related",
)

NEWS = ("/", "/new")

OVERVIEWS = (
    "/cities",
    "/arrangements",
    "/challenges",
    "/map",
    "/map/europe",
    "/map/5,50,6,51",
    "/about",
    "/method",
    "/collection.csl.json",
    "/compare",
    "/matrix",
    "/api/v1/matrix",
    "/api/v1/arrangements",
    "/api/v1/challenges",
    "/api/v1/cities",
)
"""They are about terms and places, not about cases."""

LISTS = (
    *NEWS,
    *OVERVIEWS,
    "/cases?size=100",
    "/arrangements/which?person=yes",
    "/arrangements/intelligence-link",
    "/arrangements/intelligence-link/worksheet",
    "/arrangements/knowledge-exchange",
    "/challenges/no-real-say",
    "/cases/open",
    "/contribute/status",
    "/contribute/status?all=unreviewed",
    "/contribute/status?all=offline",
    "/contribute/status?all=withdrawn",
    "/compare?case=open",
    "/compare?case=open&case=hidden",
    "/compare?case=hidden&case=hidden-again",
    "/compare?arrangement=informing-and-intervening&arrangement=intelligence-link",
    "/api/v1/search?size=100",
    "/api/v1/cases?size=100",
    "/api/v1/cases/open/related",
    "/api/v1/export.csv",
    "/api/v1/export.ndjson",
    "/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/llms.txt",
    "/metrics",
)

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z")
"""When a file was last changed: two collections are never written in the very same second."""

TELLING = re.compile("|".join([*SECRET_WORDS, "cases/hidden", "hidden-before"]), re.IGNORECASE)


def client_over(root: Path, publication: str | None) -> TestClient:
    """The site with two open cases, and a hidden one unless there is none."""
    # A worksheet shows two cases of an arrangement: next to just one other, it would show the hidden one.
    beside = case_markdown(title="Beside it", arrangements=["intelligence-link"])
    hidden = {"hidden": secret(publication)} if publication else {}
    _, generation = build_in(root, {"open": case_markdown(), "beside": beside, **hidden})
    generation.close()
    return TestClient(create_app(Settings(content=root / "content", index=root / "index")))


def asked_for(word: str) -> tuple[str, ...]:
    searches = ("/cases", "/feed.atom", "/api/v1/search", "/api/v1/export.csv", "/api/v1/export.ndjson")
    return *(f"{address}?q={word}" for address in searches), *(
        f"/api/v1/suggest{form}?q={word[:5]}" for form in ("", "/opensearch")
    )


@pytest.mark.parametrize("publication", ["draft", "withdrawn"])
def test_nothing_of_a_draft_is_on_any_page_or_in_any_answer(tmp_path: Path, publication: str) -> None:
    with client_over(tmp_path, publication) as client:
        searches = [f"/cases?{facet}={value}" for facet, value in SECRET_FACETS.items()]
        for address in (*LISTS, *searches):
            assert not TELLING.search(client.get(address).text), address
        for word in SECRET_WORDS:
            for address in asked_for(word):
                # What was typed is shown again; nothing else of it may be.
                shown = client.get(address).text.lower().replace(word, "")
                assert not TELLING.search(shown), address


def test_a_draft_looks_as_if_it_never_existed(tmp_path: Path) -> None:
    with client_over(tmp_path, "draft") as client:
        assert {client.get(address).status_code for address in GUESSES} == {404}


def test_a_withdrawn_case_says_that_it_was_withdrawn_and_nothing_else(tmp_path: Path) -> None:
    with client_over(tmp_path, "withdrawn") as client:
        for address in ("/cases/hidden", *FACES, "/api/v1/cases/hidden"):
            answer = client.get(address)

            assert answer.status_code == 410, address
            assert "This case was withdrawn." in answer.text
            assert not TELLING.search(answer.text.replace("cases/hidden", ""))


def test_a_published_case_is_on_those_pages(tmp_path: Path) -> None:
    """Otherwise the tests above would look in the wrong places."""
    with client_over(tmp_path, "published") as client:
        silent = [address for address in LISTS if not TELLING.search(client.get(address).text)]

        numbers = ["/contribute/status?all=offline", "/contribute/status?all=withdrawn"]
        assert [address for address in silent if address not in numbers] == [
            *OVERVIEWS,
            "/robots.txt",
            "/opensearch.xml",
            "/llms.txt",
            "/metrics",
        ]
        assert {client.get(address).status_code for address in GUESSES} == {200}


@pytest.mark.parametrize("publication", ["draft", "withdrawn"])
def test_pages_of_numbers_and_places_ignore_it(tmp_path: Path, publication: str) -> None:
    with client_over(tmp_path / "with", publication) as client, client_over(tmp_path / "without", None) as without:
        for address in (*NEWS, *OVERVIEWS):
            shown, expected = (MOMENT.sub("", asked.get(address).text) for asked in (client, without))
            assert shown == expected, address
