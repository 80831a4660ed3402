"""A search, complete and interpreted: one object in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from kb.notices import Notice
from kb.search.fields import FACETS
from kb.search.query.tree import MatchAll, Query
from kb.search.words.line import Line

MAX_SIZE = 100
DEFAULT_SIZE = 20


class Sort(StrEnum):
    """The order of hits. Equal ones are ordered by slug."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    """The practice that started last comes first."""
    STARTED = "started"
    """The practice that started first comes first."""
    CHANGED = "changed"
    """The case whose file was last changed comes first."""
    TITLE = "title"
    CITY = "city"


@dataclass(frozen=True)
class SearchRequest:
    """One search."""

    text: str = ""
    """What was typed."""
    query: Query = field(default_factory=MatchAll)
    """How it was interpreted."""
    notices: tuple[Notice, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each facet the wanted values: any value within a facet, and all facets together."""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    """Counted from 1."""
    size: int = DEFAULT_SIZE
    """Hits on a page, at most `MAX_SIZE`."""
    marked: bool = True
    """Whether hits come with a passage and with what to mark; a search by a program may not need them."""

    counted: bool = True
    """Whether the values of facets are counted."""

    def __post_init__(self) -> None:
        if self.page < 1:
            raise ValueError(f"page must be 1 or more, not {self.page}")
        if not 0 <= self.size <= MAX_SIZE:
            raise ValueError(f"size must be 0 to {MAX_SIZE}, not {self.size}")

    @cached_property
    def line(self) -> Line:
        """What was typed, with its words."""
        return Line.of(self.text)

    @property
    def reason_keys(self) -> tuple[str, ...]:
        """The keys of the sentences in which cases say why they have what the search is narrowed by."""
        return tuple(
            facet.reason_key(value)
            for facet in FACETS
            if facet.reason_key is not None
            for value in self.filters.get(facet.name, ())
        )
