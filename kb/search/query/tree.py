"""What is asked, as a tree. Engines translate it; nothing here knows how.

Words are exact forms (see `kb.search.words.analysis`); each node prints itself as a query a person could type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
class Having:
    """Cases with any of these values of a facet."""

    facet: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.facet}={','.join(self.values)}"


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
    """Some of these, which together have at least this share of the weight of all.

    The weight of a clause is the inverse document frequency of what it finds, so that a rare word matters more than a
    common one; for a name it is that of what was typed, as its other names or its single words may be common
    (`first_choice`). A clause that finds nothing has no weight.
    """

    clauses: tuple[Query, ...]
    share: float
    """0 to 1."""

    def __str__(self) -> str:
        return f"{self.share:.0%} of ({', '.join(map(str, self.clauses))})"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    clause: Query

    def __str__(self) -> str:
        return f"-{_bracketed(self.clause)}"


@dataclass(frozen=True, slots=True)
class Synonym:
    """One term under several names: the one that was typed, and others.

    It is scored as one word is: one document frequency for all names together, and their frequencies in a document
    added up before saturation. (Lucene's `SynonymQuery`.)
    """

    typed: Word | Wildcard | Phrase
    others: tuple[tuple[Word | Wildcard | Phrase, float], ...]
    """Each with its weight: what one occurrence of it counts against one of the typed name."""

    @property
    def names(self) -> tuple[tuple[Word | Wildcard | Phrase, float], ...]:
        """All names with their weights; that of the typed one is 1.0."""
        return ((self.typed, 1.0), *self.others)

    def __str__(self) -> str:
        return str(self.typed)


@dataclass(frozen=True, slots=True)
class DisMax:
    """Any of these; the score is that of the best (a disjunction maximum)."""

    clauses: tuple[Query, ...]

    def __str__(self) -> str:
        return _bracketed(self.clauses[0])


@dataclass(frozen=True, slots=True)
class Weighted:
    """The same, with its score multiplied."""

    clause: Query
    weight: float

    def __str__(self) -> str:
        return f"{_bracketed(self.clause)}^{self.weight:g}"


@dataclass(frozen=True, slots=True)
class Boosted:
    """What must match; and what adds to the score where it matches as well."""

    wanted: Query
    boosts: tuple[tuple[Query, float], ...]
    """Each query with the factor by which its score is multiplied before it is added."""

    def __str__(self) -> str:
        return str(self.wanted)


Leaf = Word | Wildcard | Phrase | Near
Query = MatchAll | Leaf | Synonym | Years | Having | And | Or | MinimumShouldMatch | Not | DisMax | Weighted | Boosted


def positive_terms(query: Query) -> Iterator[Word | Wildcard | Phrase | Synonym]:
    """The terms that a match may contain."""
    match query:
        case Word() | Wildcard() | Phrase() | Synonym():
            yield query
        case Boosted(wanted, _) | Weighted(wanted, _):
            yield from positive_terms(wanted)
        case And(clauses) | Or(clauses) | MinimumShouldMatch(clauses) | DisMax(clauses):
            for clause in clauses:
                yield from positive_terms(clause)


def names_of(term: Word | Wildcard | Phrase | Synonym) -> tuple[tuple[Word | Wildcard | Phrase, float], ...]:
    """The names of a term with their weights: one, if it has no others."""
    return term.names if isinstance(term, Synonym) else ((term, 1.0),)


def positive_leaves(query: Query) -> Iterator[Word | Wildcard | Phrase]:
    """The words, prefixes and phrases a match may contain: what can be highlighted."""
    return (leaf for term in positive_terms(query) for leaf, _ in names_of(term))


def weights_of_leaves(
    query: Query, idf: Callable[[Word | Wildcard | Phrase | Synonym], float]
) -> dict[Word | Wildcard | Phrase, float]:
    """How informative it is to find each leaf: the inverse document frequency of its term, less for another name."""
    weights: dict[Word | Wildcard | Phrase, float] = {}
    for term in positive_terms(query):
        for leaf, weight in names_of(term):
            weights[leaf] = max(weights.get(leaf, 0.0), weight * idf(term))
    return weights


def first_choice(query: Query) -> Query:
    """What a query asks for, without substitutes: other names, or the words of a name apart."""
    match query:
        case DisMax((first, *_)):
            return first_choice(first)
        case Synonym(typed, _):
            return typed
    return query


def without_boosts(query: Query) -> Query:
    """What a query wants: it finds the same, with other scores."""
    return without_boosts(query.wanted) if isinstance(query, Boosted) else query


def _bracketed(query: Query) -> str:
    match query:
        case And(clauses) | Or(clauses) if len(clauses) > 1:
            return f"({query})"
    return str(query)
