"""Visits at a share of what the site can answer, while a case is edited every few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import mean

from benchmarks.load import Job, Outcome, run
from benchmarks.servers import ServerFailed
from tests.endurance.site import SHOWING, Site, running_site, visits

CEILING_SECONDS = 15.0
SHARE = 0.7
"""Of the rate that the site can answer at most."""

WARM_UP = 0.25
"""The share of the time after which memory may no longer grow."""

FLAT = 0.05
"""The share by which memory may vary afterwards."""

MOST_REFUSED = 0.01
"""The share of visits that may be refused."""

LONG_SECONDS = 600.0
"""From when on that is expected of it."""

MORE_THAN_ENOUGH = 10_000
"""Requests per second, at most, that addresses are drawn for."""


@dataclass(frozen=True)
class Soaked:
    """What was seen."""

    outcome: Outcome
    ceiling: float
    """Requests per second, at most, while the same edits are built."""
    edits: int
    shown: int
    """Answers that were looked at for the edit that they show."""
    mixed: int
    """Those that showed several, or an older one than before."""
    memory: Sequence[float] = field(repr=False)
    """In MB, once a second."""

    @property
    def growth(self) -> float:
        """How much the memory grew after the warm-up, as a share: the last third of what is left beside the first."""
        steady = self.memory[int(len(self.memory) * WARM_UP) :]
        third = max(1, len(steady) // 3)
        return mean(steady[-third:]) / mean(steady[:third]) - 1 if steady else 0.0

    @property
    def failures(self) -> list[str]:
        """What must not be."""
        return [
            *([f"{self._errors} answers were errors"] if self._errors else []),
            *([f"{self.outcome.refused} visits were refused"] if self._refuses_many else []),
            *([f"{self.mixed} answers mixed editions or went back to an older one"] if self.mixed else []),
            *([f"memory grew by {self.growth:.1%} after the warm-up"] if self._is_growing else []),
        ]

    @property
    def _errors(self) -> int:
        return self.outcome.wrong - self.outcome.refused

    @property
    def _refuses_many(self) -> bool:
        """A machine that also does something else may be too slow for a moment."""
        return self.outcome.refused > MOST_REFUSED * self.outcome.requests

    @property
    def _is_growing(self) -> bool:
        """In a few minutes caches are still being filled."""
        return self.growth > FLAT and self.outcome.seconds >= LONG_SECONDS

    def __str__(self) -> str:
        """A line for each figure."""
        seen = self.outcome
        return "\n".join(
            (
                f"requests: {seen.requests:,} in {seen.seconds / 60:.1f} minutes, "
                f"{seen.rate:.0f} a second of at most {self.ceiling:.0f}; {self._errors} errors, "
                f"{seen.refused} refused as too many",
                f"edits: {self.edits}; {self.shown:,} answers compared with them, {self.mixed} mixed or older",
                f"milliseconds: median {seen.median_ms:.1f}, p95 {seen.p95_ms:.1f}, p99 {seen.p99_ms:.1f} "
                f"({seen.p99_ms / seen.median_ms:.1f} × median), worst {seen.worst_ms:.0f}",
                f"memory: {self.memory[0]:.0f} MB at first, {max(self.memory):.0f} at most, "
                f"{self.memory[-1]:.0f} at last; {self.growth:+.1%} after the warm-up",
            )
        )


class _Watch:
    """What happens beside the load: edits, answers that show them, memory."""

    def __init__(self, site: Site, edit_seconds: float, edited: int = 0) -> None:
        self._site = site
        self._edit_seconds = edit_seconds
        self._stop = threading.Event()
        self.edits = edited
        self.shown = self.mixed = 0
        self.memory: list[float] = []
        self._threads = [threading.Thread(target=task) for task in (self._edit, self._look, self._weigh)]

    def __enter__(self) -> _Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _edit(self) -> None:
        while not self._stop.wait(self._edit_seconds):
            self.edits += 1
            self._site.edit(self.edits)

    def _look(self) -> None:
        """Each answer shows one edition. A worker may be a moment later than another, so two editions back are old."""
        newest = 0
        while not self._stop.wait(0.1):
            for path in SHOWING:
                try:
                    editions = self._site.editions_on(path)
                except ServerFailed:
                    continue  # refused: that is counted among the visits
                self.shown += 1
                self.mixed += len(editions) != 1 or max(editions) < newest - 1
                newest = max(newest, *editions, 0)

    def _weigh(self) -> None:
        while not self._stop.wait(1.0):
            self.memory.append(self._site.megabytes)


def soak(folder: Path, minutes: float, workers: int, edit_seconds: float) -> Soaked:
    """Measure the ceiling, then visit at a share of it for so long; a case is edited all the time."""
    with running_site(folder, workers) as site:
        time.sleep(2)  # the first edit is built
        paths = list(islice(visits(seed=1), int(MORE_THAN_ENOUGH * CEILING_SECONDS)))
        with _Watch(site, edit_seconds) as before:
            ceiling = run(Job(site.server.port, paths, CEILING_SECONDS), site.server.name).rate
        paths = list(islice(visits(seed=2), int(ceiling * SHARE * minutes * 60)))
        with _Watch(site, edit_seconds, edited=before.edits) as seen:
            job = Job(site.server.port, paths, minutes * 60, connections=32, rate=ceiling * SHARE)
            outcome = run(job, site.server.name)
        return Soaked(outcome, ceiling, seen.edits - before.edits, seen.shown, seen.mixed, seen.memory)
