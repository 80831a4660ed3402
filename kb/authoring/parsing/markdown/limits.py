"""Limits on a text, which bound the work of reading it, whatever it contains."""

from __future__ import annotations

from kb.deadline import check

DEEPEST = 20
"""Nested quotes, lists and emphasis. Readers can follow two or three levels; hundreds would exhaust the stack."""

MOST_STEPS = 50_000
"""Lines, blocks, problems, and characters with a possible meaning, such as brackets. A long case has some 1,000."""


class TooMuch(Exception):
    """A text is longer or more deeply nested than anything written for readers."""

    def __init__(self, rule: str, message: str, hint: str, line: int) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.line = line


class Effort:
    """Counts the steps of reading a text."""

    def __init__(self) -> None:
        self.steps = 0

    def spend(self, line: int) -> None:
        """Count one more step, on this line. Raises TooMuch beyond the limit, and OutOfTime at the deadline."""
        check()
        self.steps += 1
        if self.steps > MOST_STEPS:
            message = f"Up to here, the text has more than {MOST_STEPS:,} lines, brackets and other marks."
            raise TooMuch("too-many-marks", message, "Shorten or split it.", line)

    def nest(self, depth: int, line: int) -> None:
        """Check how deeply something is nested. Raises TooMuch beyond the limit."""
        if depth > DEEPEST:
            message = f"Lists, quotes or emphasis are nested more than {DEEPEST} levels deep."
            raise TooMuch("nested-too-deeply", message, "Write them side by side.", line)
