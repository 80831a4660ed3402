"""What a search found: one object out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kb.notices import Notice
from kb.search.request import SearchRequest

Ranges = tuple[tuple[int, int], ...]
"""Pieces of a text to mark: start and end of each, in characters, in order, not overlapping."""


@dataclass(frozen=True)
class Snippet:
    """A passage of a case that shows why it was found."""

    section: str
    """The anchor of its section."""
    heading: str
    text: str
    ranges: Ranges


@dataclass(frozen=True)
class Hit:
    """A case that was found."""

    slug: str
    score: float
    """Comparable within one result only; 0 if the search has no words."""
    snippet: Snippet | None = None
    title: Ranges = ()
    """What to mark in its title."""
    summary: Ranges = ()
    """What to mark in its summary."""


class FacetCount(NamedTuple):
    """How many cases of the result have a value, regardless of what else is chosen in the same facet."""

    value: str
    cases: int
    selected: bool


@dataclass(frozen=True)
class Suggestion:
    """Another spelling that finds more."""

    text: str
    total: int


@dataclass(frozen=True)
class Removal:
    """A facet whose filter excludes everything, and how many cases there would be without it."""

    facet: str | None
    """None for all filters together."""
    total: int


@dataclass(frozen=True)
class SearchResult:
    """One page of hits, and what is true of the whole result."""

    request: SearchRequest
    total: int
    """Cases found, on all pages."""
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    """For each facet its values: most cases first, then by id. Chosen values are included even at 0."""

    partial_hits: tuple[Hit, ...] = ()
    """Where few cases were found: those that come nearest of the others. Nothing counts them."""

    suggestion: Suggestion | None = None
    removals: tuple[Removal, ...] = ()
    """For an empty result: which filter to take away, the most helpful first."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the visitor should know about how the search was interpreted."""
        return self.request.notices

    @property
    def pages(self) -> int:
        """How many pages there are; 1 for an empty result."""
        return max(1, -(-self.total // self.request.size)) if self.request.size else 1

    @property
    def is_beyond_end(self) -> bool:
        """Whether the wanted page does not exist."""
        return self.request.page > self.pages
