"""A table of dots: what is there, what half, and what not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Dot:
    """A cell: a dot, half a dot or nothing, and what it means."""

    mark: str
    """`full`, `half` or `none`."""
    text: str
    """The same in words."""
    href: str = ""


@dataclass(frozen=True)
class DotRow:
    """A row of the table."""

    label: str
    href: str
    dots: tuple[Dot, ...]
    """One for each column."""


@dataclass(frozen=True)
class DotTable:
    """Rows by columns, with a dot where the two meet."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[DotRow, ...]
    key: Mapping[str, str]
    """What `full`, `half` and `none` mean; those that the table has."""


def dot_table(caption: str, columns: Sequence[str], rows: Sequence[DotRow], key: Mapping[str, str]) -> DotTable:
    """A table of dots, with a key to the marks that are in it.

    Raises `ValueError` if a row has another number of dots than there are columns.
    """
    for row in rows:
        if len(row.dots) != len(columns):
            raise ValueError(f"The row “{row.label}” has {len(row.dots)} dots for {len(columns)} columns.")
    used = {dot.mark for row in rows for dot in row.dots}
    return DotTable(caption, tuple(columns), tuple(rows), {mark: words for mark, words in key.items() if mark in used})
