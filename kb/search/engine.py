"""The seam: what an engine must do. Nothing above it knows which one is in use.

An engine says which cases match, in which order, and how common words are. It knows no text to show: snippets are made
above it (`kb.search.answering`), from passages that a store supplies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from kb.search.document import SearchDocument
from kb.search.query.tree import Phrase, Wildcard, Word
from kb.search.request import SearchRequest
from kb.search.result import FacetCount

MarkedLeaf = Word | Wildcard | Phrase
"""What a match is marked by."""


class Ranked(NamedTuple):
    """A case that matches."""

    slug: str
    score: float
    """Comparable within one result only; 0 if the query has no words."""


@dataclass(frozen=True)
class EngineResult:
    """What an engine answers to one request."""

    total: int
    """Cases that match, on all pages."""
    ranked: tuple[Ranked, ...]
    """Those of the wanted page, in order."""
    facets: Mapping[str, tuple[FacetCount, ...]]
    """For each facet its values: most cases first, then by id. Chosen values are included even at 0."""
    idf: Mapping[MarkedLeaf, float] = field(default_factory=dict)
    """For each word, pattern and phrase that a match may contain how informative it is to find it: the inverse document
    frequency of its term, times its weight if it is another name. Empty where the request asks for no marks.
    """


class SearchEngine(Protocol):
    """Answers searches over one set of cases that never changes. Safe to use from many threads.

    Work that takes long checks the deadline at each step (`kb.deadline`), and raises OutOfTime when it is over.

    The contract tests (`tests/engines`) specify what every engine must do exactly, and what may differ between engines
    within a tolerance.
    """

    def search(self, request: SearchRequest) -> EngineResult:
        """The answer to one request.

        Raises SearchError when the index is damaged or cannot be reached; never for what a visitor typed.
        """

    def total(self, request: SearchRequest) -> int:
        """How many cases match a request: `search(request).total` without the rest of the answer.

        Raises as `search` does.
        """

    def contains(self, word: str) -> bool:
        """Whether any case contains the word, in any of its forms."""

    def frequencies(self, words: Iterable[str]) -> Mapping[str, int]:
        """How many cases contain each of these exact words; words that no case contains are left out."""

    def words_matching(self, pattern: str) -> Sequence[str]:
        """The exact words that a pattern stands for (`kb.search.words.wildcards`), those of most cases first.

        A `Wildcard` finds the cases that contain any of the first `MOST_WORDS` of them.
        """

    def nearest(self, word: str, slips: int) -> Mapping[str, int]:
        """The exact words that differ from `word` by one to `slips` edits, with how many cases contain each.

        An edit is a letter more, fewer or another, or two neighbours swapped (optimal string alignment).
        """

    def close(self) -> None:
        """Release files and connections; a second time does nothing."""


class LocalEngine(Protocol):
    """An engine whose index is a folder of files on this machine."""

    name: str
    """By which a setting chooses it; also the name of its folder in a generation."""

    def fingerprint(self) -> str:
        """Identifies the versions of what writes the index: what another version wrote is rebuilt."""

    def open(self, folder: Path) -> SearchEngine:
        """The engine over the index in `folder`. Raises GenerationError when it cannot be used."""

    def write(
        self, folder: Path, previous: Path | None, removed: Iterable[str], added: Iterable[SearchDocument]
    ) -> None:
        """Make an index in `folder`, which does not exist yet.

        It contains what the index in `previous` contains, less the cases with the slugs `removed`, plus `added`. The
        previous index is left untouched: others may be reading it. Raises GenerationError when that fails.
        """
