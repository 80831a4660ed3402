"""What happened to a case since it was published: when, and of which kind; never what was removed, nor who did it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What kind of change it was."""

    PUBLISHED = "published"
    MOVED = "moved"
    """It has another address since."""
    OFFLINE = "taken-offline"
    AGAIN = "published-again"
    REVIEWED = "reviewed"
    FACTS = "facts"
    """What the front matter says, other than of sources and reviews."""
    TEXT = "text"
    SOURCES = "sources"
    """The list of sources, or which of them are cited."""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What happened to a case on one day."""

    date: datetime.date
    """In UTC."""
    kinds: tuple[ChangeKind, ...]
    by: str | None = None
    """Who reviewed it, if that is the review which the case reports today: a role."""
