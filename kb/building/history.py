"""When content files really last changed: according to their git history, if there is one.

In a fresh copy of a repository every file has the time of the copy. Readers see when a case was last changed, and
cite it by that day, so the time of the copy would be wrong.
"""

from __future__ import annotations

import hashlib
import logging
import subprocess
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

log = logging.getLogger("kb")

_SECONDS = 10.0
"""A history that takes longer to read is ignored."""

FEW = 100
"""Up to so many files, git is asked for these only; beyond, for the whole folder."""

_GIT = ("git", "--literal-pathspecs", "-c", "core.quotePath=false", "-c", "log.showSignature=false")
"""Only what reads the history is asked: asking what has changed since would run filters that a repository sets up."""


def last_changes(root: Path, names: Collection[str]) -> dict[str, int]:
    """For each of these files below `root` that is as its git history has it, the nanosecond of the last change there.

    None of them without git, without a repository, or in a shallow clone.
    """
    # The whole history of thousands of files takes seconds; an edit that is not yet committed needs none of it.
    paths = sorted(names) if len(names) <= FEW else ["."]
    settled = {name for name, blob in _blobs(root, paths) if name in names and _has_content(root / name, blob)}
    newest: dict[str, int] = {}
    for name, nanosecond in _changes(root, paths) if settled else ():
        if name in settled:
            newest.setdefault(name, nanosecond)
    return newest


def _blobs(root: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """For each file the git object name of its content in the newest commit."""
    tree = _git(root, "ls-tree", "-r", "-z", "HEAD", *names) or ""
    for entry in filter(None, tree.split("\0")):
        about, _, name = entry.partition("\t")
        yield name, about.split()[2]


def _has_content(path: Path, blob: str) -> bool:
    """Whether the content of a file has this git object name, by SHA-1 or SHA-256."""
    try:
        if not path.is_file():  # a pipe in place of a file that git tracks would block this
            return False
        data = path.read_bytes()
    except OSError:  # reported when the file is read
        return False
    digest = hashlib.sha256() if len(blob) == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest() == blob


def _changes(root: Path, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Files and times, the newest change first."""
    if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
        return
    text = _git(root, "log", "--format=%x01%ct", "--name-only", "--no-renames", "--relative", "-z", "--", *names) or ""
    for change in text.split("\x01")[1:]:
        time, _, changed = change.partition("\0")
        yield from ((name.strip("\n"), int(time) * 1_000_000_000) for name in changed.split("\0") if name.strip("\n"))


def _git(root: Path, *arguments: str) -> str | None:
    """The output of a git command; None if it fails."""
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # no shell, and every argument is one of ours
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
        log.warning(
            "The dates of content are those of its files: git cannot read its history (%s).", reason.split("\n")[0]
        )
    return None
