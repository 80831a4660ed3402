"""The lines of a text as quotes and lists see them, each with its position in the file.

CommonMark reads line by line. A quote or an item of a list hands on the lines that belong to it, without what marks
them as its own (`> `, or the indent), and ends at the first that does not. One exception: a line that lacks the mark
may still continue a paragraph within ("lazy continuation"); whether it does, only that paragraph can tell.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from kb.authoring.parsing.markdown.limits import Effort

INDENT = 4
"""Columns. A line with this indent is code; a tab reaches to the next multiple."""

_QUOTE = re.compile(r" {0,3}> ?")
_BEFORE_WORDS = re.compile(r"[ \t>#*+\-0-9.)]*")


def expanded(line: str) -> str:
    """A line with spaces for the tabs before its words and among the marks of quotes, lists and headings.

    >>> expanded("-\\tOne\\ttwo")
    '-   One\\ttwo'
    """
    if "\t" not in line:
        return line
    words = _BEFORE_WORDS.match(line).end()  # type: ignore[union-attr]  # it matches anything
    return line[:words].expandtabs(INDENT) + line[words:]


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or what is left of it within quotes and lists."""

    text: str
    """Tabs before words are replaced by as many spaces as they span."""
    number: int
    """In the file, from 1."""
    column: int
    """How many columns of the line come before the text."""
    is_lazy: bool = False
    """Whether it lacks the mark of a quote or an item that it may still belong to."""
    indent: int = field(init=False)
    """How many spaces the text begins with."""
    is_blank: bool = field(init=False)

    def __post_init__(self) -> None:
        indent = len(self.text) - len(self.text.lstrip(" "))
        object.__setattr__(self, "indent", indent)
        object.__setattr__(self, "is_blank", indent == len(self.text))

    def without(self, columns: int) -> Line:
        """The rest of the line after these columns."""
        return Line(self.text[columns:], self.number, self.column + columns)

    def as_lazy(self) -> Line:
        """The same line, for a quote or an item whose mark it lacks."""
        return self if self.is_lazy else Line(self.text, self.number, self.column, is_lazy=True)


class Lines(ABC):
    """Lines to be read from first to last. A processor of blocks sees whether there are any, and the first."""

    def __init__(self) -> None:
        self._next: Line | None = None
        self._is_known = False
        self.is_after_blank = False
        """Whether the last line taken was blank."""

    def __bool__(self) -> bool:
        """Whether there is a line that a block can begin with."""
        line = self.peek()
        return line is not None and not line.is_lazy

    def __getitem__(self, position: int) -> Line:
        line = self.peek()
        if position != 0 or line is None:
            raise IndexError(position)
        return line

    def peek(self) -> Line | None:
        """The next line; None after the last."""
        if not self._is_known:
            self._next, self._is_known = self._see(), True
        return self._next

    def take(self) -> Line:
        """The next line, which is then the last one taken. Raises IndexError after the last."""
        line = self[0]
        self._is_known = False
        self._move()
        self.is_after_blank = line.is_blank
        return line

    def forget_blank(self) -> None:
        """Go on as if the last line taken were not blank."""
        self.is_after_blank = False

    @abstractmethod
    def _see(self) -> Line | None:
        """The next line, looked at for the first time."""

    @abstractmethod
    def _move(self) -> None:
        """Move to the following line."""


class FileLines(Lines):
    """The lines of a text as written."""

    def __init__(self, lines: Sequence[str], first_number: int, effort: Effort) -> None:
        super().__init__()
        self._lines = lines
        self._first_number = first_number
        self._effort = effort
        self._position = 0

    def _see(self) -> Line | None:
        if self._position >= len(self._lines):
            return None
        text = expanded(self._lines[self._position])
        return Line(text, self._first_number + self._position, 0)

    def _move(self) -> None:
        self._effort.spend(self._first_number + self._position)
        self._position += 1


class _InnerLines(Lines):
    """Some lines of others, without what marks them."""

    def __init__(self, outer: Lines) -> None:
        super().__init__()
        self._outer = outer

    def forget_blank(self) -> None:
        super().forget_blank()
        self._outer.forget_blank()


class QuoteLines(_InnerLines):
    """The lines of a quote, without their `> `."""

    def _see(self) -> Line | None:
        line = self._outer.peek()
        if line is None or line.is_lazy:
            return line
        if mark := _QUOTE.match(line.text):
            return line.without(mark.end())
        return None if line.is_blank else line.as_lazy()

    def _move(self) -> None:
        self._outer.take()


class ItemLines(_InnerLines):
    """The lines of an item of a list, without its mark and the indent that makes others belong to it."""

    def __init__(self, outer: Lines, first: Line, indent: int) -> None:
        super().__init__(outer)
        self._first: Line | None = first
        self._indent = indent
        self._is_empty = True
        """Whether only a blank first line has been taken so far: a second blank line ends such an item."""

    def _see(self) -> Line | None:
        if self._first is not None:
            return self._first
        line = self._outer.peek()
        if line is None or line.is_lazy:
            return line
        if line.is_blank:
            return None if self._is_empty else line.without(self._indent)
        return line.without(self._indent) if line.indent >= self._indent else line.as_lazy()

    def _move(self) -> None:
        taken = self._next
        self._is_empty = self._is_empty and taken is not None and taken.is_blank
        self._first = None
        self._outer.take()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of a block is in the file."""

    offset: int
    """How many characters of the block's text come before."""
    number: int
    column: int


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a block as written, on one or more lines."""

    text: str
    places: tuple[Place, ...]
    """Where its pieces are in the file, in order; the first is at offset 0."""

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Written:
        """The words of these lines."""
        places, offset = [], 0
        for line in lines:
            places.append(Place(offset, line.number, line.column))
            offset += len(line.text) + 1
        return cls("\n".join(line.text for line in lines), tuple(places))

    def place(self, offset: int) -> tuple[int, int]:
        """The number of the line, and how many of its columns come before, for a position in the text."""
        found = self.places[bisect_right(self.places, offset, key=attrgetter("offset")) - 1]
        return found.number, found.column + offset - found.offset

    def part(self, start: int, end: int) -> Written:
        """The words from one position to before another, without space around them."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        number, column = self.place(start)
        later = (
            Place(p.offset - start, p.number, p.column) for p in self.places if start < p.offset <= start + len(piece)
        )
        return Written(piece, (Place(0, number, column), *later))
