"""Narrowing by facets, and counting what each value would find."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate, pairwise, repeat
from operator import and_, or_

import numpy as np
from numpy.typing import NDArray

from kb.engines.whoosh.layout.records import Sets
from kb.search.result import FacetCount

Bools = NDArray[np.bool_]
Codes = NDArray[np.unsignedinteger]
Documents = NDArray[np.int64]


@dataclass(frozen=True)
class FacetTable:
    """The values of all facets, laid out so that counting them is one table lookup.

    Every value of every facet has a code of its own. A document with several values of a facet has them in several
    columns; where it has no further one, its code is that of nothing.
    """

    values: Mapping[str, tuple[str, ...]]
    """For each facet its values, sorted."""
    codes: Codes
    """A row of codes for each document, in as few bytes as they need. It is contiguous in memory: otherwise NumPy
    copies the whole table each time some documents are taken from it."""
    columns: Mapping[str, slice]
    """The columns of each facet."""
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
        by_facet = []
        for name, sets in facets.items():
            codes = {value: code for code, value in enumerate(values[name], start=firsts[name])}
            of_sets = np.full((max(map(len, found[name].values()), default=0), len(sets.different)), nothing)
            for number, used in found[name].items():
                of_sets[: len(used), number] = [codes[value] for value in used]
            by_facet.append(of_sets[:, sets.numbers])
        table = np.where(live, np.concatenate(by_facet), nothing)
        heights = list(accumulate(map(len, by_facet), initial=0))
        columns = {name: slice(*edge) for name, edge in zip(facets, pairwise(heights), strict=True)}
        return cls(values, np.ascontiguousarray(table.T, dtype=np.min_scalar_type(nothing)), columns, firsts, nothing)

    def having(self, name: str, value: str) -> Bools:
        """The documents that have a value of a facet."""
        place = bisect_left(self.values[name], value)
        if self.values[name][place : place + 1] != (value,):
            return np.zeros(len(self.codes), dtype=np.bool_)
        has_it: Bools = (self.codes[:, self.columns[name]] == self.firsts[name] + place).any(axis=1)
        return has_it

    def count(self, documents: Documents) -> NDArray[np.intp]:
        """For each code how many of the documents have it."""
        return self._count(self.codes.take(documents, axis=0))

    def count_one(self, name: str, documents: Documents) -> NDArray[np.intp]:
        """The same for the codes of one facet only."""
        return self._count(self.codes.take(documents, axis=0)[:, self.columns[name]])[self.codes_of(name)]

    def _count(self, codes: Codes) -> NDArray[np.intp]:
        # One more than there are values: those that have none.
        return np.bincount(codes.ravel(), minlength=self.size + 1)[: self.size]

    def codes_of(self, name: str) -> slice:
        """The codes of the values of a facet."""
        return slice(self.firsts[name], self.firsts[name] + len(self.values[name]))

    @cached_property
    def every_value(self) -> NDArray[np.object_]:
        """The values by code."""
        return np.array([value for values in self.values.values() for value in values], dtype=np.object_)

    @cached_property
    def facet_numbers(self) -> NDArray[np.intp]:
        """For each code the number of its facet."""
        return np.repeat(np.arange(len(self.values)), list(map(len, self.values.values())))


def filter_masks(filters: Mapping[str, Sequence[str]], having: Callable[[str, str], Bools]) -> dict[str, Bools]:
    """For each facet with chosen values, the documents that have any of them."""
    return {name: reduce(or_, (having(name, value) for value in values)) for name, values in filters.items() if values}


def narrowed(documents: Documents, passing: Iterable[Bools]) -> Documents:
    """The documents that pass all filters, given for each filter which of them pass it."""
    masks = list(passing)
    return documents[reduce(and_, masks)] if masks else documents


def count_facets(
    documents: Documents, passing: Mapping[str, Bools], filters: Mapping[str, Sequence[str]], table: FacetTable
) -> dict[str, tuple[FacetCount, ...]]:
    """How many of the documents have each value, among those that pass the filters.

    `passing` says for each facet with a filter which of the documents pass it; a facet's own filter does not affect its
    counts.
    """
    counts = table.count(narrowed(documents, passing.values()))
    for name in passing:
        others = (passes for facet, passes in passing.items() if facet != name)
        counts[table.codes_of(name)] = table.count_one(name, narrowed(documents, others))
    found = _facet_counts(counts, table)
    return found | {name: _with_chosen(found[name], chosen) for name, chosen in filters.items() if chosen}


def _facet_counts_of(rows: Iterable[tuple[str, int, bool]]) -> Iterator[FacetCount]:
    """The same as named tuples. A result contains hundreds of them; calling the class takes three times as long."""
    return map(tuple.__new__, repeat(FacetCount), rows)


def _facet_counts(counts: NDArray[np.intp], table: FacetTable) -> dict[str, tuple[FacetCount, ...]]:
    """For each facet the values that occur, most cases first, then by name."""
    occurring = counts.nonzero()[0]
    # All facets together; codes are in the order of names, and this sort is stable.
    ordered = occurring[np.lexsort((-counts[occurring], table.facet_numbers[occurring]))]
    names = table.every_value.take(ordered).tolist()
    shown = list(_facet_counts_of(zip(names, counts[ordered].tolist(), repeat(False))))
    edges = occurring.searchsorted([*table.firsts.values(), table.size]).tolist()
    return {name: tuple(shown[start:end]) for name, (start, end) in zip(table.values, pairwise(edges), strict=True)}


def _with_chosen(found: Sequence[FacetCount], chosen: Sequence[str]) -> tuple[FacetCount, ...]:
    """The counts with those of chosen values marked; a chosen value is included even at 0."""
    missing = set(chosen).difference(count.value for count in found)
    shown = _facet_counts_of((value, cases, value in chosen) for value, cases, _ in found)
    return (*shown, *(FacetCount(value, 0, True) for value in sorted(missing)))
