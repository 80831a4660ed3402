"""Did you mean …? The one place where hints find the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

ALIKE = 65.0
"""How alike two names must be at least, in percent (the ratio of `rapidfuzz.fuzz`)."""


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name that is most like a text, ignoring case; None if none is similar enough.

    For hints only, never to change what was written. Of equals, the first.

    >>> nearest("Fragile-thrust", ["warm-words", "fragile-trust"])
    'fragile-trust'
    >>> nearest("budget", ["warm-words", "fragile-trust"])
    """
    return next(iter(nearest_few(text, names, 1)), None)


def nearest_few(text: str, names: Iterable[str], most: int) -> list[str]:
    """Up to `most` names that are like a text, ignoring case, the most alike first; for hints, as above.

    >>> nearest_few("aarhus-info", ["oslo-salto", "aarhus-info-house", "aarhus-info-haus"], 3)
    ['aarhus-info-haus', 'aarhus-info-house']
    """
    found = process.extract(
        text.strip(), list(names), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=ALIKE, limit=most
    )
    return [name for name, _, _ in found]
