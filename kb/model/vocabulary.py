"""The words that cases are described with: terms, and the vocabularies that contain them."""

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
    """A kind of collaboration, described in single lines for an overview."""

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
class Note:
    """What someone who gives an answer must read first, such as what to do in an emergency."""

    heading: str
    text: str
    before: str
    """The line shown before any answer is given."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor may answer to a question."""

    id: str
    label: str
    fits: tuple[str, ...]
    """It fits the arrangements that say one of these words."""
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Question(Term):
    """A question whose answers point to arrangements."""

    looks_at: str
    """What it is about: one of `ASPECTS`."""
    answers: tuple[Answer, ...]

    def answer(self, answer_id: str) -> Answer | None:
        """The answer with this id, or None."""
        return next((answer for answer in self.answers if answer.id == answer_id), None)


@dataclass(frozen=True, slots=True)
class City(Term):
    """A place where a practice is based."""

    country: str
    """An id of the vocabulary ``countries``."""
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Country(Term):
    """A country, with the continent it is counted under."""

    continent: str
    adjectives: tuple[str, ...] = ()
    """Words for things and people from there: "Danish", "Danes"."""


@dataclass(frozen=True, slots=True)
class Region(Term):
    """A part of the world by a name that people use, such as Scandinavia."""

    countries: tuple[str, ...]
    """Ids of the vocabulary ``countries``."""
    adjectives: tuple[str, ...] = ()
    """Words for things from there: "Scandinavian"."""


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
    unusable: tuple[str, ...] = ()
    """Ids whose entries have errors, and which are therefore not among the terms."""
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
        """What to show for an id; the id itself if the vocabulary does not (or no longer) contain it."""
        return self.labels.get(term_id, term_id)

    def place(self, term_id: str) -> int:
        """The place of a term in the vocabulary, from 0; an id that it does not contain (any more) comes last."""
        return self._places.get(term_id, len(self.terms))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {term.id: place for place, term in enumerate(self.terms)}

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
    regions: Vocabulary[Region]
    audiences: Vocabulary[Term]
    sectors: Vocabulary[Term]
    extremism: Vocabulary[Term]
    evidence: Vocabulary[Term]
    statuses: Vocabulary[Term]
    questions: Vocabulary[Question]
    synonyms: tuple[tuple[str, ...], ...]
    """Groups of words that mean the same in a search, in every direction."""
    everyday_words: tuple[tuple[str, tuple[str, ...]], ...]
    """What people type, each with the words by which cases speak of it; one-way."""

    @cached_property
    def continents(self) -> Vocabulary[Term]:
        """The continents of all countries, by name."""
        names = sorted({country.continent for country in self.countries})
        return Vocabulary("continents", tuple(Term(continent_id(name), name, "", ()) for name in names))

    def countries_of(self, cities: Iterable[str]) -> tuple[str, ...]:
        """The countries of cities, each once; a city that is not known has none."""
        found = (self.cities.get(city) for city in cities)
        return tuple(dict.fromkeys(city.country for city in found if city))

    def continents_of(self, cities: Iterable[str]) -> tuple[str, ...]:
        """The ids of the continents that the countries of cities are counted under, each once."""
        found = (self.countries.get(country) for country in self.countries_of(cities))
        return tuple(dict.fromkeys(continent_id(country.continent) for country in found if country))


def continent_id(name: str) -> str:
    """The id of a continent.

    >>> continent_id("North America")
    'north-america'
    """
    return "-".join(name.lower().split())


def continent_adjectives(name: str) -> tuple[str, ...]:
    """Words for things and people from a continent.

    >>> continent_adjectives("South America"), continent_adjectives("Europe")
    (('South American', 'South Americans'), ('European', 'Europeans'))
    """
    adjective = f"{name}n" if name.endswith("a") else f"{name}an"
    return adjective, f"{adjective}s"


def decade_of(year: int) -> str:
    """The id of the decade of a year.

    >>> decade_of(2017)
    '2010s'
    """
    return f"{year // 10 * 10}s"


YEARS = range(1800, 2101)
"""The years that a practice or a source can have."""

DECADES = Vocabulary(
    "decades",
    tuple(Term(decade_of(year), decade_of(year), f"From {year} to {year + 9}.", ()) for year in YEARS[::10]),
)
"""The same for every collection, so no file has to list them."""
