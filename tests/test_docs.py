"""The documents say what is true of the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.publication import Fate
from kb.authoring.rules import RULES, Level
from kb.settings import Settings

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_ci_runs_exactly_the_test_line_of_the_readme() -> None:
    line = next(line for line in read("README.md").splitlines() if line.endswith("/pytest"))

    assert line in map(str.strip, read(".ci/run").splitlines())


def test_the_version_is_that_of_the_newest_section_of_the_changelog() -> None:
    sections = re.findall(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]

    assert next(name for name in sections if name != "Unreleased") == version


def test_the_readme_documents_every_setting_once_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `KB_(\w+)` \| ([^|]*)\|", read("README.md"), re.MULTILINE))

    assert [name.lower() for name in rows] == list(Settings.model_fields)
    assert f"`{Settings.model_fields['port'].default}`" in rows["PORT"]
    assert f"`{Settings.model_fields['index'].default}`" in rows["INDEX"]
    assert f"`{Settings.model_fields['host'].default}`" in rows["HOST"]


def test_contributing_shows_every_rule_unchanged() -> None:
    shown = re.findall(r"^\| `([\w-]+)` \| (error|warning|notice) \| (.*) \|$", read("CONTRIBUTING.md"), re.MULTILINE)

    assert shown == [(name, rule.level, rule.says) for name, rule in RULES.items()]


def test_the_architecture_names_every_dependency() -> None:
    declared = re.findall(r'^ {4}"([a-z0-9.-]+)>=', read("pyproject.toml"), re.MULTILINE)
    architecture = read("ARCHITECTURE.md")

    assert len(declared) > 10
    assert [name for name in declared if not re.search(rf"\b{re.escape(name)}\b", architecture)] == []


def test_the_numbers_in_the_readme_are_those_of_the_collection() -> None:
    folder = ContentFolder(ROOT / "content")
    vocabularies, _ = folder.vocabularies()
    cases, cities = len(folder.case_paths()), len(vocabularies.cities)
    numbers = f"{cases} cases from {cities} cities in {len(vocabularies.countries)} countries"

    assert f"**{numbers}**" in read("README.md")


def test_the_template_is_a_draft_without_an_error() -> None:
    vocabularies, _ = ContentFolder(ROOT / "content").vocabularies()
    file = parse_case_file(PurePosixPath("cases/new-case.md"), read("content/TEMPLATE.md").encode(), vocabularies)

    assert [(problem.rule, problem.level) for problem in file.problems] == [("template-text", Level.WARNING)]
    assert file.decision.fate is Fate.OFFLINE
    assert "publication: draft" in file.decision.reason


def test_the_template_cannot_be_published_as_it_is() -> None:
    vocabularies, _ = ContentFolder(ROOT / "content").vocabularies()
    text = read("content/TEMPLATE.md").replace("publication: draft", "publication: published")
    file = parse_case_file(PurePosixPath("cases/new-case.md"), text.encode(), vocabularies)

    assert file.case is None
    assert {problem.rule for problem in file.problems} == {"template-text"}
    assert len(file.problems) > 15


def test_the_pinned_versions_name_no_package_index() -> None:
    pinned = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]

    assert pinned
    assert all(re.match(r"[\w.-]+==\S+( ; .*)?$", line) for line in pinned)
