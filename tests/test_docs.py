"""The documents say what is true of the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path, PurePosixPath

from api.address.saved_list import MOST_SAVED
from api.address.search_state import VALUES_READ
from api.server.arrival import limits
from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.publication import Fate
from kb.authoring.rules import RULES, Level
from kb.search.query.parser import LINE_CHARACTERS, MAX_CHARACTERS, MAX_WORDS
from kb.search.words.wildcards import MOST_WORDS
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


def test_the_page_of_limits_says_what_the_code_says() -> None:
    page = read("docs/limits.md")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page, re.MULTILINE))
    seconds = Settings.model_fields["request_seconds"].default
    stated = {
        "address: path and query": f"{limits.ADDRESS_BYTES // 1024} kB",
        "parameters of an address": f"{limits.MOST_PARAMETERS}",
        "headers of a request": f"{limits.MOST_HEADERS}",
        "first line and headers together": f"{limits.HEAD_BYTES // 1024} kB",
        "body, whatever the method": f"{limits.BODY_BYTES // 1024} kB",
        "body with a file to be checked": f"{limits.UPLOAD_BYTES // 1024} kB",
        "time for the first line and the headers": f"{limits.HEAD_SECONDS:.0f} seconds",
        "time for the body": f"{limits.BODY_SECONDS:.0f} seconds",
        "connection without a request": f"{limits.IDLE_SECONDS:.0f} seconds",
        "connection without another request after a response": f"{limits.KEEP_ALIVE_SECONDS} seconds",
        "time in which a client reads nothing of its response": f"{limits.STALLED_SECONDS:.0f} seconds",
        "requests sent ahead on a connection": f"{limits.MOST_PIPELINED}",
        "connections": f"{limits.MOST_CONNECTIONS}",
        "time of a request, waiting included": f"{seconds:.0f} seconds (`KB_REQUEST_SECONDS`)",
        "requests that wait for their turn": f"{limits.MOST_WAITING}",
        "files received or checked at a time": f"{limits.MOST_UPLOADS}",
        "responses being streamed, such as whole exports": f"{limits.MOST_STREAMS}",
        "time for all pieces together": f"{limits.STREAM_SECONDS:.0f} seconds",
        "characters of a search that are read": f"{LINE_CHARACTERS:,}; of one with more than {MAX_WORDS} words "
        f"{MAX_CHARACTERS:,}",
        "words that a pattern such as `rad*` matches": f"{MOST_WORDS}, those in most cases",
        "values of one filter": f"{VALUES_READ}",
        "cases of a comparison": f"{MOST_SAVED}",
    }

    assert {name: rows.get(name) for name in stated} == stated
    assert set(re.findall(r"Retry-After: (\d+)", page)) == {str(limits.RETRY_SECONDS)}
    assert limits.QUEUE_SHARE == 0.5


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
