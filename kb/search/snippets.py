"""Which passage of a case shows best why it was found, and what in it to mark.

Snippets are text and ranges; markup comes last, in whatever shows them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.search.analysis import stem
from kb.search.fields import HANDLING_SECTIONS
from kb.search.passages import QUESTIONS_SECTION, AnalysedText, Part, Passages, word_hash
from kb.search.query import Phrase, Prefix, Query, Word, positive_leaves
from kb.search.result import Ranges, Snippet

Places = NDArray[np.intp]
"""Numbers of words in a text, in order."""

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
        analysed = AnalysedText.of(text)
        marked = np.zeros(len(analysed.starts), dtype=np.bool_)
        for sought in self.sought:
            if sought.field in (None, field):
                marked[sought.covered(sought.starts(analysed))] = True
        return _Spans.of(marked, analysed).within(0, len(marked))


@dataclass(frozen=True)
class Marks:
    """What to show of a case in a list."""

    title: Ranges = ()
    summary: Ranges = ()
    snippet: Snippet | None = None


def marks(passages: Passages, highlighter: Highlighter, chosen: Collection[str] = ()) -> Marks:
    """What to mark in title and summary, and the passage that says most of what was asked for.

    `chosen` are the ids of arrangements and challenges that the search was narrowed by: a search for a
    pair, say lack of openness and schools, is answered best by the reason given for that very challenge,
    then by what helped and what was hard. The earlier passage wins a tie, so that the same search always
    shows the same.
    """
    worth = np.zeros(passages.passages.shape[1])
    marked = np.zeros(len(passages.analysed.starts), dtype=np.bool_)
    in_title = marked.copy()
    for sought in highlighter.sought:
        places = _within_blocks(sought, passages)
        if places.size and sought.field is None:
            worth += sought.weight * _hold_any(passages, places)
            marked[places] = True
        elif places.size and sought.field == "title":
            in_title[places] = True
    spans = _Spans.of(marked, passages.analysed)
    title, summary = passages.words_of_block(0), passages.words_of_block(1)
    title_spans = _Spans.of(marked | in_title, passages.analysed) if in_title.any() else spans
    return Marks(
        title=title_spans.within(*title),
        summary=spans.within(*summary, start=int(passages.blocks[0, 1])),
        snippet=_best_snippet(worth, marked, spans, passages, chosen) if spans.places else None,
    )


@dataclass(frozen=True)
class _Sought:
    """A word, the beginning of words, or words side by side."""

    hashes: tuple[int, ...]
    in_any_form: bool
    prefix: str
    """Empty unless the beginning of words is sought."""
    field: str | None
    weight: float

    @property
    def length(self) -> int:
        """How many words side by side it is."""
        return max(len(self.hashes), 1)

    def covered(self, starts: Places) -> Places:
        """All the words that belong to it, given the first ones."""
        return starts if self.length == 1 else np.sort(np.add.outer(starts, np.arange(self.length)), axis=None)

    def starts(self, analysed: AnalysedText) -> Places:
        """Where it stands in a text."""
        words = self._words(analysed)
        if not all(words):
            return _NOWHERE
        first, *others = words
        starts = analysed.is_any_of(first).nonzero()[0]
        for offset, numbers in enumerate(others, start=1):
            starts = starts[starts + offset < len(analysed.numbers)]
            starts = starts[analysed.is_any_of(numbers)[starts + offset]]
        return starts

    def _words(self, analysed: AnalysedText) -> Sequence[Sequence[int]]:
        """The numbers of the words that may stand at each of its places."""
        if self.prefix:
            return [[number for number, word in enumerate(analysed.vocabulary) if word.startswith(self.prefix)]]
        known = analysed.stems if self.in_any_form else analysed.exact
        return [(known == hashed).nonzero()[0].tolist() for hashed in self.hashes]


_NOWHERE: Places = np.empty(0, dtype=np.intp)


def _sought(leaf: Word | Prefix | Phrase, weight: float) -> _Sought:
    match leaf:
        case Word(text, field):
            return _Sought((word_hash(stem(text)),), True, "", field, weight)
        case Prefix(text, field):
            return _Sought((), False, text, field, weight)
        case Phrase(words, field, any_form):
            forms = map(stem, words) if any_form else words
            return _Sought(tuple(map(word_hash, forms)), any_form, "", field, weight)


def _within_blocks(sought: _Sought, passages: Passages) -> Places:
    """The words that belong to what is sought; a phrase never runs from one block into the next."""
    starts = sought.starts(passages.analysed)
    if sought.length > 1 and starts.size:
        firsts = passages.blocks[1]
        is_inside = firsts.searchsorted(starts, "right") == firsts.searchsorted(starts + sought.length - 1, "right")
        starts = starts[is_inside]
    return sought.covered(starts)


def _hold_any(passages: Passages, places: Places) -> NDArray[np.bool_]:
    """For each passage whether it holds any of the places, which are in order."""
    _, _, firsts, lasts, _ = passages.passages
    holds: NDArray[np.bool_] = places.searchsorted(firsts) < places.searchsorted(lasts)
    return holds


def _best_snippet(
    worth: NDArray[np.float64],
    marked: NDArray[np.bool_],
    spans: _Spans,
    passages: Passages,
    chosen: Collection[str],
) -> Snippet | None:
    starts, ends, firsts, lasts, parts = passages.passages
    # Rounded, so that sums of the same weights in another order are a tie.
    worth = (worth * _factors(passages.parts, chosen)[parts]).round(9)
    most = worth.max(initial=0.0)
    if not most:
        return None
    behind = np.concatenate(([0], marked.cumsum()))
    best = int(np.where(worth == most, behind[lasts] - behind[firsts], -1).argmax())
    start, end, part = int(starts[best]), int(ends[best]), passages.parts[parts[best]]
    ranges = spans.within(int(firsts[best]), int(lasts[best]), start)
    return Snippet(part.section, part.heading, passages.analysed.text[start:end], ranges)


def _factors(parts: Sequence[Part], chosen: Collection[str]) -> NDArray[np.float64]:
    """How much more than elsewhere it says when something is found in each part."""

    def factor(part: Part) -> float:
        _, heading, reason = part
        if reason:
            return IN_CHOSEN_REASON if reason in chosen else IN_OTHER_REASON
        if heading == QUESTIONS_SECTION[1]:
            return IN_QUESTION
        return IN_HANDLING if chosen and heading in HANDLING_SECTIONS else 1.0

    return np.array([factor(part) for part in parts])


@dataclass(frozen=True)
class _Spans:
    """The marked words of a text, in order: their places, and where they start and end."""

    places: list[int]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, marked: NDArray[np.bool_], analysed: AnalysedText) -> _Spans:
        """Those for which `marked` is true."""
        places = marked.nonzero()[0]
        starts = analysed.starts[places]
        return cls(places.tolist(), starts.tolist(), (starts + analysed.lengths[places]).tolist())

    def within(self, first: int, last: int, start: int = 0) -> Ranges:
        """Those from the word `first` to before `last`, as characters behind `start`."""
        inside = range(bisect_left(self.places, first), bisect_left(self.places, last))
        return tuple((self.starts[number] - start, self.ends[number] - start) for number in inside)
