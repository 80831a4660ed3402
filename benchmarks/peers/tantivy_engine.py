"""tantivy (Rust) by its Python package, with aggregations over fast fields.

Its API has one call for hits with their number and another for aggregations; a facet with a filter needs a further
aggregation over a query without it. Names of the hits come from a fast field, which is quicker than from its document
store. The index is one segment. Also tried and not faster: filter aggregations (all facets in one call), and the
number of hits from the aggregation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder

from benchmarks.peers.base import FACET_NAMES, HITS, TITLE_WEIGHT, Answer, nonzero
from benchmarks.queries import BenchQuery, Text

Found = tuple[int, list[str], dict[str, Any]]

MANY = 10_000
"""More values than any facet has: all of them are counted."""

HEAP_BYTES = 512_000_000
"""Room enough to write everything as one segment."""


class Tantivy:
    """tantivy with en_stem tokenizer, hits and aggregations."""

    name = "tantivy"
    every = 1

    def __init__(self, texts: Sequence[Text], folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._slugs = [text.slug for text in texts]
        self._schema = _schema()
        writer = Index(self._schema, str(folder)).writer(HEAP_BYTES, 1)
        for number, text in enumerate(texts):
            writer.add_document(_document(number, text))
        writer.commit()
        writer.wait_merging_threads()
        self.open()

    def open(self) -> None:
        self._index = Index.open(str(self._folder))
        self._searcher = self._index.searcher()

    def prepare(self, query: BenchQuery) -> Callable[[], Found]:
        words = self._index.parse_query(
            " ".join(query.words),
            ["title", "body"],
            field_boosts={"title": TITLE_WEIGHT},
            conjunction_by_default=not query.any_word,
        )
        whole = self._narrowed(words, query.filters)
        queries = [(whole, _terms(name for name in FACET_NAMES if name not in query.filters))]
        for name in query.filters:
            others = {facet: values for facet, values in query.filters.items() if facet != name}
            queries.append((self._narrowed(words, others), _terms([name])))
        slugs = self._slugs
        searcher: Any = self._searcher  # its types do not know of the number of hits

        def search() -> Found:
            result = searcher.search(whole, HITS, count=True)
            numbers = searcher.fast_field_values("number", [address for _, address in result.hits])
            counts: dict[str, Any] = {}
            for narrowed, terms in queries:
                counts |= searcher.aggregate(narrowed, terms)
            return result.count, [slugs[int(number or 0)] for number in numbers], counts

        return search

    def _narrowed(self, words: Query, filters: Mapping[str, Sequence[str]]) -> Query:
        if not filters:
            return words
        tests = [Query.const_score_query(self._having(name, values), 0.0) for name, values in filters.items()]
        return Query.boolean_query([(Occur.Must, part) for part in (words, *tests)])

    def _having(self, name: str, values: Sequence[str]) -> Query:
        if len(values) > 1:
            return Query.term_set_query(self._schema, name, values)
        return Query.term_query(self._schema, name, values[0], "basic")

    def read(self, found: Found) -> Answer | None:
        total, hits, counts = found
        buckets = {name: counts[name]["buckets"] for name in FACET_NAMES}
        counted = {name: nonzero((each["key"], each["doc_count"]) for each in found) for name, found in buckets.items()}
        return Answer(total, tuple(hits), counted)

    def warm(self, queries: Iterable[BenchQuery]) -> None:
        for query in queries:
            self.prepare(query)()

    def close(self) -> None:
        """tantivy releases its files by itself."""


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("title", tokenizer_name="en_stem")
    builder.add_text_field("body", tokenizer_name="en_stem")
    builder.add_unsigned_field("number", fast=True)
    for name in FACET_NAMES:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(number: int, text: Text) -> Document:
    document = Document()
    document.add_text("title", text.title)
    document.add_text("body", text.body)
    document.add_unsigned("number", number)
    for name in FACET_NAMES:
        for value in text.facets[name]:
            document.add_text(name, value)
    return document


def _terms(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"terms": {"field": name, "size": MANY, "segment_size": MANY}} for name in names}
