"""A map as it is drawn on one size of screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.address.search_state import SearchParams
from api.maps.coast import border_path, land_path, view_box
from api.maps.dots import dots_in
from api.maps.places import box_around
from api.maps.spots import Spot, spots
from api.maps.views import CLOSER_RATIO, PHONE_RATIO, View
from kb import City, Vocabularies

NARROW = 328
WIDE = 590
"""The least width of a drawing in pixels, on a phone and next to the list of regions. Dots and names have a fixed size,
so the width decides what is too crowded."""

LONGEST = 50_000
"""Characters of the finest coast."""

COARSE = 4
"""Steps of the grid that a coast is rounded to where a drawing is small, and each is a third of a pixel."""

SURROUNDINGS = 0.14
"""The least width of the surroundings of a place, in radii of the Earth: some 900 km, so that coasts tell where it is.
"""


@dataclass(frozen=True)
class Drawing:
    """The map for one size of screen."""

    size: str
    """``narrow``, ``wide``, or ``both``."""
    shape: str
    """``world`` or ``closer``: its proportions."""
    land: str
    borders: str
    grid: str
    """The `viewBox` of land and borders."""
    spots: tuple[Spot, ...]


def draw(
    view: View,
    size: str,
    counts: Mapping[str, int],
    params: SearchParams,
    vocabularies: Vocabularies,
    here: str = "",
) -> Drawing:
    """The cities that have cases, as `counts` says, on a view; the city `here` stands out."""
    cities = [city for city in vocabularies.cities if city.id in counts]
    width = WIDE if size == "wide" else NARROW
    # A coast of ten thousand islands is drawn a little coarser, so that no page is large.
    fine = COARSE if size != "wide" else 1 if len(land_path(view)) < LONGEST else 2
    ratio = PHONE_RATIO if size == "narrow" else CLOSER_RATIO
    return Drawing(
        size=size,
        shape="closer" if view.centre else "world",
        land=land_path(view, fine=fine),
        borders=border_path(view, fine=fine + 1),
        grid=view_box(view),
        spots=spots(view, dots_in(view, cities, counts), width, ratio, params, vocabularies, here),
    )


def surroundings(cities: Sequence[City], counts: Mapping[str, int], vocabularies: Vocabularies) -> Drawing:
    """A small map around cities, with the others nearby; one alone stands out."""
    view = View.closer(box_around(cities), SURROUNDINGS)
    here = cities[0].id if len(cities) == 1 else ""
    return draw(view, "both", counts, SearchParams(), vocabularies, here)
