"""What a build did, for its caller."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import Level
from kb.building.outcomes import Leaving, Outcome, last_good
from kb.index.manifest import Manifest
from kb.stores.store import CaseStore

NO_GOOD_VERSION = "it has errors, and there is no good version of it yet"

Kind = Literal["all", "changes", "nothing"]


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    kind: Kind
    reason: str
    """Why everything was rebuilt; empty otherwise."""
    generation_id: str
    count: int
    """Published cases in the generation."""
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Slugs whose file has errors and whose last good version stays online."""
    offline: Mapping[str, str]
    """Slugs that are not online though their file exists, of the files that were read, each with the reason."""
    problems: tuple[Problem, ...]
    seconds: float

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that prevent a file from being published."""
        return tuple(problem for problem in self.problems if problem.level is Level.ERROR)


def report_of(
    started_ns: int,
    kind: Kind,
    manifest: Manifest,
    outcomes: Iterable[Outcome],
    problems: tuple[Problem, ...],
    good: CaseStore | None,
    *,
    reason: str = "",
    leaving: Leaving | None = None,
    written: Iterable[str] = (),
) -> BuildReport:
    """The report of a build that began at this nanosecond; `good` is where last good versions are."""
    left = leaving or Leaving()
    read = list(outcomes)
    broken = [outcome.slug for outcome in read if outcome.decision.fate is Fate.LAST_GOOD]
    kept = tuple(slug for slug in broken if last_good(slug, good))
    offline = {outcome.slug: outcome.decision.reason for outcome in read if outcome.is_offline}
    offline |= {slug: NO_GOOD_VERSION for slug in broken if slug not in kept}
    return BuildReport(
        kind=kind,
        reason=reason,
        generation_id=manifest.id,
        count=manifest.count,
        added=tuple(sorted(set(written) - left.replaced - set(kept))),
        updated=tuple(sorted(left.replaced)),
        removed=tuple(sorted(left.gone)),
        kept=kept,
        offline=offline,
        problems=problems,
        seconds=(time.time_ns() - started_ns) / 1e9,
    )
