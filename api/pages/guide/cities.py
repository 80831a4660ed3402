"""Cities: the overview by country, and the page of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.pages.parts.cards import CaseCard, case_cards
from api.pages.parts.found import cases_link, first_cases_with
from api.pages.parts.page import Link, Page
from api.pages.parts.terms import TermCard
from kb import City, Generation, Vocabularies


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
    groups = country_groups(
        found,
        generation.vocabularies,
        lambda city: paths.city(city),
        lambda country: SearchParams().with_filter("country", country).href(),
    )
    return CitiesPage("Cities", paths.CITIES, groups, len(found))


@dataclass(frozen=True)
class CityPage(Page):
    """`/cities/{id}`."""

    city: City
    country: Link
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
        city=city,
        country=Link(
            vocabularies.countries.label(city.country), SearchParams().with_filter("country", city.country).href()
        ),
        cards=case_cards(result.hits, generation),
        more=cases_link(result.total, city=city.id) if result.total > len(result.hits) else None,
        elsewhere=tuple(
            Link(other.label, paths.city(other.id))
            for other in vocabularies.cities
            if other.country == city.country and other.id != city.id and other.id in found
        ),
    )
