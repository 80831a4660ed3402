"""Evaluates a query on a snapshot: which documents match, and how well.

Scores are BM25F (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6): the
frequencies of a word in all fields, each divided by its field's length norm and weighted, are added up
before saturation, and the idf of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import log1p
from operator import and_

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
    first_choice,
    without_boosts,
)

LOOKUP_COST = 16
"""How many matches are put into a table in the time in which one document is looked up among them."""

Unscored = MatchAll | Years | Having | Not
"""A query that finds documents without saying how well they match."""


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
        case Word() | Wildcard() | Phrase() | Near() | Synonym():
            return found(query, snapshot)
        case MatchAll() | Years() | Having() | Not():
            return _unscored(_mask(query, snapshot))
        case And(clauses):
            return _all_of(clauses, snapshot)
        case Or(clauses):
            return _any_of([evaluate(clause, snapshot) for clause in clauses], snapshot)
        case MinimumShouldMatch(clauses, share):
            several = [evaluate(clause, snapshot) for clause in clauses]
            weights = [_weight(clause, matches, snapshot) for clause, matches in zip(clauses, several, strict=True)]
            return _at_least(share, weights, several)
        case DisMax(clauses):
            return _best_of([evaluate(clause, snapshot) for clause in clauses], snapshot)
        case Weighted(clause, weight):
            matches = evaluate(clause, snapshot)
            return Matches(matches.documents, matches.scores * weight)
        case Boosted(wanted, boosts):
            matches = evaluate(wanted, snapshot)
            return _with_boosts(matches, boosts, snapshot) if matches.documents.size else matches


def _mask(query: Unscored, snapshot: Snapshot) -> Bools:
    """For each document of a snapshot whether it is live and a query finds it."""
    match query:
        case MatchAll():
            return snapshot.live
        case Years(first, last):
            return (snapshot.started <= last) & (snapshot.ended >= first) & snapshot.live
        case Having(facet, values):
            having = [snapshot.having(facet, value) for value in values]
            found: Bools = np.logical_or.reduce(having, axis=0) & snapshot.live
            return found
        case Not(clause):
            rest = snapshot.live.copy()
            rest[matching(clause, snapshot)] = False
            return rest


def _unscored(mask: Bools) -> Matches:
    documents = mask.nonzero()[0]
    return Matches(documents, np.zeros(len(documents)))


def _all_of(clauses: Sequence[Query], snapshot: Snapshot) -> Matches:
    """What is in all of them. The fewest come first, so that most documents are never examined."""
    masks = [_mask(clause, snapshot) for clause in clauses if isinstance(clause, Unscored)]
    scored = [evaluate(clause, snapshot) for clause in clauses if not isinstance(clause, Unscored)]
    if not scored:
        return _unscored(reduce(and_, masks))
    documents, *others = sorted((each.documents for each in scored), key=len)
    for mask in (*masks, *(_as_mask(other, snapshot) for other in others)):
        documents = documents[mask.take(documents)]
    scores = np.zeros(len(documents))
    for each in scored:
        scores += _scores_of(documents, each, snapshot)
    return Matches(documents, scores)


def _any_of(several: Sequence[Matches], snapshot: Snapshot) -> Matches:
    """What is in any of them."""
    everywhere = concatenated([each.documents for each in several])
    documents = _as_mask(everywhere, snapshot).nonzero()[0]
    return Matches(documents, _added_up(everywhere, several).take(documents))


def _weight(clause: Query, matches: Matches, snapshot: Snapshot) -> float:
    """The weight that a document lacks if a clause with these matches does not match it; see `MinimumShouldMatch`."""
    first = first_choice(clause)
    typed = matches if first is clause else evaluate(first, snapshot)
    count = len(typed.documents) or len(matches.documents)
    return idf(count, snapshot.count) if count else 0.0


def _at_least(share: float, weights: Sequence[float], several: Sequence[Matches]) -> Matches:
    """What is in so many of them that these have this share of the weight of all."""
    lengths = [len(each.documents) for each in several]
    everywhere = concatenated([each.documents for each in several])
    covered = np.bincount(everywhere, np.repeat(weights, lengths))
    # A little less, so that the order in which weights are added does not decide.
    documents = ((covered > 0) & (covered >= share * sum(weights) * (1 - 1e-9))).nonzero()[0]
    return Matches(documents, _added_up(everywhere, several).take(documents))


def _best_of(several: Sequence[Matches], snapshot: Snapshot) -> Matches:
    """What is in any of them, with the best of its scores."""
    documents = _as_mask(concatenated([each.documents for each in several]), snapshot).nonzero()[0]
    best = np.zeros(snapshot.size)
    for each in several:
        best[each.documents] = np.maximum(best[each.documents], each.scores)
    return Matches(documents, best.take(documents))


def _with_boosts(matches: Matches, boosts: Iterable[tuple[Query, float]], snapshot: Snapshot) -> Matches:
    """The same documents, with the scores of what boosts them added, each multiplied by its boost."""
    scores = matches.scores.copy()
    for query, boost in boosts:
        scores += _scores_of(matches.documents, evaluate(query, snapshot), snapshot) * boost
    return Matches(matches.documents, scores)


def _as_mask(documents: Occurrences, snapshot: Snapshot) -> Bools:
    """For each document of a snapshot whether it is one of these."""
    mask = np.zeros(snapshot.size, dtype=np.bool_)
    mask[documents] = True
    return mask


def _scores_of(documents: Occurrences, matches: Matches, snapshot: Snapshot) -> Floats:
    """The score of each document: 0 where it is not among the matches."""
    if len(documents) * LOOKUP_COST < len(matches.documents):
        places = matches.documents.searchsorted(documents)
        is_there = matches.documents.take(places, mode="clip") == documents
        return np.where(is_there, matches.scores.take(places, mode="clip"), 0.0)
    scores = np.zeros(snapshot.size)
    scores[matches.documents] = matches.scores
    return scores.take(documents)


def _added_up(everywhere: Occurrences, several: Sequence[Matches]) -> Floats:
    """For each document number the sum of its scores, in this order; `everywhere` are the documents of all of them."""
    scores: Floats = np.concatenate([np.zeros(0), *(each.scores for each in several)])
    return np.bincount(everywhere, scores).astype(np.float64, copy=False)


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
            everywhere = _near(snapshot.in_any_form(first), snapshot.in_any_form(second), within, snapshot)
    return everywhere if leaf.field is None else everywhere[fields_of(everywhere) == FIELD_NUMBERS[leaf.field]]


def _side_by_side(words: Sequence[Occurrences]) -> Occurrences:
    """Where the first of several words is followed by the others."""
    starts, *others = words
    for offset, other in enumerate(others, start=1):
        few, many = sorted((starts + offset, other), key=len)
        starts = few[_is_among(few, many)] - offset
    return starts


def _near(first: Occurrences, second: Occurrences, within: int, snapshot: Snapshot) -> Occurrences:
    """Where the first word occurs with the second at most `within` words away, before or after it.

    Texts, fields and documents are further apart than any `within`, so that only places of one text are near.
    """
    if not second.size:
        return second
    # Most occurrences are in documents without the second word: looking them up there would take longest.
    first = first[_as_mask(documents_of(second), snapshot).take(documents_of(first))]
    at = second.searchsorted(first - within)
    # A word with the same base form may be the same occurrence, which is not near itself.
    at += second.take(at, mode="clip") == first
    gap = np.abs(second.take(at, mode="clip") - first)
    is_near: Bools = (gap > 0) & (gap <= within)
    return first[is_near]


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
