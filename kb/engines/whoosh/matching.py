"""Evaluates a query on a snapshot: which documents match, and how well.

Scores are BM25F (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6): the
frequencies of a word in all fields, each divided by its field's length norm and weighted, are added up
before saturation, and the rarity of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.engines.whoosh.schema import exact
from kb.engines.whoosh.snapshot import Bools, Floats, Ints, Leaf, Snapshot
from kb.search.analysis import stem
from kb.search.fields import BM25_K1, TEXT_FIELDS
from kb.search.query import And, Everything, Most, Not, Or, Phrase, Prefix, Query, Word, Years

_FIELD_NUMBERS = {field.name: number for number, field in enumerate(TEXT_FIELDS)}
_ALL_FIELDS = tuple(_FIELD_NUMBERS)


@dataclass(frozen=True)
class Matches:
    """For each document number whether it matches, and its score (only meaningful where it matches)."""

    mask: Bools
    scores: Floats


def evaluate(query: Query, snapshot: Snapshot) -> Matches:
    """The matches of a query among the live documents of a snapshot."""
    matches = _evaluate(query, snapshot)
    return Matches(matches.mask & snapshot.live, matches.scores)


def _evaluate(query: Query, snapshot: Snapshot) -> Matches:
    match query:
        case Everything():
            return _unscored(snapshot.live, snapshot)
        case Years(first, last):
            return _unscored((snapshot.started <= last) & (snapshot.ended >= first), snapshot)
        case Not(part):
            return _unscored(~_evaluate(part, snapshot).mask, snapshot)
        case And(parts):
            return _at_least(parts, len(parts), snapshot)
        case Or(parts):
            return _at_least(parts, 1, snapshot)
        case Most(parts, minimum):
            return _at_least(parts, minimum, snapshot)
        case Word() | Prefix() | Phrase():
            return _spread(snapshot.leaf(query, lambda: _make_leaf(query, snapshot)), snapshot)


def _unscored(mask: Bools, snapshot: Snapshot) -> Matches:
    return Matches(mask, np.zeros(snapshot.size))


def _at_least(parts: Sequence[Query], minimum: int, snapshot: Snapshot) -> Matches:
    counts = np.zeros(snapshot.size, dtype=np.int16)
    scores = np.zeros(snapshot.size)
    for part in parts:
        found = _evaluate(part, snapshot)
        counts += found.mask
        scores += np.where(found.mask, found.scores, 0.0)
    return Matches(counts >= minimum, scores)


def _spread(leaf: Leaf, snapshot: Snapshot) -> Matches:
    mask = np.zeros(snapshot.size, dtype=np.bool_)
    scores = np.zeros(snapshot.size)
    mask[leaf.documents] = True
    scores[leaf.documents] = leaf.scores
    return Matches(mask, scores)


def _make_leaf(leaf: Word | Prefix | Phrase, snapshot: Snapshot) -> Leaf:
    names = (leaf.field,) if leaf.field else _ALL_FIELDS
    match leaf:
        case Word(text, _):
            found = {name: snapshot.frequencies(name, stem(text)) for name in names}
        case Prefix(text, _):
            found = {name: _prefix_frequencies(name, text, snapshot) for name in names}
        case Phrase(words, _):
            found = {name: _phrase_frequencies(name, words, snapshot) for name in names}
    return _bm25f(found, snapshot)


def _prefix_frequencies(field: str, prefix: str, snapshot: Snapshot) -> tuple[Ints, Floats]:
    totals = np.zeros(snapshot.size)
    for term in snapshot.terms_with_prefix(field, prefix):
        documents, frequencies = snapshot.frequencies(exact(field), term)
        totals[documents] += frequencies
    documents = np.flatnonzero(totals).astype(np.int32)
    return documents, totals[documents]


def _phrase_frequencies(field: str, words: tuple[str, ...], snapshot: Snapshot) -> tuple[Ints, Floats]:
    first, *others = (snapshot.positions(field, word) for word in words)
    counts = {
        document: _count_runs(starts, [places[document] for places in others])
        for document, starts in first.items()
        if all(document in places for places in others)
    }
    documents = sorted(document for document, count in counts.items() if count)
    return np.array(documents, dtype=np.int32), np.array([float(counts[document]) for document in documents])


def _count_runs(starts: Iterable[int], others: Sequence[Iterable[int]]) -> int:
    """How often the words stand side by side, given the positions of each."""
    runs = set(starts)
    for offset, places in enumerate(others, start=1):
        runs &= {place - offset for place in places}
    return len(runs)


def _bm25f(found: Mapping[str, tuple[Ints, Floats]], snapshot: Snapshot) -> Leaf:
    weighted = np.zeros(snapshot.size)
    for name, (documents, frequencies) in found.items():
        number = _FIELD_NUMBERS[name]
        field = TEXT_FIELDS[number]
        relative = snapshot.lengths[number, documents] / snapshot.mean_lengths[number]
        weighted[documents] += field.weight * frequencies / (1 - field.length_norm + field.length_norm * relative)
    documents = np.flatnonzero(weighted).astype(np.int32)
    frequencies = weighted[documents]
    holding = len(documents)
    rarity = np.log1p((snapshot.count - holding + 0.5) / (holding + 0.5))
    return Leaf(documents, rarity * frequencies / (BM25_K1 + frequencies))
