"""Cities with cases on a map, and the same as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from api.address.search_state import SearchParams
from api.maps.world import GRID, Box, View
from api.pages.guide.cities import CountryGroup, country_groups
from api.pages.parts.narrowing import Chip, removal_links, search_chips, search_in_words
from api.pages.parts.page import Link, Page
from kb import (
    City,
    Generation,
    Notice,
    SearchRequest,
    SearchResult,
    Vocabularies,
    cases_in_words,
    city_in_country,
    counted,
    listed,
)

NARROW = 328
WIDE = 590
"""Pixels that the drawing has at least, on a phone and beside the choice of regions. Dots and words keep their size
whatever the drawing's, so what is too crowded follows from it."""

APART = 30
"""Pixels between two dots at least, so that a finger meets the one it meant."""

REGION_LEAST = 0.35
"""The width of a map of a continent at least, in radii of the Earth: a single city is shown with its surroundings."""

PLAIN = 6
NUMBERED = 12
"""Pixels from the middle of a dot to its rim, without a number and with one."""

GAP = 5
"""Pixels between a dot and its name."""

LETTER = 6.9
LINE = 17
"""Pixels that a letter and a line of a name take."""


@dataclass(frozen=True)
class Name:
    """A name beside a dot, and how far from the middle of the dot it begins, ends or has its middle."""

    text: str
    dx: float
    dy: float
    anchor: str


@dataclass(frozen=True)
class Spot:
    """A dot: a city, or several that are too close together to be told apart."""

    told: str
    """All it says, for those who do not see it."""
    href: str
    x: str
    y: str
    """In percent of the drawing."""
    number: str
    """Of cases; nothing for a city with a single one."""
    radius: int
    is_city: bool
    name: Name | None
    """Where there is room for it."""


@dataclass(frozen=True)
class Drawing:
    """The dots for one size of the drawing."""

    size: str
    """``narrow`` or ``wide``."""
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Region:
    """A part of the world to look at."""

    label: str
    href: str
    cities: int
    is_current: bool


@dataclass(frozen=True)
class MapPage(Page):
    """`/map` and `/map/{place}`."""

    heading: str
    notices: tuple[Notice, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    removals: tuple[Link, ...]
    list_href: str
    filters_href: str
    cases: int
    """Found by the search, wherever they are."""
    place: str
    extent: str
    """What is in view, and what is not."""
    is_world: bool
    world_href: str
    regions: tuple[Region, ...]
    land: str
    grid: str
    """The `viewBox` of the land."""
    drawings: tuple[Drawing, ...]
    countries: tuple[CountryGroup, ...]


# The part of the world ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The part of the world that an address names."""

    id: str
    """As in its address; nothing for the whole world."""
    label: str
    view: View

    @property
    def path(self) -> str:
        return f"/map/{self.id}" if self.id else "/map"


WORLD = Place("", "The world", View.world())


def read_place(text: str, generation: Generation) -> Place | None:
    """The place that an address names: a continent with cases (`europe`) or a box (`4.32,50.85,5.67,52.37`)."""
    vocabularies = generation.vocabularies
    for label in vocabularies.continents:
        if text == continent_id(label):
            found = generation.counts["city"]
            cities = [city for city in vocabularies.cities if city.id in found]
            inside = [city for city in cities if vocabularies.continent_of(city.id) == label]
            return Place(text, label, View.closer(_box(inside), REGION_LEAST)) if inside else None
    box = Box.read(text)
    return Place(str(box), "A closer look", View.closer(box)) if box else None


def continent_id(label: str) -> str:
    """A continent as it stands in addresses.

    >>> continent_id("North America")
    'north-america'
    """
    return "-".join(label.lower().split())


def _box(cities: Iterable[City]) -> Box:
    return Box.around((city.longitude, city.latitude) for city in cities)


# Dots -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dot:
    """A city on a drawing: how many cases it has, and where it is, in widths of the drawing."""

    city: City
    cases: int
    x: float
    y: float


def dots_in(view: View, cities: Sequence[City], found: Mapping[str, int]) -> list[Dot]:
    """The cities that the view shows; those with most cases first, then by name."""
    if not cities:
        return []
    placed = view.places(np.array([(city.longitude, city.latitude) for city in cities])).tolist()
    dots = [Dot(city, found[city.id], x, y) for city, (x, y) in zip(cities, placed, strict=True)]
    shown = (dot for dot in dots if 0 <= dot.x <= 1 and 0 <= dot.y <= 1 / view.ratio)
    return sorted(shown, key=lambda dot: (-dot.cases, dot.city.label, dot.city.id))


def gather(dots: Sequence[Dot], apart: float) -> list[list[Dot]]:
    """Groups of dots whose first members are `apart` from one another; every other dot is with the nearest of these.

    A group is shown where its first member is, where dots are most crowded: so groups never touch, and each stands
    at a real city.
    """
    # As complex numbers, whose difference has the distance as its absolute value.
    places = np.array([complex(dot.x, dot.y) for dot in dots])
    neighbours = [int((abs(places - place) < apart).sum()) for place in places]
    first: list[int] = []
    for index in sorted(range(len(dots)), key=lambda index: -neighbours[index]):
        if not first or abs(places[first] - places[index]).min() >= apart:
            first.append(index)
    groups = {index: [dots[index]] for index in first}
    for index, dot in enumerate(dots):
        if index not in groups:
            groups[first[int(abs(places[first] - places[index]).argmin())]].append(dot)
    return list(groups.values())


def spots(
    place: Place, dots: Sequence[Dot], width: int, params: SearchParams, vocabularies: Vocabularies
) -> tuple[Spot, ...]:
    """What to draw for these dots on a drawing of this width."""
    made = []
    names = _Names(width, width / place.view.ratio)
    groups = gather(dots, APART / width)
    for group in groups:
        names.keep_free(group[0], _radius(group))
    for group in groups:
        first, cases, radius = group[0], _cases(group), _radius(group)
        if len(group) == 1:
            told, href = city_in_country(first.city.id, vocabularies), city_href(params, first.city.id)
        else:
            told, href = _cities_in_words(group), _group_href(group, width, params)
        made.append(
            Spot(
                told=f"{told}: {cases_in_words(cases)}",
                href=href,
                x=_percent(first.x),
                y=_percent(first.y * place.view.ratio),
                number="" if radius == PLAIN else str(cases),
                radius=radius,
                is_city=len(group) == 1,
                name=names.place(_short_name(group), first, radius + GAP),
            )
        )
    return tuple(sorted(made, key=lambda spot: spot.told))


def _cases(group: Sequence[Dot]) -> int:
    return sum(dot.cases for dot in group)


def _radius(group: Sequence[Dot]) -> int:
    if len(group) == _cases(group) == 1:
        return PLAIN
    return NUMBERED if _cases(group) < 1000 else APART // 2


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def city_href(params: SearchParams, city: str) -> str:
    """The page of a city; with a search, what that finds there."""
    if params.text or params.filters:
        return params.with_only("city", city).href()
    return f"/cities/{city}"


def _cities_in_words(group: Sequence[Dot]) -> str:
    labels = [dot.city.label for dot in group]
    if len(labels) > 4:
        labels = [*labels[:3], f"{len(labels) - 3} more cities"]
    return listed(labels)


def _short_name(group: Sequence[Dot]) -> str:
    if len(group) > 4:
        return f"{len(group)} cities"
    label = group[0].city.label
    return label if len(group) == 1 else f"{label} +{len(group) - 1}"


def _group_href(group: Sequence[Dot], width: int, params: SearchParams) -> str:
    """To a closer map; where no map tells the cities apart, to their cases."""
    cities = [dot.city for dot in group]
    box = _box(cities)
    closer = dots_in(View.closer(box), cities, {dot.city.id: dot.cases for dot in group})
    if len(gather(closer, APART / width)) > 1:
        return params.href(f"/map/{box}")
    params = params.without_facet("city")
    for city in cities:
        params = params.with_filter("city", city.id)
    return params.href()


@dataclass(frozen=True)
class _Rectangle:
    """A part of the drawing, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Rectangle) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: _Rectangle) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


class _Names:
    """Finds room for names on a drawing."""

    def __init__(self, width: float, height: float) -> None:
        self._width = width
        self._drawing = _Rectangle(0, 0, width, height)
        self._taken: list[_Rectangle] = []

    def keep_free(self, dot: Dot, radius: int) -> None:
        """No name may cover this dot."""
        x, y = dot.x * self._width, dot.y * self._width
        self._taken.append(_Rectangle(x - radius, y - radius, x + radius, y + radius))

    def place(self, text: str, dot: Dot, away: float) -> Name | None:
        """The name at the right of the dot, at its left, below or above, wherever there is room."""
        x, y = dot.x * self._width, dot.y * self._width
        long = len(text) * LETTER
        for name, left, middle in (
            (Name(text, away, 0, "start"), x + away, y),
            (Name(text, -away, 0, "end"), x - away - long, y),
            (Name(text, 0, away + LINE / 2, "middle"), x - long / 2, y + away + LINE / 2),
            (Name(text, 0, -away - LINE / 2, "middle"), x - long / 2, y - away - LINE / 2),
        ):
            room = _Rectangle(left, middle - LINE / 2, left + long, middle + LINE / 2)
            if self._drawing.holds(room) and not any(room.meets(taken) for taken in self._taken):
                self._taken.append(room)
                return name
        return None


# A glance -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Glance:
    """The world with a dot for each city, too small to choose one."""

    land: str
    grid: str
    """The `viewBox` of land and dots."""
    dots: tuple[tuple[int, int], ...]


def glance(generation: Generation) -> Glance:
    """All cities with cases at a glance."""
    found = generation.counts["city"]
    cities = [city for city in generation.vocabularies.cities if city.id in found]
    dots = tuple((round(dot.x * GRID), round(dot.y * GRID)) for dot in dots_in(WORLD.view, cities, found))
    return Glance(WORLD.view.land, _grid(WORLD.view), dots)


def _grid(view: View) -> str:
    return f"0 0 {GRID} {GRID / view.ratio:g}"


# The page -------------------------------------------------------------------------------------------------------------


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
        notices=result.notices,
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
        land=place.view.land,
        grid=_grid(place.view),
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
    """The search for its counts alone."""
    return replace(request, size=0)


def cities_found(result: SearchResult) -> dict[str, int]:
    """How many cases each city has in a result. Where cities are chosen, it is these alone: the counts of others say
    what there would be without the choice."""
    lines = result.facets["city"]
    any_chosen = any(line.selected for line in lines)
    return {line.value: line.cases for line in lines if line.cases and (line.selected or not any_chosen)}


def _extent(inside: int, found: int) -> str:
    told = f"{counted(inside, 'city', 'cities')} with cases"
    outside = found - inside
    return f"{told}, {outside} more outside this map" if outside else told


def _regions(
    place: Place, params: SearchParams, cities: Sequence[City], vocabularies: Vocabularies
) -> tuple[Region, ...]:
    """The world, and the continents that cities were found in."""
    of_city = [vocabularies.continent_of(city.id) for city in cities]
    regions = [Region(WORLD.label, params.href(WORLD.path), len(cities), place is WORLD)]
    for label in vocabularies.continents:
        if label in of_city:
            region = continent_id(label)
            regions.append(Region(label, params.href(f"/map/{region}"), of_city.count(label), place.id == region))
    return tuple(regions)
