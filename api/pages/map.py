"""Cities with cases on a map, and the same as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.address import paths
from api.address.search_state import SearchParams
from api.maps.coast import land_path, view_box
from api.maps.dots import dots_in
from api.maps.places import WORLD, Place
from api.maps.spots import Spot, city_href, spots
from api.pages.guide.cities import CountryGroup, country_groups
from api.pages.parts.narrowing import Chip, removal_links, search_chips, search_in_words
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import City, Generation, SearchRequest, SearchResult, Vocabularies, counted

NARROW = 328
WIDE = 590
"""The least width of the drawing in pixels, on a phone and next to the list of regions. Dots and names have a fixed
size, so the width decides what is too crowded."""


@dataclass(frozen=True)
class Drawing:
    """The dots for one size of the drawing."""

    size: str
    """``narrow`` or ``wide``; on the front page also ``whole``."""
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Region:
    """A region to look at."""

    label: str
    href: str
    cities: int
    is_current: bool


@dataclass(frozen=True)
class MapPage(Page):
    """`/map` and `/map/{place}`."""

    heading: str
    notices: tuple[NoticeLine, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    removals: tuple[Link, ...]
    list_href: str
    filters_href: str
    cases: int
    """Cases of the search, wherever they are."""
    place: str
    extent: str
    """How many cities are in view, and how many are not."""
    is_world: bool
    world_href: str
    regions: tuple[Region, ...]
    land: str
    grid: str
    """The `viewBox` of the land."""
    drawings: tuple[Drawing, ...]
    countries: tuple[CountryGroup, ...]


GLANCE = (("narrow", NARROW), ("wide", 700), ("whole", 1090))
"""Sizes of the drawing on the front page, with the least width of each in pixels."""


@dataclass(frozen=True)
class Glance:
    """The world with all cities that have cases."""

    land: str
    grid: str
    """The `viewBox` of the land."""
    drawings: tuple[Drawing, ...]


def glance(generation: Generation) -> Glance:
    """All cities with cases at a glance, each a link."""
    found = generation.counts["city"]
    cities = [city for city in generation.vocabularies.cities if city.id in found]
    dots = dots_in(WORLD.view, cities, found)
    everything = SearchParams()
    return Glance(
        land_path(WORLD.view),
        view_box(WORLD.view),
        tuple(Drawing(size, spots(WORLD, dots, width, everything, generation.vocabularies)) for size, width in GLANCE),
    )


def map_page(place: Place, params: SearchParams, generation: Generation) -> MapPage:
    """The map for a search."""
    params = params.with_page(1)
    vocabularies = generation.vocabularies
    result = generation.search(_whole(params.request(marked=False)))
    found = cities_found(result)
    cities = [city for city in vocabularies.cities if city.id in found]
    dots = dots_in(place.view, cities, found)
    words = search_in_words(params, result.total, vocabularies)
    searched = f"{words[0].lower()}{words[1:]}"
    heading = f"Map of {searched}" if place is WORLD else f"{place.label} on the map of {searched}"
    return MapPage(
        title=heading,
        path=params.href(place.path),
        heading=heading,
        notices=notice_lines(result.notices, params, paths.MAP),
        chips=search_chips(params, vocabularies, place.path),
        clear_href=place.path,
        removals=removal_links(params, result, vocabularies, place.path),
        list_href=params.href(),
        filters_href=f"{params.href()}#filters",
        cases=result.total,
        place=place.label,
        extent=_extent(len(dots), len(found)),
        is_world=place is WORLD,
        world_href=params.href(WORLD.path),
        regions=_regions(place, params, cities, vocabularies),
        land=land_path(place.view),
        grid=view_box(place.view),
        drawings=tuple(
            Drawing(size, spots(place, dots, width, params, vocabularies))
            for size, width in (("narrow", NARROW), ("wide", WIDE))
        ),
        countries=country_groups(
            {dot.city.id: dot.cases for dot in dots},
            vocabularies,
            lambda city: city_href(params, city),
            lambda country: params.with_only("country", country).href(),
        ),
    )


def _whole(request: SearchRequest) -> SearchRequest:
    """The search without hits, for its counts."""
    return replace(request, size=0)


def cities_found(result: SearchResult) -> dict[str, int]:
    """How many cases each city has in a result. If cities are selected, only these: the counts of the others show
    what removing the filter would find."""
    lines = result.facets["city"]
    any_selected = any(line.selected for line in lines)
    return {line.value: line.cases for line in lines if line.cases and (line.selected or not any_selected)}


def _extent(inside: int, found: int) -> str:
    sentence = f"{counted(inside, 'city', 'cities')} with cases"
    outside = found - inside
    return f"{sentence}, {outside} more outside this map" if outside else sentence


def _regions(
    place: Place, params: SearchParams, cities: Sequence[City], vocabularies: Vocabularies
) -> tuple[Region, ...]:
    """The world, and the continents with cities in the result."""
    of_city = [continent for city in cities for continent in vocabularies.continents_of([city.id])]
    world = Region(WORLD.label, params.href(WORLD.path), len(cities), place is WORLD)
    continents = (
        Region(term.label, params.href(paths.map_of(term.id)), of_city.count(term.id), place.id == term.id)
        for term in vocabularies.continents
        if term.id in of_city
    )
    return (world, *continents)
