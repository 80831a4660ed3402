"""Which passage of a case shows best why it was found, and what in it to mark.

Snippets are text and ranges; markup comes last, in whatever shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.case import Case
from kb.search.analysis import Token, stem, tokens
from kb.search.query import Phrase, Prefix, Query, Word, positive_leaves
from kb.search.result import Ranges, Snippet

SNIPPET_LENGTH = 260
"""Characters: two to three lines on a phone's screen, enough for a sentence and its neighbour."""

_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*[”\"')\]]*\s*")


@dataclass(frozen=True)
class Highlighter:
    """Knows which words of a text a query looks for."""

    stems: frozenset[str]
    prefixes: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, query: Query, field: str | None = None) -> Highlighter:
        """The highlighter for a query; words asked for in another field than `field` are not marked."""
        leaves = [leaf for leaf in positive_leaves(query) if leaf.field in (None, field)]
        return cls(
            stems=frozenset(stem(leaf.text) for leaf in leaves if isinstance(leaf, Word)),
            prefixes=tuple(leaf.text for leaf in leaves if isinstance(leaf, Prefix)),
            phrases=tuple(leaf.words for leaf in leaves if isinstance(leaf, Phrase)),
        )

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
            if stem(token.exact) in self.stems:
                marked[position] = Match(token.start, token.end, stem(token.exact))
            elif any(token.exact.startswith(prefix) for prefix in self.prefixes):
                marked[position] = Match(token.start, token.end, token.exact)
        for phrase in self.phrases:
            for position in _occurrences(phrase, found):
                for token_number in range(position, position + len(phrase)):
                    token = found[token_number]
                    marked[token_number] = Match(token.start, token.end, " ".join(phrase))
        return tuple(marked[position] for position in sorted(marked))

    def ranges(self, text: str) -> Ranges:
        """The same as plain ranges."""
        return tuple((match.start, match.end) for match in self.matches(text))


@dataclass(frozen=True)
class Match:
    """A marked word and what it answers to."""

    start: int
    end: int
    answers: str


def best_snippet(case: Case, highlighter: Highlighter) -> Snippet | None:
    """The passage with most of what was asked for, or None where the sections hold none of it.

    The earlier passage wins a tie, so that the same search always shows the same.
    """
    best: tuple[int, int] = (0, 0)
    snippet = None
    for section in case.sections:
        for block in map(str.strip, section.text.split("\n")):
            matches = highlighter.matches(block)
            for start, end in _passages(block):
                inside = [match for match in matches if start <= match.start and match.end <= end]
                worth = (len({match.answers for match in inside}), len(inside))
                if worth > best:
                    best = worth
                    ranges = tuple((match.start - start, match.end - start) for match in inside)
                    snippet = Snippet(section.id, section.heading, block[start:end], ranges)
    return snippet


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
