"""Numbers as horizontal bars, each with a label and a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A number as a bar."""

    label: str
    count: int
    href: str
    """Empty if there is nothing to link to."""
    width: float
    """In percent of the longest."""


@dataclass(frozen=True)
class BarChart:
    """Numbers as bars of one scale."""

    caption: str
    bars: tuple[Bar, ...]


def bar_chart(caption: str, items: Iterable[tuple[str, int, str]]) -> BarChart:
    """Bars for `(label, count, href)`, in their order.

    >>> [bar.width for bar in bar_chart("Cases", [("A", 4, ""), ("B", 1, ""), ("C", 0, "")]).bars]
    [100.0, 25.0, 0.0]
    """
    rows = tuple(items)
    most = max([1, *(count for _, count, _ in rows)])
    return BarChart(
        caption, tuple(Bar(label, count, href, round(100 * count / most, 2)) for label, count, href in rows)
    )
