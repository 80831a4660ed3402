"""Turns text into words: the one analysis that indexing, queries, snippets and every engine share.

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

# Written inside a word, and not seen: soft hyphens, joiners, zero-width spaces, marks of direction.
_UNSEEN = "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
# What is typed, or transliterated, as an apostrophe; some of these are letters to Unicode.
_APOSTROPHES = "'`´ʹʻʼʽʾʿˈ‘’‛′＇"

_CHARACTER = rf"[^\W_{_APOSTROPHES}]"
_LETTER = rf"[^\W\d_{_APOSTROPHES}]"
# Accents may be characters of their own (U+0300 to U+036F): they belong to the letter before them.
_RUN = rf"{_CHARACTER}+(?:[\u0300-\u036f]+{_CHARACTER}*)*"
_POSSESSIVE = rf"[{_APOSTROPHES}][sS](?!{_CHARACTER})"
# "U.K.", "N.G.O.": single letters with dots between them. The last dot may be missing, and may end the sentence, too.
_ABBREVIATION = (
    rf"(?<!{_CHARACTER})(?<![._]){_LETTER}(?:\.{_LETTER})+(?!{_CHARACTER}|[_\u0300-\u036f])(?:\.?{_POSSESSIVE}|\.)?"
)
# "1,000", and "1 000" with a space that joins; with a plain space only where no other reading is left.
_NUMBER = (
    rf"(?<!{_CHARACTER})(?<![.,_])"
    r"\d{1,3}(?:(?:,\d{3}){1,4}|(?:[\u00a0\u2009\u202f]\d{3}){1,4}|(?: \d{3}){0,3} 000)"
    rf"(?!{_CHARACTER}|_|,\d)(?:{_POSSESSIVE})?"
)
_WORD = re.compile(rf"{_ABBREVIATION}|{_NUMBER}|{_RUN}(?:[{_APOSTROPHES}]{_RUN})*")
_IS_NUMBER = re.compile(_NUMBER)
_IS_UNSEEN = re.compile(_UNSEEN)

_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES.replace("`", ""), "'"))

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h",
})  # fmt: skip

_ACRONYMS = {"us": "usa", "is": "isis"}
"""Acronyms that would be stop words, and what else they are called: with dots, or in capitals, nobody means "we"."""

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
    """Without case, accents and what is not seen, for comparison; with one kind of apostrophe.

    >>> fold("Århus, Straße, Łódź")
    'arhus, strasse, lodz'
    """
    if text.isascii():
        return text.lower()
    text = _IS_UNSEEN.sub("", text).translate(_APOSTROPHE)
    # First decomposed, then without case: styled letters ("𝐏", "ℋ") are capitals only once they are decomposed.
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(_LETTERS | _APOSTROPHE)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their positions in it.

    >>> [token.exact for token in tokens("The city’s Info-house in Coeur d'Alene, U.K., for 1,000 people")]
    ['the', 'city', 'info', 'house', 'in', 'coeur', 'dalene', 'uk', 'for', '1000', 'people']
    """
    for start, end, exact in spans(text):
        yield Token(start, end, exact)


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The same as plain values: start, end and exact form of each word."""
    if _IS_UNSEEN.search(text):
        places = [place for place, character in enumerate(text) if not _IS_UNSEEN.match(character)]
        for start, end, exact in spans("".join(text[place] for place in places)):
            yield places[start], places[end - 1] + 1, exact
        return
    for match in _WORD.finditer(text):
        if exact := _exact(match.group()):
            start, end = match.span()
            yield start, end, exact


def with_numbers_joined(text: str) -> str:
    """A text in which numbers are written without what separates their groups of digits.

    >>> with_numbers_joined("1,000 or 10 000 in 2015,2016")
    '1000 or 10000 in 2015,2016'
    """
    return _IS_NUMBER.sub(lambda number: "".join(filter(str.isdigit, number.group())), text)


def words(text: str) -> list[str]:
    """The exact forms of the words of a text, in order."""
    return [exact for exact in map(_exact, _WORD.findall(_IS_UNSEEN.sub("", text))) if exact]


@lru_cache(maxsize=200_000)
def _exact(word: str) -> str:
    folded = fold(word).replace("`", "'").removesuffix("'s")
    exact = folded if folded.isalnum() else "".join(filter(str.isalnum, folded))
    if exact in _ACRONYMS and ("." in word or word[: len(exact)].isupper()):
        return _ACRONYMS[exact]
    return exact


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
