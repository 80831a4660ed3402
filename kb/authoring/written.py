"""The text of a file, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file, counted from 1."""

    line: int
    column: int = 1

    @classmethod
    def at(cls, position: int, text: str, first_line: int = 1) -> Place:
        """The place in the file of a position in a text that starts on `first_line`."""
        return cls(text.count("\n", 0, position) + first_line, position - text.rfind("\n", 0, position))


@dataclass(frozen=True)
class WrittenText:
    """The text of a file."""

    written: str
    """As its author wrote it, with ``\\n`` line ends and without a byte order mark."""
    text: str
    """As it is read: without invisible characters, and with spaces for odd spaces that a line begins with."""
    removed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """For each line from which characters were removed, the columns as read in front of which they were."""
    is_sound: bool = True
    """Whether it was UTF-8 without control characters."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text as it is read."""
        return tuple(self.text.split("\n"))

    def column(self, line: int, column: int) -> int:
        """The column as written of one as read.

        >>> WrittenText("a\\u00adbc", "abc", {1: (2,)}).column(1, 3)
        4
        """
        return column + bisect_right(self.removed.get(line, ()), column)
