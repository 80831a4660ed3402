"""What is asked, as a tree. Engines translate it; nothing here knows how.

Words are exact forms (see `kb.search.words.analysis`); each node prints itself as a query a person could type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every case."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its inflected forms, in one field or in all of them."""

    text: str
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.field}:{self.text}" if self.field else self.text


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word that a pattern stands for: `radical*`, `wom?n` (`kb.search.words.wildcards`)."""

    pattern: str
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.field}:{self.pattern}" if self.field else self.pattern


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side: in exactly these forms, or in any of their inflected ones."""

    words: tuple[str, ...]
    field: str | None = None
    any_form: bool = False

    def __str__(self) -> str:
        words = " ".join(self.words)
        quoted = f"({words})" if self.any_form else f'"{words}"'
        return f"{self.field}:{quoted}" if self.field else quoted


@dataclass(frozen=True, slots=True)
class Near:
    """Two words, in any of their inflected forms, at most `within` words apart in one text."""

    words: tuple[str, str]
    within: int
    field: str | None = None

    def __str__(self) -> str:
        near = f"{self.words[0]} ~{self.within} {self.words[1]}"
        return f"{self.field}:({near})" if self.field else f"({near})"


@dataclass(frozen=True, slots=True)
class Years:
    """Practices that were alive in these years, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"year:{self.first:04}..{self.last:04}"


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    clauses: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(map(_bracketed, self.clauses))


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    clauses: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_bracketed, self.clauses))


@dataclass(frozen=True, slots=True)
class MinimumShouldMatch:
    """At least `minimum` of these."""

    clauses: tuple[Query, ...]
    minimum: int

    def __str__(self) -> str:
        return f"{self.minimum} of ({', '.join(map(str, self.clauses))})"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    clause: Query

    def __str__(self) -> str:
        return f"-{_bracketed(self.clause)}"


@dataclass(frozen=True, slots=True)
class DisMax:
    """What was asked for, or another name of it; the score is that of the best (a disjunction maximum)."""

    asked: Query
    others: tuple[tuple[Query, float], ...]
    """Each with its boost; what was asked for has 1.0."""

    def __str__(self) -> str:
        return _bracketed(self.asked)


@dataclass(frozen=True, slots=True)
class Boosted:
    """What must match; and what adds to the score where it matches as well."""

    wanted: Query
    boosts: tuple[tuple[Query, float], ...]
    """Each query with the factor by which its score is multiplied before it is added."""

    def __str__(self) -> str:
        return str(self.wanted)


Query = MatchAll | Word | Wildcard | Phrase | Near | Years | And | Or | MinimumShouldMatch | Not | DisMax | Boosted
Leaf = Word | Wildcard | Phrase | Near


def positive_leaves(query: Query) -> Iterator[Word | Wildcard | Phrase]:
    """The words, patterns and phrases a match may contain: what can be highlighted."""
    match query:
        case Word() | Wildcard() | Phrase():
            yield query
        case Boosted(wanted, _):
            yield from positive_leaves(wanted)
        case DisMax(asked, others):
            for alternative in (asked, *(other for other, _ in others)):
                yield from positive_leaves(alternative)
        case And(clauses) | Or(clauses) | MinimumShouldMatch(clauses):
            for clause in clauses:
                yield from positive_leaves(clause)


def _bracketed(query: Query) -> str:
    match query:
        case And(clauses) | Or(clauses) if len(clauses) > 1:
            return f"({query})"
    return str(query)
