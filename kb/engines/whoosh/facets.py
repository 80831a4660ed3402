"""Narrowing by facets, and counting what each value would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.search.result import FacetCount

Bools = NDArray[np.bool_]
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class FacetTable:
    """The values of all facets, laid out so that counting them is one look into a table.

    Every value of every facet has a code of its own. A document with several values of a facet has them in several
    rows; where it has no further one, its code is that of nothing.
    """

    values: Mapping[str, tuple[str, ...]]
    """For each facet its values, sorted."""
    codes: Codes
    """Rows of codes, a column for each document."""
    rows: Mapping[str, slice]
    """The rows of each facet."""
    firsts: Mapping[str, int]
    """The code of the first value of each facet; the others follow."""

    @classmethod
    def of(cls, documents: Sequence[Sequence[Sequence[str]]], names: Sequence[str]) -> FacetTable:
        """The table of documents, each with its values for each facet, in the order of `names`."""
        values, rows, firsts = {}, {}, {}
        first, layers = 0, list[list[tuple[int, int]]]()
        for place, name in enumerate(names):
            values[name] = tuple(sorted({value for document in documents for value in document[place]}))
            codes = {value: code for code, value in enumerate(values[name], start=first)}
            start = len(layers)
            for number, document in enumerate(documents):
                for layer, value in enumerate(document[place], start=start):
                    if layer == len(layers):
                        layers.append([])
                    layers[layer].append((number, codes[value]))
            rows[name], firsts[name] = slice(start, len(layers)), first
            first += len(codes)
        table = np.full((len(layers), len(documents)), first, dtype=np.int32)
        for row, entries in zip(table, layers, strict=True):
            numbers, found = np.array(entries, dtype=np.int32).T
            row[numbers] = found
        return cls(values, table, rows, firsts)

    def having(self, name: str, wanted: Sequence[str]) -> Bools:
        """The documents that have any of the wanted values of a facet."""
        rows = self.codes[self.rows[name]]
        found = np.zeros(self.codes.shape[1], dtype=np.bool_)
        for code, value in enumerate(self.values[name], start=self.firsts[name]):
            if value in wanted:
                found |= (rows == code).any(axis=0)
        return found

    def count(self, names: Sequence[str], documents: NDArray[np.intp]) -> Mapping[str, NDArray[np.intp]]:
        """For each of these facets how many of the documents have each value."""
        rows = self.codes if len(names) == len(self.rows) else np.concatenate([self.codes[self.rows[n]] for n in names])
        size = sum(map(len, self.values.values()))
        # One more than there are values: those that have none.
        counts = np.bincount(rows[:, documents].ravel(), minlength=size + 1)
        return {name: counts[self.firsts[name] : self.firsts[name] + len(self.values[name])] for name in names}


def filter_masks(filters: Mapping[str, Sequence[str]], table: FacetTable) -> dict[str, Bools]:
    """For each facet with chosen values, the documents that have any of them."""
    return {name: table.having(name, values) for name, values in filters.items() if values}


def all_of(masks: Sequence[Bools], start: Bools) -> Bools:
    """The documents of `start` that are in every mask."""
    result = start
    for mask in masks:
        result = result & mask
    return result


def count_facets(
    matching: Bools, masks: Mapping[str, Bools], filters: Mapping[str, Sequence[str]], table: FacetTable
) -> dict[str, tuple[FacetCount, ...]]:
    """How many matching documents have each value; a facet's own filter is left out of its counts."""
    narrowed = all_of(list(masks.values()), matching)
    counts = dict(table.count([name for name in table.rows if name not in masks], narrowed.nonzero()[0]))
    for name in masks:
        others = [mask for facet, mask in masks.items() if facet != name]
        counts |= table.count([name], all_of(others, matching).nonzero()[0])
    return {name: _facet_counts(table.values[name], counts[name], filters.get(name, ())) for name in table.rows}


def _facet_counts(values: Sequence[str], counts: NDArray[np.intp], chosen: Sequence[str]) -> tuple[FacetCount, ...]:
    """The values that some have, most first, then by name; chosen ones even where none has them."""
    held = counts.nonzero()[0]
    # Values are sorted, and this kind of sorting keeps the order of equals.
    ordered = held[np.argsort(-counts[held], kind="stable")]
    shown = [
        FacetCount(values[code], count, values[code] in chosen)
        for code, count in zip(ordered.tolist(), counts[ordered].tolist(), strict=True)
    ]
    if chosen:
        known = {count.value for count in shown}
        shown += [FacetCount(value, 0, True) for value in sorted(set(chosen) - known)]
    return tuple(shown)
