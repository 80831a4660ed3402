"""Only what the site consists of can be asked for: no file around it, no list of a folder, no method but a few."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.builders import case_markdown
from tests.library import Library
from tests.served import served

FILES = [
    "/.git/HEAD",
    "/.git/config",
    "/.env",
    "/.ci/run",
    "/pyproject.toml",
    "/constraints.txt",
    "/content/cases/oslo-salto.md",
    "/content/vocabularies/cities.yaml",
    "/var/index/current",
    "/kb/settings.py",
    "/api/app.py",
    "/templates/base.html",
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/....//app.py",
    "/static/..\\app.py",
    "/static//etc/passwd",
    "/static/%2fetc/passwd",
    "/static/fonts/../../app.py",
    "/etc/passwd",
    "/../../../../etc/passwd",
    "/server-status",
    "/docs",
    "/redoc",
]
FOLDERS = ["/static", "/static/", "/static/fonts", "/static/fonts/", "/.git/", "/content/"]


@pytest.mark.parametrize("address", [*FILES, *FOLDERS])
def test_no_other_file_and_no_folder_is_served(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code in {404, 405}
    assert "application/problem+json" in answer.headers["content-type"] or "<h1>" in answer.text


def test_nor_by_a_path_that_no_client_tidies_up(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": case_markdown()})
    library.build()
    with served(library) as server:
        for address in FILES:
            answer = server.ask(address, "Host: localhost")

            assert answer.status in {308, 400, 404}, address
            assert b"root:" not in answer.body
            assert b"import" not in answer.body


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "DEBUG", "TRACK"])
@pytest.mark.parametrize(
    "address", ["/", "/cases", "/cases/oslo-salto", "/api/v1/search", "/static/style.css", "/metrics"]
)
def test_no_other_method_is_served(client: TestClient, method: str, address: str) -> None:
    answer = client.request(method, address, headers={"X-Secret": "of-somebody"})

    assert answer.status_code == 405
    assert "of-somebody" not in answer.text
