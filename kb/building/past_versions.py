"""The versions of a content file, for those who write it: what the public history never shows is in them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from kb.building.history import History, revisions_of

MOST_VERSIONS = 20
"""Further ones are looked at with git itself."""


@dataclass(frozen=True)
class PastVersion:
    """A content file as a commit left it."""

    commit: str
    """The name of the commit."""
    date: datetime.date
    """The day of the commit, in UTC."""
    text: str
    """Empty if the file was removed, or was not text."""


def past_versions(root: Path, name: str) -> tuple[PastVersion, ...]:
    """The last versions of a file below `root`, the newest first; none where there is no git history of it."""
    revisions = revisions_of(root, name)[:MOST_VERSIONS]
    contents = History(root).contents({revision.blob for revision in revisions if revision.blob})
    return tuple(
        PastVersion(
            revision.commit,
            datetime.datetime.fromtimestamp(revision.time_ns / 1_000_000_000, datetime.UTC).date(),
            contents.get(revision.blob or "", b"").decode("utf-8", "replace"),
        )
        for revision in revisions
    )
