"""Which passage of a case shows best why it was found, and what in it to mark.

Snippets are text and ranges; markup comes last, in whatever shows them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from kb.search.analysis import stem
from kb.search.passages import AnalysedText, Kind, Numbers, Passages, word_hash
from kb.search.query import Phrase, Prefix, Query, Word, positive_leaves
from kb.search.result import Ranges, Snippet

Places = NDArray[np.intp]
"""Numbers of words in a text, in order."""

Bools = NDArray[np.bool_]

IN_HANDLING = 1.2
"""How much more than elsewhere something says in What helped and What was hard, for a search for a pair: a challenge,
and how it was handled."""

IN_CHOSEN_REASON = 1.5
"""The same for the reason given for the very challenge or arrangement."""

IN_OTHER_REASON = 0.9
"""A reason is one sentence: the section says more."""

IN_QUESTION = 0.6
"""A question tells that the case answers; the answer itself is better."""


@dataclass(frozen=True)
class Highlighter:
    """Knows which words of a text a query looks for, and how much finding each of them says."""

    sought: tuple[_Sought, ...]

    @classmethod
    def of(cls, query: Query, rarity: Callable[[Word | Prefix | Phrase], float] | None = None) -> Highlighter:
        """The highlighter for a query.

        `rarity` says how much each part of the query tells; without it they all tell the same.
        """
        leaves = dict.fromkeys(positive_leaves(query))
        return cls(tuple(_sought(leaf, rarity(leaf) if rarity else 1.0) for leaf in leaves))

    def ranges(self, text: str, field: str | None = None) -> Ranges:
        """What to mark in a text, in order, whole words only; words asked for in another field are not."""
        words = _Words([AnalysedText.of(text)])
        found = _Found.of(self.sought, words, block_firsts=np.zeros(1, dtype=np.intp))
        return _Spans.of(found.marked(None, field), words).between(0, len(words.numbers))


@dataclass(frozen=True)
class Marks:
    """What to show of a case in a list."""

    title: Ranges = ()
    summary: Ranges = ()
    snippet: Snippet | None = None


def marks(cases: Sequence[Passages], highlighter: Highlighter, chosen: Collection[str] = ()) -> list[Marks]:
    """For each case what to mark in title and summary, and the passage that says most of what was asked for.

    `chosen` are the ids of arrangements and challenges that the search was narrowed by: a search for a
    pair, say lack of openness and schools, is answered best by the reason given for that very challenge,
    then by what helped and what was hard. The earlier passage wins a tie, so that the same search always
    shows the same.

    The cases are looked at as if they were one text: a page of hits takes hardly longer than one hit.
    """
    if not cases or not highlighter.sought:
        return [Marks()] * len(cases)
    words = _Words([case.analysed for case in cases])
    block_starts, block_firsts = words.numbered_on([case.blocks for case in cases], rows=slice(1, 2))
    found = _Found.of(highlighter.sought, words, block_firsts)
    spans = _Spans.of(found.marked(None), words)
    title_spans = _Spans.of(found.marked(None, "title"), words) if found.is_in("title") else spans
    snippets = _snippets(cases, words, found, spans, chosen)

    # Title and summary are the first two blocks of a case; behind the last case there is nothing.
    titles = list(accumulate((case.blocks.shape[1] for case in cases[:-1]), initial=0))
    firsts = np.append(block_firsts, len(words.numbers))
    edges = zip(*(firsts.take(np.add(titles, block)).tolist() for block in range(3)), strict=True)
    summary_starts = block_starts.take(np.add(titles, 1)).tolist()
    return [
        Marks(title_spans.between(title, summary), spans.between(summary, rest, start), snippets.get(number))
        for number, ((title, summary, rest), start) in enumerate(zip(edges, summary_starts, strict=True))
    ]


class _Words:
    """The words of several texts, one behind another, as those of one: all that is numbered is numbered on."""

    def __init__(self, texts: Sequence[AnalysedText]) -> None:
        self._texts = texts
        counts = [text.words.shape[1] for text in texts]
        self._edges = list(accumulate(counts[:-1], initial=0))
        different = list(accumulate((text.hashes.shape[1] for text in texts[:-1]), initial=0))
        self.starts, self.lengths, numbers = np.concatenate([text.words for text in texts], axis=1)
        """For each word where it starts in its own text, and how long it is."""
        self.numbers = numbers + np.repeat(different, counts)
        """Which of the different words below it is; where texts share a word, each has its own."""
        self.exact, self.stems = np.concatenate([text.hashes for text in texts], axis=1)

    @cached_property
    def vocabulary(self) -> list[str]:
        """The different words in their exact forms."""
        return [word for text in self._texts for word in text.vocabulary]

    def numbered_on(self, tables: Sequence[Numbers], rows: slice) -> NDArray[np.intp]:
        """A table for each text as one; those of its rows that tell numbers of words tell them as they are here."""
        joined = np.concatenate(tables, axis=1, dtype=np.intp)
        joined[rows] += np.repeat(self._edges, [table.shape[1] for table in tables])
        return joined


@dataclass(frozen=True)
class _Sought:
    """A word, the beginning of words, or words side by side."""

    hashes: tuple[int, ...]
    in_any_form: bool
    prefix: str
    """Empty unless the beginning of words is sought."""
    field: str | None
    weight: float

    def side_by_side(self, words: _Words) -> list[Bools]:
        """For each word of it whether it may be each of the different ones."""
        if self.prefix:
            return [np.array([word.startswith(self.prefix) for word in words.vocabulary], dtype=np.bool_)]
        known = words.stems if self.in_any_form else words.exact
        return [known == np.uint64(hashed) for hashed in self.hashes]


def _sought(leaf: Word | Prefix | Phrase, weight: float) -> _Sought:
    match leaf:
        case Word(text, field):
            return _Sought((word_hash(stem(text)),), True, "", field, weight)
        case Prefix(text, field):
            return _Sought((), False, text, field, weight)
        case Phrase(words, field, any_form):
            forms = map(stem, words) if any_form else words
            return _Sought(tuple(map(word_hash, forms)), any_form, "", field, weight)


@dataclass(frozen=True)
class _Found:
    """The words of a text that may belong to anything sought: of a thousand, a few."""

    places: Places
    belonging: Sequence[tuple[_Sought, Bools]]
    """For each thing sought whether each of the places belongs to it."""

    @classmethod
    def of(cls, sought: Iterable[_Sought], words: _Words, block_firsts: Places) -> _Found:
        """Those of a text with blocks that begin with these words; what is side by side is so in one block."""
        wanted = [(each, each.side_by_side(words)) for each in sought]
        is_wanted = _any_of((one for _, side_by_side in wanted for one in side_by_side), len(words.exact))
        places = is_wanted.take(words.numbers).nonzero()[0]
        numbers = words.numbers.take(places)
        found = []
        for each, side_by_side in wanted:
            first, *others = (one.take(numbers) for one in side_by_side)
            found.append((each, _phrases(first, others, places, block_firsts) if others else first))
        return cls(places, found)

    def is_in(self, field: str) -> bool:
        """Whether anything is sought in this field alone."""
        return any(sought.field == field for sought, _ in self.belonging)

    def marked(self, *fields: str | None) -> Places:
        """The words that belong to what is sought in these fields, None for all of them."""
        belonging = [belongs for sought, belongs in self.belonging if sought.field in fields]
        return self.places[_any_of(belonging, len(self.places))]


def _any_of(several: Iterable[Bools], size: int) -> Bools:
    """What is true in any of them, each of this size."""
    found = np.zeros(size, dtype=np.bool_)
    for each in several:
        found |= each
    return found


def _phrases(first: Bools, others: Sequence[Bools], places: Places, block_firsts: Places) -> Bools:
    """Which of the places belong to words side by side, given for each word where it stands."""
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
    passages = words.numbered_on([case.passages for case in cases], rows=slice(2, 4))
    edges = found.places.searchsorted(passages[2:4])
    holding = (edges[0] < edges[1]).nonzero()[0]
    if not holding.size:
        return {}
    passages, edges = passages.take(holding, axis=1), edges.take(holding, axis=1)
    owners = np.repeat(np.arange(len(cases)), [case.passages.shape[1] for case in cases]).take(holding)
    # Rounded, so that sums of the same weights in another order are a tie.
    worth = (_worth(edges, found) * _factors(cases, owners, passages, chosen)).round(9)
    first_marks, last_marks = np.searchsorted(spans.places, passages[2:4])
    # Of each case first what is worth most, then what holds most marks, then what comes first.
    order = np.lexsort((first_marks - last_marks, -worth, owners))
    is_first = np.diff(owners.take(order), prepend=-1)
    best = order[is_first.nonzero()[0]]
    return {
        owner: _snippet(cases[owner], passage, spans)
        for owner, says, passage in zip(
            owners[best].tolist(), worth[best].tolist(), passages.T[best].tolist(), strict=True
        )
        if says
    }


def _snippet(case: Passages, passage: Sequence[int], spans: _Spans) -> Snippet:
    start, end, first, last, number, _ = passage
    part = case.part(number)
    return Snippet(part.section, part.heading, case.analysed.text[start:end], spans.between(first, last, start))


def _worth(edges: Places, found: _Found) -> NDArray[np.float64]:
    """What passages say of what was asked for, given the first of the found places in each and the one behind it."""
    worth = np.zeros(edges.shape[1])
    for sought, belongs in found.belonging:
        if sought.field is None:
            first, last = np.concatenate(([0], belongs.cumsum())).take(edges)
            worth += sought.weight * (first < last)
    return worth


def _factors(
    cases: Sequence[Passages], owners: Places, passages: NDArray[np.intp], chosen: Collection[str]
) -> NDArray[np.float64]:
    """How much more than elsewhere it says when something is found in each passage."""
    by_kind = {
        Kind.OTHER: 1.0,
        Kind.HANDLING: IN_HANDLING if chosen else 1.0,
        Kind.REASON: IN_OTHER_REASON,
        Kind.QUESTION: IN_QUESTION,
    }
    factors: NDArray[np.float64] = np.array([by_kind[kind] for kind in Kind]).take(passages[5])
    if chosen:
        of_part = zip(owners.tolist(), passages[4].tolist(), strict=True)
        factors[[cases[owner].part(part).reason in chosen for owner, part in of_part]] = IN_CHOSEN_REASON
    return factors


@dataclass(frozen=True)
class _Spans:
    """Marked words in order: their places, and where in their own text they start and end."""

    places: list[int]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, marked: Places, words: _Words) -> _Spans:
        """Those of the words that are marked."""
        starts = words.starts[marked]
        return cls(marked.tolist(), starts.tolist(), (starts + words.lengths[marked]).tolist())

    def between(self, first: int, last: int, start: int = 0) -> Ranges:
        """Those from the word `first` to before `last`, as characters behind `start`."""
        inside = range(bisect_left(self.places, first), bisect_left(self.places, last))
        return tuple((self.starts[number] - start, self.ends[number] - start) for number in inside)
