"""When files were last changed, according to their history."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from kb.authoring.content_folder import ContentFolder
from kb.building import history
from kb.building.builder import build
from kb.building.history import read_history
from kb.index.folder import IndexFolder
from tests.builders import case_markdown, write_content
from tests.repository import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SECOND = 1_000_000_000


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write("cases/a.md", "one")
    made.write("cases/ærø.md", "one")
    made.commit(at=1_600_000_000)
    made.write("cases/a.md", "two")
    made.commit(at=1_700_000_000)
    return made


def last_changes(root: Path, names: Iterable[str]) -> dict[str, int]:
    """When each of these files was last changed, of those that are as their history has them."""
    asked = set(names)
    history = read_history(root, asked)
    return {name: nanosecond for name in asked if (nanosecond := history.last_change(name))}


def changes(root: Path) -> dict[str, int]:
    """What the history says of the files that are there."""
    names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    return {name: nanosecond // SECOND for name, nanosecond in last_changes(root, names).items()}


def test_a_file_is_as_old_as_its_last_change_in_the_history(repository: Repository) -> None:
    assert changes(repository.content) == {"cases/a.md": 1_700_000_000, "cases/ærø.md": 1_600_000_000}


def test_many_files_are_dated_as_reliably_as_few(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    few = changes(repository.content)
    monkeypatch.setattr(history, "FEW", 1)

    assert changes(repository.content) == few
    assert last_changes(repository.content, ["cases/ærø.md"]) == {"cases/ærø.md": 1_600_000_000 * SECOND}


def test_special_characters_in_a_name_are_taken_literally(repository: Repository) -> None:
    repository.write("cases/[a]*.md", "one")
    repository.write("cases/-a.md", "one")
    repository.commit(at=1_750_000_000)

    dates = last_changes(repository.content, ["cases/[a]*.md", "cases/-a.md", "cases/a.md"])

    assert {name: nanosecond // SECOND for name, nanosecond in dates.items()} == {
        "cases/[a]*.md": 1_750_000_000, "cases/-a.md": 1_750_000_000, "cases/a.md": 1_700_000_000,
    }  # fmt: skip


def test_a_file_changed_since_its_commit_is_not_dated_by_the_history(repository: Repository) -> None:
    repository.write("cases/a.md", "three")
    repository.write("cases/new.md", "one")

    assert changes(repository.content) == {"cases/ærø.md": 1_600_000_000}


def test_nothing_that_a_repository_configures_is_run(repository: Repository, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    for setting in ("filter.trap.clean", "core.fsmonitor", "gpg.program"):
        repository.git("config", setting, f"touch {trap}; cat")
    repository.git("config", "log.showSignature", "true")
    (repository.root / ".git" / "info" / "attributes").write_text("* filter=trap\n", "utf-8")
    os.utime(repository.content / "cases/a.md")

    assert changes(repository.content) == {"cases/a.md": 1_700_000_000, "cases/ærø.md": 1_600_000_000}
    assert not trap.exists()


def test_a_shallow_clone_dates_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(tmp_path / "copy"))

    assert changes(tmp_path / "copy" / "content") == {}


def test_a_partial_clone_dates_nothing_and_fetches_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    address = f"file://{repository.root}"
    repository.git("clone", "--quiet", "--filter=blob:none", address, str(tmp_path / "copy"))

    assert changes(tmp_path / "copy" / "content") == {}


def test_a_change_counts_from_when_it_was_merged(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "draft")
    repository.write("cases/a.md", "three")
    repository.commit(at=1_750_000_000)
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "draft", at=1_760_000_000)

    assert changes(repository.content)["cases/a.md"] == 1_760_000_000


def test_a_name_that_looks_like_a_line_of_the_history_is_a_name(repository: Repository) -> None:
    name = "cases/\x01" + "a" * 40 + " 7.md"
    repository.write(name, "one")
    repository.commit(at=1_750_000_000)

    assert changes(repository.content)[name] == 1_750_000_000


def test_without_a_history_nothing_is_dated(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file.md").write_text("text", "utf-8")

    assert changes(tmp_path) == {}
    assert last_changes(tmp_path / "nowhere", ["file.md"]) == {}
    assert caplog.messages == []


def test_an_unreadable_history_is_reported(repository: Repository, caplog: pytest.LogCaptureFixture) -> None:
    (repository.root / ".git" / "HEAD").write_text("ref: refs/heads/gone\n", "utf-8")

    assert changes(repository.content) == {}
    assert "git cannot read its history" in caplog.text


def test_without_git_nothing_is_dated(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert changes(repository.content) == {}


def test_a_case_is_dated_by_the_history_and_an_edit_by_its_file(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    write_content(repository.content, {"old": case_markdown(), "edited": case_markdown()})
    repository.commit(at=1_600_000_000)
    repository.write("cases/edited.md", case_markdown(title="Another"))
    os.utime(repository.content / "cases" / "edited.md", (1_700_000_000, 1_700_000_000))
    index = IndexFolder(tmp_path / "index")
    build(ContentFolder(repository.content), index)
    assert_dates(index)

    repository.write("cases/edited.md", case_markdown(title="A third"))
    os.utime(repository.content / "cases" / "edited.md", (1_700_000_000, 1_700_000_000))
    build(ContentFolder(repository.content), index)
    assert_dates(index)


def assert_dates(index: IndexFolder) -> None:
    generation = index.open_current()

    assert generation.cases.changes == {"edited": "2023-11-14T22:13:20Z", "old": "2020-09-13T12:26:40Z"}
    assert generation.changed("vocabularies/cities.yaml") == "2020-09-13T12:26:40Z"
    generation.close()
