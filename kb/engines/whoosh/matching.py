"""Evaluates a query on a snapshot: which documents match, and how well.

Scores are BM25F (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6): the
frequencies of a word in all fields, each divided by its field's length norm and weighted, are added up
before saturation, and the rarity of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.engines.whoosh.postings import Occurrences, documents_of, fields_of
from kb.engines.whoosh.schema import FIELD_NUMBERS
from kb.engines.whoosh.snapshot import Bools, Floats, Snapshot
from kb.search.fields import BM25_K1
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


@dataclass(frozen=True)
class Found:
    """What one leaf of a query finds."""

    documents: Occurrences
    """Their numbers, in ascending order."""
    rarity: float
    """How much finding it says (BM25's inverse document frequency)."""
    scores: Floats

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""
        return int(self.documents.nbytes + self.scores.nbytes)


@dataclass(frozen=True)
class Matches:
    """For each document number whether it matches, and its score (only meaningful where it matches)."""

    mask: Bools
    scores: Floats

    @property
    def masked_scores(self) -> Floats:
        """The scores, and zero where nothing matches."""
        return np.where(self.mask, self.scores, 0.0)


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
            return _best_of(((asked, 1.0), *others), snapshot)
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
        if isinstance(part, Leaf):
            leaf = found(part, snapshot)
            counts[leaf.documents] += 1
            scores[leaf.documents] += leaf.scores
        else:
            matches = _evaluate(part, snapshot)
            counts += matches.mask
            scores += matches.masked_scores
    return Matches(counts >= minimum, scores)


def _best_of(names: Sequence[tuple[Query, float]], snapshot: Snapshot) -> Matches:
    """What holds any of the names, with the score of the one it holds best."""
    matches = [(_evaluate(name, snapshot), part) for name, part in names]
    mask = np.logical_or.reduce([each.mask for each, _ in matches])
    return Matches(mask, np.maximum.reduce([each.masked_scores * part for each, part in matches]))


def _preferring(wanted: Query, wishes: Sequence[tuple[Query, float]], snapshot: Snapshot) -> Matches:
    matches = _evaluate(wanted, snapshot)
    scores = matches.scores.copy()
    for wish, part in wishes:
        if isinstance(wish, Leaf):
            leaf = found(wish, snapshot)
            scores[leaf.documents] += leaf.scores * part
        else:
            scores += _evaluate(wish, snapshot).masked_scores * part
    return Matches(matches.mask, scores)


def found(leaf: Leaf, snapshot: Snapshot) -> Found:
    """What a leaf finds, from the cache if it was asked for before."""
    return snapshot.kept(leaf, lambda: _bm25f(_occurrences(leaf, snapshot), snapshot))


def _spread(leaf: Found, snapshot: Snapshot) -> Matches:
    mask = np.zeros(snapshot.size, dtype=np.bool_)
    scores = np.zeros(snapshot.size)
    mask[leaf.documents] = True
    scores[leaf.documents] = leaf.scores
    return Matches(mask, scores)


def _occurrences(leaf: Leaf, snapshot: Snapshot) -> Occurrences:
    """Where a leaf stands: for a phrase where its first word does, for words near each other where the first does."""
    match leaf:
        case Word(text, _):
            everywhere = snapshot.in_any_form(text)
        case Prefix(text, _):
            everywhere = snapshot.beginning(text)
        case Phrase(words, _, any_form):
            everywhere = _side_by_side(list(map(snapshot.in_any_form if any_form else snapshot.exactly, words)))
        case Near((first, second), within, _):
            everywhere = _near(snapshot.in_any_form(first), snapshot.in_any_form(second), within)
    return everywhere if leaf.field is None else everywhere[fields_of(everywhere) == FIELD_NUMBERS[leaf.field]]


def _side_by_side(words: Sequence[Occurrences]) -> Occurrences:
    """Where the first of several words is followed by the others."""
    starts, *others = words
    for offset, other in enumerate(others, start=1):
        starts = starts[_is_among(starts + offset, other)]
    return starts


def _near(first: Occurrences, second: Occurrences, within: int) -> Occurrences:
    """Where the first word stands with the second at most `within` words away, before or behind it.

    Texts, fields and documents lie further apart than any `within`, so that only places of one text are near.
    """
    if not second.size:
        return second
    behind = np.searchsorted(second, first, side="right")
    before = np.searchsorted(second, first, side="left") - 1
    after_gap = second[np.minimum(behind, len(second) - 1)] - first
    before_gap = first - second[np.maximum(before, 0)]
    is_behind = (behind < len(second)) & (after_gap <= within)
    is_before = (before >= 0) & (before_gap <= within)
    return first[is_behind | is_before]


def _is_among(places: Occurrences, others: Occurrences) -> Bools:
    """For each place whether it is one of the others; both are sorted."""
    if not others.size:
        return np.zeros(len(places), dtype=np.bool_)
    positions = np.searchsorted(others, places)
    is_there: Bools = others[np.minimum(positions, len(others) - 1)] == places
    return is_there


def _bm25f(occurrences: Occurrences, snapshot: Snapshot) -> Found:
    everywhere = documents_of(occurrences)
    weights = snapshot.field_weights.ravel()[fields_of(occurrences) * snapshot.size + everywhere]
    firsts = np.flatnonzero(np.diff(everywhere, prepend=-1))
    documents = everywhere[firsts]
    frequencies = np.add.reduceat(weights, firsts) if len(firsts) else np.zeros(0)
    holding = len(documents)
    rarity = np.log1p((snapshot.count - holding + 0.5) / (holding + 0.5))
    return Found(documents, float(rarity), rarity * frequencies / (BM25_K1 + frequencies))
