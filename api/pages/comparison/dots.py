"""Which case says something of which challenge, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.parts.page import Link
from kb import Case, Challenge, Vocabularies, gettext, gettext_noop


@dataclass(frozen=True)
class Dot:
    """What one case says of one challenge."""

    mark: str
    """``both``, ``showed``, ``handled`` or ``none``."""
    words: str
    """The same in words."""


@dataclass(frozen=True)
class DotRow:
    """A challenge."""

    heading: Link
    """It leads to what the cases say of it, further down."""
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class DotTable:
    """Challenges by cases."""

    columns: tuple[str, ...]
    rows: tuple[DotRow, ...]
    key: tuple[Dot, ...]
    """Each mark that there is."""


_WORDS = {
    "both": gettext_noop("Showed, and was handled"),
    "showed": gettext_noop("Showed"),
    "handled": gettext_noop("Was handled"),
    "none": gettext_noop("Not mentioned"),
}


def dot_table(cases: Sequence[Case], columns: tuple[str, ...], vocabularies: Vocabularies) -> DotTable | None:
    """A row for each challenge that any of the cases mentions, most often mentioned first; None without any."""
    named = [{challenge.id: challenge for challenge in case.challenges} for case in cases]
    rows = [
        DotRow(Link(term.label, f"#{term.id}"), tuple(_dot(challenges.get(term.id)) for challenges in named))
        for term in vocabularies.challenges
        if any(term.id in challenges for challenges in named)
    ]
    rows.sort(key=lambda row: sum(dot.mark == "none" for dot in row.dots))
    used = {dot.mark for row in rows for dot in row.dots}
    key = tuple(Dot(mark, gettext(words)) for mark, words in _WORDS.items() if mark in used)
    return DotTable(columns, tuple(rows), key) if rows else None


def _dot(challenge: Challenge | None) -> Dot:
    if challenge is None:
        mark = "none"
    elif challenge.showed and challenge.handled:
        mark = "both"
    else:
        mark = "showed" if challenge.showed else "handled"
    return Dot(mark, gettext(_WORDS[mark]))
