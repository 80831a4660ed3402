"""The seam: what an engine must do. Nothing above it knows which one is at work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from kb.search.document import SearchDocument
from kb.search.highlighting.passages import Passages
from kb.search.request import SearchRequest
from kb.search.result import SearchResult


class PassageReader(Protocol):
    """Where an engine gets the text of a case for snippets."""

    def passages(self, slugs: Iterable[str]) -> Mapping[str, Passages]:
        """The passages of the published cases among these."""


class SearchEngine(Protocol):
    """Answers searches over one set of cases that never changes. Safe to use from many threads."""

    def search(self, request: SearchRequest) -> SearchResult:
        """The answer to one request.

        Raises SearchError when the index is damaged; never for what a visitor typed.
        """

    def total(self, request: SearchRequest) -> int:
        """How many cases a request finds: `search(request).total` without the rest of the answer.

        Raises as `search` does.
        """

    def holds(self, word: str) -> bool:
        """Whether any case holds the word, in any of its forms."""

    def vocabulary(self) -> Mapping[str, int]:
        """Every exact word that cases hold, with how many hold it, sorted."""

    def close(self) -> None:
        """Let go of files."""


class IndexWriter(Protocol):
    """Writes an engine's index into a folder."""

    def write(
        self,
        folder: Path,
        previous: Path | None,
        removed: Iterable[SearchDocument],
        added: Iterable[SearchDocument],
    ) -> None:
        """Make an index in `folder` (which does not exist yet).

        It holds what the index in `previous` holds, less the documents `removed`, as they were when they
        were added, plus `added`. The previous index is left untouched: others may be reading it.
        """
