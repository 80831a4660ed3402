"""When content files were last changed in earnest: by the history they are kept in, where there is one.

A fresh copy of a repository gives every file the time of the copy. Readers are told when a case was last changed, and
cite it by that day, so the time of the copy would be untrue.
"""

from __future__ import annotations

import hashlib
import logging
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger("kb")

_SECONDS = 10.0
"""A history that takes longer to read is left alone."""

_GIT = ("git", "-c", "core.quotePath=false", "-c", "log.showSignature=false")
"""Only what reads the history is asked: asking what has changed since would run filters that a repository sets up."""


@dataclass(frozen=True)
class History:
    """When files below a folder were last changed, by the git history they are kept in."""

    root: Path
    changes: Mapping[str, int] = field(default_factory=dict)
    """For each file of the history the nanosecond of its last change."""
    blobs: Mapping[str, str] = field(default_factory=dict)
    """For each file what git calls its content."""

    @classmethod
    def of(cls, root: Path) -> History:
        """The history below a folder; an empty one without git, without a repository, and in a copy that holds only
        the newest change of all."""
        if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
            return cls(root)
        told = _git(root, "log", "--format=%x01%ct", "--name-only", "--no-renames", "--relative", "-z", "--", ".")
        tree = _git(root, "ls-tree", "-r", "-z", "HEAD", ".")
        if told is None or tree is None:
            return cls(root)
        newest: dict[str, int] = {}
        for name, nanosecond in _changes(told):
            newest.setdefault(name, nanosecond)
        return cls(root, newest, dict(_blobs(tree)))

    def last_change(self, name: str) -> int | None:
        """The nanosecond of a file's last change; None unless the file is as the history has it."""
        if name not in self.changes or name not in self.blobs:
            return None
        try:
            data = (self.root / name).read_bytes()
        except OSError:  # whoever reads the file tells of that
            return None
        return self.changes[name] if _blob(data, self.blobs[name]) == self.blobs[name] else None


def _changes(told: str) -> Iterator[tuple[str, int]]:
    """Files and times, the newest change first."""
    for change in told.split("\x01")[1:]:
        time, _, names = change.partition("\0")
        yield from ((name.strip("\n"), int(time) * 1_000_000_000) for name in names.split("\0") if name.strip("\n"))


def _blobs(tree: str) -> Iterator[tuple[str, str]]:
    for entry in filter(None, tree.split("\0")):
        about, _, name = entry.partition("\t")
        yield name, about.split()[2]


def _blob(data: bytes, like: str) -> str:
    """What git calls a content, in the kind of digest that the repository uses."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest()


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; None if it cannot say it."""
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and every argument is one of ours
            [*_GIT, "-C", str(root), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout.decode("utf-8")
        reason = done.stderr.decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        reason = str(error)
    if "not a git repository" not in reason and "cannot change to" not in reason:
        log.warning("Dates of content are those of its files: git cannot read its history (%s).", reason.split("\n")[0])
    return None
