"""Text to words: the one analysis that indexing, queries, snippets and every engine share.

A word has two forms. The *exact* form is folded: no case, no accents, so that "Århus" and "arhus" are
one word. The *base form* is the one that a dictionary lists: "school" for "schools", "lead" for "led".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.search.words.inflections import uninflected

# Accents may be characters of their own (U+0300 to U+036F): they belong to the letter before them.
_LETTERS_RUN = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
_WORD = re.compile(rf"{_LETTERS_RUN}(?:['’]{_LETTERS_RUN})*")

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h",
})  # fmt: skip

STOP_WORDS = frozenset(
    """
    a about am an and any are as at be been but by can could did do does for from had has have how i if in into is
    it its me my of on or our should so than that the their them then there these they this those to us was we were
    what when where which while who whom whose why will with would you your
    """.split()
)
"""Words that say nothing about a case; they are left out of a question that has other words."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it is in its text."""

    start: int
    end: int
    exact: str


def fold(text: str) -> str:
    """Without case and accents, for comparison.

    >>> fold("Århus, Straße, Łódź")
    'arhus, strasse, lodz'
    """
    if text.isascii():
        return text.lower()
    # First decomposed, then without case: styled letters ("𝐏", "ℋ") are capitals only once they are decomposed.
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(_LETTERS)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their positions in it.

    >>> [token.exact for token in tokens("The city’s Info-house in Coeur d'Alene")]
    ['the', 'city', 'info', 'house', 'in', 'coeur', 'dalene']
    """
    for start, end, exact in spans(text):
        yield Token(start, end, exact)


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The same as plain values: start, end and exact form of each word."""
    for match in _WORD.finditer(text):
        if exact := _exact(match.group()):
            start, end = match.span()
            yield start, end, exact


def words(text: str) -> list[str]:
    """The exact forms of the words of a text, in order."""
    return [exact for exact in map(_exact, _WORD.findall(text)) if exact]


@lru_cache(maxsize=200_000)
def _exact(word: str) -> str:
    folded = fold(word).replace("’", "'").removesuffix("'s")
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


@lru_cache(maxsize=200_000)
def base_form(exact: str) -> str:
    """What the forms of a word have in common, and no other word has.

    Inflected forms, British and American spellings, and a verb in -ise with its noun are one; "mentor" and "mentoring"
    are, as nobody can tell from a word in -ing whether it is a noun. Words that are derived in other ways are not:
    "informant" and "information" have little to do with each other.

    >>> base_form("schools"), base_form("radicalisation") == base_form("radicalized")
    ('school', True)
    """
    return uninflected(exact)
