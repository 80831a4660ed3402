"""Words that mean the same, found in what was typed.

Three sources. Groups (`vocabularies/synonyms.yaml`, and the names of cities and countries) are equal in every
direction. Aliases of arrangements, challenges, audiences and kinds of extremism lead to the label of their term, not
to each other: "charter" should find coalitions, but not every "alliance". Everyday words
(`vocabularies/everyday_words.yaml`) lead to the words that cases use for the same, which count less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kb.model.vocabulary import Vocabularies
from kb.search.query.tree import And, DisMax, Phrase, Query, Synonym, Weighted, Word
from kb.search.words.analysis import base_form, words
from kb.search.words.idioms import BaseForms, all_forms, is_idiom, meaningful_forms
from kb.search.words.line import Line

MOST_ALTERNATIVES = 12
"""A group has fewer. The limit keeps a query small, no matter what a contributor writes."""

OTHER_NAME = 0.9
"""The weight of another name than the one that was typed: nearly as much, but a tie goes to the typed one."""

RELATED = 0.8
"""The weight of the words of cases where an everyday word was typed: "children" where somebody typed "kid"."""

APART = 0.2
"""The weight of the words of a longer name where they are apart: "hate speech" is not hate in a speech. Each of them is
rarer than the name with its other names may be, so they must count for less than they would alone."""

Used = tuple[str, tuple[str, ...]]
"""A name found in a query, and its other names."""


@dataclass(frozen=True)
class Expanded:
    """Clauses with other names beside those typed, and which ones."""

    clauses: tuple[Query, ...]
    used: tuple[Used, ...]
    """The names that are searched for under others as well."""


@dataclass(frozen=True)
class Alternative:
    """What is also searched when a name was typed."""

    name: str
    """As written."""
    weight: float
    """What one occurrence of it counts against one of the typed name."""


@dataclass(frozen=True)
class Idiom:
    """A name that is one only where it was typed in full (`kb.search.words.idioms`)."""

    name: str
    """As written."""
    forms: BaseForms
    """The base forms of all its words."""
    left: BaseForms
    """The base form of the word that remains."""
    alternatives: tuple[Alternative, ...]
    """The other names of both: "who is responsible" is also a question of responsibility."""


@dataclass(frozen=True)
class Synonyms:
    """Finds names of one or several words, in any inflection."""

    alternatives: dict[BaseForms, tuple[Alternative, ...]] = field(default_factory=dict)
    """For the base forms of a name the other names."""
    in_full: Mapping[BaseForms, str] = field(default_factory=dict)
    """The whole of a name by the words of it that a search uses: "code of conduct" by code and conduct."""
    idioms: tuple[Idiom, ...] = ()

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
            # What is true of a name is true of its equals: "FTF" finds what "foreign fighter" finds.
            for equal in (name, *found.get(_base_forms(name), {})):
                named = found.setdefault(_base_forms(equal), {})
                for word in words_of_cases:
                    named.setdefault(word, RELATED)
        typed = list(_typed_names(vocabularies))
        in_full = {_base_forms(name): name for name in typed if _base_forms(name) != all_forms(name)}
        others = {forms: _others(all_forms(in_full.get(forms, "")) or forms, names) for forms, names in found.items()}
        idioms = tuple(_idioms(typed, found))
        return cls({forms: names for forms, names in others.items() if forms and names}, in_full, idioms)

    def in_line(self, line: Line) -> Synonyms:
        """The same, with each idiom that a line contains as a name of what a search leaves of it."""
        typed = tuple(map(base_form, line.words))
        idioms = [idiom for idiom in self.idioms if _contains(typed, idiom.forms)]
        if not idioms:
            return self
        alternatives = self.alternatives | {idiom.left: idiom.alternatives for idiom in idioms}
        in_full = {**self.in_full, **{idiom.left: idiom.name for idiom in idioms}}
        return replace(self, alternatives=alternatives, in_full=in_full)

    def expand(self, clauses: Sequence[Query]) -> Expanded:
        """Put other names beside those that clauses contain as plain words.

        Phrases in quotation marks and words in a named field are left as they are: they mean exactly that.
        """
        used: list[Used] = []
        return Expanded(self._named(clauses, used), tuple(used))

    def _named(self, clauses: Sequence[Query], used: list[Used]) -> tuple[Query, ...]:
        """The clauses, with each run of plain words that is a name combined with its other names."""
        named: list[Query] = []
        position = 0
        while position < len(clauses):
            run = self.longest_name(clauses[position:])
            if not run:
                named.append(clauses[position])
                position += 1
                continue
            forms = tuple(base_form(word.text) for word in run)
            others = self.alternatives[forms]
            name = self.in_full.get(forms) or " ".join(word.text for word in run)
            used.append((name, tuple(other.name for other in others)))
            named.append(one_term(run, ((_name(words(other.name)), other.weight) for other in others), words(name)))
            position += len(run)
        return tuple(named)

    def longest_name(self, clauses: Sequence[Query]) -> list[Word]:
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

    def names_in(self, clauses: Sequence[Query]) -> Iterator[list[Word]]:
        """The runs of plain words that are names, the longest of those that begin at a word."""
        position = 0
        while position < len(clauses):
            if run := self.longest_name(clauses[position:]):
                yield run
            position += len(run) or 1

    @cached_property
    def base_forms(self) -> frozenset[str]:
        """The base forms of all words of all names."""
        return frozenset(form for forms in self.alternatives for form in forms)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.alternatives), default=0)


def _groups(vocabularies: Vocabularies) -> Iterable[Sequence[str]]:
    """Names that are equivalent in every direction."""
    yield from vocabularies.synonyms
    for term in (*vocabularies.cities, *vocabularies.countries):
        if term.aliases:
            yield (term.label, *term.aliases)


def _leads(vocabularies: Vocabularies) -> Iterable[tuple[str, str]]:
    """Each alias with the label it stands for."""
    v = vocabularies
    for vocabulary in (v.arrangements, v.challenges, v.audiences, v.extremism):
        for term in vocabulary:
            for alias in term.aliases:
                yield alias, term.label


def _typed_names(vocabularies: Vocabularies) -> Iterator[str]:
    """All names that have others."""
    yield from (name for group in _groups(vocabularies) for name in group)
    yield from (alias for alias, _ in _leads(vocabularies))
    yield from (name for name, _ in vocabularies.everyday_words)


def _idioms(typed: Iterable[str], found: Mapping[BaseForms, Mapping[str, float]]) -> Iterator[Idiom]:
    """The idioms among names, given the other names of each."""
    for name in filter(is_idiom, typed):
        forms, left = all_forms(name), meaningful_forms(name)
        if alternatives := _others(forms, {**found[forms], **found.get(left, {})}):
            yield Idiom(name, forms, left, alternatives)


def _base_forms(name: str) -> BaseForms:
    """The base forms of a name, without words that a search leaves out; an idiom keeps them."""
    return all_forms(name) if is_idiom(name) else meaningful_forms(name) or all_forms(name)


def _others(forms: BaseForms, names: Mapping[str, float]) -> tuple[Alternative, ...]:
    """The names other than the one with these base forms, each way of writing once, the nearest first."""
    different: dict[BaseForms, Alternative] = {}
    for name, weight in sorted(names.items(), key=lambda item: -item[1]):
        other = tuple(map(base_form, words(name)))
        if other and not _contains(other, forms):
            different.setdefault(other, Alternative(name, weight))
    return tuple(different.values())[:MOST_ALTERNATIVES]


def _contains(longer: BaseForms, shorter: BaseForms) -> bool:
    """Whether a text that contains the longer name always contains the shorter one, as "police force" does "police"."""
    return any(longer[start : start + len(shorter)] == shorter for start in range(len(longer) - len(shorter) + 1))


def one_term(run: Sequence[Word], others: Iterable[tuple[Word | Phrase, float]], in_full: Sequence[str] = ()) -> Query:
    """A name and its other names as one term. Words of a longer name that are apart are found, too.

    `run` is what was typed of it; `in_full` has the words that a search leaves out as well.
    """
    term = Synonym(_name(in_full or [word.text for word in run]), tuple(others))
    if isinstance(term.typed, Word):
        return term
    return DisMax((term, Weighted(run[0] if len(run) == 1 else And(tuple(run)), APART)))


def _name(found: Sequence[str]) -> Word | Phrase:
    return Word(found[0]) if len(found) == 1 else Phrase(tuple(found), any_form=True)
