"""Compounds: "streetwork", "street-work" and "street work" are one, whichever was typed and whichever was written.

A joined word and two words are one only where the collection proves it: cases have the two side by side. A word of
the English list is one with two others only if these are words of some length: "frontline" is "front line", and
"legend", "manage" and "therapist" never fall apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kb.search.words.analysis import STOP_WORDS
from kb.search.words.english import english_words

Frequencies = Callable[[Iterable[str]], Mapping[str, int]]
"""Gives how many cases contain each of these exact words, without those that no case contains."""

SideBySide = Callable[[str, str], int]
"""Gives how many cases contain two words side by side, in any form."""

SHORTEST = 3
"""Letters of each part."""

SHORTEST_IN_ENGLISH = 4
"""Letters of each part of a word that is listed as an English word."""

LONGEST = 40
"""Letters of a compound; whatever is longer is no word."""


def parts_of(word: str, frequencies: Frequencies, side_by_side: SideBySide) -> tuple[str, str] | None:
    """The two words of the collection that a joined word consists of; of several the pair that most cases contain.

    >>> parts_of("streetwork", lambda words: {"street": 3, "work": 9, "two": 1}, lambda *pair: 2)
    ('street', 'work')
    """
    if not word.isalpha() or len(word) > LONGEST:
        return None
    pairs = [(word[:place], word[place:]) for place in range(SHORTEST, len(word) - SHORTEST + 1)]
    possible = [pair for pair in pairs if _may_be_one(*pair)]
    known = frequencies({part for pair in possible for part in pair})
    found = {pair: side_by_side(*pair) for pair in possible if all(part in known for part in pair)}
    best = max(found, key=lambda pair: (found[pair], pair), default=None)
    return best if best and found[best] else None


def joined(first: str, second: str, frequencies: Frequencies) -> str | None:
    """The word of the collection that two neighbouring words are when they are written as one; None if there is none.

    >>> joined("street", "work", lambda words: {"streetwork": 1})
    'streetwork'
    """
    word = first + second
    if not word.isalpha() or len(word) > LONGEST or not _may_be_one(first, second):
        return None
    return word if word in frequencies((word,)) else None


def _may_be_one(first: str, second: str) -> bool:
    shortest = SHORTEST_IN_ENGLISH if first + second in english_words() else SHORTEST
    return min(len(first), len(second)) >= shortest and STOP_WORDS.isdisjoint((first, second))
