"""The dots to draw on a view: each a city, or a group that links to a closer view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from api.address import paths
from api.address.search_state import SearchParams
from api.maps.dots import Dot, dots_in, gather
from api.maps.names import Name, Names
from api.maps.places import box_around
from api.maps.views import View
from kb import Vocabularies, cases_in_words, city_in_country, gettext, listed, ngettext

APART = 30
"""The least distance between two dots in pixels, so that a finger hits the right one."""

ROOMY = 44
"""How wide the target of a dot is in pixels where no other dot is that near."""

PLAIN = 6
NUMBERED = 12
"""Pixels from the middle of a dot to its rim, without a number and with one."""

GAP = 5
"""Pixels between a dot and its name."""


@dataclass(frozen=True)
class Spot:
    """A dot: a city, or several that are too close together to show separately."""

    label: str
    """The whole label, for screen readers."""
    href: str
    x: str
    y: str
    """In percent of the drawing."""
    number: str
    """Of cases; nothing for a city with a single one."""
    radius: int
    reach: int
    """Pixels from its middle within which a finger hits it."""
    is_city: bool
    is_here: bool
    """Whether it is the city that the page is about, alone or with others close by."""
    name: Name | None
    """Where there is room for it."""


def spots(
    view: View,
    dots: Sequence[Dot],
    width: int,
    ratio: float,
    params: SearchParams,
    vocabularies: Vocabularies,
    here: str = "",
) -> tuple[Spot, ...]:
    """The dots to draw, in groups where they are too close, on a drawing of this width. A closer view, which a group
    may link to, has the given ratio of width to height. The city `here` is shown where it is, with its name."""
    made = []
    names = Names(width, width / view.ratio)
    groups = gather(dots, APART / width, here)
    for group in groups:
        names.keep_free(group[0], _radius(group))
    for group in groups:
        first, cases, radius = group[0], _cases(group), _radius(group)
        is_here = first.city.id == here
        if len(group) == 1:
            label, href = city_in_country(first.city.id, vocabularies), city_href(params, first.city.id)
        else:
            label, href = _cities_in_words(group), _group_href(group, width, ratio, params)
        made.append(
            Spot(
                label=f"{label}: {cases_in_words(cases)}",
                href=href,
                x=_percent(first.x),
                y=_percent(first.y * view.ratio),
                number="" if radius == PLAIN else str(cases),
                radius=radius,
                reach=_reach(first, groups, width),
                is_city=len(group) == 1,
                is_here=is_here,
                name=names.place(_short_names(group, is_here), first, radius + GAP),
            )
        )
    return tuple(sorted(made, key=lambda spot: spot.label))


def _cases(group: Sequence[Dot]) -> int:
    return sum(dot.cases for dot in group)


def _radius(group: Sequence[Dot]) -> int:
    if len(group) == _cases(group) == 1:
        return PLAIN
    return NUMBERED if _cases(group) < 1000 else APART // 2


def _reach(dot: Dot, groups: Sequence[Sequence[Dot]], width: int) -> int:
    """Half the way to the nearest other dot, within what is needed and what is comfortable."""
    others = (group[0] for group in groups if group[0] is not dot)
    nearest = min((hypot(dot.x - other.x, dot.y - other.y) * width for other in others), default=ROOMY)
    return int(min(max(nearest, APART), ROOMY) / 2)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def city_href(params: SearchParams, city: str) -> str:
    """The page of a city or, with a search, its cases in that city."""
    if params.text or params.filters:
        return params.with_only("city", city).href()
    return paths.city(city)


def country_href(params: SearchParams, country: str) -> str:
    """The page of a country or, with a search, its cases in that country."""
    if params.text or params.filters:
        return params.with_only("country", country).href()
    return paths.country(country)


def _cities_in_words(group: Sequence[Dot]) -> str:
    labels = [dot.city.label for dot in group]
    if len(labels) > 4:
        labels = [*labels[:3], gettext("{count} more cities").format(count=len(labels) - 3)]
    return listed(labels)


def _short_names(group: Sequence[Dot], is_here: bool) -> tuple[str, ...]:
    """What may be written next to a dot, the best first."""
    label, others = group[0].city.label, len(group) - 1
    if not others:
        return (label,)
    if is_here:
        return gettext("{city} and {count} more").format(city=label, count=others), label
    cities = ngettext("{count} city", "{count} cities", len(group)).format(count=len(group))
    # The number of cases is in the ring too.
    return gettext("{cities}, {cases}").format(cities=cities, cases=cases_in_words(_cases(group))), cities


def _group_href(group: Sequence[Dot], width: int, ratio: float, params: SearchParams) -> str:
    """The address of a closer map or, if no map separates the cities, of their cases."""
    cities = [dot.city for dot in group]
    box = box_around(cities)
    closer = dots_in(View.closer(box, ratio=ratio), cities, {dot.city.id: dot.cases for dot in group})
    if len(gather(closer, APART / width)) > 1:
        return params.href(paths.map_of(str(box)))
    params = params.without_facet("city")
    for city in cities:
        params = params.with_filter("city", city.id)
    return params.href()
