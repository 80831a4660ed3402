"""The words that cases are described with: terms, and the vocabularies that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from kb.hints import nearest


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a vocabulary, for instance the arrangement ``intelligence-link``."""

    id: str
    label: str
    description: str
    aliases: tuple[str, ...]
    """Other words people use for it: they find it in a search."""


@dataclass(frozen=True, slots=True)
class Arrangement(Term):
    """A kind of collaboration, told in single lines for an overview."""

    purpose: str
    table: str
    """Who is at the table."""
    flow: str
    """Which way information flows, in words."""
    flow_kind: str
    """The same as one of `FLOW_KINDS`, for a drawing."""
    named_person: bool
    """Whether a named person is discussed."""
    decides_together: str
    """Whether the group decides together, beginning with one of `DECIDES`."""

    def says(self, aspect: str) -> str:
        """What it says on one of `ASPECTS`, as one word."""
        if aspect == "named_person":
            return "yes" if self.named_person else "no"
        return first_word(self.decides_together) if aspect == "decides_together" else self.flow_kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor may answer to a question."""

    id: str
    label: str
    fits: tuple[str, ...]
    """It leads to the arrangements that say one of these words."""
    note: str
    """What has to be said before anything else to somebody who answers so; mostly empty."""


@dataclass(frozen=True, slots=True)
class Question(Term):
    """A question that leads to arrangements."""

    looks_at: str
    """What it is about: one of `ASPECTS`."""
    answers: tuple[Answer, ...]

    def answer(self, answer_id: str) -> Answer | None:
        """The answer with this id, or None."""
        return next((answer for answer in self.answers if answer.id == answer_id), None)


@dataclass(frozen=True, slots=True)
class City(Term):
    """A place where a practice is at home."""

    country: str
    """An id of the vocabulary ``countries``."""
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Country(Term):
    """A country, with the continent it is counted under."""

    continent: str


FLOW_KINDS = ("outwards", "sideways", "two-way", "one-way", "circle", "exchange")

DECIDES = ("yes", "rarely", "seldom", "no")

ASPECTS = ("named_person", "decides_together", "flow_kind")
"""What questions can ask of an arrangement."""


def first_word(text: str) -> str:
    """The word that a text begins with.

    >>> first_word("Rarely; the talk itself is the work.")
    'rarely'
    """
    return re.split(r"\W", text, maxsplit=1)[0].lower()


T = TypeVar("T", bound=Term, covariant=True)


@dataclass(frozen=True)
class Vocabulary(Generic[T]):
    """The terms of one kind, in the order of their file."""

    name: str
    """The name of its file without ``.yaml``."""
    terms: tuple[T, ...]
    _by_id: Mapping[str, T] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {term.id: term for term in self.terms})

    def __iter__(self) -> Iterator[T]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, term_id: object) -> bool:
        return term_id in self._by_id

    def __getitem__(self, term_id: str) -> T:
        return self._by_id[term_id]

    def get(self, term_id: str) -> T | None:
        """The term with this id, or None."""
        return self._by_id.get(term_id)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What to show for each id."""
        return {term.id: term.label for term in self.terms}

    def label(self, term_id: str) -> str:
        """What to show for an id; the id itself where the vocabulary does not hold it (any more)."""
        return self.labels.get(term_id, term_id)

    def nearest(self, word: str) -> T | None:
        """The term someone probably meant by `word`: by id, label or alias; None when nothing is near.

        Used in hints only ("Did you mean …?"), never to change what was written.
        """
        names = {name: term for term in self.terms for name in (term.id, term.label, *term.aliases)}
        near = nearest(word, names)
        return names[near] if near else None


@dataclass(frozen=True)
class Vocabularies:
    """All vocabularies of a collection."""

    arrangements: Vocabulary[Arrangement]
    challenges: Vocabulary[Term]
    cities: Vocabulary[City]
    countries: Vocabulary[Country]
    audiences: Vocabulary[Term]
    evidence: Vocabulary[Term]
    statuses: Vocabulary[Term]
    questions: Vocabulary[Question]
    synonyms: tuple[tuple[str, ...], ...]
    """Groups of words that mean the same to a search, in every direction."""
    everyday_words: tuple[tuple[str, tuple[str, ...]], ...]
    """What people type, each with the words by which cases speak of it; one-way."""

    @property
    def continents(self) -> tuple[str, ...]:
        """The continents of all countries, by name."""
        return tuple(sorted({country.continent for country in self.countries}))

    def countries_of(self, city_ids: Iterable[str]) -> tuple[str, ...]:
        """The ids of the countries of these cities, each once, in the order of the cities."""
        cities = map(self.cities.get, city_ids)
        return tuple(dict.fromkeys(city.country for city in cities if city))

    def continent_of(self, city_id: str) -> str:
        """The continent that a city's country is counted under; nothing for a city that is not known."""
        city = self.cities.get(city_id)
        country = self.countries.get(city.country) if city else None
        return country.continent if country else ""
