"""A line as it was typed, with its words: only here can be seen which were written as names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kb.search.words.analysis import Token, fold, tokens


@dataclass(frozen=True)
class Line:
    """What was typed, and the words in it."""

    text: str
    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, text: str) -> Line:
        """A line with this text.

        >>> Line.of("Info-house in Århus").written("arhus")
        'Århus'
        """
        return cls(text, tuple(tokens(text)))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The exact forms of its words, in order.

        >>> Line.of("Info-house in Århus").words
        ('info', 'house', 'in', 'arhus')
        """
        return tuple(token.exact for token in self.tokens)

    def span(self, word: str) -> tuple[int, int] | None:
        """Where a word, in its exact form, is typed first."""
        return self._spans.get(word)

    def written(self, word: str) -> str:
        """How a word was typed first; itself if it is not in the line."""
        span = self.span(word)
        return self.text[slice(*span)] if span else word

    def is_name(self, word: str) -> bool:
        """Whether a word is clearly written as a name: an acronym, or with a capital inside ("McDonald").

        >>> Line.of("UNDP in Kenya").is_name("undp"), Line.of("McDonald").is_name("mcdonald")
        (True, True)
        >>> Line.of("Shcool").is_name("shcool")
        False
        """
        written = self.written(word)
        has_capital_inside = any(letter.isupper() for letter in written[1:]) and not written.isupper()
        return self.is_acronym(word) or has_capital_inside

    def is_acronym(self, word: str) -> bool:
        """Whether a word is written as an acronym: with dots, or in capitals that the rest of the line is not in.

        >>> Line.of("US cities").is_acronym("usa"), Line.of("TELL US ALL").is_acronym("tell")
        (True, False)
        """
        written = self.written(word)
        if sum(map(str.isalpha, written)) < 2:
            return False
        if "." in written.rstrip("."):
            return all(len(part) < 2 for part in written.split("."))
        is_alone = len(self.tokens) < 2
        return written.isupper() and (is_alone or not self.text.isupper())

    def may_mean(self, word: str, meant: str) -> bool:
        """Whether a word may be read as another one without asking: no name may, and a word with a capital only as one
        that begins alike.

        >>> Line.of("shcool").may_mean("shcool", "school"), Line.of("Al Qaida").may_mean("qaida", "saida")
        (True, False)
        """
        written = self.written(word)
        return not self.is_name(word) and (written[:1].islower() or fold(written)[:1] == meant[:1])

    @cached_property
    def _spans(self) -> Mapping[str, tuple[int, int]]:
        return {token.exact: (token.start, token.end) for token in reversed(self.tokens)}
