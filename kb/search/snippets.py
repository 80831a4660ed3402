"""Which passage of a case shows best why it was found, and what in it to mark.

Snippets are text and ranges; markup comes last, in whatever shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.case import Case
from kb.search.analysis import Token, stem, tokens
from kb.search.fields import HANDLING_SECTIONS
from kb.search.query import Phrase, Prefix, Query, Word, positive_leaves
from kb.search.result import Ranges, Snippet

SNIPPET_LENGTH = 260
"""Characters: two to three lines on a phone's screen, enough for a sentence and its neighbour."""

_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*[”\"')\]]*\s*")


@dataclass(frozen=True)
class Highlighter:
    """Knows which words of a text a query looks for, and how much finding each of them says."""

    stems: Mapping[str, float]
    prefixes: Mapping[str, float]
    phrases: Mapping[tuple[str, ...], float]

    @classmethod
    def of(
        cls, query: Query, field: str | None = None, rarity: Callable[[Word | Prefix | Phrase], float] | None = None
    ) -> Highlighter:
        """The highlighter for a query; words asked for in another field than `field` are not marked.

        `rarity` says how much each part of the query tells; without it they all tell the same.
        """
        stems: dict[str, float] = {}
        prefixes: dict[str, float] = {}
        phrases: dict[tuple[str, ...], float] = {}
        for leaf in positive_leaves(query):
            if leaf.field not in (None, field):
                continue
            weight = rarity(leaf) if rarity else 1.0
            match leaf:
                case Word(text, _):
                    stems[stem(text)] = weight
                case Prefix(text, _):
                    prefixes[text] = weight
                case Phrase(words, _):
                    phrases[words] = weight
        return cls(stems, prefixes, phrases)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to mark."""
        return not (self.stems or self.prefixes or self.phrases)

    def matches(self, text: str) -> tuple[Match, ...]:
        """What to mark in a text, in order, whole words only."""
        if self.is_idle:
            return ()
        found = list(tokens(text))
        marked: dict[int, Match] = {}
        for position, token in enumerate(found):
            if answer := self._answer(token.exact):
                marked[position] = Match(token.start, token.end, *answer)
        for phrase, weight in self.phrases.items():
            for position in _occurrences(phrase, found):
                for token_number in range(position, position + len(phrase)):
                    token = found[token_number]
                    marked[token_number] = Match(token.start, token.end, " ".join(phrase), weight)
        return tuple(marked[position] for position in sorted(marked))

    def ranges(self, text: str) -> Ranges:
        """The same as plain ranges."""
        return tuple((match.start, match.end) for match in self.matches(text))

    def _answer(self, exact: str) -> tuple[str, float] | None:
        """What a word answers to and how much that says; None for a word nobody asked for."""
        if (stemmed := stem(exact)) in self.stems:
            return stemmed, self.stems[stemmed]
        prefix = next((prefix for prefix in self.prefixes if exact.startswith(prefix)), None)
        return (prefix, self.prefixes[prefix]) if prefix else None


@dataclass(frozen=True)
class Match:
    """A marked word, what it answers to, and how much that says."""

    start: int
    end: int
    answers: str
    weight: float


@dataclass(frozen=True)
class _Block:
    """A paragraph or list item, or the reason for an arrangement or a challenge."""

    section: str
    heading: str
    text: str
    factor: float
    """How much more than elsewhere it says when something is found here."""


REASONS_SECTION = ("arrangement", "Arrangement and challenges")
"""Where a page shows the reasons: its anchor and heading."""


def best_snippet(case: Case, highlighter: Highlighter, chosen: Collection[str] = ()) -> Snippet | None:
    """The passage that says most of what was asked for, or None where the case holds none of it.

    `chosen` are the ids of arrangements and challenges that the search was narrowed by: a search for a
    pair, say lack of openness and schools, is answered best by the reason given for that very challenge,
    then by what helped and what was hard. The earlier passage wins a tie, so that the same search always
    shows the same.
    """
    best = (0.0, 0)
    snippet = None
    for block in _blocks(case, chosen):
        matches = highlighter.matches(block.text)
        for start, end in _passages(block.text) if matches else ():
            inside = [match for match in matches if start <= match.start and match.end <= end]
            told = {match.answers: match.weight for match in inside}
            worth = (round(sum(told.values()) * block.factor, 9), len(inside))
            if worth > best:
                best = worth
                ranges = tuple((match.start - start, match.end - start) for match in inside)
                snippet = Snippet(block.section, block.heading, block.text[start:end], ranges)
    return snippet


def _blocks(case: Case, chosen: Collection[str]) -> Iterator[_Block]:
    for section in case.sections:
        factor = 1.2 if chosen and section.heading in HANDLING_SECTIONS else 1.0
        for text in map(str.strip, section.text.split("\n")):
            yield _Block(section.id, section.heading, text, factor)
    for reason in (*case.arrangements, *case.challenges, *case.experienced_as):
        yield _Block(*REASONS_SECTION, reason.why, 1.5 if reason.id in chosen else 0.9)


def _occurrences(phrase: Sequence[str], found: Sequence[Token]) -> Iterator[int]:
    length = len(phrase)
    for position in range(len(found) - length + 1):
        if all(found[position + offset].exact == phrase[offset] for offset in range(length)):
            yield position


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences, each as long as fits; a longer sentence stands alone."""
    sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text) if match.group().strip()]
    for number, (start, end) in enumerate(sentences):
        for _, next_end in sentences[number + 1 :]:
            if next_end - start > SNIPPET_LENGTH:
                break
            end = next_end
        yield start, start + len(text[start:end].rstrip())
