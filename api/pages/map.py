"""Cities with cases on a map, and the same as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.address import paths
from api.address.search_state import SearchParams
from api.maps.coast import GRID, border_path, land_path, view_box
from api.maps.dots import Dot, dots_in
from api.maps.places import WORLD, Place
from api.maps.spots import Spot, city_href, country_href, spots
from api.maps.views import CLOSER_RATIO, PHONE_RATIO, View
from api.pages.guide.cities import CountryGroup, country_groups
from api.pages.parts.facets import FacetGroup, facet_groups
from api.pages.parts.narrowing import Chip, looked_for, removal_links, search_chips, search_in_words
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import (
    City,
    Generation,
    SearchRequest,
    SearchResult,
    Vocabularies,
    cases_in_words,
    gettext,
    ngettext,
)

NARROW = 328
WIDE = 590
"""The least width of the drawing in pixels, on a phone and next to the list of regions. Dots and names have a fixed
size, so the width decides what is too crowded."""

COARSE = 3
"""Steps of the grid that a coast is rounded to on a phone, where each is a third of a pixel."""


@dataclass(frozen=True)
class Drawing:
    """The map for one size of screen."""

    size: str
    """``narrow`` or ``wide``."""
    shape: str
    """``world`` or ``closer``: its proportions."""
    land: str
    borders: str
    grid: str
    """The `viewBox` of land and borders."""
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
    """The same cases as a list: those of the continent, if the map shows one."""
    text: str
    """The words of the search."""
    groups: tuple[FacetGroup, ...]
    cases: int
    """Cases of the search, wherever they are."""
    place: str
    place_path: str
    """The address of the map without a search."""
    extent: str
    """How many cities are in view, and how many are not."""
    world_href: str
    regions: tuple[Region, ...]
    drawings: tuple[Drawing, ...]
    countries: tuple[CountryGroup, ...]


@dataclass(frozen=True)
class Glance:
    """A thumbnail of the world with a dot for each city, too small to pick one."""

    land: str
    grid: str
    """The `viewBox` of land and dots."""
    dots: tuple[tuple[int, int], ...]


def glance(generation: Generation) -> Glance:
    """All cities with cases at a glance."""
    found = generation.counts["city"]
    cities = [city for city in generation.vocabularies.cities if city.id in found]
    dots = tuple((round(dot.x * GRID), round(dot.y * GRID)) for dot in dots_in(WORLD.view, cities, found))
    return Glance(land_path(WORLD.view), view_box(WORLD.view), dots)


def map_page(place: Place, params: SearchParams, generation: Generation) -> MapPage:
    """The map for a search."""
    params = params.with_page(1)
    vocabularies = generation.vocabularies
    result = generation.search(_whole(params.request(marked=False)))
    found = cities_found(result)
    cities = [city for city in vocabularies.cities if city.id in found]
    dots = dots_in(place.view, cities, found)
    listed = params.with_only("continent", place.id) if place.id in vocabularies.continents else params
    return MapPage(
        title=_title(place, params, result.total, vocabularies),
        path=params.href(place.path),
        heading=_heading(place, params, dots, vocabularies),
        notices=notice_lines(result.notices, params, paths.MAP),
        chips=search_chips(params, vocabularies, place.path),
        clear_href=place.path,
        removals=removal_links(params, result, vocabularies, place.path),
        list_href=listed.href(),
        text=params.text,
        groups=facet_groups(result.facets, vocabularies, ()),
        cases=result.total,
        place=gettext(place.label),
        place_path=place.path,
        extent=_extent(len(dots), len(found)),
        world_href=params.href(WORLD.path),
        regions=_regions(place, params, cities, vocabularies),
        drawings=(
            _drawing("narrow", place.narrow, NARROW, COARSE, dots, params, vocabularies),
            _drawing("wide", place.view, WIDE, 1, dots, params, vocabularies),
        ),
        countries=country_groups(
            {dot.city.id: dot.cases for dot in dots},
            vocabularies,
            lambda city: city_href(params, city),
            lambda country: country_href(params, country),
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


def _drawing(
    size: str,
    view: View,
    width: int,
    fine: int,
    shown: Sequence[Dot],
    params: SearchParams,
    vocabularies: Vocabularies,
) -> Drawing:
    dots = dots_in(view, [dot.city for dot in shown], {dot.city.id: dot.cases for dot in shown})
    return Drawing(
        size=size,
        shape="closer" if view.centre else "world",
        land=land_path(view, fine),
        borders=border_path(view, max(fine, 2)),
        grid=view_box(view),
        spots=spots(view, dots, width, PHONE_RATIO if size == "narrow" else CLOSER_RATIO, params, vocabularies),
    )


def _title(place: Place, params: SearchParams, total: int, vocabularies: Vocabularies) -> str:
    searched = search_in_words(params, total, vocabularies)
    return gettext("{place} on the map: {search}").format(place=gettext(place.label), search=searched)


def _heading(place: Place, params: SearchParams, dots: Sequence[Dot], vocabularies: Vocabularies) -> str:
    """What is seen: "Europe: 40 cases in 36 cities", with the search if there is one."""
    cases = cases_in_words(sum(dot.cases for dot in dots))
    cities = ngettext("{count} city", "{count} cities", len(dots)).format(count=len(dots))
    seen = gettext("{place}: {cases} in {cities}").format(place=gettext(place.label), cases=cases, cities=cities)
    wanted = looked_for(params, vocabularies)
    return gettext("{seen}, {search}").format(seen=seen, search=wanted) if wanted else seen


def _extent(inside: int, found: int) -> str:
    cities = ngettext("{count} city with cases", "{count} cities with cases", inside).format(count=inside)
    if outside := found - inside:
        return gettext("{cities}, {count} more outside this map").format(cities=cities, count=outside)
    return cities


def _regions(
    place: Place, params: SearchParams, cities: Sequence[City], vocabularies: Vocabularies
) -> tuple[Region, ...]:
    """The world, and the continents with cities in the result."""
    of_city = [continent for city in cities for continent in vocabularies.continents_of([city.id])]
    world = Region(gettext(WORLD.label), params.href(WORLD.path), len(cities), place is WORLD)
    continents = (
        Region(term.label, params.href(paths.map_of(term.id)), of_city.count(term.id), place.id == term.id)
        for term in vocabularies.continents
        if term.id in of_city
    )
    return (world, *continents)
