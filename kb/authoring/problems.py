"""What is wrong with a content file, put so that its author can fix it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from kb.authoring.rules import RULES, Level
from kb.authoring.written import Place, WrittenText
from kb.deadline import check


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to fix in one file.

    >>> str(Problem("cases/a.md", 3, 7, "unknown-term", Level.ERROR, "There is no city `aarhuss`.",
    ...             "Did you mean `aarhus`?"))
    'cases/a.md:3:7: error: There is no city `aarhuss`. Did you mean `aarhus`? [unknown-term]'
    """

    path: str
    """The file, relative to the content folder, with forward slashes."""
    line: int
    """Counted from 1, as editors do."""
    column: int
    """Counted from 1, in characters."""
    rule: str
    """The id of the rule, a key of `kb.authoring.rules.RULES`."""
    level: Level
    message: str
    """What is wrong, as a sentence."""
    hint: str = ""
    """How to fix it, as a sentence."""
    fix: str = ""
    """The whole line as it should read, to replace it; empty if there is not exactly one such line."""
    paste: str = ""
    """Lines to add where the hint says; empty if there are none."""
    is_sure: bool = False
    """Whether the mended line says in other letters what is certainly meant, such as the id for a label."""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the file from being published, however gently it is reported."""
        return RULES[self.rule].blocks

    def __str__(self) -> str:
        text = f"{self.message} {self.hint}".rstrip()
        return f"{self.path}:{self.line}:{self.column}: {self.level}: {text} [{self.rule}]"


_OF_GUESSES = frozenset({"unknown-term", "wrong-type", "unknown-key", "missing-key"})


@dataclass
class ProblemList:
    """Collects the problems found in one file while it is read."""

    path: PurePosixPath
    written: WrittenText | None = None
    """The text of the file, once it has been read: places and corrected lines are those of the text as written."""
    found: list[Problem] = field(default_factory=list)
    _not_yaml: set[int] = field(default_factory=set)
    """The lines that are not YAML."""

    def add(
        self,
        rule: str,
        message: str,
        hint: str = "",
        *,
        line: int = 1,
        column: int = 1,
        place: Place | None = None,
        fix: str = "",
        swap: tuple[str, str] | None = None,
        paste: str = "",
        is_sure: bool = False,
        is_written: bool = False,
    ) -> None:
        """Note a problem, at a line and column or at a place; its level comes from the rule.

        The corrected line is `fix`, or the line with the first text of `swap`, which begins at the column or after a
        quotation mark there, replaced by the second. The column is that of the text as read unless it `is_written`.
        Raises KeyError for a rule that is not in the manual: a bug in our code; and OutOfTime at the deadline.
        """
        check()
        if place:
            line, column = place.line, place.column
        if swap and not fix:
            fix = self._swapped(line, column, *swap)
        if self.written and not is_written:
            column = self.written.column(line, column)
        level = RULES[rule].level
        problem = Problem(str(self.path), line, column, rule, level, message, hint, fix, paste, is_sure)
        if problem not in self.found[-1:] and not self._follows(problem):
            self.found.append(problem)
            if rule == "yaml-syntax":
                self._not_yaml.add(line)

    def _follows(self, problem: Problem) -> bool:
        """Whether a problem follows from another: what a line says that is not YAML can only be guessed."""
        return problem.rule in _OF_GUESSES and problem.line in self._not_yaml

    def line(self, number: int) -> str:
        """A line of the file as it was read; empty if there is none."""
        lines = self.written.lines if self.written else ()
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    @property
    def has_errors(self) -> bool:
        """Whether any of the problems keeps the file from being published."""
        return any(problem.blocks for problem in self.found)

    def judge_as_draft(self) -> None:
        """Turn errors that matter only to readers into warnings, as nobody reads a draft.

        A new draft is full of the template, so only one place of it is reported.
        """
        first = min((problem for problem in self.found if problem.rule == "template-text"), default=None)
        self.found = [problem for problem in self.found if problem.rule != "template-text" or problem is first]
        self.found = [replace(problem, level=RULES[problem.rule].level_in_draft) for problem in self.found]

    def sorted(self) -> tuple[Problem, ...]:
        """All problems, in the order in which they occur in the file."""
        return tuple(sorted(self.found))

    def _swapped(self, line: int, column: int, old: str, new: str) -> str:
        text = self.line(line)
        for start in (column - 1, column):
            if old and text.startswith(old, start):
                return text[:start] + new + text[start + len(old) :]
        return ""


def unread() -> ProblemList:
    """A list of problems that nobody reads, for a text that is only looked at."""
    return ProblemList(PurePosixPath("cases/a-case.md"))
