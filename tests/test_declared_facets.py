"""A facet is declared once: one that is declared here, for this test, is everywhere."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from kb.search.fields import FACETS_BY_NAME
from tests.builders import case_markdown, write_content

ROOT = Path(__file__).parent.parent

DECLARED = """
_LETTERS = Vocabulary("letters", tuple(Term(letter, f"Letter {letter}", "", ()) for letter in "abz"))
FACETS = (*FACETS, FacetField(
    "first_letter", "First letter", "letters", "The letter that its title begins with.",
    lambda _: _LETTERS, lambda case, _: [case.title[0].lower()], leads=True, is_named=True,
))
FACETS_BY_NAME = {facet.name: facet for facet in FACETS}
"""

ASKING = """
    import json, sys
    from pathlib import Path

    from fastapi.testclient import TestClient
    from typer.testing import CliRunner

    from api.app import create_app
    from kb import Settings
    from kb.cli.app import app

    root = Path(sys.argv[1])
    places = ["--content", str(root / "content"), "--index", str(root / "index")]
    runner = CliRunner(env={"COLUMNS": "300"})
    outputs = {
        name: runner.invoke(app, words).output
        for name, words in {
            "help": ["search", "--help"],
            "search": ["search", "--first-letter", "b", *places],
            "near": ["search", "--first-letter", "x", *places],
            "export": ["export", "--first-letter", "a", "--format", "csv", "--output", str(root / "a.csv"), *places],
        }.items()
    }
    with TestClient(create_app(Settings(content=root / "content", index=root / "index"))) as client:
        outputs |= {
            "page": client.get("/cases?first_letter=b").text,
            "contribute": client.get("/contribute").text,
            "llms": client.get("/llms.txt").text,
            "json": client.get("/api/v1/search?first_letter=b").json(),
            "case": client.get("/api/v1/cases/a-case").json(),
            "suggestions": client.get("/api/v1/suggest?q=letter+b").json(),
            "openapi": client.get("/api/openapi.json").json(),
        }
    outputs["table"] = (root / "a.csv").read_text("utf-8")
    print(json.dumps(outputs))
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What commands, pages and the API say in a copy of the software that declares one facet more."""
    root = tmp_path_factory.mktemp("declared")
    for part in ("kb", "api", "templates"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    with (root / "kb" / "search" / "fields.py").open("a", encoding="utf-8") as file:
        file.write(DECLARED)
    write_content(root / "content", {"a-case": case_markdown(title="A door"), "b-case": case_markdown(title="Bread")})
    command = [sys.executable, "-c", dedent(ASKING), str(root)]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_commands_accept_the_facet_and_describe_it(outputs: Any) -> None:
    assert "--first-letter" in outputs["help"]
    assert "The letter that its title begins with." in outputs["help"]
    assert "Bread" in outputs["search"]
    assert "A door" not in outputs["search"]
    assert "There is no first_letter `x`. Choose one of: a, b, z." in " ".join(
        outputs["near"].replace("│", " ").split()
    )


def test_the_facet_is_printed_at_the_terminal_and_suggested_while_typing(outputs: Any) -> None:
    assert "First letter: Letter a 1, Letter b 1" in outputs["search"]
    (suggestion,) = outputs["suggestions"]
    assert (suggestion["kind"], suggestion["label"]) == ("first_letter", "Letter b")
    assert suggestion["url"].endswith("/cases?first_letter=b")


def test_tables_have_a_column_for_the_facet(outputs: Any) -> None:
    header, row = outputs["table"].splitlines()

    assert "letters,first_letter_ids" in header
    assert "Letter a,a" in row


def test_the_api_counts_narrows_by_and_describes_the_facet(outputs: Any) -> None:
    parameters = outputs["openapi"]["paths"]["/api/v1/search"]["get"]["parameters"]
    (parameter,) = [given for given in parameters if given["name"] == "first_letter"]

    assert parameter["description"].startswith("The letter that its title begins with.")
    assert [hit["slug"] for hit in outputs["json"]["hits"]] == ["b-case"]
    assert [value["value"] for value in outputs["json"]["facets"]["first_letter"]["values"]] == ["a", "b"]
    assert outputs["case"]["facets"]["first_letter"] == ["a"]
    assert "`first_letter`" in outputs["llms"]


def test_pages_show_the_facet_as_a_filter_a_chip_and_an_invitation(outputs: Any) -> None:
    assert 'name="first_letter" value="b" checked' in outputs["page"]
    assert "Letter b" in outputs["page"]
    assert "First letter: Letter z." in outputs["contribute"]


@pytest.mark.parametrize(
    "module",
    ["api/deps.py", "api/formats/schemas/searches.py", "api/pages/search.py",
     "api/pages/parts/narrowing.py", "api/pages/contributing/contribute.py", "kb/cli/app.py", "kb/cli/printing.py",
     "kb/index/generation.py", "kb/search/document.py"],
)  # fmt: skip
def test_generic_code_names_no_facet(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert words & set(FACETS_BY_NAME) == set()
