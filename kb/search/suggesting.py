"""Suggestions while typing: names of values of the leading facets, and of cases; one typing error is forgiven."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.search.result import Ranges
from kb.search.words.analysis import tokens, words

SHORTEST_WITH_SLIP = 4
"""Letters typed before a typing error is forgiven; fewer are near to everything."""

PER_KIND = 5


@dataclass(frozen=True)
class Name:
    """Something that can be suggested."""

    kind: str
    """The name of a facet, or ``case``."""
    id: str
    label: str
    others: tuple[str, ...]
    """Other names it is found by."""
    count: int
    """Cases that have it; 1 for a case."""
    members: tuple[str, ...] = ()
    """Of a region the ids of its countries."""


@dataclass(frozen=True)
class Suggestion:
    """A name that begins as what was typed."""

    name: Name
    ranges: Ranges
    """What to mark in the label."""
    alias: str | None
    """The other name it was found by, if the label does not show why."""


@dataclass(frozen=True)
class _Spelling:
    """One way to write a name."""

    name: int
    text: str
    is_label: bool


class Suggester:
    """Finds names by the beginnings of their words. Created once per generation; safe to use from many threads."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = tuple(names)
        self._spellings = tuple(
            _Spelling(number, text, position == 0)
            for number, name in enumerate(self._names)
            for position, text in enumerate((name.label, *name.others))
        )
        by_word: dict[str, set[int]] = defaultdict(set)
        for number, spelling in enumerate(self._spellings):
            for word in words(spelling.text):
                by_word[word].add(number)
        self._by_word: Mapping[str, set[int]] = dict(by_word)
        self._words: Sequence[str] = sorted(by_word)
        self._longest = max(map(len, self._words), default=0)
        self._prefixes = cache(self._words_by_prefix)

    def suggest(self, text: str, per_kind: int = PER_KIND) -> tuple[Suggestion, ...]:
        """The best names of each kind for what was typed so far: fewest typing errors, then most cases.
        Those whose label does not show why they were found come last."""
        typed = words(text)[:8]
        if not typed:
            return ()
        slips = self._spellings_with(typed)
        best: dict[int, tuple[int, bool, int]] = {}
        for number, count in slips.items():
            spelling = self._spellings[number]
            rank = (count, not spelling.is_label, number)
            best[spelling.name] = min(best.get(spelling.name, rank), rank)
        ordered = sorted(best.items(), key=lambda item: (item[1][:2], -self._names[item[0]].count, item[0]))
        chosen: dict[str, list[Suggestion]] = defaultdict(list)
        for name, (_, _, spelling_number) in ordered:
            kind = chosen[self._names[name].kind]
            if len(kind) < per_kind:
                kind.append(self._suggestion(self._spellings[spelling_number], typed))
        found = [suggestion for kind in chosen.values() for suggestion in kind]
        return tuple(sorted(found, key=lambda suggestion: suggestion.alias is not None))

    def _spellings_with(self, typed: Sequence[str]) -> dict[int, int]:
        """The spellings that have a word for each typed one, with the number of typing errors."""
        found: dict[int, int] | None = None
        for word in typed:
            matching: dict[int, int] = {}
            for candidate, slips in self._matching_words(word).items():
                for number in self._by_word[candidate]:
                    matching[number] = min(matching.get(number, slips), slips)
            if found is None:
                found = matching
            else:
                found = {number: found[number] + slips for number, slips in matching.items() if number in found}
        return found or {}

    def _matching_words(self, typed: str) -> dict[str, int]:
        """The words that begin as typed, or nearly so, with the number of typing errors."""
        start = bisect_left(self._words, typed)
        exact: dict[str, int] = {}
        for word in self._words[start:]:
            if not word.startswith(typed):
                break
            exact[word] = 0
        if exact or not SHORTEST_WITH_SLIP <= len(typed) <= self._longest + 1:
            return exact
        return {
            word: 1
            for length in (len(typed) - 1, len(typed), len(typed) + 1)
            for prefix, _, _ in process.extract(
                typed, list(self._prefixes(length)), scorer=OSA.distance, score_cutoff=1, limit=None
            )
            for word in self._prefixes(length)[prefix]
        }

    def _words_by_prefix(self, length: int) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            found[word[:length]].append(word)
        return dict(found)

    def _suggestion(self, spelling: _Spelling, typed: Sequence[str]) -> Suggestion:
        name = self._names[spelling.name]
        ranges = tuple(
            (token.start, token.start + min(len(word), token.end - token.start))
            for token in tokens(name.label)
            for word in typed
            if token.exact.startswith(word)
        )
        return Suggestion(name, tuple(dict.fromkeys(ranges)), None if spelling.is_label else spelling.text)
