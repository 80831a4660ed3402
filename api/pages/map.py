"""Cities with cases on a map, and the same as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.address import paths
from api.address.search_state import SearchParams
from api.maps.coast import border_path, land_path, view_box
from api.maps.dots import dots_in
from api.maps.drawings import NARROW, Drawing, draw
from api.maps.places import WORLD, Place
from api.maps.spots import Spot, city_href, country_href, spots
from api.maps.views import CLOSER_RATIO
from api.pages.guide.cities import CountryGroup, country_groups
from api.pages.parts.facets import FacetGroup, facet_groups
from api.pages.parts.narrowing import Chip, looked_for, removal_links, search_chips
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
    """The same cases as a list: those of the continent or the cities that the map shows."""
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


GLANCE = (("narrow", NARROW), ("wide", 700), ("whole", 1090))
"""Sizes of the drawing on the front page, with the least width of each in pixels."""


@dataclass(frozen=True)
class GlanceSpots:
    """The dots for one size of the drawing."""

    size: str
    """``narrow``, ``wide`` or ``whole``."""
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Glance:
    """The world with all cities that have cases."""

    land: str
    borders: str
    grid: str
    """The `viewBox` of land and borders."""
    drawings: tuple[GlanceSpots, ...]


def glance(generation: Generation) -> Glance:
    """All cities with cases at a glance, each a link."""
    found = generation.counts["city"]
    view, vocabularies = WORLD.view, generation.vocabularies
    dots = dots_in(view, [city for city in vocabularies.cities if city.id in found], found)
    return Glance(
        land_path(view),
        border_path(view),
        view_box(view),
        tuple(
            GlanceSpots(size, spots(view, dots, width, CLOSER_RATIO, SearchParams(), vocabularies))
            for size, width in GLANCE
        ),
    )


def map_page(place: Place, params: SearchParams, generation: Generation) -> MapPage:
    """The map for a search."""
    params = params.with_page(1)
    vocabularies = generation.vocabularies
    result = generation.search(_whole(params.request(marked=False)))
    found = cities_found(result)
    cities = [city for city in vocabularies.cities if city.id in found]
    is_continent = place.id in vocabularies.continents
    # Cities of another continent at its edge are on other maps.
    own = [city for city in cities if not is_continent or place.id in vocabularies.continents_of([city.id])]
    dots = dots_in(place.view, own, found)
    shown = {dot.city.id: dot.cases for dot in dots}
    heading = _heading(place, params, _cases_in(shown, params, generation), len(shown), vocabularies)
    return MapPage(
        title=gettext("{seen} (map)").format(seen=heading),
        path=params.href(place.path),
        heading=heading,
        notices=notice_lines(result.notices, params, paths.MAP),
        chips=search_chips(params, vocabularies, place.path),
        clear_href=place.path,
        removals=removal_links(params, result, vocabularies, place.path),
        list_href=_listed(place, params, shown, vocabularies).href(),
        text=params.text,
        groups=facet_groups(result.facets, vocabularies, ()),
        cases=result.total,
        place=gettext(place.label),
        place_path=place.path,
        extent=_extent(len(dots), len(found)),
        world_href=params.href(WORLD.path),
        regions=_regions(place, params, cities, vocabularies),
        drawings=(
            draw(place.narrow, "narrow", shown, params, vocabularies),
            draw(place.view, "wide", shown, params, vocabularies),
        ),
        countries=country_groups(
            shown,
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


def _listed(place: Place, params: SearchParams, shown: Mapping[str, int], vocabularies: Vocabularies) -> SearchParams:
    """The search for the cases on the map."""
    if place is WORLD:
        return params
    if place.id in vocabularies.continents:
        return params.with_only("continent", place.id)
    return replace(params, filters={**params.filters, "city": tuple(sorted(shown))}) if shown else params


def _cases_in(cities: Mapping[str, int], params: SearchParams, generation: Generation) -> int:
    """How many cases of the search are from these cities; one from several of them counts once."""
    if not cities:
        return 0
    within = replace(params, filters={**params.filters, "city": tuple(cities)})
    return generation.search(_whole(within.request(marked=False))).total


def _heading(place: Place, params: SearchParams, total: int, inside: int, vocabularies: Vocabularies) -> str:
    """What is seen: "Europe: 40 cases in 36 cities", with the search if there is one."""
    cases = cases_in_words(total)
    cities = ngettext("{count} city", "{count} cities", inside).format(count=inside)
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
