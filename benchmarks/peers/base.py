"""The interface of every engine in the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.queries import BenchQuery
from kb import FACETS

HITS = 10
TITLE_WEIGHT = 5.0
"""What a word in the title counts against one in the text, in every engine that can distinguish them."""

FACET_NAMES = tuple(facet.name for facet in FACETS)


@dataclass(frozen=True)
class Answer:
    """The answer of an engine, in comparable terms."""

    total: int
    hits: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    """By facet and value; counts of zero are left out."""


class Peer(Protocol):
    """An engine over texts that it has indexed."""

    name: str
    every: int
    """It gets every query (1) or, because it is slow, every n-th."""

    def open(self) -> None:
        """Reopen the index; whatever was cached in memory is discarded."""

    def prepare(self, query: BenchQuery) -> Callable[[], Any]:
        """The search, ready to be run; only the running is timed."""

    def read(self, found: Any) -> Answer | None:
        """The answer of a search; None if it is not a complete one."""

    def warm(self, queries: Iterable[BenchQuery]) -> None:
        """Have each word of the queries looked up once."""

    def close(self) -> None:
        """Release files."""


def nonzero(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The counts above zero."""
    return {value: count for value, count in counts if count}
