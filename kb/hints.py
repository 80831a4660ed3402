"""Did you mean …? The one place where hints find the name that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

ALIKE = 65.0
"""How alike two names must be at least, in percent (the ratio of `rapidfuzz.fuzz`)."""

_WORDS = re.compile(r"[^\W_]+")
_NOT = frozenset(
    "not un no non never without isn aren niet geen nicht kein keine ikke inte ej pas sin sans ohne".split()
)
_UN = ("un", "non", "in", "dis", "on", "de")
"""Beginnings of words that may turn them into their opposite."""


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name that is most like a text, ignoring case; None if none is similar enough, or if it says the opposite.

    For hints only, never to change what was written. Of equals, the first.

    >>> nearest("Fragile-thrust", ["warm-words", "fragile-trust"])
    'fragile-trust'
    >>> nearest("budget", ["warm-words", "fragile-trust"])
    >>> nearest("not evaluated", ["evaluated"])
    """
    return next(iter(nearest_few(text, names, 1)), None)


def nearest_few(text: str, names: Iterable[str], most: int) -> list[str]:
    """Up to `most` names that are like a text, ignoring case, the most alike first; for hints, as above.

    >>> nearest_few("aarhus-info", ["oslo-salto", "aarhus-info-house", "aarhus-info-haus"], 3)
    ['aarhus-info-haus', 'aarhus-info-house']
    """
    same_sense = [name for name in names if not is_opposite(text, name)] if _may_deny(text) else list(names)
    found = process.extract(
        text.strip(), same_sense, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=ALIKE, limit=most
    )
    return [name for name, _, _ in found if not is_opposite(text, name)]


def is_opposite(text: str, name: str) -> bool:
    """Whether one of two texts says that the other is not so.

    >>> is_opposite("not evaluated", "evaluated"), is_opposite("reviewd", "unreviewed"), is_opposite("uneval", "eval")
    (True, True, True)
    >>> is_opposite("unreviewd", "unreviewed"), is_opposite("informed", "informing")
    (False, False)
    """
    words, others = _WORDS.findall(text.casefold()), _WORDS.findall(name.casefold())
    if bool(_NOT.intersection(words)) != bool(_NOT.intersection(others)):
        return not any(_denies(other, word) for other in others for word in words)
    return any(_denies(word, other) or _denies(other, word) for word in words for other in others)


def _may_deny(text: str) -> bool:
    words = _WORDS.findall(text.casefold())
    return any(word in _NOT or word.startswith(_UN) for word in words)


def _denies(word: str, other: str) -> bool:
    """Whether a word is another with something before it that turns it into its opposite."""
    for beginning in _UN:
        rest = word.removeprefix(beginning)
        if rest != word and len(rest) > 3 and rest[0] == other[0]:
            alike = fuzz.ratio(rest, other)
            if alike >= 80 and alike > fuzz.ratio(word, other):
                return True
    return False
