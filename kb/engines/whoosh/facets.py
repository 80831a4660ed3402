"""Narrowing by facets, and counting what each value would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kb.engines.whoosh.snapshot import Bools, FacetColumn, Snapshot
from kb.search.result import FacetCount


def filter_masks(filters: Mapping[str, Sequence[str]], snapshot: Snapshot) -> dict[str, Bools]:
    """For each facet with chosen values, the documents that have any of them."""
    return {name: _having(snapshot.facets[name], values, snapshot.size) for name, values in filters.items() if values}


def all_of(masks: Sequence[Bools], start: Bools) -> Bools:
    """The documents of `start` that are in every mask."""
    result = start
    for mask in masks:
        result = result & mask
    return result


def count_facets(
    matching: Bools, masks: Mapping[str, Bools], filters: Mapping[str, Sequence[str]], snapshot: Snapshot
) -> dict[str, tuple[FacetCount, ...]]:
    """How many matching documents have each value; a facet's own filter is left out of its counts."""
    counted = {}
    for name, column in snapshot.facets.items():
        others = [mask for facet, mask in masks.items() if facet != name]
        counts = _counts(column, all_of(others, matching))
        counted[name] = tuple(_facet_counts(counts, filters.get(name, ())))
    return counted


def _having(column: FacetColumn, values: Sequence[str], size: int) -> Bools:
    wanted = [code for code, value in enumerate(column.values) if value in values]
    mask = np.zeros(size, dtype=np.bool_)
    mask[column.documents[np.isin(column.codes, wanted)]] = True
    return mask


def _counts(column: FacetColumn, documents: Bools) -> dict[str, int]:
    counts = np.bincount(column.codes[documents[column.documents]], minlength=len(column.values))
    return {value: int(count) for value, count in zip(column.values, counts, strict=True)}


def _facet_counts(counts: Mapping[str, int], chosen: Sequence[str]) -> list[FacetCount]:
    shown = {value: count for value, count in counts.items() if count}
    for value in chosen:
        shown.setdefault(value, 0)
    ordered = sorted(shown.items(), key=lambda item: (-item[1], item[0]))
    return [FacetCount(value, count, value in chosen) for value, count in ordered]
