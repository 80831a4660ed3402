"""Evaluates a query on a snapshot: which documents match, and how well.

Scores are BM25F (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6): the
frequencies of a word in all fields, each divided by its field's length norm and weighted, are added up
before saturation, and the idf of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np

from kb.deadline import check
from kb.engines.whoosh.layout.schema import FIELD_NUMBERS
from kb.engines.whoosh.postings import Occurrences, concatenated, documents_of, fields_of
from kb.engines.whoosh.snapshot import Bools, Floats, Snapshot
from kb.search.fields import BM25_K1
from kb.search.query.tree import (
    And,
    Boosted,
    DisMax,
    Having,
    Leaf,
    MatchAll,
    MinimumShouldMatch,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Synonym,
    Weighted,
    Wildcard,
    Word,
    Years,
    without_boosts,
)


@dataclass(frozen=True)
class Matches:
    """Documents that match, each with its score."""

    documents: Occurrences
    """Their numbers, in ascending order."""
    scores: Floats

    def where(self, mask: Bools) -> Matches:
        """Those for which the mask is true."""
        return Matches(self.documents[mask], self.scores[mask])


@dataclass(frozen=True)
class Found(Matches):
    """What one term of a query finds."""

    idf: float
    """How informative it is to find it (BM25's inverse document frequency)."""

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""
        return int(self.documents.nbytes + self.scores.nbytes)


def matching(query: Query, snapshot: Snapshot) -> Occurrences:
    """The documents that a query finds, which are the same with any boosts."""
    return evaluate(without_boosts(query), snapshot).documents


def evaluate(query: Query, snapshot: Snapshot) -> Matches:
    """The matches of a query among the live documents of a snapshot."""
    check()
    match query:
        case MatchAll():
            return _unscored(snapshot.live)
        case Years(first, last):
            return _unscored((snapshot.started <= last) & (snapshot.ended >= first) & snapshot.live)
        case Having(facet, values):
            having = [snapshot.having(facet, value) for value in values]
            return _unscored(np.logical_or.reduce(having, axis=0) & snapshot.live)
        case Not(clause):
            rest = snapshot.live.copy()
            rest[matching(clause, snapshot)] = False
            return _unscored(rest)
        case And(clauses):
            return _all_of([evaluate(clause, snapshot) for clause in clauses])
        case Or(clauses):
            return _any_of([evaluate(clause, snapshot) for clause in clauses])
        case MinimumShouldMatch(clauses, share):
            return _at_least(share, [evaluate(clause, snapshot) for clause in clauses], snapshot.count)
        case DisMax(clauses):
            return _best_of([evaluate(clause, snapshot) for clause in clauses])
        case Weighted(clause, weight):
            matches = evaluate(clause, snapshot)
            return Matches(matches.documents, matches.scores * weight)
        case Boosted(wanted, boosts):
            matches = evaluate(wanted, snapshot)
            return _with_boosts(matches, _boosted(boosts, snapshot)) if matches.documents.size else matches
        case Word() | Wildcard() | Phrase() | Near() | Synonym():
            return found(query, snapshot)


def _unscored(mask: Bools) -> Matches:
    documents = mask.nonzero()[0]
    return Matches(documents, np.zeros(len(documents)))


def _boosted(queries: Sequence[tuple[Query, float]], snapshot: Snapshot) -> Iterator[Matches]:
    """What each query finds, its scores multiplied by its boost."""
    for query, boost in queries:
        matches = evaluate(query, snapshot)
        yield Matches(matches.documents, matches.scores * boost)


def _all_of(several: Sequence[Matches]) -> Matches:
    """What is in all of them. The fewest come first, so that most documents are never examined."""
    documents, *others = sorted((each.documents for each in several), key=len)
    for other in others:
        documents = documents[_is_among(documents, other)]
    scores = np.zeros(len(documents))
    for each in several:
        scores += each.scores[each.documents.searchsorted(documents)]
    return Matches(documents, scores)


def _any_of(several: Sequence[Matches]) -> Matches:
    """What is in any of them."""
    documents = np.bincount(concatenated([each.documents for each in several])).nonzero()[0]
    return Matches(documents, _added_up(several)[documents])


def _at_least(share: float, several: Sequence[Matches], count: int) -> Matches:
    """What is in so many of them that these have this share of the weight of all."""
    weights = [idf(len(each.documents), count) if len(each.documents) else 0.0 for each in several]
    lengths = [len(each.documents) for each in several]
    covered = np.bincount(concatenated([each.documents for each in several]), np.repeat(weights, lengths))
    # A little less, so that the order in which weights are added does not decide.
    documents = ((covered > 0) & (covered >= share * sum(weights) * (1 - 1e-9))).nonzero()[0]
    return Matches(documents, _added_up(several)[documents])


def _best_of(several: Sequence[Matches]) -> Matches:
    """What is in any of them, with the best of its scores."""
    documents = np.bincount(concatenated([each.documents for each in several])).nonzero()[0]
    best = np.zeros(documents.max(initial=-1) + 1)
    for each in several:
        best[each.documents] = np.maximum(best[each.documents], each.scores)
    return Matches(documents, best[documents])


def _with_boosts(matches: Matches, boosts: Iterable[Matches]) -> Matches:
    """The same documents, with the scores of what boosts them added."""
    return Matches(matches.documents, _added_up([matches, *boosts])[matches.documents])


def _added_up(several: Sequence[Matches]) -> Floats:
    """For each document number the sum of its scores, in this order."""
    documents = concatenated([each.documents for each in several])
    scores: Floats = np.concatenate([np.zeros(0), *(each.scores for each in several)])
    return np.bincount(documents, scores).astype(np.float64, copy=False)


def found(term: Leaf | Synonym, snapshot: Snapshot) -> Found:
    """What a term finds, from the cache if it was asked for before."""
    return snapshot.cached(term, lambda: _bm25f(*_weighted_occurrences(term, snapshot), snapshot))


def _weighted_occurrences(term: Leaf | Synonym, snapshot: Snapshot) -> tuple[Occurrences, Floats]:
    """Where a term occurs under any of its names, and what each occurrence counts beside one of the typed name."""
    if not isinstance(term, Synonym):
        everywhere = _occurrences(term, snapshot)
        return everywhere, np.ones(len(everywhere))
    several = [_occurrences(name, snapshot) for name, _ in term.names]
    everywhere = concatenated(several)
    weights = np.repeat([weight for _, weight in term.names], list(map(len, several)))
    order = np.argsort(everywhere, kind="stable")
    return everywhere[order], weights[order]


def _occurrences(leaf: Leaf, snapshot: Snapshot) -> Occurrences:
    """Where a leaf occurs: for a phrase where its first word does, for words near each other where the first does."""
    match leaf:
        case Word(text, _):
            everywhere = snapshot.in_any_form(text)
        case Wildcard(pattern, _):
            everywhere = snapshot.like(pattern)
        case Phrase(words, _, any_form):
            everywhere = _side_by_side(list(map(snapshot.in_any_form if any_form else snapshot.exactly, words)))
        case Near((first, second), within, _):
            everywhere = _near(snapshot.in_any_form(first), snapshot.in_any_form(second), within)
    return everywhere if leaf.field is None else everywhere[fields_of(everywhere) == FIELD_NUMBERS[leaf.field]]


def _side_by_side(words: Sequence[Occurrences]) -> Occurrences:
    """Where the first of several words is followed by the others."""
    starts, *others = words
    for offset, other in enumerate(others, start=1):
        few, many = sorted((starts + offset, other), key=len)
        starts = few[_is_among(few, many)] - offset
    return starts


def _near(first: Occurrences, second: Occurrences, within: int) -> Occurrences:
    """Where the first word occurs with the second at most `within` words away, before or after it.

    Texts, fields and documents are further apart than any `within`, so that only places of one text are near.
    """
    if not second.size:
        return second
    at = np.searchsorted(second, first)
    # A word with the same base form may be the same occurrence, which is not near itself.
    after = at + (second[np.minimum(at, len(second) - 1)] == first)
    before = at - 1
    after_gap = second[np.minimum(after, len(second) - 1)] - first
    before_gap = first - second[np.maximum(before, 0)]
    is_after: Bools = (after < len(second)) & (after_gap <= within)
    is_before: Bools = (before >= 0) & (before_gap <= within)
    return first[is_after | is_before]


def _is_among(places: Occurrences, others: Occurrences) -> Bools:
    """For each place whether it is one of the others; both are sorted."""
    if not others.size:
        return np.zeros(len(places), dtype=np.bool_)
    positions = np.searchsorted(others, places)
    is_there: Bools = others[np.minimum(positions, len(others) - 1)] == places
    return is_there


def _bm25f(occurrences: Occurrences, counted: Floats, snapshot: Snapshot) -> Found:
    everywhere = documents_of(occurrences)
    weights = counted * snapshot.field_weights.ravel().take(fields_of(occurrences) * snapshot.size + everywhere)
    is_first = np.ones(len(everywhere), dtype=np.bool_)
    is_first[1:] = everywhere[1:] != everywhere[:-1]
    firsts = is_first.nonzero()[0]
    documents = everywhere[firsts]
    frequencies = np.add.reduceat(weights, firsts) if len(firsts) else np.zeros(0)
    informative = idf(len(documents), snapshot.count)
    return Found(documents, informative * frequencies / (BM25_K1 + frequencies), informative)


def idf(containing: int, count: int) -> float:
    """BM25's inverse document frequency of what so many of all documents contain."""
    return log1p((count - containing + 0.5) / (containing + 0.5))
