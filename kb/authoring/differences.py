"""What differs between two versions of a text, line by line and within lines word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_MOST_PAIRS = 4_000_000
"""Pieces that may have to be compared with each other: a second of work. Texts beyond that count as wholly replaced."""

_ALIKE = 0.3
"""The share that two passages must have in common for it to be worth showing which words differ."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class LineKind(StrEnum):
    """What became of a line."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Some words of a line."""

    text: str
    is_changed: bool
    """Whether the other version does not have them here."""


@dataclass(frozen=True)
class DiffLine:
    """A line of one version, or of both."""

    kind: LineKind
    old: int | None
    """Its number in the old version, from 1; None if it is not there."""
    new: int | None
    """The same in the new version."""
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(piece.text for piece in self.pieces)


def differences(old: str, new: str) -> tuple[DiffLine, ...]:
    """All lines of both versions in order; what was removed comes before what was added in its place.

    >>> for line in differences("One.\\nTwo cats.", "One.\\nTwo dogs."):
    ...     print(line.kind, [piece.text for piece in line.pieces if piece.is_changed])
    same []
    removed ['cats']
    added ['dogs']
    """
    before, after = old.split("\n"), new.split("\n")
    lines: list[DiffLine] = []
    for tag, start, end, new_start, new_end in _steps(before, after):
        if tag == "equal":
            numbers = zip(range(start, end), range(new_start, new_end), strict=True)
            lines += (DiffLine(LineKind.SAME, a + 1, b + 1, _pieces(before[a], changed=False)) for a, b in numbers)
        else:
            removed, added = _in_words(before[start:end], after[new_start:new_end])
            lines += (DiffLine(LineKind.REMOVED, start + n, None, pieces) for n, pieces in enumerate(removed, 1))
            lines += (DiffLine(LineKind.ADDED, None, new_start + n, pieces) for n, pieces in enumerate(added, 1))
    return tuple(lines)


def changed_passages(old: str, new: str, around: int = 1) -> tuple[tuple[DiffLine, ...], ...]:
    """Only what has changed, in passages: each with some lines before and after it that have not.

    >>> [[line.text for line in passage] for passage in changed_passages("a\\nb\\nc\\nd", "a\\nb\\nc\\ne")]
    [['c', 'd', 'e']]
    """
    lines = differences(old, new)
    shown = sorted(
        {
            near
            for number, line in enumerate(lines)
            if line.kind is not LineKind.SAME
            for near in range(max(0, number - around), min(len(lines), number + around + 1))
        }
    )
    passages: list[list[DiffLine]] = []
    for before, number in zip([None, *shown], shown, strict=False):
        if before is None or number > before + 1:
            passages.append([])
        passages[-1].append(lines[number])
    return tuple(map(tuple, passages))


_Step = tuple[str, int, int, int, int]


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[_Step]:
    """How one sequence becomes the other. What they begin and end with alike is not compared any further."""
    shorter = min(len(before), len(after))
    first = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    last = next((n for n in range(shorter - first) if before[-1 - n] != after[-1 - n]), shorter - first)
    old_end, new_end = len(before) - last, len(after) - last
    if first:
        yield "equal", 0, first, 0, first
    if (old_end - first) * (new_end - first) > _MOST_PAIRS:
        yield "replace", first, old_end, first, new_end
    elif first < max(old_end, new_end):
        matcher = SequenceMatcher(None, before[first:old_end], after[first:new_end], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield tag, a + first, b + first, c + first, d + first
    if last:
        yield "equal", old_end, len(before), new_end, len(after)


_Lines = list[tuple[Piece, ...]]


def _in_words(removed: Sequence[str], added: Sequence[str]) -> tuple[_Lines, _Lines]:
    """Both passages line by line, with the words that only one of them has marked."""
    if removed and added:
        old, new = _WORDS.findall("\n".join(removed)), _WORDS.findall("\n".join(added))
        # A sentence that was only broken into other lines has not changed.
        steps = tuple(_steps(*([" " if word.isspace() else word for word in words] for words in (old, new))))
        common = sum(len("".join(old[a:b]).strip()) for tag, a, b, _, _ in steps if tag == "equal")
        if common > _ALIKE * max(sum(map(len, removed)), sum(map(len, added))):
            return _marked(old, [(tag, a, b) for tag, a, b, _, _ in steps]), _marked(
                new, [(tag, c, d) for tag, _, _, c, d in steps]
            )
    return [_pieces(line, changed=True) for line in removed], [_pieces(line, changed=True) for line in added]


def _marked(words: Sequence[str], steps: Sequence[tuple[str, int, int]]) -> _Lines:
    lines: list[list[Piece]] = [[]]
    for tag, start, end in steps:
        first, *others = "".join(words[start:end]).split("\n")
        lines[-1] += _pieces(first, changed=tag != "equal")
        lines += ([*_pieces(text, changed=tag != "equal")] for text in others)
    return [tuple(line) for line in lines]


def _pieces(text: str, *, changed: bool) -> tuple[Piece, ...]:
    return (Piece(text, changed),) if text else ()
