"""The region of the Earth that a drawing shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from api.maps.land import Ring, borders, borders_near, continuous, land, land_near
from api.maps.projections import BERING_STRAIT, Points, azimuthal_equal_area, equal_earth, whole_earth

WORLD_RATIO = 2.3
CLOSER_RATIO = 4 / 3
PHONE_RATIO = 4 / 5
"""Width by height; the stylesheet says the same."""

MARGIN = 0.12
"""The margin around the subject of a closer view, as a fraction of the width."""

LEAST = 0.016
"""The width of the closest view, in radii of the Earth: some 100 km. The outline of the land is too coarse for less."""

WIDEST = 180
"""The most degrees of longitude that a box spans: beyond that, it is the world."""


@dataclass(frozen=True)
class Box:
    """The region of the Earth between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, places: Iterable[tuple[float, float]]) -> Box:
        """The smallest box that contains the given longitudes and latitudes, to a hundredth of a degree."""
        degrees = np.array(list(places))
        if np.ptp(degrees[:, 0]) > WIDEST:
            # The short way from Melbourne to Samoa does not cross Greenwich.
            degrees[:, 0] %= 360
        west, south = np.floor(degrees.min(axis=0) * 100) / 100
        east, north = np.ceil(degrees.max(axis=0) * 100) / 100
        return cls(float(west), float(south), float(east), float(north))

    @classmethod
    def read(cls, text: str) -> Box | None:
        """The box written by `str`, or None if the text is not a box on the Earth.

        >>> Box.read("4.32,50.85,5.67,52.37")
        Box(west=4.32, south=50.85, east=5.67, north=52.37)
        >>> Box.read("4,5,3,6")
        """
        try:
            west, south, east, north = map(float, text.split(","))
        except ValueError:
            return None
        is_on_earth = -180 <= west <= east <= 360 and -90 <= south <= north <= 90
        return cls(west, south, east, north) if is_on_earth and east - west <= WIDEST else None

    def __str__(self) -> str:
        return ",".join(f"{side:.7g}" for side in (self.west, self.south, self.east, self.north))

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of its middle."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def outline(self) -> Points:
        """Points along its sides; parallels are curved on a map, so the corners alone do not determine its extent."""
        across = np.linspace(self.west, self.east, 9)
        up = np.linspace(self.south, self.north, 9)
        return np.concatenate(
            [np.column_stack([across, np.full(9, side)]) for side in (self.south, self.north)]
            + [np.column_stack([np.full(9, side), up]) for side in (self.west, self.east)]
        )


@dataclass(frozen=True)
class View:
    """A rectangle of the Earth laid flat."""

    centre: tuple[float, float] | None
    """Of a closer view; None for the whole world."""
    left: float
    top: float
    width: float
    height: float

    @classmethod
    def world(cls) -> View:
        """The whole world without the far south, where no city is."""
        width = 2 * float(equal_earth(np.array([[180.0, 0.0]]))[0, 0])
        top = float(equal_earth(np.array([[0.0, 81.0]]))[0, 1])
        return cls(None, -width / 2, top, width, width / WORLD_RATIO)

    @classmethod
    def closer(cls, box: Box, least: float = LEAST, ratio: float = CLOSER_RATIO) -> View:
        """The view of a box with a margin; `least` is its least width, in radii of the Earth."""
        flat = azimuthal_equal_area(box.outline(), box.centre)
        (left, bottom), (right, top) = flat.min(axis=0), flat.max(axis=0)
        width = float(max(right - left, (top - bottom) * ratio) / (1 - 2 * MARGIN))
        width = max(width, least)
        height = width / ratio
        return cls(box.centre, float(left + right - width) / 2, float(bottom + top + height) / 2, width, height)

    @property
    def ratio(self) -> float:
        """Width by height."""
        return self.width / self.height

    def places(self, degrees: Points) -> Points:
        """Where places are on the drawing, in its widths from the left and from the top."""
        if self.centre:
            return self._on_drawing(azimuthal_equal_area(degrees, self.centre))
        longitude = (degrees[:, 0] - BERING_STRAIT) % 360 + BERING_STRAIT
        return self._on_drawing(whole_earth(np.column_stack([longitude, degrees[:, 1]])))

    def outlines(self, least: float = 0) -> Iterator[Ring]:
        """The land on the drawing and beyond it, in the same unit.

        A closer view leaves out what is smaller than `least`.
        """
        if self.centre is None:
            for ring in land():
                yield self._on_drawing(whole_earth(continuous(ring)))
            return
        for ring in land_near(self.centre, self._reach, least * self.width):
            flat = azimuthal_equal_area(ring, self.centre)
            is_near = np.hypot(*flat.T) < np.sqrt(2)
            # Land on the other side of the Earth would lie around the drawing and fill it.
            if is_near.all() or (is_near.any() and not _is_inside_out(flat)):
                yield self._on_drawing(flat)

    def borders(self) -> Iterator[Points]:
        """The borders between countries on the drawing and beyond it, likewise."""
        if self.centre is None:
            for line in borders():
                yield self._on_drawing(whole_earth(continuous(line)))
            return
        for line in borders_near(self.centre, self._reach):
            flat = azimuthal_equal_area(line, self.centre)
            if (np.hypot(*flat.T) < np.sqrt(2)).any():
                yield self._on_drawing(flat)

    @property
    def _reach(self) -> float:
        """How far from its centre a closer view reaches, in radians."""
        # On the flat map, a chord of the globe is as long as on the globe.
        chord = np.hypot(abs(self.left) + self.width, abs(self.top) + self.height)
        return 2 * float(np.arcsin(min(chord / 2, 1)))

    def _on_drawing(self, flat: Points) -> Points:
        return np.column_stack([flat[:, 0] - self.left, self.top - flat[:, 1]]) / self.width


def _is_inside_out(flat: Ring) -> bool:
    """Whether land contains the point opposite the centre, so that its outline runs around everything else.

    Land runs clockwise; its image does so too, unless it is turned inside out.
    """
    x, y = flat.T
    angle = np.unwrap(np.arctan2(y, x))
    return bool(angle[-1] - angle[0] > np.pi)
