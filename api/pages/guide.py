"""Arrangements, challenges and cities: overviews and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.pages.base import (
    ArrangementCard,
    CaseCard,
    Link,
    Page,
    SourceView,
    TermCard,
    case_cards,
    cases_with,
    counts,
    source_views,
)
from api.params import SearchParams
from kb import Arrangement, City, FacetField, Generation, Guide, Term, Vocabularies


@dataclass(frozen=True)
class TermPage(Page):
    """The page of an arrangement or a challenge."""

    term: Term
    arrangement: Arrangement | None
    """The same term where it is an arrangement."""
    guide: Guide | None
    sources: tuple[SourceView, ...]
    cites_general: bool
    """Whether something on the page rests on general professional knowledge."""
    cards: tuple[CaseCard, ...]
    total: int
    search_href: str
    overview: Link


def term_page(term: Term, facet: FacetField, generation: Generation) -> TermPage:
    """The page of an arrangement or a challenge."""
    result = cases_with(generation, facet.name, term.id)
    guide = generation.cases.guide(facet.name, term.id)
    folder = f"/{facet.vocabulary(generation.vocabularies).name}"
    return TermPage(
        title=term.label,
        path=f"{folder}/{term.id}",
        term=term,
        arrangement=term if isinstance(term, Arrangement) else None,
        guide=guide,
        sources=source_views(guide.sources) if guide else (),
        cites_general=any("#source-general" in section.html for section in guide.sections) if guide else False,
        cards=case_cards(result, generation),
        total=result.total,
        search_href=SearchParams().with_filter(facet.name, term.id).href(),
        overview=Link(f"All {facet.vocabulary(generation.vocabularies).name}", folder),
    )


@dataclass(frozen=True)
class ArrangementsPage(Page):
    """`/arrangements`."""

    cards: tuple[ArrangementCard, ...]


@dataclass(frozen=True)
class ChallengesPage(Page):
    """`/challenges`."""

    cards: tuple[TermCard, ...]


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
    found = counts(generation, "city")
    groups = country_groups(
        found,
        generation.vocabularies,
        lambda city: f"/cities/{city}",
        lambda country: SearchParams().with_filter("country", country).href(),
    )
    return CitiesPage("Cities", "/cities", groups, len(found))


@dataclass(frozen=True)
class CityPage(Page):
    """`/cities/{id}`."""

    city: City
    country: Link
    cards: tuple[CaseCard, ...]
    elsewhere: tuple[Link, ...]
    """Other cities of the same country that have cases."""


def city_page(city: City, generation: Generation) -> CityPage:
    """The page of one city."""
    vocabularies = generation.vocabularies
    found = counts(generation, "city")
    return CityPage(
        title=city.label,
        path=f"/cities/{city.id}",
        city=city,
        country=Link(
            vocabularies.countries.label(city.country), SearchParams().with_filter("country", city.country).href()
        ),
        cards=case_cards(cases_with(generation, "city", city.id), generation),
        elsewhere=tuple(
            Link(other.label, f"/cities/{other.id}")
            for other in vocabularies.cities
            if other.country == city.country and other.id != city.id and other.id in found
        ),
    )
