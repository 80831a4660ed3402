"""Drafts are pages for their authors, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import Settings
from tests.builders import case_markdown
from tests.library import Library
from tests.repository import Repository

DRAFT = case_markdown(title="Zanzibar", publication="draft")
ADDRESSES = (
    "/preview",
    "/preview/cases/hidden",
    "/preview/cases/nowhere",
    "/preview/cases/hidden/history",
    "/preview/changes?case=hidden",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path, {"shown": case_markdown(), "hidden": DRAFT})
    library.build()
    return library


def application(library: Library, *, drafts: bool, client: str = "127.0.0.1", **settings: str) -> TestClient:
    made = create_app(
        Settings(content=library.content.root, index=library.index.root, drafts=drafts, **settings)  # type: ignore[arg-type]  # the others are texts
    )
    return TestClient(made, base_url="http://127.0.0.1:8000", client=(client, 50000))


@pytest.fixture
def author(library: Library) -> Iterator[TestClient]:
    with application(library, drafts=True) as client:
        yield client


def write(library: Library, slug: str, text: str) -> None:
    (library.content.root / "cases" / f"{slug}.md").write_text(text, "utf-8")


def test_a_draft_is_listed_and_shown(author: TestClient) -> None:
    listed = author.get("/preview").text

    assert 'href="/preview/cases/hidden"' in listed
    assert 'href="/preview/cases/shown"' not in listed
    page = author.get("/preview/cases/hidden")
    assert "Zanzibar" in page.text
    assert "not online" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_file_is_read_at_each_request(author: TestClient, library: Library) -> None:
    for title in ("First", "Second"):
        write(library, "hidden", case_markdown(title=title, publication="draft"))

        assert f"<h1>{title}</h1>" in author.get("/preview/cases/hidden").text


def test_a_published_case_that_was_changed_is_listed_until_it_is_built(author: TestClient, library: Library) -> None:
    write(library, "shown", case_markdown(title="Changed"))

    assert "About to be published" in author.get("/preview").text
    page = author.get("/preview/cases/shown").text
    assert "Changed" in page
    assert 'href="/cases/shown">The page that visitors see' in page
    assert re.search(r"Added</span> .*<mark>Changed</mark>", page)


@pytest.mark.parametrize(
    "text", ["", "---\n", "---\ntitle: [\n---\n", "no case\n", "\x00", "---\n- a\n---\n## Context\n"]
)
def test_a_broken_file_has_a_page_with_what_is_wrong(author: TestClient, library: Library, text: str) -> None:
    write(library, "hidden", text)

    page = author.get("/preview/cases/hidden")
    assert page.status_code == 200
    assert re.search(r'<div class="problem error" id="problem-1"', page.text)
    assert author.get("/preview").status_code == 200


def test_broken_vocabularies_are_shown_until_they_are_mended(author: TestClient, library: Library) -> None:
    path = library.content.root / "vocabularies" / "cities.yaml"
    good = path.read_text("utf-8")
    path.write_text("- [", "utf-8")

    for address in ("/preview", "/preview/cases/hidden"):
        page = author.get(address)
        assert page.status_code == 503
        assert "vocabularies/cities.yaml" in page.text

    path.write_text(good, "utf-8")
    assert author.get("/preview").status_code == 200


@pytest.mark.parametrize(
    "name", ["nowhere", "..%2Fvocabularies%2Fcities", "%2e%2e", "hidden.md", "HIDDEN", "%00", "shown%2F"]
)
def test_only_case_files_of_the_folder_are_shown(author: TestClient, name: str) -> None:
    assert author.get(f"/preview/cases/{name}").status_code == 404


def test_a_link_out_of_the_folder_is_not_followed(author: TestClient, library: Library, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(case_markdown(title="Elsewhere"), "utf-8")
    (library.content.root / "cases" / "linked.md").symlink_to(tmp_path / "secret.md")

    page = author.get("/preview/cases/linked").text
    assert "Elsewhere" not in page
    assert "outside the content folder" in page


def test_the_history_of_a_file_is_read_with_what_was_removed(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    library = Library(tmp_path, {"shown": case_markdown(), "hidden": DRAFT})
    library.build()
    repository.commit(at=1_600_000_000)
    repository.write("cases/hidden.md", DRAFT.replace("Zanzibar", "Pemba"))
    repository.commit(at=1_700_000_000)
    repository.write("cases/hidden.md", DRAFT.replace("Zanzibar", "Mafia Island"))

    with application(library, drafts=True) as client:
        page = client.get("/preview/cases/hidden/history").text

    assert re.findall(r'<h2 id="edit-\d">([^<]*)<', page) == ["Not committed yet", "2023-11-14 ", "2020-09-13 "]
    assert re.findall(r"<mark>(Zanzibar|Pemba|Mafia Island)</mark>", page)[:2] == ["Pemba", "Mafia Island"]


def test_without_a_repository_no_history_is_claimed(author: TestClient) -> None:
    assert "Git knows no whole history" in author.get("/preview/cases/hidden/history").text


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_the_setting_the_addresses_do_not_exist(library: Library, address: str) -> None:
    with application(library, drafts=False) as client:
        answer = client.get(address)

        assert answer.status_code == 404
        assert answer.text.replace(address.partition("?")[0], "") == client.get("/prevue").text.replace("/prevue", "")


HEADERS = (
    {"X-Forwarded-For": "203.0.113.9"},
    {"Forwarded": "for=203.0.113.9"},
    {"Via": "1.1 proxy"},
    {"Host": "cases.example.org"},
    {"Host": "127.0.0.1.evil.example"},
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_what_comes_through_a_proxy_or_under_another_name_sees_nothing(
    author: TestClient, address: str, headers: dict[str, str]
) -> None:
    answer = author.get(address, headers=headers)

    assert answer.status_code == 404
    assert "Zanzibar" not in answer.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_machine_sees_nothing(library: Library, address: str) -> None:
    with application(library, drafts=True, client="203.0.113.9") as client:
        assert client.get(address).status_code == 404


EVERYWHERE_ELSE = (
    "/",
    "/cases?size=100",
    "/cases/hidden",
    "/cases.csv",
    "/cities",
    "/matrix",
    "/about",
    "/contribute",
    "/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/llms.txt",
    "/api/v1/search?size=100",
    "/api/v1/suggest?q=zan",
    "/api/v1/cases",
    "/api/openapi.json",
)


def test_drafts_are_nowhere_but_in_their_preview(author: TestClient) -> None:
    """Shown to their author first, so that a cache could have them."""
    author.get("/preview/cases/hidden")

    for address in EVERYWHERE_ELSE:
        text = author.get(address).text.lower()
        assert "zanzibar" not in text, address
        assert '"/preview' not in text, address
