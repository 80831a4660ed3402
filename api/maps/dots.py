"""Cities as dots on a drawing, and those that are too close together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.maps.views import View
from kb import City


@dataclass(frozen=True)
class Dot:
    """A city on a drawing: how many cases it has, and where it is, in widths of the drawing."""

    city: City
    cases: int
    x: float
    y: float


def dots_in(view: View, cities: Sequence[City], counts: Mapping[str, int]) -> list[Dot]:
    """The cities that the view shows; those with most cases first, then by name."""
    if not cities:
        return []
    placed = view.places(np.array([(city.longitude, city.latitude) for city in cities])).tolist()
    dots = [Dot(city, counts[city.id], x, y) for city, (x, y) in zip(cities, placed, strict=True)]
    shown = (dot for dot in dots if 0 <= dot.x <= 1 and 0 <= dot.y <= 1 / view.ratio)
    return sorted(shown, key=lambda dot: (-dot.cases, dot.city.label, dot.city.id))


def gather(dots: Sequence[Dot], apart: float, here: str = "") -> list[list[Dot]]:
    """Groups of dots whose first members are `apart` from one another; every other dot is with the nearest of these.

    A group is shown at its first member, where dots are most crowded: so groups never touch, and each is at
    a real city. The city `here` is always the first of its group, and that group is the first.
    """
    # As complex numbers, whose difference has the distance as its absolute value.
    places = np.array([complex(dot.x, dot.y) for dot in dots])
    neighbours = [int((abs(places - place) < apart).sum()) for place in places]
    first: list[int] = []
    for index in sorted(range(len(dots)), key=lambda index: (dots[index].city.id != here, -neighbours[index])):
        if not first or abs(places[first] - places[index]).min() >= apart:
            first.append(index)
    groups = {index: [dots[index]] for index in first}
    for index, dot in enumerate(dots):
        if index not in groups:
            groups[first[int(abs(places[first] - places[index]).argmin())]].append(dot)
    return list(groups.values())
