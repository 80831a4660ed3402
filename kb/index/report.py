"""What a build did, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.authoring.problems import Problem
from kb.authoring.rules import Level

Kind = Literal["all", "changes", "nothing"]


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    kind: Kind
    reason: str
    """Why everything was built anew; empty otherwise."""
    generation_id: str
    count: int
    """Published cases in the generation."""
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Slugs whose file has errors and whose last good version stays online."""
    offline: Mapping[str, str]
    """Slugs that are not online though their file is there, as far as it was read, each with the reason."""
    problems: tuple[Problem, ...]
    seconds: float

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a file from being published."""
        return tuple(problem for problem in self.problems if problem.level is Level.ERROR)
