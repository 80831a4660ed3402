"""One built index, read into arrays: what each document is counted and sorted by, and postings on demand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import index
from whoosh.reading import TermNotFound

from kb.engines.whoosh.errors import while_opening
from kb.engines.whoosh.schema import RECORD
from kb.search.fields import FACETS, TEXT_FIELDS

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CACHE_BYTES = 32 * 1024 * 1024
"""Room for the leaves of some thousand queries over ten thousand cases; a worker stays small."""

LEAF_BYTES = 1024
"""What a kept leaf takes besides its numbers. Without it, words that nothing holds would be kept for ever."""

OPEN_END = 9999
"""The end year of a practice that goes on."""


@dataclass(frozen=True)
class Found:
    """What one leaf of a query finds: document numbers in ascending order, and a score for each."""

    documents: Ints
    rarity: float
    """How much finding it says (BM25's inverse document frequency)."""
    scores: Floats

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return LEAF_BYTES + int(self.documents.nbytes + self.scores.nbytes)


@dataclass(frozen=True)
class FacetColumn:
    """The values of one facet: document `documents[i]` has the value `values[codes[i]]`."""

    values: tuple[str, ...]
    documents: Ints
    codes: Ints


class Snapshot:
    """An opened index. Document numbers belong to it and to no other.

    Whoosh's reader is used under a lock: its files have one position each. What it gives is kept.
    """

    def __init__(self, folder: Path) -> None:
        with while_opening(str(folder)), ExitStack() as files:
            self._reader = index.open_dir(str(folder), readonly=True).reader()
            files.callback(self._reader.close)
            self._lock = threading.Lock()
            self._leaves: OrderedDict[object, Found] = OrderedDict()
            self._leaf_bytes = 0
            self._vocabulary: Mapping[str, int] | None = None
            self._read_records()
            self._files = files.pop_all()

    def _read_records(self) -> None:
        """Read what every document is counted and sorted by."""
        self.size: int = self._reader.doc_count_all()
        self.live: Bools = np.zeros(self.size, dtype=np.bool_)
        self.slugs: list[str] = [""] * self.size
        self.lengths = np.zeros((len(TEXT_FIELDS), self.size))
        self.started: Ints = np.zeros(self.size, dtype=np.int32)
        self.ended: Ints = np.full(self.size, OPEN_END, dtype=np.int32)
        titles, cities = [""] * self.size, [""] * self.size
        entries: list[list[tuple[int, str]]] = [[] for _ in FACETS]
        for number in self._reader.all_doc_ids():
            record: dict[str, Any] = self._reader.stored_fields(number)[RECORD]
            self.live[number] = True
            self.slugs[number] = record["slug"]
            self.lengths[:, number] = record["lengths"]
            self.started[number] = record["started"]
            self.ended[number] = record["ended"] or OPEN_END
            titles[number], cities[number] = record["title"], record["city"]
            for facet_entries, values in zip(entries, record["facets"], strict=True):
                facet_entries.extend((number, value) for value in values)
        self.count: int = int(self.live.sum())
        self.by_slug = _ranks(self.slugs)
        self.by_title = _ranks(titles)
        self.by_city = _ranks(cities)
        self.facets = {
            facet.name: _facet_column(facet_entries) for facet, facet_entries in zip(FACETS, entries, strict=True)
        }
        total = self.lengths.sum(axis=1)
        self.mean_lengths = np.maximum(total / max(self.count, 1), 1.0)

    def leaf(self, key: object, make: Callable[[], Found]) -> Found:
        """What is kept under `key`, or what `make` gives, kept from now on as long as there is room."""
        with self._lock:
            if key in self._leaves:
                self._leaves.move_to_end(key)
                return self._leaves[key]
            leaf = make()
            self._leaves[key] = leaf
            self._leaf_bytes += leaf.size
            while self._leaf_bytes > CACHE_BYTES and self._leaves:
                self._leaf_bytes -= self._leaves.popitem(last=False)[1].size
            return leaf

    # The three below read from Whoosh and are called by the makers of leaves, under the lock.

    def frequencies(self, field: str, term: str) -> tuple[Ints, Floats]:
        """The documents that hold a term, and how often each does."""
        documents: list[int] = []
        frequencies: list[float] = []
        for matcher in self._matching(field, term):
            documents.append(matcher.id())
            frequencies.append(matcher.weight())
        return np.array(documents, dtype=np.int32), np.array(frequencies)

    def positions(self, field: str, term: str) -> dict[int, list[int]]:
        """The positions of a term in a field, by document."""
        return {matcher.id(): matcher.value_as("positions") for matcher in self._matching(field, term)}

    def terms_with_prefix(self, field: str, prefix: str) -> list[str]:
        """The exact words of a field that start with `prefix`."""
        return [term.decode() for term in self._reader.expand_prefix(field, prefix)]

    def vocabulary(self) -> Mapping[str, int]:
        """Every exact word, with the number of documents that hold it in the field that holds it most often."""
        if self._vocabulary is None:
            with self._lock:
                counts: dict[str, int] = {}
                for name in (field.name for field in TEXT_FIELDS):
                    for term, info in self._reader.iter_field(name):
                        if not term.startswith(b"="):
                            word = term.decode()
                            counts[word] = max(counts.get(word, 0), int(info.doc_frequency()))
                self._vocabulary = counts
        return self._vocabulary

    def _matching(self, field: str, term: str) -> Iterator[Any]:
        try:
            matcher = self._reader.postings(field, term.encode())
        except TermNotFound:
            return
        while matcher.is_active():
            yield matcher
            matcher.next()

    def close(self) -> None:
        """Let go of the files; a second time does nothing."""
        with self._lock:
            self._files.close()


def _ranks(keys: list[str]) -> Ints:
    """The place of each key in sorted order; equal keys share a rank."""
    places = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], dtype=np.int32)


def _facet_column(entries: list[tuple[int, str]]) -> FacetColumn:
    values = tuple(sorted({value for _, value in entries}))
    codes = {value: code for code, value in enumerate(values)}
    return FacetColumn(
        values,
        np.array([number for number, _ in entries], dtype=np.int32),
        np.array([codes[value] for _, value in entries], dtype=np.int32),
    )
