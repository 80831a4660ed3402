"""Which passage of a case shows best why it was found, and what in it to mark.

Snippets are text and ranges; markup comes last, where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from kb.deadline import check
from kb.search.highlighting.passages import AnalysedText, Kind, Numbers, Passages, word_hash
from kb.search.query.tree import Phrase, Query, Wildcard, Word, names_of, positive_terms
from kb.search.result import Ranges, Snippet
from kb.search.words.analysis import base_form
from kb.search.words.wildcards import matcher

Places = NDArray[np.intp]
"""Numbers of words in a text, in order."""

Bools = NDArray[np.bool_]

IN_HANDLING = 1.2
"""How much more than elsewhere a match counts in What helped and What was hard, for a search for a pair: a challenge,
and how it was handled."""

IN_CHOSEN_REASON = 1.5
"""The same for the reason stated for exactly that challenge or arrangement."""

IN_OTHER_REASON = 0.95
"""A reason is one sentence: the section says more. Still, the word that was typed is better than another name of it
(`OTHER_NAME` in `kb.search.words.synonyms`)."""

IN_QUESTION = 0.6
"""A question says that the case answers it; the answer itself is better."""


@dataclass(frozen=True)
class Highlighter:
    """Knows which words of a text a query searches for, and how informative it is to find each of them."""

    sought: tuple[_Sought, ...]

    @classmethod
    def of(cls, query: Query, idf: Callable[[Word | Wildcard | Phrase], float] | None = None) -> Highlighter:
        """The highlighter for a query.

        `idf` maps each leaf of the query to its weight; without it, all have the same weight.
        """
        leaves: dict[Word | Wildcard | Phrase, int] = {}
        for number, term in enumerate(positive_terms(query)):
            for leaf, _ in names_of(term):
                leaves.setdefault(leaf, number)
        return cls(tuple(_sought(leaf, idf(leaf) if idf else 1.0, number) for leaf, number in leaves.items()))

    def ranges(self, text: str, field: str | None = None) -> Ranges:
        """What to mark in a text, in order, whole words only; words searched in another field are not."""
        check()
        words = _Words([AnalysedText.of(text)])
        found = _Found.of(self.sought, words, block_firsts=np.zeros(1, dtype=np.intp))
        return _Spans.of(found.marked(None, field), words).spans


@dataclass(frozen=True)
class Marks:
    """What to show of a case in a list."""

    title: Ranges = ()
    summary: Ranges = ()
    snippet: Snippet | None = None


def marks(cases: Sequence[Passages], highlighter: Highlighter, chosen: Collection[str] = ()) -> list[Marks]:
    """For each case what to mark in title and summary, and the passage that contains most of what was searched.

    `chosen` are the keys of the reasons for what the search was narrowed by: a search for a pair, say lack of openness
    and schools, is answered best by the reason given for that very challenge, then by what helped and what was hard.
    The earlier passage wins a tie, so that the same search always shows the same.

    The cases are searched as if they were one text: a page of hits takes hardly longer than one hit.
    """
    if not cases or not highlighter.sought:
        return [Marks()] * len(cases)
    words = _Words([case.analysed for case in cases])
    blocks = np.concatenate([case.blocks for case in cases], axis=1)
    block_firsts = blocks[1] + words.offsets(case.blocks for case in cases)
    found = _Found.of(highlighter.sought, words, block_firsts)
    spans = _Spans.of(found.marked(None), words)
    title_spans = _Spans.of(found.marked(None, "title"), words) if found.is_in("title") else spans
    snippets = _snippets(cases, words, found, spans, chosen)

    # Title and summary are the first two blocks of a case; after the last case there is nothing.
    titles = np.array([0, *accumulate(case.blocks.shape[1] for case in cases[:-1])])
    firsts = np.append(block_firsts, len(words.numbers))
    in_titles = title_spans.between(firsts[titles], firsts[titles + 1])
    in_summaries = spans.between(firsts[titles + 1], firsts[titles + 2], blocks[0, titles + 1])
    ranges = zip(in_titles, in_summaries, strict=True)
    return [Marks(title, summary, snippets.get(number)) for number, (title, summary) in enumerate(ranges)]


class _Words:
    """The words of several texts, one after another, as those of one text, with consecutive numbers."""

    def __init__(self, texts: Sequence[AnalysedText]) -> None:
        self._texts = texts
        counts = [text.words.shape[1] for text in texts]
        self._firsts = [0, *accumulate(counts[:-1])]
        different = [0, *accumulate(text.hashes.shape[1] for text in texts[:-1])]
        self.starts, self.lengths, numbers = np.concatenate([text.words for text in texts], axis=1)
        """For each word where it starts in its own text, and how long it is."""
        self.numbers = numbers + np.repeat(different, counts)
        """Which of the different words below it is; where texts share a word, each has its own."""
        self.exact, self.base_forms = np.concatenate([text.hashes for text in texts], axis=1)

    @cached_property
    def distinct_words(self) -> list[str]:
        """The different words in their exact forms."""
        return [word for text in self._texts for word in text.distinct_words]

    def offsets(self, tables: Iterable[Numbers]) -> Places:
        """For each column of tables, one of each text, what to add to numbers of words there."""
        return np.repeat(self._firsts, [table.shape[1] for table in tables])


@dataclass(frozen=True)
class _Sought:
    """A word, words with letters left open, or words side by side."""

    hashes: tuple[int, ...]
    in_any_form: bool
    pattern: str
    """Empty unless words with letters left open are sought."""
    field: str | None
    weight: float
    term: int
    """The number of the term that it is a name of: a passage says nothing more by saying it under two names."""

    def side_by_side(self, words: _Words) -> list[Bools]:
        """For each word of it whether it may be each of the different ones."""
        check()
        if self.pattern:
            return [np.array(list(map(matcher(self.pattern), words.distinct_words)), dtype=np.bool_)]
        known = words.base_forms if self.in_any_form else words.exact
        return [known == np.uint64(hashed) for hashed in self.hashes]


def _sought(leaf: Word | Wildcard | Phrase, weight: float, term: int) -> _Sought:
    match leaf:
        case Word(text, field):
            return _Sought((word_hash(base_form(text)),), True, "", field, weight, term)
        case Wildcard(pattern, field):
            return _Sought((), False, pattern, field, weight, term)
        case Phrase(words, field, any_form):
            forms = map(base_form, words) if any_form else words
            return _Sought(tuple(map(word_hash, forms)), any_form, "", field, weight, term)


@dataclass(frozen=True)
class _Found:
    """The words of a text that may belong to anything sought: of a thousand, a few."""

    places: Places
    sought: Sequence[_Sought]
    belonging: Bools
    """For each thing sought whether each of the places belongs to it."""

    @classmethod
    def of(cls, sought: Sequence[_Sought], words: _Words, block_firsts: Places) -> _Found:
        """Those of a text with blocks that begin with these words; what is side by side is so in one block."""
        wanted = [each.side_by_side(words) for each in sought]
        is_wanted = np.zeros(len(words.exact), dtype=np.bool_)
        for side_by_side in wanted:
            for one in side_by_side:
                is_wanted |= one
        places = is_wanted.take(words.numbers).nonzero()[0]
        numbers = words.numbers.take(places)
        belonging = np.empty((len(sought), len(places)), dtype=np.bool_)
        for row, side_by_side in zip(belonging, wanted, strict=True):
            first, *others = (one.take(numbers) for one in side_by_side)
            row[:] = _phrases(first, others, places, block_firsts) if others else first
        return cls(places, sought, belonging)

    def is_in(self, field: str) -> bool:
        """Whether anything is sought in this field alone."""
        return any(sought.field == field for sought in self.sought)

    def marked(self, *fields: str | None) -> Places:
        """The words that belong to what is sought in these fields, None for all of them."""
        rows = [sought.field in fields for sought in self.sought]
        return self.places[self.belonging[rows].any(axis=0)]


def _phrases(first: Bools, others: Sequence[Bools], places: Places, block_firsts: Places) -> Bools:
    """Which of the places belong to words side by side, given for each word whether it may be at each of them."""
    starts = first.nonzero()[0]
    starts = starts[starts + len(others) < len(places)]
    for offset, other in enumerate(others, start=1):
        starts = starts[other[starts + offset] & (places[starts + offset] == places[starts] + offset)]
    blocks = block_firsts.searchsorted((places[starts], places[starts] + len(others)), "right")
    starts = starts[blocks[0] == blocks[1]]
    belongs = np.zeros(len(places), dtype=np.bool_)
    for offset in range(len(others) + 1):
        belongs[starts + offset] = True
    return belongs


def _snippets(
    cases: Sequence[Passages], words: _Words, found: _Found, spans: _Spans, chosen: Collection[str]
) -> dict[int, Snippet]:
    """The best passage of each case that has any, by the number of the case."""
    passages = np.concatenate([case.passages for case in cases], axis=1)
    words_of = passages[3:5] + words.offsets(case.passages for case in cases)
    edges = found.places.searchsorted(words_of)
    containing = (edges[0] < edges[1]).nonzero()[0]
    passages, words_of, edges = (each.take(containing, axis=1) for each in (passages, words_of, edges))
    owners = np.repeat(np.arange(len(cases)), [case.passages.shape[1] for case in cases]).take(containing)
    # Rounded, so that sums of the same weights in another order are a tie.
    worth = (_worth(edges, found) * _factors(cases, owners, passages, chosen)).round(9)
    first_marks, last_marks = spans.places.searchsorted(words_of)
    # Of each case first what is worth most, then what contains most marks, then what comes first.
    order = np.lexsort((first_marks - last_marks, -worth, owners))
    order = order[worth[order] > 0]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = np.diff(owners[order]) > 0
    best = order[is_first]
    starts = passages[0, best]
    ranges = spans.between(words_of[0, best], words_of[1, best], starts)
    return {
        owner: _snippet(cases[owner], passage, found_here)
        for owner, passage, found_here in zip(owners[best].tolist(), passages[:, best].T.tolist(), ranges, strict=True)
    }


def _snippet(case: Passages, passage: Sequence[int], ranges: Ranges) -> Snippet:
    _, first_byte, last_byte, _, _, number, _ = passage
    part = case.part(number)
    return Snippet(part.section, part.heading, case.analysed.text[first_byte:last_byte].decode(), ranges)


def _worth(edges: Places, found: _Found) -> NDArray[np.float64]:
    """How much of what was searched is in passages, given the first found place in each and the one after the last."""
    weights = np.array([[sought.weight if sought.field is None else 0.0] for sought in found.sought])
    before = np.zeros((len(weights), len(found.places) + 1), dtype=np.intp)
    np.cumsum(found.belonging, axis=1, out=before[:, 1:])
    contained = weights * (before.take(edges[0], axis=1) < before.take(edges[1], axis=1))
    terms = np.array([sought.term for sought in found.sought])
    firsts = np.append(True, terms[1:] != terms[:-1]).nonzero()[0]
    worth: NDArray[np.float64] = np.maximum.reduceat(contained, firsts, axis=0).sum(axis=0)
    return worth


def _factors(
    cases: Sequence[Passages], owners: Places, passages: Numbers, chosen: Collection[str]
) -> NDArray[np.float64]:
    """How much more it counts than elsewhere when something is found in each passage."""
    by_kind = {
        Kind.OTHER: 1.0,
        Kind.HANDLING: IN_HANDLING if chosen else 1.0,
        Kind.REASON: IN_OTHER_REASON,
        Kind.QUESTION: IN_QUESTION,
    }
    factors: NDArray[np.float64] = np.array([by_kind[kind] for kind in Kind]).take(passages[6])
    if chosen:
        wanted = frozenset(chosen)
        of_part = zip(owners.tolist(), passages[5].tolist(), strict=True)
        is_reason = [not wanted.isdisjoint(cases[owner].part(part).reason_keys) for owner, part in of_part]
        factors[is_reason] = IN_CHOSEN_REASON
    return factors


@dataclass(frozen=True)
class _Spans:
    """Marked words in order: their places, and where in their own text they start and end."""

    places: Places
    spans: Ranges

    @classmethod
    def of(cls, marked: Places, words: _Words) -> _Spans:
        """Those of the words that are marked."""
        starts = words.starts[marked]
        return cls(marked, tuple(zip(starts.tolist(), (starts + words.lengths[marked]).tolist(), strict=True)))

    def between(self, firsts: Places, lasts: Places, starts: Numbers | None = None) -> Iterator[Ranges]:
        """For each run of words, from the first to before the last, those in it; as characters after the starts."""
        edges = zip(*self.places.searchsorted(np.array((firsts, lasts))).tolist(), strict=True)
        if starts is None:
            yield from (self.spans[first:last] for first, last in edges)
            return
        for (first, last), start in zip(edges, starts.tolist(), strict=True):
            yield tuple((begin - start, end - start) for begin, end in self.spans[first:last])
