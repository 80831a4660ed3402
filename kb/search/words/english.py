"""The words of English, to distinguish a misspelling from a real word that no case contains.

The list is a file of the package symspellpy, unchanged; `data/ORIGIN.txt` says what it was made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from kb.search.words.analysis import fold

_LIST = "data/frequency_dictionary_en_82_765.txt"
"""A word and its frequency on each line, the most frequent first."""


@cache
def english_words() -> frozenset[str]:
    """82,834 words, folded as searched words are: in British spelling, many in American too, in all their forms.

    The list is read when it is first needed, and cached.

    >>> english_words() >= {"organise", "organised", "organized"}, "orgnaised" in english_words()
    (True, False)
    """
    return frozenset(frequencies())


@cache
def frequencies() -> Mapping[str, int]:
    """For each of these words how often it occurs in books.

    >>> frequencies()["police"] > frequencies()["polities"]
    True
    """
    lines = resources.files(__package__).joinpath(_LIST).read_text("ascii").splitlines()
    return {fold(word): int(times) for word, times in map(str.split, lines)}
