"""Where a case is: its cities on a small map of the land around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from api.maps.coast import border_path, land_path, view_box
from api.maps.places import box_around
from api.maps.views import Box, View
from kb import CaseSummary, Vocabularies, city_in_country, gettext, listed

GRID = 240
"""Steps across the drawing: it is small, and so is its path."""

LOW = 120
"""The height of the map of a single city, which is in the middle of it."""

WIDTHS = (0.5, 0.9, 1.4)
"""The widths of the map of a single city, in radii of the Earth: the first that shows enough coast to know it by."""

COAST = 40
"""Points of the outline of the land that are enough."""


@dataclass(frozen=True)
class Place:
    """A city on the map, in steps of the drawing."""

    x: float
    y: float
    label: str
    side: str
    """Where its name begins or ends at the dot: `start` or `end`."""


@dataclass(frozen=True)
class Locator:
    """Where a case is."""

    view_box: str
    land: str
    """The `d` of an SVG path."""
    borders: str
    """The same for the borders of countries; empty without them."""
    places: tuple[Place, ...]
    text: str


def locator(case: CaseSummary, vocabularies: Vocabularies) -> Locator | None:
    """Where a case is; None if none of its cities is known."""
    cities = [city for city in map(vocabularies.cities.get, case.cities) if city]
    if not cities:
        return None
    view = _view_around(box_around(cities))
    steps = view.places(np.array([(city.longitude, city.latitude) for city in cities])) * GRID
    places = tuple(
        Place(round(x, 1), round(y, 1), city.label, "start" if x < GRID * 0.6 else "end")
        for city, (x, y) in zip(cities, steps.tolist(), strict=True)
    )
    named = listed([city_in_country(city.id, vocabularies) for city in cities])
    return Locator(
        view_box=view_box(view, GRID) if len(places) > 1 else f"0 {places[0].y - LOW / 2:g} {GRID} {LOW}",
        land=land_path(view, GRID),
        borders=border_path(view, GRID),
        places=places,
        text=gettext("On the map: {places}.").format(places=named),
    )


@lru_cache(maxsize=256)
def _view_around(box: Box) -> View:
    views = [View.closer(box, width) for width in WIDTHS]
    return next((view for view in views if _coast_in(view) >= COAST), views[-1])


def _coast_in(view: View) -> int:
    """How many points of the outline of the land are on a drawing, not counting its rim."""
    low, high = np.array([0.1, (1 / view.ratio - LOW / GRID) / 2]), np.array([0.9, (1 / view.ratio + LOW / GRID) / 2])
    return sum(int(((ring > low) & (ring < high)).all(axis=1).sum()) for ring in view.outlines(8 / GRID))
