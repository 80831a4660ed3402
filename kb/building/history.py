"""When content files were last changed in earnest: by the history they are kept in, where there is one.

A fresh copy of a repository gives every file the time of the copy. Readers are told when a case was last changed, and
cite it by that day, so the time of the copy would be untrue.
"""

from __future__ import annotations

import hashlib
import logging
import subprocess
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

log = logging.getLogger("kb")

_SECONDS = 10.0
"""A history that takes longer to read is left alone."""

FEW = 100
"""Files up to which git is asked for them alone."""

_GIT = ("git", "--literal-pathspecs", "-c", "core.quotePath=false", "-c", "log.showSignature=false")
"""Only what reads the history is asked: asking what has changed since would run filters that a repository sets up."""


def last_changes(root: Path, names: Collection[str]) -> dict[str, int]:
    """For each of these files below `root` that is as its git history has it, the nanosecond of the last change there.

    None of them without git, without a repository, and in a copy that holds only the newest change of all.
    """
    # The whole history of thousands of files takes seconds; an edit that is no part of it yet needs none of it.
    looked_for = sorted(names) if len(names) <= FEW else ["."]
    settled = {name for name, blob in _blobs(root, looked_for) if name in names and _holds(root / name, blob)}
    newest: dict[str, int] = {}
    for name, nanosecond in _changes(root, looked_for) if settled else ():
        if name in settled:
            newest.setdefault(name, nanosecond)
    return newest


def _blobs(root: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """For each file what git calls the content that it had in the newest change of all."""
    tree = _git(root, "ls-tree", "-r", "-z", "HEAD", *names) or ""
    for entry in filter(None, tree.split("\0")):
        about, _, name = entry.partition("\t")
        yield name, about.split()[2]


def _holds(path: Path, blob: str) -> bool:
    """Whether a file holds what git calls by this name, in whichever kind of digest the repository uses."""
    try:
        data = path.read_bytes()
    except OSError:  # whoever reads the file tells of that
        return False
    digest = hashlib.sha256() if len(blob) == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest() == blob


def _changes(root: Path, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Files and times, the newest change first."""
    if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
        return
    told = _git(root, "log", "--format=%x01%ct", "--name-only", "--no-renames", "--relative", "-z", "--", *names) or ""
    for change in told.split("\x01")[1:]:
        time, _, changed = change.partition("\0")
        yield from ((name.strip("\n"), int(time) * 1_000_000_000) for name in changed.split("\0") if name.strip("\n"))


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
