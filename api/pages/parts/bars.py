"""Numbers of cases as bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.pages.parts.page import Link


@dataclass(frozen=True)
class Bar:
    """How many cases something has, and where they are."""

    label: str
    count: int
    width: int
    """In percent of the longest bar."""
    href: str


def bars(counted: Iterable[tuple[Link, int]]) -> tuple[Bar, ...]:
    """A bar for each link, the longest as wide as there is room; none without cases.

    >>> [bar.width for bar in bars([(Link("Oslo", "/o"), 4), (Link("Rome", "/r"), 1), (Link("Bern", "/b"), 0)])]
    [100, 25, 0]
    >>> bars([(Link("Oslo", "/o"), 0)])
    ()
    """
    rows = tuple(counted)
    most = max((count for _, count in rows), default=0)
    if not most:
        return ()
    return tuple(Bar(link.label, count, round(100 * count / most), link.href) for link, count in rows)
