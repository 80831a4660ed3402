"""When files were last changed, by the history they are kept in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kb.history import last_changes

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SECOND = 1_000_000_000


class Repository:
    """A git repository with a content folder in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        (self.content / "cases").mkdir(parents=True)
        self.git("init", "--quiet")

    def git(self, *arguments: str, at: int = 1_500_000_000) -> None:
        told = {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
        command = ["git", "-c", "user.name=Editor", "-c", "user.email=editor@example.org", "-C", str(self.root)]
        subprocess.run([*command, *arguments], check=True, env={**os.environ, **told})

    def write(self, name: str, text: str) -> None:
        (self.content / name).write_text(text, "utf-8")

    def commit(self, at: int) -> None:
        self.git("add", "--all", at=at)
        self.git("commit", "--quiet", "--message", "A change", at=at)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write("cases/a.md", "one")
    made.write("cases/ærø.md", "one")
    made.commit(at=1_600_000_000)
    made.write("cases/a.md", "two")
    made.commit(at=1_700_000_000)
    return made


def test_a_file_is_as_old_as_its_last_change_in_the_history(repository: Repository) -> None:
    assert last_changes(repository.content) == {
        "cases/a.md": 1_700_000_000 * SECOND,
        "cases/ærø.md": 1_600_000_000 * SECOND,
    }


def test_what_was_changed_since_is_not_told_by_the_history(repository: Repository) -> None:
    repository.write("cases/a.md", "three")
    repository.write("cases/new.md", "one")

    assert last_changes(repository.content) == {"cases/ærø.md": 1_600_000_000 * SECOND}


def test_a_copy_that_holds_only_the_newest_change_tells_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(tmp_path / "copy"))

    assert last_changes(tmp_path / "copy" / "content") == {}


def test_without_a_history_nothing_is_told(tmp_path: Path) -> None:
    assert last_changes(tmp_path) == {}
    assert last_changes(tmp_path / "nowhere") == {}


def test_without_git_nothing_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert last_changes(repository.content) == {}
