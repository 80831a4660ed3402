"""Whoosh's own searching over its usual fields: the same library that our index lies in, by its own means.

Facets are lists in stored fields, counted by its `FacetCollector`; that is faster here than its other ways (keyword
fields, term vectors, columns for facets with one value). The collectors are put together by hand, since `groupedby`
would sort all hits; those for the counts of a facet with a filter do not score. Filters are parts of the query that do
not score, which is faster than the parameter `filter`. `WhooshTop` asks for the ten best only: nothing is counted,
and Whoosh can skip what cannot be among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import index, sorting
from whoosh.analysis import StemmingAnalyzer
from whoosh.collectors import FacetCollector, TopCollector, UnsortedCollector
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema
from whoosh.query import And, ConstantScoreQuery, Or, Term

from benchmarks.peers.base import FACET_NAMES, HITS, TITLE_WEIGHT, Answer, nonzero
from benchmarks.queries import BenchQuery, Text
from kb.engines.whoosh.write import MEMORY_MB

Found = tuple[int, list[str], dict[str, Mapping[str, int]]]


def analyzer() -> Any:
    """Whoosh's analyser with stemming and stop words; words are cut as the other engines cut them."""
    return StemmingAnalyzer(r"[^\W_]+")


def write_texts(folder: Path, texts: Iterable[Text], *, with_facets: bool) -> None:
    """Index texts with Whoosh, in one process and with the memory that our own writer lets it have."""
    folder.mkdir(parents=True)
    facets = FACET_NAMES if with_facets else ()
    values = {name: KEYWORD() for name in facets} | {_stored(name): STORED() for name in facets}
    # Two analysers: each caches the stems of its field.
    schema = Schema(slug=ID(stored=True), title=TEXT(analyzer()), body=TEXT(analyzer()), **values)
    writer = index.create_in(str(folder), schema).writer(limitmb=MEMORY_MB)
    for text in texts:
        row: dict[str, Any] = {name: " ".join(text.facets[name]) for name in facets}
        row |= {_stored(name): list(text.facets[name]) for name in facets}
        writer.add_document(slug=text.slug, title=text.title, body=text.body, **row)
    writer.commit()


class WhooshTop:
    """The ten best hits, and nothing else."""

    name = "Whoosh, plain top 10"
    every = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analyze = analyzer()
        self._searcher: Any = None
        self.open()

    def open(self) -> None:
        self.close()
        self._searcher = index.open_dir(str(self._folder)).searcher()

    def prepare(self, query: BenchQuery) -> Callable[[], Any]:
        wanted, searcher = self._query(query, query.filters), self._searcher
        return lambda: [hit["slug"] for hit in searcher.search(wanted, limit=HITS)]

    def _query(self, asked: BenchQuery, filters: Mapping[str, Sequence[str]]) -> Any:
        parts = [self._word(word) for word in asked.words]
        words = parts[0] if len(parts) == 1 else (Or if asked.any_word else And)(parts)
        if not filters:
            return words
        tests = [Or([Term(name, value) for value in values]) for name, values in filters.items()]
        return And([words, *(ConstantScoreQuery(test, 0.0) for test in tests)])

    def _word(self, word: str) -> Any:
        (form,) = [token.text for token in self._analyze(word)]
        return Or([Term("title", form, boost=TITLE_WEIGHT), Term("body", form)])

    def read(self, found: Any) -> Answer | None:
        return None

    def warm(self, queries: Iterable[BenchQuery]) -> None:
        for query in queries:
            self._searcher.search(self._query(query, {}), limit=HITS)

    def close(self) -> None:
        if self._searcher is not None:
            self._searcher.close()


class WhooshFacets(WhooshTop):
    """The same work as the others by Whoosh's collectors."""

    name = "Whoosh, with facets"
    every = 9
    """An odd number: queries for all words and for any word come in turn."""

    def prepare(self, query: BenchQuery) -> Callable[[], Found]:
        wanted = self._query(query, query.filters)
        free = _grouped(name for name in FACET_NAMES if name not in query.filters)
        filtered = []
        for name in query.filters:
            others = {facet: values for facet, values in query.filters.items() if facet != name}
            filtered.append((name, self._query(query, others), _grouped([name])))
        searcher = self._searcher

        def counted(asked: Any, facets: Any, collector: Any) -> Any:
            grouping = FacetCollector(collector, facets, maptype=sorting.Count)
            searcher.search_with_collector(asked, grouping)
            return grouping.results()

        def search() -> Found:
            results = counted(wanted, free, TopCollector(HITS, usequality=False, replace=0))
            counts = {name: results.groups(name) for name in free}
            for name, others, grouped in filtered:
                counts[name] = counted(others, grouped, UnsortedCollector()).groups(name)
            return len(results), [hit["slug"] for hit in results], counts

        return search

    def read(self, found: Found) -> Answer | None:
        total, hits, counts = found
        return Answer(total, tuple(hits), {name: nonzero(counts[name].items()) for name in FACET_NAMES})


def _stored(name: str) -> str:
    return f"{name}_values"


def _grouped(names: Iterable[str]) -> dict[str, Any]:
    return {name: sorting.StoredFieldFacet(_stored(name), allow_overlap=True, split_fn=list) for name in names}
