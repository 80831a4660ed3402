"""Our engine, alone and as visitors get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from benchmarks.peers.base import FACET_NAMES, HITS, Answer, nonzero
from benchmarks.queries import BenchQuery
from kb import Generation, IndexFolder, SearchRequest, SearchResult, make_request
from kb.search.engine import EngineResult
from kb.search.query.tree import And, Or, Query, Word

R = TypeVar("R", EngineResult, SearchResult)


def query_of(query: BenchQuery) -> Query:
    """The query as our own tree."""
    words = tuple(map(Word, query.words))
    if len(words) == 1:
        return words[0]
    return Or(words) if query.any_word else And(words)


class OurEngine:
    """`WhooshEngine.search` on a built generation: words and filters as asked, no passages."""

    name = "ours"
    every = 1

    def __init__(self, index: Path) -> None:
        self._index = IndexFolder(index)
        self._generation: Generation | None = None

    @property
    def generation(self) -> Generation:
        """The generation as it was opened last."""
        if self._generation is None:
            self._generation = self._index.open_current()
        return self._generation

    def open(self) -> None:
        self.close()
        self._generation = self._index.open_current()

    def prepare(self, query: BenchQuery) -> Callable[[], EngineResult | SearchResult]:
        engine = self.generation.engine
        request = SearchRequest(query=query_of(query), filters=dict(query.filters), size=HITS, marked=False)
        return lambda: _whole(engine.search(request))

    def read(self, found: EngineResult | SearchResult) -> Answer | None:
        if isinstance(found, SearchResult):
            # Another reading may find more than the words as they are: that is its point.
            return None
        counts = {name: nonzero((count.value, count.cases) for count in found.facets[name]) for name in FACET_NAMES}
        return Answer(found.total, tuple(slug for slug, _ in found.ranked), counts)

    def warm(self, queries: Iterable[BenchQuery]) -> None:
        for query in queries:
            self.prepare(query)()

    def close(self) -> None:
        if self._generation is not None:
            self._generation.close()
        self._generation = None


class OurSearch(OurEngine):
    """The whole search: spelling, other names, boosts, a looser reading where little is found, passages and marks."""

    name = "ours, complete search"

    def prepare(self, query: BenchQuery) -> Callable[[], EngineResult | SearchResult]:
        generation, text, filters = self.generation, query.text, dict(query.filters)
        return lambda: _whole(generation.search(make_request(text, filters, size=HITS)))


def _whole(result: R) -> R:
    """The result, with every part of it asked for, so that nothing of it can be left for later."""
    for name in FACET_NAMES:
        len(result.facets[name])
    return result
