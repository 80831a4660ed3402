"""Narrowing by facets, and counting what each value would give."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from kb.engines.whoosh.records import Sets
from kb.search.result import FacetCount

Bools = NDArray[np.bool_]
Codes = NDArray[np.intp]


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
    size: int
    """How many values there are."""

    @classmethod
    def of(cls, facets: Mapping[str, Sets], live: Bools) -> FacetTable:
        """The table of documents; those that are not live have nothing."""
        found = {name: sets.used_by(live) for name, sets in facets.items()}
        values = {name: tuple(sorted(set().union(*used.values()))) for name, used in found.items()}
        edges = list(accumulate(map(len, values.values()), initial=0))
        firsts, nothing = dict(zip(values, edges, strict=False)), edges[-1]
        parts = []
        for name, sets in facets.items():
            codes = {value: code for code, value in enumerate(values[name], start=firsts[name])}
            of_sets = np.full((max(map(len, found[name].values()), default=0), len(sets.different)), nothing)
            for number, used in found[name].items():
                of_sets[: len(used), number] = [codes[value] for value in used]
            parts.append(of_sets[:, sets.numbers])
        table = np.where(live, np.concatenate(parts), nothing)
        heights = list(accumulate(map(len, parts), initial=0))
        rows = {name: slice(*edge) for name, edge in zip(facets, pairwise(heights), strict=True)}
        return cls(values, table.astype(np.intp), rows, firsts, nothing)

    def having(self, name: str, value: str) -> Bools:
        """The documents that have a value of a facet."""
        place = bisect_left(self.values[name], value)
        if self.values[name][place : place + 1] != (value,):
            return np.zeros(self.codes.shape[1], dtype=np.bool_)
        has_it: Bools = (self.codes[self.rows[name]] == self.firsts[name] + place).any(axis=0)
        return has_it

    def count(self, documents: NDArray[np.intp]) -> NDArray[np.intp]:
        """For each code how many of the documents have it."""
        return self._count(self.codes, documents)

    def count_one(self, name: str, documents: NDArray[np.intp]) -> NDArray[np.intp]:
        """The same, right for the codes of one facet only."""
        return self._count(self.codes[self.rows[name]], documents)

    def _count(self, rows: Codes, documents: NDArray[np.intp]) -> NDArray[np.intp]:
        # One more than there are values: those that have none.
        return np.bincount(rows.take(documents, axis=1).ravel(), minlength=self.size + 1)

    def part(self, name: str, counts: NDArray[np.intp]) -> NDArray[np.intp]:
        """The counts of the values of one facet."""
        return counts[self.firsts[name] : self.firsts[name] + len(self.values[name])]


def filter_masks(filters: Mapping[str, Sequence[str]], having: Callable[[str, str], Bools]) -> dict[str, Bools]:
    """For each facet with chosen values, the documents that have any of them."""
    return {
        name: np.logical_or.reduce([having(name, value) for value in values])
        for name, values in filters.items()
        if values
    }


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
    counts = table.count(all_of(list(masks.values()), matching).nonzero()[0])
    found = {name: table.part(name, counts) for name in table.rows}
    for name in masks:
        others = [mask for facet, mask in masks.items() if facet != name]
        found[name] = table.part(name, table.count_one(name, all_of(others, matching).nonzero()[0]))
    return {name: _facet_counts(table.values[name], found[name], filters.get(name, ())) for name in table.rows}


# A result holds hundreds of them; calling the class takes three times as long.
_facet_count: Callable[[tuple[str, int, bool]], FacetCount] = partial(tuple.__new__, FacetCount)


def _facet_counts(values: Sequence[str], counts: NDArray[np.intp], chosen: Sequence[str]) -> tuple[FacetCount, ...]:
    """The values that some have, most first, then by name; chosen ones even where none has them."""
    held = counts.nonzero()[0]
    # Values are sorted, and this kind of sorting keeps the order of equals.
    ordered = held[np.argsort(-counts[held], kind="stable")]
    names = list(map(values.__getitem__, ordered.tolist()))
    is_chosen = [name in chosen for name in names] if chosen else repeat(False)
    shown = list(map(_facet_count, zip(names, counts[ordered].tolist(), is_chosen, strict=False)))
    if chosen:
        known = {count.value for count in shown}
        shown += [FacetCount(value, 0, True) for value in sorted(set(chosen) - known)]
    return tuple(shown)
