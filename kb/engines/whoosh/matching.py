"""Evaluates a query on a snapshot: which documents match, and how well.

Scores are BM25F (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6): the
frequencies of a word in all fields, each divided by its field's length norm and weighted, are added up
before saturation, and the rarity of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.engines.whoosh.schema import stem_term
from kb.engines.whoosh.snapshot import Bools, Floats, Found, Ints, Snapshot
from kb.search.fields import BM25_K1, TEXT_FIELDS
from kb.search.query import (
    And,
    Everything,
    Leaf,
    Most,
    Near,
    Not,
    Or,
    Phrase,
    Preferring,
    Prefix,
    Query,
    Synonymous,
    Word,
    Years,
)

_FIELD_NUMBERS = {field.name: number for number, field in enumerate(TEXT_FIELDS)}
_ALL_FIELDS = tuple(_FIELD_NUMBERS)


@dataclass(frozen=True)
class Matches:
    """For each document number whether it matches, and its score (only meaningful where it matches)."""

    mask: Bools
    scores: Floats


OTHER_NAME = 0.85
"""What another name counts against the one that was typed: nearly as much, but a tie goes to the typed one."""


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
        case Synonymous(asked, others):
            return _best_of((asked, *others), snapshot)
        case Preferring(wanted, wishes):
            return _preferring(wanted, wishes, snapshot)
        case Word() | Prefix() | Phrase() | Near():
            return _spread(found(query, snapshot), snapshot)


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


def _best_of(names: Sequence[Query], snapshot: Snapshot) -> Matches:
    """What holds any of the names, with the score of the one it holds best."""
    matches = [_evaluate(name, snapshot) for name in names]
    mask = np.logical_or.reduce([each.mask for each in matches])
    parts = [OTHER_NAME if number else 1.0 for number in range(len(matches))]
    scores = [np.where(each.mask, each.scores, 0.0) * part for each, part in zip(matches, parts, strict=True)]
    return Matches(mask, np.maximum.reduce(scores))


def _preferring(wanted: Query, wishes: Sequence[tuple[Query, float]], snapshot: Snapshot) -> Matches:
    matches = _evaluate(wanted, snapshot)
    scores = matches.scores.copy()
    for wish, part in wishes:
        granted = _evaluate(wish, snapshot)
        scores += np.where(granted.mask, granted.scores, 0.0) * part
    return Matches(matches.mask, scores)


def found(leaf: Leaf, snapshot: Snapshot) -> Found:
    """What a leaf finds, from the cache if it was asked for before."""
    return snapshot.leaf(leaf, lambda: _make_leaf(leaf, snapshot))


def _spread(leaf: Found, snapshot: Snapshot) -> Matches:
    mask = np.zeros(snapshot.size, dtype=np.bool_)
    scores = np.zeros(snapshot.size)
    mask[leaf.documents] = True
    scores[leaf.documents] = leaf.scores
    return Matches(mask, scores)


def _make_leaf(leaf: Leaf, snapshot: Snapshot) -> Found:
    names = (leaf.field,) if leaf.field else _ALL_FIELDS
    match leaf:
        case Word(text, _):
            counted = {name: snapshot.frequencies(name, stem_term(text)) for name in names}
        case Prefix(text, _):
            counted = {name: _prefix_frequencies(name, text, snapshot) for name in names}
        case Phrase(words, _):
            counted = {name: _phrase_frequencies(name, words, snapshot) for name in names}
        case Near(words, within, _):
            counted = {name: _near_frequencies(name, words, within, snapshot) for name in names}
    return _bm25f(counted, snapshot)


def _prefix_frequencies(field: str, prefix: str, snapshot: Snapshot) -> tuple[Ints, Floats]:
    totals = np.zeros(snapshot.size)
    for term in snapshot.terms_with_prefix(field, prefix):
        documents, frequencies = snapshot.frequencies(field, term)
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


def _near_frequencies(field: str, words: tuple[str, str], within: int, snapshot: Snapshot) -> tuple[Ints, Floats]:
    first, second = (snapshot.positions(field, stem_term(word)) for word in words)
    counts = {
        document: sum(any(0 < abs(place - other) <= within for other in second[document]) for place in places)
        for document, places in first.items()
        if document in second
    }
    documents = sorted(document for document, count in counts.items() if count)
    return np.array(documents, dtype=np.int32), np.array([float(counts[document]) for document in documents])


def _count_runs(starts: Iterable[int], others: Sequence[Iterable[int]]) -> int:
    """How often the words stand side by side, given the positions of each."""
    runs = set(starts)
    for offset, places in enumerate(others, start=1):
        runs &= {place - offset for place in places}
    return len(runs)


def _bm25f(counted: Mapping[str, tuple[Ints, Floats]], snapshot: Snapshot) -> Found:
    weighted = np.zeros(snapshot.size)
    for name, (documents, frequencies) in counted.items():
        number = _FIELD_NUMBERS[name]
        field = TEXT_FIELDS[number]
        relative = snapshot.lengths[number, documents] / snapshot.mean_lengths[number]
        weighted[documents] += field.weight * frequencies / (1 - field.length_norm + field.length_norm * relative)
    documents = np.flatnonzero(weighted).astype(np.int32)
    frequencies = weighted[documents]
    holding = len(documents)
    rarity = np.log1p((snapshot.count - holding + 0.5) / (holding + 0.5))
    return Found(documents, float(rarity), rarity * frequencies / (BM25_K1 + frequencies))
