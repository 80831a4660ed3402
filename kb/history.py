"""When content files were last changed in earnest: by the history they are kept in, where there is one.

A fresh copy of a repository gives every file the time of the copy. Readers are told when a case was last changed, and
cite it by that day, so the time of the copy would be untrue.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

_SECONDS = 10.0
"""A history that takes longer to read is left alone."""

_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
"""Whatever is set up in a repository, nothing of it is run."""


def last_changes(root: Path) -> Mapping[str, int]:
    """For each file below `root` that is as its git history has it, the nanosecond of the last change there.

    Files that were changed since, and files of no history, are not in it. Without git, without a repository, or
    with one that holds only the newest change of all, nothing is.
    """
    if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
        return {}
    log = _git(root, "log", "--format=%x01%ct", "--name-only", "--no-renames", "--relative", "-z", "--", ".")
    unsettled = _git(root, "ls-files", "--modified", "--others", "-z", "--", ".")
    if log is None or unsettled is None:
        return {}
    newest: dict[str, int] = {}
    for path, nanosecond in _changes(log):
        newest.setdefault(path, nanosecond)
    for path in unsettled.split("\0"):
        newest.pop(path, None)
    return newest


def _changes(log: str) -> Iterator[tuple[str, int]]:
    """Files and times, the newest change first."""
    for change in log.split("\x01")[1:]:
        time, _, paths = change.partition("\0")
        yield from ((path.strip("\n"), int(time) * 1_000_000_000) for path in paths.split("\0") if path.strip("\n"))


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
        return done.stdout.decode("utf-8") if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
