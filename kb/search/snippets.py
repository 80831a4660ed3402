"""Which passage of a case shows best why it was found, and what in it to mark.

Snippets are text and ranges; markup comes last, in whatever shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.search.analysis import stem
from kb.search.fields import HANDLING_SECTIONS
from kb.search.passages import QUESTIONS_SECTION, AnalysedText, Hashes, Passages, word_hash
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
        found = [sought.covered(sought.starts(analysed)) for sought in self.sought if sought.field in (None, field)]
        return _ranges(_all_places(found), analysed)


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
    found = [(sought, _within_blocks(sought, passages)) for sought in highlighter.sought]
    anywhere = [(sought.weight, places) for sought, places in found if sought.field is None and places.size]
    in_title = [places for sought, places in found if sought.field in (None, "title")]
    return Marks(
        title=_block_ranges(in_title, passages, Passages.TITLE),
        summary=_block_ranges([places for _, places in anywhere], passages, Passages.SUMMARY),
        snippet=_best_snippet(anywhere, passages, chosen),
    )


@dataclass(frozen=True)
class _Sought:
    """A word, the beginning of words, or words side by side."""

    hashes: Hashes
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
        return starts if self.length == 1 else np.unique(np.add.outer(starts, np.arange(self.length)))

    def starts(self, analysed: AnalysedText) -> Places:
        """Where it stands in a text."""
        if self.prefix:
            begins = [word.startswith(self.prefix) for word in analysed.vocabulary]
            return np.flatnonzero(np.array(begins, dtype=np.bool_)[analysed.numbers])
        known = analysed.stems if self.in_any_form else analysed.exact
        is_word = [known == hashed for hashed in self.hashes]
        if not all(each.any() for each in is_word):
            return np.empty(0, dtype=np.intp)
        starts = np.flatnonzero(is_word[0][analysed.numbers])
        for offset, each in enumerate(is_word[1:], start=1):
            starts = starts[starts + offset < len(analysed.numbers)]
            starts = starts[each[analysed.numbers[starts + offset]]]
        return starts


def _sought(leaf: Word | Prefix | Phrase, weight: float) -> _Sought:
    match leaf:
        case Word(text, field):
            return _Sought(_hashes([stem(text)]), True, "", field, weight)
        case Prefix(text, field):
            return _Sought(_hashes([]), False, text, field, weight)
        case Phrase(words, field, any_form):
            return _Sought(_hashes(list(map(stem, words)) if any_form else words), any_form, "", field, weight)


def _hashes(words: Sequence[str]) -> Hashes:
    return np.array([word_hash(word) for word in words], dtype=np.uint64)


def _within_blocks(sought: _Sought, passages: Passages) -> Places:
    """The words that belong to what is sought; a phrase never runs from one block into the next."""
    starts = sought.starts(passages.analysed)
    if sought.length > 1 and starts.size:
        blocks = passages.block_words
        last_words = starts + sought.length - 1
        starts = starts[np.searchsorted(blocks, starts, "right") == np.searchsorted(blocks, last_words, "right")]
    return sought.covered(starts)


def _best_snippet(found: Sequence[tuple[float, Places]], passages: Passages, chosen: Collection[str]) -> Snippet | None:
    if not found or not passages.starts.size:
        return None
    worth = np.zeros(len(passages.starts))
    for weight, places in found:
        worth += weight * (_counts(places, passages) > 0)
    # Rounded, so that sums of the same weights in another order are a tie.
    worth = np.round(worth * _factors(passages, chosen), 9)
    best = worth.max()
    if best <= 0:
        return None
    marked = _all_places([places for _, places in found])
    most = np.where(worth == best, _counts(marked, passages), -1)
    return _snippet(int(most.argmax()), marked, passages)


def _counts(places: Places, passages: Passages) -> Places:
    """How many of the places each passage holds."""
    return np.searchsorted(places, passages.last_words) - np.searchsorted(places, passages.first_words)


def _factors(passages: Passages, chosen: Collection[str]) -> NDArray[np.float64]:
    """How much more than elsewhere it says when something is found in each passage."""

    def factor(heading: str, reason: str) -> float:
        if heading == QUESTIONS_SECTION[1]:
            return IN_QUESTION
        if reason:
            return IN_CHOSEN_REASON if reason in chosen else IN_OTHER_REASON
        return IN_HANDLING if chosen and heading in HANDLING_SECTIONS else 1.0

    return np.array([factor(block.heading, block.reason) for block in passages.blocks])[passages.passage_blocks]


def _snippet(number: int, marked: Places, passages: Passages) -> Snippet:
    start, end = int(passages.starts[number]), int(passages.ends[number])
    first, last = np.searchsorted(marked, (passages.first_words[number], passages.last_words[number]))
    block = passages.blocks[passages.passage_blocks[number]]
    text = passages.analysed.text[start:end]
    return Snippet(block.section, block.heading, text, _ranges(marked[first:last], passages.analysed, start))


def _block_ranges(found: Sequence[Places], passages: Passages, block: int) -> Ranges:
    first, last = passages.words_of_block(block)
    inside = [places[(places >= first) & (places < last)] for places in found if places.size]
    return _ranges(_all_places(inside), passages.analysed, passages.blocks[block].start)


def _ranges(places: Places, analysed: AnalysedText, start: int = 0) -> Ranges:
    return tuple((analysed.start(place) - start, analysed.end(place) - start) for place in places.tolist())


def _all_places(found: Sequence[Places]) -> Places:
    """All places, each once, in order."""
    held = [places for places in found if places.size]
    if len(held) < 2:
        return held[0] if held else np.empty(0, dtype=np.intp)
    return np.unique(np.concatenate(held))
