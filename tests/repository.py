"""A git repository with a content folder in it, as a maintainer has it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

NAME, ADDRESS = "Wilhelmina Editor", "wilhelmina@editors.example"
"""Who commits."""


class Repository:
    """A git repository with a content folder in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        (self.content / "cases").mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, at: int = 1_500_000_000) -> None:
        """Run a git command at a moment, in seconds."""
        dates = {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
        command = ["git", "-c", f"user.name={NAME}", "-c", f"user.email={ADDRESS}", "-C", str(self.root)]
        subprocess.run([*command, *arguments], check=True, env={**os.environ, **dates}, capture_output=True)

    def write(self, name: str, text: str) -> None:
        """Write a content file."""
        (self.content / name).write_text(text, "utf-8")

    def commit(self, at: int, subject: str = "A change") -> None:
        """Commit everything at a moment, in seconds."""
        self.git("add", "--all", at=at)
        self.git("commit", "--quiet", "--message", subject, at=at)
