"""What a comparison is made of: rows, cells and their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from api.pages.parts.page import Link
from api.pages.parts.sources import cited_in
from kb import Arrangement, Section, check, gettext, gettext_noop

NOT_NAMED = gettext_noop("Not mentioned in this case.")

NOTHING_WRITTEN = gettext_noop("Not stated in this case.")

SHORT = 40
"""The longest text quoted in a running sentence, in characters."""

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One statement in a cell."""

    text: str
    label: str = ""
    """What kind of statement it is: "Lead"."""
    term: Link | None = None
    """What it is about."""
    flow_kind: str = ""
    """The drawing that goes with it."""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.label, self.term.label if self.term else "", self.text)))


@dataclass(frozen=True)
class Cell:
    """What one case, or one arrangement, says in a row."""

    lines: tuple[Line, ...] = ()
    html: str = ""
    plain: str = ""
    """The same as `html` without markup."""
    sources: frozenset[str] = frozenset()
    """The ids of the sources that it cites; `GENERAL` for general professional knowledge."""
    missing: str = ""
    """What to say if there is nothing."""

    def __str__(self) -> str:
        return "\n".join(filter(None, (*map(str, self.lines), self.plain, self.missing)))


@dataclass(frozen=True)
class Row:
    """One thing that is compared."""

    id: str
    heading: Link
    cells: tuple[Cell, ...]
    kind: str = ""
    """"Challenge", where the heading is the name of one."""
    is_clear: bool = False
    """Whether what it says is understood without its heading."""

    @property
    def is_same(self) -> bool:
        """Whether all say the same."""
        return len(set(self.cells)) == 1

    @property
    def is_short(self) -> bool:
        """Whether what the first says can be quoted in a sentence."""
        return len(str(self.cells[0])) <= SHORT

    @property
    def is_empty(self) -> bool:
        """Whether none says anything."""
        return all(cell.missing for cell in self.cells)


def row_of(heading: str, things: Sequence[T], cell: Callable[[T], Cell], *, is_clear: bool = False) -> Row:
    """A row about each of some things; `heading` is a text of the interface, which also names the anchor."""
    check()
    anchor = re.sub(r"\W+", "-", heading.lower()).strip("-")
    return Row(anchor, Link(gettext(heading), ""), tuple(map(cell, things)), is_clear=is_clear)


def nothing_written() -> Cell:
    return Cell(missing=gettext(NOTHING_WRITTEN))


def text_cell(text: str) -> Cell:
    return Cell((Line(text),)) if text else nothing_written()


def written_cell(section: Section | None, path: str) -> Cell:
    """A section of another page."""
    if section is None:
        return nothing_written()
    return Cell(html=section.to_html(page=path), plain=section.text, sources=cited_in([section]))


def flow_line(term: Arrangement, label: str = "") -> Line:
    return Line(term.flow, label, flow_kind=term.flow_kind)
