"""Where code is among words: what stands between two runs of backticks of the same length."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

_BACKTICKS = re.compile(r"`+")


class Backticks:
    """Where the runs of backticks in a text are, found once."""

    def __init__(self, text: str) -> None:
        self._ends: dict[int, int] = {}
        self._starts: dict[int, list[int]] = defaultdict(list)
        for run in _BACKTICKS.finditer(text):
            self._ends[run.start()] = run.end()
            self._starts[run.end() - run.start()].append(run.start())
        for starts in self._starts.values():
            starts.reverse()

    def __iter__(self) -> Iterator[int]:
        """The starts of all runs, from the first to the last."""
        return iter(self._ends)

    def pair(self, start: int) -> tuple[int, tuple[int, int] | None]:
        """The end of the run that begins here, and where the next one of its length starts and ends."""
        # After a backslash, a run begins at its second backtick.
        end = self._ends.get(start) or self._ends[start - 1]
        starts = self._starts[end - start]
        while starts and starts[-1] <= start:
            starts.pop()
        return end, (starts[-1], self._ends[starts[-1]]) if starts else None


def without_code(text: str) -> str:
    """The text with spaces in the place of code; as long as before. In time in proportion to its length.

    >>> without_code("As `[1]` and ``[2]`.")
    'As       and ``[2]`.'
    """
    if "`" not in text:
        return text
    backticks, pieces, end = Backticks(text), [], 0
    for start in backticks:
        if start < end:
            continue
        _, closing = backticks.pair(start)
        if closing:
            pieces += [text[end:start], " " * (closing[1] - start)]
            end = closing[1]
    return "".join([*pieces, text[end:]])
