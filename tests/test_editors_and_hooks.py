"""What editors, pre-commit and a code host read from the repository: as far as it can be tried without them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kb.cli.app import app
from tests.builders import case_markdown
from tests.library import Library

ROOT = Path(__file__).parent.parent
COMMANDS = {
    command.name or (command.callback.__name__ if command.callback else "") for command in app.registered_commands
}
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "content.yml").read_text("utf-8"))
STEPS = [step["run"] for step in WORKFLOW["jobs"]["content"]["steps"] if "run" in step]


def test_the_settings_of_the_editor_lead_to_the_schema() -> None:
    lines = (ROOT / ".vscode" / "settings.json").read_text("utf-8").splitlines()
    settings = json.loads("\n".join(line for line in lines if not line.strip().startswith("//")))

    (schema,) = settings["yaml.schemas"]
    assert json.loads((ROOT / schema).read_text("utf-8"))["properties"]["title"]
    assert settings["[markdown]"]["files.trimTrailingWhitespace"] is False


def test_the_hooks_are_commands_and_take_content_files() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    patterns = {hook["id"]: re.compile(hook["files"]) for hook in hooks}

    assert {hook["entry"].split()[1] for hook in hooks} <= COMMANDS
    assert all(pattern.search("content/cases/oslo-salto.md") for pattern in patterns.values())
    assert not any(pattern.search("content/TEMPLATE.md") for pattern in patterns.values())
    assert patterns["kb-check"].search("content/vocabularies/cities.yaml")
    assert not patterns["kb-fix"].search("content/vocabularies/cities.yaml")


def test_the_workflow_runs_commands_that_exist() -> None:
    assert {run.split()[1] for run in STEPS if run.startswith("kb ")} == {"check", "fix"} <= COMMANDS
    assert all((ROOT / run.split()[0]).is_file() for run in STEPS if run.startswith(".ci/"))


def test_no_step_of_the_workflow_contains_what_somebody_else_may_write() -> None:
    assert [run for run in STEPS if "${{" in run] == []
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "pull_request" in WORKFLOW[True]  # YAML 1.1 takes the key `on` for this


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("git") and shutil.which("wget")), reason="git or wget is missing")
def test_the_pages_of_changed_cases_are_saved(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": case_markdown(title="Apple"), "berry": case_markdown(title="Berry")})

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "before")
    library.write("berry", case_markdown(title="A changed berry"))
    library.write("cherry", case_markdown(title="Cherry", publication="draft"))
    library.write("$(touch harm)", case_markdown(title="Harm"))
    git("add", ".")
    command = tmp_path / "bin" / "kb"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m kb "$@"\n', "utf-8")
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    given = {**os.environ, "PATH": path, "KB_INDEX": str(tmp_path / "index")}

    subprocess.run(
        [ROOT / ".ci" / "preview_pages", "HEAD", "preview"], cwd=tmp_path, env=given, check=True, timeout=120
    )

    saved = {file.name for file in (tmp_path / "preview" / "cases").iterdir()}
    assert saved == {"berry.html"}
    assert "A changed berry" in (tmp_path / "preview" / "cases" / "berry.html").read_text("utf-8")
    assert list((tmp_path / "preview" / "static").glob("style*"))
    assert not (tmp_path / "harm").exists()
    told = (tmp_path / "preview" / "cases.txt").read_text("utf-8")
    assert told.splitlines() == ["berry", "cherry has no page: it is a draft, or has errors."]
