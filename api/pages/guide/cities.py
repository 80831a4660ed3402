"""Cities, countries and continents: the overview by country, and the page of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from unicodedata import combining, normalize

from api.address import paths
from api.address.search_state import SearchParams
from api.maps.drawings import Drawing, surroundings
from api.pages.parts.cards import CaseCard, case_cards
from api.pages.parts.found import cases_link, first_cases_with
from api.pages.parts.page import Link, Page
from api.pages.parts.terms import TermCard
from kb import (
    City,
    Country,
    Generation,
    Sort,
    Term,
    Vocabularies,
    cases_in_words,
    gettext,
    ngettext,
)


@dataclass(frozen=True)
class CountryGroup:
    """The cities of one country."""

    label: str
    href: str
    cities: tuple[TermCard, ...]


@dataclass(frozen=True)
class CitiesPage(Page):
    """`/cities`."""

    countries: tuple[CountryGroup, ...]
    continents: tuple[Link, ...]
    total: int


def country_groups(
    found: Mapping[str, int],
    vocabularies: Vocabularies,
    city_href: Callable[[str], str],
    country_href: Callable[[str], str],
) -> tuple[CountryGroup, ...]:
    """Cities with their number of cases, by country, both in the order of their names."""
    groups = []
    for country in sorted(vocabularies.countries, key=lambda country: country.label):
        cards = tuple(
            TermCard(city.label, city_href(city.id), "", found[city.id])
            for city in sorted(vocabularies.cities, key=lambda city: city.label)
            if city.country == country.id and city.id in found
        )
        if cards:
            groups.append(CountryGroup(country.label, country_href(country.id), cards))
    return tuple(groups)


def cities_page(generation: Generation) -> CitiesPage:
    """Cities with cases, by country."""
    found = generation.counts["city"]
    groups = country_groups(found, generation.vocabularies, paths.city, paths.country)
    continents = _continents(found, generation.vocabularies)
    return CitiesPage(gettext("Cities and countries"), paths.CITIES, groups, continents, len(found))


def _continents(found: Mapping[str, int], vocabularies: Vocabularies) -> tuple[Link, ...]:
    present = set(vocabularies.continents_of(found))
    return tuple(Link(term.label, paths.continent(term.id)) for term in vocabularies.continents if term.id in present)


@dataclass(frozen=True)
class CityPage(Page):
    """`/cities/{id}`."""

    other_names: tuple[str, ...]
    continent: Link
    country: Link
    drawing: Drawing
    cards: tuple[CaseCard, ...]
    more: Link | None
    """The search for all of its cases, if the page shows only the first ones."""
    elsewhere: tuple[Link, ...]
    """Other cities of the same country that have cases."""


def city_page(city: City, generation: Generation) -> CityPage:
    """The page of one city."""
    vocabularies = generation.vocabularies
    found = generation.counts["city"]
    result = first_cases_with(generation, "city", city.id)
    return CityPage(
        title=city.label,
        path=paths.city(city.id),
        other_names=other_names(city),
        continent=_continent(city.id, vocabularies),
        country=Link(vocabularies.countries.label(city.country), paths.country(city.country)),
        drawing=surroundings([city], found, vocabularies),
        cards=case_cards(result.hits, generation),
        more=cases_link(result.total, city=city.id) if result.total > len(result.hits) else None,
        elsewhere=tuple(
            Link(other.label, paths.city(other.id))
            for other in vocabularies.cities
            if other.country == city.country and other.id != city.id and other.id in found
        ),
    )


def other_names(city: City) -> tuple[str, ...]:
    """Names in other languages, without those that only write another one in plain letters: "Kobenhavn"."""
    names = (city.label, *city.aliases)
    return tuple(
        name
        for name in dict.fromkeys(city.aliases)
        if not any(name.casefold() in _plain_spellings(other) for other in names if not other.isascii())
    )


_WRITTEN_OUT = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe"), ("æ", "ae"))

_WITHOUT_STROKES = (("ø", "o"), ("æ", "ae"), ("ł", "l"), ("đ", "d"), ("ı", "i"))
"""Letters that Unicode does not take apart."""


def _plain_spellings(name: str) -> set[str]:
    """How a name is written where there are no accents.

    >>> sorted(_plain_spellings("Malmö")), sorted(_plain_spellings("København"))
    (['malmo', 'malmoe'], ['kobenhavn', 'koebenhavn'])
    """
    lower = name.casefold()
    written_out, letters = lower, lower
    for accented, two in _WRITTEN_OUT:
        written_out = written_out.replace(accented, two)
    for stroked, plain in _WITHOUT_STROKES:
        letters = letters.replace(stroked, plain)
    return {
        "".join(letter for letter in normalize("NFD", spelling) if not combining(letter))
        for spelling in (written_out, letters)
    }


def _continent(city: str, vocabularies: Vocabularies) -> Link:
    (continent,) = vocabularies.continents_of([city])
    return Link(vocabularies.continents.label(continent), paths.continent(continent))


@dataclass(frozen=True)
class CountryPage(Page):
    """`/countries/{id}`."""

    continent: Link
    extent: str
    """How many cases and cities."""
    cities: tuple[TermCard, ...]
    drawing: Drawing
    cards: tuple[CaseCard, ...]
    more: Link | None
    search_href: str


def country_page(country: Country, generation: Generation) -> CountryPage | None:
    """The page of a country; None if no case is from there."""
    vocabularies = generation.vocabularies
    found = generation.counts["city"]
    cities = [city for city in vocabularies.cities if city.country == country.id and city.id in found]
    result = first_cases_with(generation, "country", country.id, sort=Sort.CITY)
    if not cities or not result.total:
        return None
    return CountryPage(
        title=country.label,
        path=paths.country(country.id),
        continent=_continent(cities[0].id, vocabularies),
        extent=_extent(result.total, len(cities)),
        cities=tuple(
            TermCard(city.label, paths.city(city.id), "", found[city.id])
            for city in sorted(cities, key=lambda city: city.label)
        ),
        drawing=surroundings(cities, found, vocabularies),
        cards=case_cards(result.hits, generation),
        more=cases_link(result.total, country=country.id) if result.total > len(result.hits) else None,
        search_href=SearchParams().with_filter("country", country.id).href(),
    )


@dataclass(frozen=True)
class ContinentPage(Page):
    """`/continents/{id}`."""

    extent: str
    countries: tuple[CountryGroup, ...]
    map_href: str
    drawing: Drawing
    cards: tuple[CaseCard, ...]
    more: Link | None
    search_href: str


def continent_page(continent: Term, generation: Generation) -> ContinentPage | None:
    """The page of a continent; None if no case is from there."""
    vocabularies = generation.vocabularies
    found = {
        city: cases
        for city, cases in generation.counts["city"].items()
        if continent.id in vocabularies.continents_of([city])
    }
    result = first_cases_with(generation, "continent", continent.id, sort=Sort.CITY)
    cities = [city for city in vocabularies.cities if city.id in found]
    if not cities or not result.total:
        return None
    return ContinentPage(
        title=continent.label,
        path=paths.continent(continent.id),
        extent=_extent(result.total, len(cities)),
        countries=country_groups(found, vocabularies, paths.city, paths.country),
        map_href=paths.map_of(continent.id),
        drawing=surroundings(cities, generation.counts["city"], vocabularies),
        cards=case_cards(result.hits, generation),
        more=cases_link(result.total, continent=continent.id) if result.total > len(result.hits) else None,
        search_href=SearchParams().with_filter("continent", continent.id).href(),
    )


def _extent(cases: int, cities: int) -> str:
    where = ngettext("{count} city", "{count} cities", cities).format(count=cities)
    return gettext("{cases} in {cities}").format(cases=cases_in_words(cases), cities=where)
