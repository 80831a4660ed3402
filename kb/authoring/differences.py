"""What is different between two texts: lines, and the words within them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

Pieces = tuple[tuple[str, bool], ...]
"""A line in pieces, each with whether it is on one side only."""

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 1500
"""Words of a line that are compared one by one; all of a longer line counts as changed."""


@dataclass(frozen=True)
class ChangedLine:
    """A line that was removed or added, or that is there in both and says where that is."""

    sign: str
    """``-``, ``+`` or a space."""
    number: int
    """Its number in the text that it is in; in the later one if it is in both."""
    pieces: Pieces


def changed_lines(before: str, after: str, around: int = 1) -> tuple[tuple[ChangedLine, ...], ...]:
    """The changes between two texts in groups, each with some unchanged lines around it.

    >>> [[(line.sign, line.pieces) for line in group] for group in changed_lines("a\\nb c", "a\\nb d")]
    [[(' ', (('a', False),)), ('-', (('b ', False), ('c', True))), ('+', (('b ', False), ('d', True)))]]
    """
    old, new = before.split("\n"), after.split("\n")
    groups = SequenceMatcher(None, old, new).get_grouped_opcodes(around)
    return tuple(tuple(_group(opcodes, old, new)) for opcodes in groups)


def _group(opcodes: list[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> Iterator[ChangedLine]:
    for kind, start, end, begin, stop in opcodes:
        if kind == "equal":
            yield from (ChangedLine(" ", number + 1, ((new[number], False),)) for number in range(begin, stop))
            continue
        pairs = [_compared(one, other) for one, other in zip_longest(old[start:end], new[begin:stop])]
        yield from (ChangedLine("-", start + n + 1, one) for n, (one, _) in enumerate(pairs) if start + n < end)
        yield from (ChangedLine("+", begin + n + 1, other) for n, (_, other) in enumerate(pairs) if begin + n < stop)


def _compared(one: str | None, other: str | None) -> tuple[Pieces, Pieces]:
    """Two lines, in the place of which there may be none, with the words that only one of them has."""
    if one is None or other is None:
        return (((one or "", True),), ((other or "", True),))
    words, others = _WORD.findall(one), _WORD.findall(other)
    if max(len(words), len(others)) > _MOST_WORDS:
        return (((one, True),), ((other, True),))
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for kind, start, end, begin, stop in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if end > start:
            left.append(("".join(words[start:end]), kind != "equal"))
        if stop > begin:
            right.append(("".join(others[begin:stop]), kind != "equal"))
    return tuple(left), tuple(right)
