"""What was removed from a case, and what happened while it was not online, is on no page and in no answer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import ContentFolder, IndexFolder, Settings, build
from tests.builders import case_markdown, write_content
from tests.repository import ADDRESS, NAME, Repository
from tests.test_no_draft_leaks import SECRET_WORDS, secret

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

DAY = 24 * 60 * 60
START = 1_767_225_600
"""The first of January 2026."""

TELLING = re.compile("|".join([*SECRET_WORDS, NAME.split()[0], ADDRESS, "obsolete-title", "liege"]), re.IGNORECASE)

NOW = case_markdown(title="As it is now", aliases=["once"])
VERSIONS = (
    secret("draft"),
    case_markdown(title="Obsolete-title").replace("Coffee", "Quicksilver"),
    secret("withdrawn"),
    NOW,
    NOW.replace("Coffee", "Tea"),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("history")
    repository = Repository(root / "repository")
    write_content(repository.content)
    for day, text in enumerate(VERSIONS, 1):
        repository.write("cases/open.md", text)
        repository.commit(START + day * DAY, subject="Remove Wolfram, who lives in Zanzibar")
    repository.write("cases/hidden.md", secret("draft"))
    repository.commit(START + 9 * DAY)
    repository.write("cases/hidden.md", secret("withdrawn"))
    repository.commit(START + 10 * DAY)
    build(ContentFolder(repository.content), IndexFolder(root / "index"))
    with TestClient(create_app(Settings(content=repository.content, index=root / "index"))) as opened:
        yield opened


ADDRESSES = (
    "/cases/open",
    "/cases/open.json",
    "/cases/open.md",
    "/cases/open.jsonld",
    "/api/v1/cases/open",
    "/api/v1/cases?size=100",
    "/api/v1/search",
    "/api/v1/export.ndjson",
    "/api/v1/export.csv",
    "/feed.atom",
    "/contribute/status",
    "/contribute/status?all=unreviewed",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_contains_what_was_removed_or_who_did_it(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert not TELLING.search(answer.text)


def test_a_page_tells_when_and_what_kind_of_change(client: TestClient) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/cases/open").text))

    told = "6 January 2026 Text changed. 5 January 2026 Published again. 4 January 2026 Taken offline. "
    assert f"{told}3 January 2026 Published." in page


def test_programs_are_told_the_same(client: TestClient) -> None:
    told = [
        {"date": "2026-01-03", "kinds": ["published"], "by": None},
        {"date": "2026-01-04", "kinds": ["taken-offline"], "by": None},
        {"date": "2026-01-05", "kinds": ["published-again"], "by": None},
        {"date": "2026-01-06", "kinds": ["text"], "by": None},
    ]

    assert client.get("/cases/open.json").json()["history"] == told
    assert client.get("/api/v1/cases/open").json()["history"] == told


def test_a_case_that_is_offline_has_no_history(client: TestClient) -> None:
    for address in ("/cases/hidden", "/cases/hidden.json", "/api/v1/cases/hidden"):
        answer = client.get(address)

        assert answer.status_code == 410
        assert "2026-01" not in answer.text


def test_a_case_without_a_history_claims_nothing(tmp_path: Path) -> None:
    content = write_content(tmp_path / "content", {"open": NOW})
    build(content, IndexFolder(tmp_path / "index"))
    with TestClient(create_app(Settings(content=content.root, index=tmp_path / "index"))) as client:
        assert client.get("/cases/open.json").json()["history"] == []
        assert 'id="changes"' not in client.get("/cases/open").text
