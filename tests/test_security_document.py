"""SECURITY.md names tests that exist, and rows of the standard in their order."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.attacks import ATTACKS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")

ROW = re.compile(
    r"^\| v5\.0\.0-(\d+)\.(\d+)\.(\d+) \| ([123]) \| (.+) \| `(tests/[\w/]+\.py)::(test_\w+)` \|$", re.MULTILINE
)


def names_of_tests(path: Path) -> set[str]:
    """The names of the tests in a file."""
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_document_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and name not in names_of_tests(ROOT / path))
    ]

    assert len(named) > 40
    assert missing == []


def test_every_row_of_the_standard_is_complete_and_appears_once_in_order() -> None:
    rows = [(int(level), int(a), int(b), int(c)) for a, b, c, level, _, _, _ in ROW.findall(TEXT)]

    assert len(rows) == len(re.findall(r"^\| v", TEXT, re.MULTILINE)) > 30
    assert rows == sorted(set(rows))


def test_every_promise_names_a_test() -> None:
    promises = TEXT.partition("| promise | test |")[2].partition("\n\n")[0].strip().splitlines()[1:]

    assert len(promises) > 8
    assert all("`tests/" in promise.rpartition(" | ")[2] for promise in promises)


def test_the_number_of_attacks_is_that_of_the_tests() -> None:
    assert f"{len(ATTACKS)} attacks in every field" in TEXT


def test_what_is_run_by_hand_is_a_step() -> None:
    steps = re.findall(r"`\.ci/run (\w+)`", TEXT)

    assert steps
    assert [step for step in steps if f"\n{step}() {{" not in (ROOT / ".ci/run").read_text("utf-8")] == []
