"""What somebody has typed into the form, and where they are in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb import (
    CASE_SECTIONS,
    CaseValues,
    SourceValues,
    Vocabularies,
    new_city_entry,
    new_country_entry,
    read_terms,
    slugify_heading,
)

FIRST_STEP = "what"

Pair = tuple[str, str]


@dataclass(frozen=True)
class CityAnswer:
    """A city, as typed: its name, and its country if it is new."""

    name: str
    country: str = ""


@dataclass(frozen=True)
class Answers:
    """All that a form contains."""

    values: CaseValues
    """The cities are ids; a new one has the id that it would get."""
    cities: tuple[CityAnswer, ...] = ()
    step: str = FIRST_STEP
    do: str = ""
    """What the button that was pressed is for, beside leading to a step."""
    case: str = ""
    """The slug of the case that is corrected; empty for a new one."""
    base: str = ""
    """What identifies the text that a correction began with."""
    is_checked: bool = False
    """Whether the last step has been seen: from then on, what is still empty is a problem."""


def digest_of(text: str) -> str:
    """What identifies a text."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def city_named(name: str, vocabularies: Vocabularies) -> str:
    """The id of the city with this name; empty if there is none, or more than one."""
    found = read_terms(vocabularies.cities, [name]).ids if name.strip() else ()
    if not found and "," in name:
        found = read_terms(vocabularies.cities, [name.partition(",")[0]]).ids
    return found[0] if len(found) == 1 else ""


def city_id_of(name: str, vocabularies: Vocabularies) -> str:
    """The id of a city, or the one that a new city would get; the name itself if it cannot have one."""
    entry = new_city_entry(" ".join(name.split()), "")
    return city_named(name, vocabularies) or (entry.id if entry else name)


def answers_of(values: CaseValues, vocabularies: Vocabularies, case: str = "", base: str = "") -> Answers:
    """A form that is filled in with these values."""
    cities = tuple(CityAnswer(_name_of(city, vocabularies)) for city in values.city)
    return Answers(values, cities, case=case, base=base)


def _name_of(city_id: str, vocabularies: Vocabularies) -> str:
    city = vocabularies.cities.get(city_id)
    return city.label if city and city_named(city.label, vocabularies) == city_id else city_id


def read_answers(items: Sequence[Pair], vocabularies: Vocabularies) -> Answers:
    """What a form that was sent contains; anything else in it is ignored."""
    fields = _Fields(items)
    names, countries = fields.all("city"), fields.all("country")
    countries += [""] * (len(names) - len(countries))
    cities = tuple(
        CityAnswer(" ".join(name.split()), " ".join(country.split()))
        for name, country in zip(names, countries, strict=False)
        if name.strip() or country.strip()
    )
    do = fields.one("do")
    values = CaseValues(
        title=fields.one("title"),
        summary=fields.one("summary"),
        city=tuple(city_id_of(city.name, vocabularies) for city in cities if city.name),
        started=fields.one("started"),
        ended=fields.one("ended"),
        status=fields.one("status"),
        arrangements=tuple(fields.said("arrangements")),
        challenges=tuple(fields.challenges()),
        extremism=tuple(fields.all("extremism")),
        audiences=tuple(fields.all("audiences")),
        lead=tuple(fields.rows("lead", without=do)),
        partners=tuple(fields.rows("partners", without=do)),
        reported_year=fields.one("last_reported.year"),
        reported_source=fields.one("last_reported.source"),
        resources=fields.one("resources"),
        questions=tuple(fields.one("questions").splitlines()),
        experienced_as=tuple(fields.said("experienced_as")),
        level=fields.one("evidence.level"),
        note=fields.one("evidence.note"),
        language=fields.one("language"),
        contributors=tuple(fields.one("contributors").splitlines()),
        sources=tuple(fields.sources(without=do)),
        sections=tuple((heading, fields.one(f"text.{slugify_heading(heading)}")) for heading in CASE_SECTIONS),
    )
    step = fields.one("go") or fields.one("step") or FIRST_STEP
    return Answers(values, cities, step, do, fields.one("case"), fields.one("base"), bool(fields.one("checked")))


class _Fields:
    """The names and values of a form that was sent."""

    def __init__(self, items: Iterable[Pair]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in items:
            self._values.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        """The last value of a name: the button that was pressed comes after what the form says by itself."""
        return self._values.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))

    def _below(self, name: str) -> Iterator[Sequence[str]]:
        """What follows a name and a dot in other names."""
        start = f"{name}."
        yield from (found[len(start) :].split(".") for found in self._values if found.startswith(start))

    def said(self, name: str) -> Iterator[Pair]:
        """The terms below a name, with what is said of each."""
        yield from ((rest[0], self.one(f"{name}.{rest[0]}")) for rest in self._below(name) if len(rest) == 1)

    def challenges(self) -> Iterator[tuple[str, str, str]]:
        for key in dict.fromkeys(rest[0] for rest in self._below("challenges")):
            yield key, self.one(f"challenges.{key}.showed"), self.one(f"challenges.{key}.handled")

    def rows(self, name: str, without: str) -> Iterator[Pair]:
        """The rows below a name, but for one that is to be removed."""
        for key in dict.fromkeys(rest[0] for rest in self._below(name)):
            if without != f"remove:{name}.{key}":
                yield self.one(f"{name}.{key}"), self.one(f"{name}.{key}.sector")

    def sources(self, without: str) -> Iterator[SourceValues]:
        for key in dict.fromkeys(rest[0] for rest in self._below("sources")):
            if without != f"remove:sources.{key}":
                parts = (self.one(f"sources.{key}.{part}") for part in ("title", "by", "year", "url", "lang"))
                yield SourceValues(key, *parts)


@dataclass(frozen=True)
class NewEntry:
    """An entry that a vocabulary needs for a case."""

    name: str
    """What is new: the name of a city or country."""
    vocabulary: str
    lines: str
    missing: str
    """What has to be filled in."""


def new_entries(answers: Answers, vocabularies: Vocabularies) -> tuple[NewEntry, ...]:
    """What the vocabularies need for the cities of a case, each country before its cities."""
    found: dict[str, NewEntry] = {}
    for city in answers.cities:
        if not city.name or city_named(city.name, vocabularies):
            continue
        countries = read_terms(vocabularies.countries, [city.country]).ids if city.country else ()
        country = countries[0] if len(countries) == 1 else ""
        if not country and city.country and (entry := new_country_entry(city.country)):
            country = entry.id
            found[f"countries {country}"] = NewEntry(city.country, "countries", entry.lines, "its continent")
        if entry := new_city_entry(city.name, country):
            missing = "its latitude and longitude" if country else "its country, latitude and longitude"
            found[f"cities {entry.id}"] = NewEntry(city.name, "cities", entry.lines, missing)
    return tuple(found.values())
