"""What is at the foot of every page, and what pages of errors say."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import IndexFolder, Settings
from tests.builders import case_markdown
from tests.conftest import CONTENT
from tests.library import Library
from tests.pages import PAGES, others_slow


def report_link(html: str) -> str:
    found = re.search(r'<a href="([^"]+)">Report a mistake on this page</a>', html)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("address", others_slow(PAGES))
def test_a_mistake_can_be_reported_from_every_page(client: TestClient, address: str) -> None:
    href = report_link(client.get(address).text)
    page, _, anchor = href.partition("#")

    assert f'id="{anchor}"' in client.get(page).text


@pytest.mark.parametrize(
    ("settings", "start", "named"),
    [
        ({"contact": "a@example.org"}, "mailto:a@example.org?", "subject"),
        ({"repository_url": "https://git.example.org/cases"}, "https://git.example.org/cases/issues/new?", "title"),
    ],
)
def test_a_report_begins_with_the_page_it_is_about(
    collection_index: IndexFolder, settings: dict[str, str], start: str, named: str
) -> None:
    usual = Settings(
        content=CONTENT,
        index=collection_index.root,
        base_url="https://cases.example.org",
        allowed_hosts="testserver",
    )
    made = usual.model_copy(update=settings)
    with TestClient(create_app(made), base_url="http://testserver") as client:
        href = report_link(client.get("/cities/aarhus").text)
    query = parse_qs(urlsplit(href).query)

    assert href.startswith(start)
    assert "Aarhus" in query[named][0]
    assert "https://cases.example.org/cities/aarhus" in query["body"][0]


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/cases?page=99", 404, "Page not found"),
        ("/cases?page=0", 422, "This link does not work"),
        ("/contribute/rules/bad-yeer", 404, "Page not found"),
    ],
)
def test_an_error_says_what_happened_in_words(client: TestClient, address: str, status: int, title: str) -> None:
    answer = client.get(address)
    main = answer.text.partition("<main")[2].partition("</main>")[0]

    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in main
    assert str(status) not in main


def test_a_withdrawn_case_has_a_page_that_says_so(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": case_markdown(publication="withdrawn"), "berry": case_markdown()})
    library.build()
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as client:
        answer = client.get("/cases/apple")

    assert answer.status_code == 410
    assert "<h1>This case was withdrawn</h1>" in answer.text
