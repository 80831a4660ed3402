"""Cases, or arrangements, side by side: rows that differ, then what is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.comparison.dots import DotTable
from api.pages.comparison.rows import NOT_NAMED, Row
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import GENERAL, Notice, gettext, gettext_noop

COLUMNS_STACKED = 2
"""The most columns that a phone shows one below the other in each row; of more it shows one at a time."""

_SHARED = {
    2: gettext_noop("Both share"),
    3: gettext_noop("All three share"),
    4: gettext_noop("All four share"),
}
_SAME = {
    2: gettext_noop("Same in both"),
    3: gettext_noop("Same in all three"),
    4: gettext_noop("Same in all four"),
}


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
    common_heading: str
    common: tuple[Link, ...]
    """The arrangements and challenges that all cases have."""
    dots: DotTable | None
    """Which case says something of which challenge; None if there is nothing to show."""
    different: tuple[Row, ...]
    same: tuple[Row, ...]
    same_heading: str
    """"Same in both"."""
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

    @property
    def is_long(self) -> bool:
        """Whether there are more columns than a phone can show one below the other."""
        return len(self.columns) > COLUMNS_STACKED


def comparison_page(
    title: str,
    path: str,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    *,
    notices: tuple[Notice, ...],
    common: tuple[Link, ...],
    more: tuple[Link, ...],
    csv_href: str,
    dots: DotTable | None = None,
) -> ComparisonPage:
    """A comparison of these columns; rows in which all say the same come last."""
    same = tuple(row for row in rows if row.is_same)
    cells = [cell for row in rows for cell in row.cells]
    return ComparisonPage(
        title=title,
        path=path,
        notices=notice_lines(notices),
        columns=columns,
        common_heading=gettext(_SHARED[len(columns)]),
        common=common,
        dots=dots,
        different=tuple(row for row in rows if not row.is_same),
        same=same,
        same_heading=gettext(_SAME[len(columns)]),
        same_in_words=", ".join(map(_in_words, same)),
        has_gaps=any(cell.missing == gettext(NOT_NAMED) for cell in cells),
        has_citations=any(cell.sources for cell in cells),
        has_general_knowledge=any(GENERAL in cell.sources for cell in cells),
        more=more,
        csv_href=csv_href,
    )


def _in_words(row: Row) -> str:
    """A row in which all say the same: "status (Ongoing)", "not reviewed by the city"."""
    text = str(row.cells[0]).rstrip(".")
    if row.is_clear:
        return text[:1].lower() + text[1:]
    name = row.heading.label.lower()
    return f"{name} ({text})" if row.is_short else name
