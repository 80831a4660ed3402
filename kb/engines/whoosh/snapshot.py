"""One built index, opened: what each document is counted and sorted by, its words, and where they occur."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import index

from kb.deadline import check
from kb.engines.whoosh.cache import Cache, V
from kb.engines.whoosh.errors import Damaged, decoding, while_opening
from kb.engines.whoosh.facets import FacetTable
from kb.engines.whoosh.layout import lexicon
from kb.engines.whoosh.layout.records import Numbers, Records, RecordsColumn
from kb.engines.whoosh.layout.schema import RECORD, term, terms_of_base_form
from kb.engines.whoosh.postings import Ints, Occurrences, Postings, merged
from kb.lru import LruCache
from kb.search.fields import FACETS, TEXT_FIELDS
from kb.search.words.analysis import base_form
from kb.search.words.spelling import SpellingIndex
from kb.search.words.wildcards import MOST_WORDS, beginning_of, words_matching

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CACHE_BYTES = 112 * 1024 * 1024
"""Capacity for the words of twenty thousand cases; a worker over 12,000 stays under 400 MB."""

PATTERN_WORDS = 100_000
"""Words of recent patterns that are kept: one search asks several times, and looking through all words takes longer."""


class Snapshot:
    """An opened index. Document numbers belong to it and to no other."""

    def __init__(self, folder: Path) -> None:
        with while_opening(str(folder)), ExitStack() as files:
            reader = index.open_dir(str(folder), readonly=True).reader()
            files.callback(reader.close)
            self._cache = Cache(CACHE_BYTES)
            self.lexicon: Mapping[str, int] = lexicon.read(folder)
            self._words = list(self.lexicon)
            self._patterns = LruCache[str, list[str]](PATTERN_WORDS, size_of=lambda words: 1 + len(words))
            segments = reader.leaf_readers() if reader.doc_count_all() else []
            self.live = _live(segments)
            self.size = len(self.live)
            self.count = int(self.live.sum())
            self._postings = Postings(segments, self.live)
            self._arrange(Records.concatenated([Records.of(()), *map(_records, segments)]))
            self._files = files.pop_all()

    def _arrange(self, records: Records) -> None:
        """What every document is counted and sorted by."""
        self.slugs = records.slugs
        self.started, self.ended = records.started, records.ended
        self.by_slug = _ranks(records.slugs)
        self.by_title = _ranks(records.titles)
        self.by_city = _ranks(records.cities)
        self.by_change = _ranks(records.modified)
        self.facets = FacetTable.of(dict(zip((facet.name for facet in FACETS), records.facets, strict=True)), self.live)
        self.field_weights = _field_weights(records.lengths * self.live, self.count)

    @cached_property
    def spellings(self) -> SpellingIndex:
        """The words, for finding those nearest to one. Made when the first word has to be found."""
        return SpellingIndex.of(self.lexicon)

    def cached(self, key: Hashable, make: Callable[[], V]) -> V:
        """What is cached under `key`, or the result of `make`, which is then cached until newer values evict it."""
        return self._cache.get(key, make)

    def having(self, facet: str, value: str) -> Bools:
        """The documents that have a value of a facet."""
        return self.cached((facet, value), lambda: self.facets.having(facet, value))

    def exactly(self, word: str) -> Occurrences:
        """Where a word occurs in exactly this form."""
        return self._of_term(term(word))

    def in_any_form(self, word: str) -> Occurrences:
        """Where a word occurs in any of its inflected forms."""

        def make() -> Occurrences:
            return merged([self._of_term(found) for found in self._postings.terms_beginning(terms_of_base_form(word))])

        return self.cached(("base form", base_form(word)), make)

    def like(self, pattern: str) -> Occurrences:
        """Where the words that a pattern stands for occur."""
        return merged([self._of_term(term(word)) for word in self.words_matching(pattern)[:MOST_WORDS]])

    def words_matching(self, pattern: str) -> list[str]:
        """The words that a pattern stands for, those of most cases first."""
        check()
        found = self._patterns.get(pattern)
        if found is None:
            beginning = beginning_of(pattern)
            candidates = self._words_beginning(beginning) if beginning else self._words
            found = words_matching(pattern, candidates, self.lexicon)
            self._patterns.put(pattern, found)
        return found

    def _words_beginning(self, prefix: str) -> Iterator[str]:
        for position in range(bisect_left(self._words, prefix), len(self._words)):
            if not self._words[position].startswith(prefix):
                return
            yield self._words[position]

    def _of_term(self, term: bytes) -> Occurrences:
        check()
        return self.cached(term, lambda: self._postings.of_term(term))

    def close(self) -> None:
        """Release the files; a second time does nothing."""
        self._files.close()


def _live(segments: Sequence[tuple[Any, int]]) -> Bools:
    """Which documents are not deleted."""
    live = np.ones(sum(leaf.doc_count_all() for leaf, _ in segments), dtype=np.bool_)
    with decoding("The list of deleted documents"):
        for leaf, first in segments:
            live[[first + number for number in leaf.deleted_docs_set]] = False
    return live


def _records(segment: tuple[Any, int]) -> Records:
    leaf, _ = segment
    column = leaf.column_reader(RECORD, translate=False)
    if not isinstance(column, RecordsColumn.Reader) or len(column.records.slugs) != leaf.doc_count_all():
        raise Damaged("the number of records is not that of documents")
    return column.records


def _field_weights(lengths: Numbers, count: int) -> Floats:
    """What one occurrence in a field counts, for each field and document: BM25F's weight and length norm."""
    means = np.maximum(lengths.sum(axis=1) / max(count, 1), 1.0)
    weights = np.array([[field.weight] for field in TEXT_FIELDS])
    norms = np.array([[field.length_norm] for field in TEXT_FIELDS])
    counted: Floats = weights / (1 - norms + norms * lengths / means[:, np.newaxis])
    return counted


def _ranks(keys: Sequence[str]) -> Ints:
    """The place of each key in sorted order; equal keys share a rank."""
    places = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], dtype=np.int32)
