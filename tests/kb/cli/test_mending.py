"""`kb fix` at the terminal: what it shows, what it writes, and that it touches nothing else."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kb.authoring.fixing.fix import fix
from kb.cli.app import app
from kb.cli.mending import mend
from tests.builders import case_markdown, vocabularies, write_content
from tests.properties import costly

GOOD = fix(case_markdown(), vocabularies()).text
TYPED = GOOD.replace("city: [aarhus]", "city: Århus").replace("\n", "\r\n").replace("- Coffee", "-\u00a0Coffee")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content folder with a case that can be mended, and one that need not be."""
    folder = write_content(tmp_path / "content")
    (folder.root / "cases" / "good.md").write_bytes(GOOD.encode())
    (folder.root / "cases" / "typed.md").write_bytes(b"\xef\xbb\xbf" + TYPED.encode())
    return folder.root


def run(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["fix", *arguments, "--content", str(root)], env={"COLUMNS": "300"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, re.sub(r"\x1b\[[0-9;]*m", "", result.output)


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def test_nothing_is_written_unless_it_is_asked_for(root: Path) -> None:
    before = files(root)

    code, shown = run(root)

    assert code == 1
    assert files(root) == before
    assert "\n-city: Århus<U+000D>\n" in shown
    assert "\n+city: [aarhus]\n" in shown
    assert "-<U+FEFF>---<U+000D>" in shown
    assert "typed.md: ids of vocabularies: 1 line" in shown or "lists and single values: 1 line" in shown
    assert "1 file would change; `--write` writes it." in shown
    assert "good.md" not in shown


def test_what_is_written_is_the_named_file_alone_with_its_permissions(root: Path) -> None:
    typed = root / "cases" / "typed.md"
    typed.chmod(0o640)
    beside = root / "cases" / "typed.md.new"
    beside.write_text("mine")
    before = files(root)

    assert run(root, str(typed), "--write")[0] == 0

    after = files(root)
    assert after.pop("cases/typed.md")[0] == GOOD.encode()
    before.pop("cases/typed.md")
    assert after == before
    assert typed.stat().st_mode & 0o777 == 0o640
    assert run(root) == (0, "Nothing to mend.\n")


def test_a_file_outside_of_the_content_folder_can_be_mended(root: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(TYPED, "utf-8")

    assert run(root, str(draft), "--write")[0] == 0
    assert draft.read_bytes() == GOOD.encode()


def test_what_is_not_text_is_reported_and_left(root: Path) -> None:
    path = root / "cases" / "latin.md"
    path.write_bytes(TYPED.replace("\u00a0", " ").encode("latin-1"))

    code, shown = run(root, str(path), "--write")

    assert code == 1
    assert "The file is not UTF-8 text." in shown
    assert path.read_bytes() == TYPED.replace("\u00a0", " ").encode("latin-1")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "cases" / "pipe.md")

    code, shown = run(root)

    assert code == 1
    assert "This is a named pipe, not a file." in shown


@pytest.mark.parametrize("name", ["vocabularies/cities.yaml", "cases/none.md", "challenges/fragile-trust.md"])
def test_only_case_files_are_mended(root: Path, name: str) -> None:
    (root / "challenges").mkdir()
    (root / "challenges" / "fragile-trust.md").write_text("x", "utf-8")

    assert run(root, str(root / name), "--write")[0] == 2


def test_a_link_is_not_replaced_by_a_file(root: Path) -> None:
    link = root / "cases" / "link.md"
    link.symlink_to("typed.md")

    assert run(root, str(link), "--write")[0] == 2
    assert run(root, "--write")[0] == 0
    assert link.is_symlink()
    assert link.read_bytes() == GOOD.encode()


def test_a_folder_that_cannot_be_written_to_is_said_plainly(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kb.files.tempfile.mkstemp", refuse)
    result = CliRunner().invoke(app, ["fix", "--write", "--content", str(root)])

    assert "cannot be written: Permission denied" in str(result.exception)
    assert (root / "cases" / "typed.md").read_bytes() == b"\xef\xbb\xbf" + TYPED.encode()


@settings(parent=costly, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(st.binary(), st.binary().map(lambda data: b"---\ntitle: " + data + GOOD.encode()[10:])))
def test_any_bytes_are_mended_or_left_and_no_other_file_is_touched(root: Path, data: bytes) -> None:
    path = root / "cases" / "any.md"
    path.write_bytes(data)
    before = files(root)
    before.pop("cases/any.md")

    outcome = mend(path, vocabularies(), write=True)

    after = files(root)
    left = after.pop("cases/any.md")[0]
    assert after == before
    assert (left != data) == bool(outcome.changes)
    assert not (outcome.problems and outcome.changes)
