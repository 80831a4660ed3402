"""The region of the world that an address names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.address import paths
from api.maps.views import LEAST, PHONE_RATIO, Box, View
from kb import City, Generation, gettext_noop

REGION_LEAST = 0.35
"""The least width of the map of a continent, in radii of the Earth: a single city is shown with its surroundings."""


@dataclass(frozen=True)
class Place:
    """The region of the world that an address names."""

    id: str
    """As in its address; empty for the whole world."""
    label: str
    view: View
    narrow: View
    """The same on a phone, higher than wide: what is closer together there gets more room."""

    @property
    def path(self) -> str:
        return paths.map_of(self.id)


WORLD = Place("", gettext_noop("The world"), View.world(), View.world())


def read_place(text: str, generation: Generation) -> Place | None:
    """The place that an address names: a continent with cases (`europe`) or a box (`4.32,50.85,5.67,52.37`)."""
    vocabularies = generation.vocabularies
    if continent := vocabularies.continents.get(text):
        counts = generation.counts["city"]
        cities = [city for city in vocabularies.cities if city.id in counts]
        inside = [city for city in cities if text in vocabularies.continents_of([city.id])]
        return _closer(text, continent.label, box_around(inside), REGION_LEAST) if inside else None
    box = Box.read(text)
    return _closer(str(box), gettext_noop("A closer look"), box) if box else None


def _closer(place_id: str, label: str, box: Box, least: float = LEAST) -> Place:
    return Place(place_id, label, View.closer(box, least), View.closer(box, least, PHONE_RATIO))


def box_around(cities: Iterable[City]) -> Box:
    return Box.around((city.longitude, city.latitude) for city in cities)
