"""What the git history of the content says, if there is one: when files changed, and what they contained.

In a fresh copy of a repository every file has the time of the copy. Readers see when a case was last changed, and
cite it by that day, so the time of the copy would be wrong.

The history is that of the branch which is checked out, as its first parents tell it: what was written on another branch
counts from when it was merged. It says nothing of a file that is not committed as it is, and nothing at all where part
of it is missing (a shallow or partial clone).
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kb.authoring.content_folder import MAX_BYTES

log = logging.getLogger("kb")

_SECONDS = 10.0
"""A history that takes longer to read is ignored."""

FEW = 100
"""Up to so many files, git is asked for these only; beyond, for the whole folder."""

_GIT = ("git", "--literal-pathspecs", "-c", "core.quotePath=false", "-c", "log.showSignature=false")
"""Only what reads the history is asked: asking what has changed since would run filters that a repository sets up."""

_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
"""Settings with which git asks nobody: neither another machine nor a person."""

_COMMIT = re.compile(r"\x01([0-9a-f]+) (\d+)")
_CHANGE = re.compile(r":\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*")
_BLOB = re.compile(rb"([0-9a-f]+) (?:blob (\d+)|[^\n]*)\n")


class Revision(NamedTuple):
    """A file as a commit left it."""

    commit: str
    time_ns: int
    blob: str | None
    """The git object name of its content; None if the commit removed it."""


@dataclass(frozen=True)
class History:
    """What the git history says of some files below `root`."""

    root: Path
    committed: frozenset[str] = frozenset()
    """The files whose content is that of the newest commit."""
    is_whole: bool = False
    """Whether all files of the folder were asked for."""
    _revisions: Mapping[str, Sequence[Revision]] = field(default_factory=dict)

    def last_change(self, name: str) -> int | None:
        """The nanosecond of the last change of a file; None unless it is as its history has it."""
        revisions = self._revisions.get(name)
        return revisions[0].time_ns if revisions and name in self.committed else None

    def revisions(self, name: str) -> Sequence[Revision]:
        """The revisions of a file, the newest first, whether it is still there or not; none if there is no history."""
        known = self._revisions.get(name)
        if known is None and self._revisions and not self.is_whole:
            return [revision for _, revision in _changes(self.root, [name])]
        return known or ()

    def contents(self, blobs: Collection[str]) -> dict[str, bytes]:
        """The contents with these object names, without those that cannot be read or are longer than any case."""
        output = _run(self.root, "cat-file", "--batch", given="\n".join(blobs).encode()) if blobs else b""
        return dict(_contents(output or b""))


def read_history(root: Path, names: Collection[str]) -> History:
    """What the git history says of these files below `root`.

    Nothing without git, without a repository, or where part of the history is missing.
    """
    # The whole history of thousands of files takes seconds; an edit that is not yet committed needs none of it.
    found = committed(root, names)
    if not found or not _is_complete(root):
        return History(root, found)
    paths = _asked_for(names)
    revisions: dict[str, list[Revision]] = {}
    for name, revision in _changes(root, paths):
        revisions.setdefault(name, []).append(revision)
    return History(root, found, is_whole=paths == ["."], _revisions=revisions)


def revisions_of(root: Path, name: str) -> tuple[Revision, ...]:
    """The revisions of one file, the newest first, also if it is not committed as it is; none as above."""
    return tuple(revision for _, revision in _changes(root, [name])) if _is_complete(root) else ()


def committed(root: Path, names: Collection[str]) -> frozenset[str]:
    """Those of these files below `root` whose content is that of the newest commit."""
    if not names:
        return frozenset()
    blobs = _blobs(root, _asked_for(names))
    return frozenset(name for name, blob in blobs if name in names and _has_content(root / name, blob))


def newest_commit(root: Path) -> str:
    """The name of the commit that is checked out; empty if there is none."""
    return (_git(root, "rev-parse", "--verify", "--quiet", "HEAD") or "").strip()


def _asked_for(names: Collection[str]) -> list[str]:
    return sorted(names) if len(names) <= FEW else ["."]


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


def _is_complete(root: Path) -> bool:
    """Whether nothing of the history was left out when the repository was copied."""
    if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
        return False
    return not re.search(r"^(extensions\.partialclone|remote\..*\.promisor)$", _names_of_settings(root), re.MULTILINE)


def _names_of_settings(root: Path) -> str:
    return (_git(root, "config", "--name-only", "--list") or "").lower()


def _changes(root: Path, names: Sequence[str]) -> Iterator[tuple[str, Revision]]:
    """Files and their revisions, the newest first."""
    options = ("--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--relative", "-z")
    text = _git(root, "log", "--format=%x01%H %ct", *options, "--", *names) or ""
    commit, time_ns = "", 0
    blob: str | None = None
    is_name_next = False
    for token in text.split("\0"):
        if is_name_next:
            yield token, Revision(commit, time_ns, blob)
            is_name_next = False
        elif found := _COMMIT.fullmatch(token.strip("\n")):
            commit, time_ns = found[1], int(found[2]) * 1_000_000_000
        elif found := _CHANGE.fullmatch(token.strip("\n")):
            blob = found[1] if found[1].strip("0") else None
            is_name_next = True


def _contents(output: bytes) -> Iterator[tuple[str, bytes]]:
    position = 0
    while found := _BLOB.match(output, position):
        position = found.end()
        if found[2]:
            size = int(found[2])
            if size <= MAX_BYTES:
                yield found[1].decode(), output[position : position + size]
            position += size + 1


def _git(root: Path, *arguments: str) -> str | None:
    """The output of a git command as text; None if it fails."""
    output = _run(root, *arguments)
    try:
        return None if output is None else output.decode("utf-8")
    except UnicodeDecodeError as error:
        _complain(str(error))
        return None


def _run(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """The output of a git command that is given something to read; None if it fails."""
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # no shell, and every argument is one of ours
            [*_GIT, "-C", str(root), *arguments],
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, **_OFFLINE},
        )
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired) as error:
        _complain(str(error))
        return None
    if done.returncode == 0:
        return done.stdout
    reason = done.stderr.decode("utf-8", "replace").strip()
    if reason and "not a git repository" not in reason and "cannot change to" not in reason:
        _complain(reason)
    return None


def _complain(reason: str) -> None:
    log.warning("The dates of content are those of its files: git cannot read its history (%s).", reason.split("\n")[0])
