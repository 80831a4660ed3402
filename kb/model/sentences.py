"""Where a sentence ends: one rule for points, passages and repeated sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|\u2028")
"""Marks that may end a sentence, with the quotes and brackets that they close; and a line that its author ended."""

_NEXT = re.compile(r"\s*(?=(\S?))[\"'“‘«(\[]*(\w*)")

_BETWEEN_WORDS = re.compile(r"[\s(\[\"“‘«/–—]")

_ABBREVIATIONS = frozenset("approx ca cf dept dr eds e.g gen i.e incl jr lt mr mrs ms prof rev sgt sr st vs".split())
"""Words whose full stop does not end a sentence."""

_BEFORE_NUMBERS = frozenset("art ch fig no nos nr p para pp sec vol".split())
"""The same if a number follows: “No. 10”, but “Did it help? No.”"""

_MAY_END = frozenset("a.m etc p.m".split())
"""The same, unless a capital letter follows: no name begins with them."""

_BEGIN_SENTENCES = frozenset(
    "a all an and as at both but by for from he her his if in it its many most no not on one our she since so some "
    "that the their then there these they this those to two we what when where while who with you".split()
)
"""Words that distinguish the end of “Project R. They …” or “in the U.S. The …” from the initials of “J. Smith”."""

_LONGEST = max(map(len, _ABBREVIATIONS | _BEFORE_NUMBERS)) + 1


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text starts and ends, without the space around it.

    A sentence ends at a full stop, a question or exclamation mark, or dots, with any closing quotes and brackets, if
    space follows and then anything but a lower-case letter; not after an abbreviation or an initial. It also ends at
    a line separator (U+2028), which stands for a line break that an author asked for.

    >>> text = 'It began in St. Paul. "Who pays?" asked J. Smith (see p. 4). It cost 1.5 million.'
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['It began in St. Paul.', '"Who pays?" asked J. Smith (see p. 4).', 'It cost 1.5 million.']
    """
    start = 0
    for mark in _END.finditer(text):
        if _ends_a_sentence(text, start, mark):
            yield from _without_space(text, start, mark.end())
            start = mark.end()
    yield from _without_space(text, start, len(text))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order, without the space between them."""
    return tuple(text[start:end] for start, end in sentence_spans(text))


def first_sentence(text: str) -> str:
    """The first sentence of a text; empty if there is none.

    >>> first_sentence("It began in St. Paul. It cost 1.5 million.")
    'It began in St. Paul.'
    """
    return next((text[start:end] for start, end in sentence_spans(text)), "")


def _ends_a_sentence(text: str, start: int, mark: re.Match[str]) -> bool:
    if mark.group() == "\u2028":
        return True
    character, following = _NEXT.match(text, mark.end()).groups()  # type: ignore[union-attr]  # it matches anything
    if not character or mark.group() != ".":
        return not character.islower()
    before = text[max(start, mark.start() - _LONGEST) : mark.start()]
    return not character.islower() and not _is_short_for_something(_BETWEEN_WORDS.split(before)[-1], following)


def _is_short_for_something(word: str, following: str) -> bool:
    """Whether the full stop between these words belongs to an abbreviation or an initial."""
    if word.isupper() and all(len(letter) == 1 for letter in word.split(".")):
        return following.casefold() not in _BEGIN_SENTENCES
    word = word.casefold()
    if word in _BEFORE_NUMBERS:
        return following[:1].isdigit()
    return word in _ABBREVIATIONS or (word in _MAY_END and not following[:1].isupper())


def _without_space(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if stripped := piece.strip():
        first = start + len(piece) - len(piece.lstrip())
        yield first, first + len(stripped)
