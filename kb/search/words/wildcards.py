"""Words with letters left open: `radicali*ation` has any letters in one place, `wom?n` exactly one.

A pattern is folded as words are (`kb.search.words.analysis`), apart from its asterisks and question marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import translate

MOST_WORDS = 500
"""Words that one pattern stands for at most: those that most cases contain. More are no longer a choice of words."""

_OPEN = re.compile(r"[*?]")


def has_wildcard(word: str) -> bool:
    """Whether a word has letters left open."""
    return _OPEN.search(word) is not None


def beginning_of(pattern: str) -> str:
    """The letters before the first that is left open.

    >>> beginning_of("radicali*ation"), beginning_of("*work")
    ('radicali', '')
    """
    return _OPEN.split(pattern, maxsplit=1)[0]


def matcher(pattern: str) -> Callable[[str], bool]:
    """Tells whether a word is one that a pattern stands for, in a number of steps that its length bounds.

    >>> is_one = matcher("wom?n")
    >>> is_one("women"), is_one("woman"), is_one("womn")
    (True, True, False)
    """
    # What `fnmatch` makes of asterisks never goes back to an earlier one.
    match = re.compile(translate(pattern)).match
    return lambda word: match(word) is not None


def words_matching(pattern: str, candidates: Iterable[str], lexicon: Mapping[str, int]) -> list[str]:
    """Those of the candidates that a pattern stands for, the ones that most cases contain first.

    >>> words_matching("*work", ["network", "work", "works"], {"network": 2, "work": 9, "works": 4})
    ['work', 'network']
    """
    return sorted(filter(matcher(pattern), candidates), key=lambda word: (-lexicon[word], word))
