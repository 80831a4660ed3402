"""Cases, or arrangements, side by side: rows that differ, then what is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.comparison.rows import NOT_NAMED, Row
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import GENERAL, Notice, listed

SHORT = 40
"""The longest text quoted in a running sentence, in characters."""


@dataclass(frozen=True)
class Column:
    """A case or an arrangement being compared."""

    label: str
    """A short name that distinguishes it from the others."""
    title: str
    href: str
    place: str
    """Place and years; empty for an arrangement."""
    without_href: str
    """The comparison without it."""


@dataclass(frozen=True)
class ComparisonPage(Page):
    """`/compare` with two to four cases or arrangements."""

    notices: tuple[NoticeLine, ...]
    columns: tuple[Column, ...]
    all_of_them: str
    """"both", "all three" or "all four"."""
    common: tuple[Link, ...]
    """The arrangements and challenges that all cases have."""
    different: tuple[Row, ...]
    same: tuple[Row, ...]
    same_in_words: str
    has_gaps: bool
    """Whether some case does not name a challenge."""
    has_citations: bool
    """Whether citations link to sources on other pages."""
    has_general_knowledge: bool
    """Whether something rests on general professional knowledge."""
    more: tuple[Link, ...]
    """Where to go next."""
    csv_href: str


def comparison_page(
    path: str,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    *,
    notices: tuple[Notice, ...],
    common: tuple[Link, ...],
    more: tuple[Link, ...],
    csv_href: str,
) -> ComparisonPage:
    same = tuple(row for row in rows if row.is_same)
    cells = [cell for row in rows for cell in row.cells]
    return ComparisonPage(
        title=f"Compare {listed([column.label for column in columns])}",
        path=path,
        notices=notice_lines(notices),
        columns=columns,
        all_of_them={2: "both", 3: "all three"}.get(len(columns), "all four"),
        common=common,
        different=tuple(row for row in rows if not row.is_same),
        same=same,
        same_in_words=", ".join(map(_in_words, same)),
        has_gaps=any(cell.missing == NOT_NAMED for cell in cells),
        has_citations=any(cell.sources for cell in cells),
        has_general_knowledge=any(GENERAL in cell.sources for cell in cells),
        more=more,
        csv_href=csv_href,
    )


def _in_words(row: Row) -> str:
    """A row in which all say the same: "status (Ongoing)"."""
    text = str(row.cells[0]).rstrip(".")
    name = row.heading.label.lower()
    return f"{name} ({text})" if len(text) <= SHORT else name
