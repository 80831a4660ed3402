"""Words that mean the same, found in what was typed.

Three sources. Groups (`vocabularies/synonyms.yaml`, and the names of cities and countries) are equal in every
direction. Aliases of arrangements, challenges, audiences and kinds of extremism lead to the label of their term, not
to each other: "charter" should find coalitions, but not every "alliance". Everyday words
(`vocabularies/everyday_words.yaml`) lead to the words that cases use for the same, which count less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kb.model.vocabulary import Vocabularies
from kb.search.query.tree import And, Boosted, DisMax, MinimumShouldMatch, Phrase, Query, Word
from kb.search.words.analysis import STOP_WORDS, base_form, words

MOST_ALTERNATIVES = 12
"""A group has fewer. The limit keeps a query small, no matter what a contributor writes."""

OTHER_NAME = 0.85
"""The boost of another name than the one that was typed: nearly as much, but a tie goes to the typed one."""

RELATED = 0.7
"""The boost of the words of cases where an everyday word was typed: "children" where somebody typed "kid"."""

BaseForms = tuple[str, ...]


@dataclass(frozen=True)
class Expanded:
    """A query with other names beside those typed, and which ones."""

    query: Query
    used: tuple[tuple[str, tuple[str, ...]], ...]
    """For each name found in the query, the others that are searched for as well."""


@dataclass(frozen=True)
class Alternative:
    """What is also searched for where a name was typed."""

    name: str
    """As written."""
    boost: float
    """By which its score is multiplied; that of the typed name is 1.0."""


@dataclass(frozen=True)
class Synonyms:
    """Finds names of one or several words, in any inflection."""

    alternatives: dict[BaseForms, tuple[Alternative, ...]] = field(default_factory=dict)
    """For the base forms of a name the other names."""

    @classmethod
    def of(cls, vocabularies: Vocabularies) -> Synonyms:
        """The synonyms in a collection's vocabularies."""
        found: dict[BaseForms, dict[str, float]] = {}
        for group in _groups(vocabularies):
            for name in group:
                found.setdefault(_base_forms(name), {}).update(dict.fromkeys(group, OTHER_NAME))
        for name, label in _leads(vocabularies):
            found.setdefault(_base_forms(name), {}).setdefault(label, OTHER_NAME)
        for name, words_of_cases in vocabularies.everyday_words:
            # What is true of a name is true of its equals: "FTF" leads where "foreign fighter" does.
            for equal in (name, *found.get(_base_forms(name), {})):
                named = found.setdefault(_base_forms(equal), {})
                for word in words_of_cases:
                    named.setdefault(word, RELATED)
        others = {forms: _others(forms, names) for forms, names in found.items()}
        return cls({forms: names for forms, names in others.items() if forms and names})

    def expand(self, query: Query) -> Expanded:
        """Put other names beside those that a query contains as plain words.

        Phrases in quotation marks and words in a named field are left as they are: they mean exactly that.
        """
        used: list[tuple[str, tuple[str, ...]]] = []
        match query:
            case Word(_, None):
                (expanded,) = self._named((query,), used)
            case And(clauses):
                named = tuple(self._inside(clause, used) for clause in self._named(clauses, used))
                expanded = named[0] if len(named) == 1 else And(named)
            case MinimumShouldMatch(clauses, minimum):
                named = self._named(clauses, used)
                # Two words that became one name count once.
                expanded = MinimumShouldMatch(named, math.ceil(minimum * len(named) / len(clauses)))
            case Boosted(wanted, boosts):
                inner = self.expand(wanted)
                used.extend(inner.used)
                expanded = Boosted(inner.query, tuple((self.expand(clause).query, boost) for clause, boost in boosts))
            case _:
                expanded = query
        return Expanded(expanded, tuple(used))

    def _inside(self, clause: Query, used: list[tuple[str, tuple[str, ...]]]) -> Query:
        """A long question beside phrases or fields is a clause of its own."""
        if not isinstance(clause, MinimumShouldMatch):
            return clause
        inner = self.expand(clause)
        used.extend(inner.used)
        return inner.query

    def _named(self, clauses: Sequence[Query], used: list[tuple[str, tuple[str, ...]]]) -> tuple[Query, ...]:
        """The clauses, with each run of plain words that is a name combined with its other names."""
        named: list[Query] = []
        position = 0
        while position < len(clauses):
            run = self._longest_name(clauses[position:])
            if not run:
                named.append(clauses[position])
                position += 1
                continue
            others = self.alternatives[tuple(base_form(word.text) for word in run)]
            used.append((" ".join(word.text for word in run), tuple(other.name for other in others)))
            asked: Query = run[0] if len(run) == 1 else And(tuple(run))
            named.append(DisMax(asked, tuple((_query(other.name), other.boost) for other in others)))
            position += len(run)
        return tuple(named)

    def _longest_name(self, clauses: Sequence[Query]) -> list[Word]:
        """The longest run of plain words at the start that is a name; empty if there is none."""
        plain: list[Word] = []
        longest: list[Word] = []
        for clause in clauses[: self._longest]:
            if not isinstance(clause, Word) or clause.field:
                break
            plain.append(clause)
            if tuple(base_form(word.text) for word in plain) in self.alternatives:
                longest = list(plain)
        return longest

    @cached_property
    def base_forms(self) -> frozenset[str]:
        """The base forms of all words of all names."""
        return frozenset(form for forms in self.alternatives for form in forms)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.alternatives), default=0)


def _groups(vocabularies: Vocabularies) -> Iterable[Sequence[str]]:
    """Names that are equal in every direction."""
    yield from vocabularies.synonyms
    for term in (*vocabularies.cities, *vocabularies.countries):
        if term.aliases:
            yield (term.label, *term.aliases)


def _leads(vocabularies: Vocabularies) -> Iterable[tuple[str, str]]:
    """Each alias with the label it leads to."""
    v = vocabularies
    for vocabulary in (v.arrangements, v.challenges, v.audiences, v.extremism):
        for term in vocabulary:
            for alias in term.aliases:
                yield alias, term.label


def _base_forms(name: str) -> BaseForms:
    """The base forms of a name, without words that a search leaves out."""
    found = words(name)
    meaningful = [word for word in found if word not in STOP_WORDS]
    return tuple(map(base_form, meaningful or found))


def _others(forms: BaseForms, names: Mapping[str, float]) -> tuple[Alternative, ...]:
    """The names other than the one with these base forms, each way of writing once, the nearest first."""
    different: dict[BaseForms, Alternative] = {}
    for name, boost in sorted(names.items(), key=lambda item: -item[1]):
        other = tuple(map(base_form, words(name)))
        if other and not _contains(other, forms):
            different.setdefault(other, Alternative(name, boost))
    return tuple(different.values())[:MOST_ALTERNATIVES]


def _contains(longer: BaseForms, shorter: BaseForms) -> bool:
    """Whether a text that contains the longer name always contains the shorter one, as "police force" does "police"."""
    return any(longer[start : start + len(shorter)] == shorter for start in range(len(longer) - len(shorter) + 1))


def _query(name: str) -> Query:
    found = tuple(words(name))
    return Word(found[0]) if len(found) == 1 else Phrase(found, any_form=True)
