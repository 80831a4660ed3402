"""The same problems for different readers: a person at a terminal, a program, a code host."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum

from kb.authoring.problems import Problem
from kb.authoring.rules import Level, rule_page
from kb.wording import counted


class Format(StrEnum):
    """How problems are reported."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def as_text(problems: Sequence[Problem]) -> str:
    """One line per problem (`file:line:column: level: …`), as editors understand it, followed by what to write."""
    return "\n".join(line for problem in problems for line in (str(problem), *lines_to_write(problem)))


def lines_to_write(problem: Problem) -> list[str]:
    """The corrected line after a `>`, and lines to add after a `+`, each indented; none if they are not known.

    >>> lines_to_write(Problem("cases/a.md", 3, 7, "bad-year", Level.ERROR, "Wrong.", fix="started: 2010"))
    ['    > started: 2010']
    """
    fix = [f"    > {line}" for line in problem.fix.split("\n")] if problem.fix else []
    return fix + [f"    + {line}" for line in problem.paste.split("\n") if problem.paste]


def as_json(problems: Sequence[Problem], base_url: str = "") -> str:
    """A JSON list of objects; `see` of each is the page of its rule, on the site at `base_url`."""
    found = [asdict(problem) | {"see": f"{base_url}{rule_page(problem.rule)}"} for problem in problems]
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_github(problems: Sequence[Problem], folder: str) -> str:
    """Workflow commands that a code host shows beside the line; `folder` is that of the content."""
    return "\n".join(
        f"::{problem.level} file={_property(f'{folder}/{problem.path}')},line={problem.line},col={problem.column},"
        f"title={_property(problem.rule)}::{_data(_whole_message(problem))}"
        for problem in problems
    )


def summary(problems: Sequence[Problem], files: int) -> str:
    """The closing line.

    >>> summary([], 12)
    '12 files checked: nothing to fix.'
    """
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = sum(problem.level is Level.WARNING for problem in problems)
    checked = f"{counted(files, 'file', 'files')} checked"
    if not errors and not warnings:
        return f"{checked}: nothing to fix."
    found = ((errors, "error", "errors"), (warnings, "warning", "warnings"))
    return f"{checked}: {', '.join(counted(*kind) for kind in found if kind[0])}."


def _whole_message(problem: Problem) -> str:
    told = f"{problem.message} {problem.hint}".strip()
    return "\n".join([told, *lines_to_write(problem)])


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
