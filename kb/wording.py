"""Small pieces of sentences, worded the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Names in a sentence; nothing for none.

    >>> listed(["Aarhus", "Oslo", "Vienna"])
    'Aarhus, Oslo and Vienna'
    """
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last


def counted(count: int, one: str, many: str) -> str:
    """How many there are of something.

    >>> counted(1, "city", "cities"), counted(1200, "city", "cities")
    ('1 city', '1,200 cities')
    """
    return f"{count:,} {one if count == 1 else many}"
