"""What every engine in the comparison has to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.queries import BenchQuery
from kb import FACETS

HITS = 10
TITLE_WEIGHT = 5.0
"""What a word in the title counts against one in the text, in every engine that can tell them apart."""

FACET_NAMES = tuple(facet.name for facet in FACETS)


@dataclass(frozen=True)
class Answer:
    """What an engine found, in words that can be compared."""

    total: int
    hits: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    """For each facet and value; what nothing has is left out."""


class Peer(Protocol):
    """An engine over texts that it has indexed."""

    name: str
    every: int
    """It gets every query (1), or because it is slow only every so many."""

    def open(self) -> None:
        """Open the index afresh; what was kept in memory of it is gone."""

    def prepare(self, query: BenchQuery) -> Callable[[], Any]:
        """The search, ready to be run; only the running is timed."""

    def read(self, found: Any) -> Answer | None:
        """What running a search gave; None if that is not a whole answer."""

    def warm(self, queries: Iterable[BenchQuery]) -> None:
        """Have each word of the queries looked up once."""

    def close(self) -> None:
        """Let go of files."""


def held(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The counts of what something has."""
    return {value: count for value, count in counts if count}
