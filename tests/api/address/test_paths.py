"""Addresses are written in one place, and every one of them is answered."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import api
import kb
from api.address import paths
from kb import ExportForm
from tests.metrics import AUTHORISED

CODE = [Path(package.__path__[0]) for package in (kb, api)]
TEMPLATES = CODE[1].parent / "templates"
SCRIPTS = CODE[1] / "static"

FIRST_PARTS = {address.split("/")[1] for name, address in vars(paths).items() if name.isupper()} - {""}
ADDRESS = re.compile(rf"/({'|'.join(map(re.escape, sorted(FIRST_PARTS)))})(?![\w-])")

NO_PAGE = {"API", "STATIC", "COMPARE_CSV", "SAVED_WORD", "CHECK_FILE", "PREVIEW", "PREVIEW_CHANGES"}
"""Two that others begin with, a table and a document of what has to be named, a file made from what is posted, and two
that are only where drafts are shown."""

AT_THEIR_PLACE = {
    "api/address/paths.py",
    "api/server/metrics.py",
    "api/server/errors.py",
    "api/server/response_cache.py",
    "kb/cli/doctor.py",
    "kb/authoring/rules.py",
    "kb/authoring/draft.py",
}
"""Besides the declaration: modules that look at the addresses of requests, as routes do; one of the core, which knows
no web, that asks from outside whether a server is well; and the pages of rules and drafts, which the core links to."""


def written(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The texts of a module, with their lines; not what documents it."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_no_module_writes_an_address_by_itself() -> None:
    found = []
    for root in CODE:
        for path in root.rglob("*.py"):
            place = path.relative_to(root.parent).as_posix()
            if place.startswith("api/routes/") or place in AT_THEIR_PLACE:
                continue
            texts = written(ast.parse(path.read_text("utf-8")))
            found += [f"{place}:{line} {text}" for line, text in texts if ADDRESS.match(text)]

    assert found == []


@pytest.mark.parametrize("folder", [TEMPLATES, SCRIPTS], ids=["templates", "scripts"])
def test_no_template_or_script_writes_an_address_by_itself(folder: Path) -> None:
    quoted = re.compile(rf"""["'`>( ]{ADDRESS.pattern}""")
    sources = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.*")
        if path.suffix in {".html", ".xml", ".txt", ".atom", ".js"}
    }

    assert sources
    assert [f"{name}: {found.group()}" for name, text in sources.items() for found in quoted.finditer(text)] == []


@pytest.mark.parametrize("name", [name for name in vars(paths) if name.isupper() and name not in NO_PAGE])
def test_every_address_has_a_route(client: TestClient, name: str) -> None:
    assert client.get(vars(paths)[name], headers=AUTHORISED).status_code == 200


def test_every_page_of_a_thing_has_a_route(client: TestClient) -> None:
    case, term, challenge = "aarhus-info-house", "intelligence-link", "fragile-trust"
    addresses = [
        paths.case(case),
        paths.case(case, ".bib"),
        paths.arrangement(term),
        paths.worksheet(term),
        paths.challenge(challenge),
        paths.city("aarhus"),
        paths.map_of("europe"),
        paths.rule("bad-year"),
        paths.api_case(case),
        f"{paths.COMPARE_CSV}?case={case}&case=oslo-salto",
        paths.static("style.css"),
        *map(paths.export, ExportForm),
    ]

    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
