"""What is wrong with a content file, put so that its author can fix it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kb.authoring.rules import RULES, Level


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
    """Counted from 1."""
    rule: str
    """The id of the rule, a key of `kb.authoring.rules.RULES`."""
    level: Level
    message: str
    """What is wrong, as a sentence."""
    hint: str = ""
    """How to fix it, as a sentence."""

    def __str__(self) -> str:
        text = f"{self.message} {self.hint}".rstrip()
        return f"{self.path}:{self.line}:{self.column}: {self.level}: {text} [{self.rule}]"


@dataclass
class ProblemList:
    """Collects the problems found in one file while it is read."""

    path: PurePosixPath
    found: list[Problem] = field(default_factory=list)

    def add(self, rule: str, message: str, hint: str = "", *, line: int = 1, column: int = 1) -> None:
        """Note a problem; its level comes from the rule.

        Raises KeyError for a rule that is not in the manual: a bug in our code.
        """
        self.found.append(Problem(str(self.path), line, column, rule, RULES[rule].level, message, hint))

    @property
    def has_errors(self) -> bool:
        """Whether any of the problems keeps the file from being published."""
        return any(problem.level is Level.ERROR for problem in self.found)

    def sorted(self) -> tuple[Problem, ...]:
        """All problems, in the order in which they occur in the file."""
        return tuple(sorted(self.found))
