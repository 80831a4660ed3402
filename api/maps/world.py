"""The world as a drawing: where the land is, how the globe is laid flat, and the part of it that is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Rows of two numbers: longitude and latitude in degrees, or x to the right and y upwards."""

Ring = Points
"""An outline whose last point is its first."""

LAND = Path(__file__).parent.parent / "data" / "land-50m.json"

GRID = 1000
"""Steps that the width of a drawing is divided into; the coast is rounded to them."""

WORLD_RATIO = 2.3
CLOSER_RATIO = 4 / 3
"""Width by height; the stylesheet says the same."""

MARGIN = 0.12
"""Of the width: room around what a closer view is about."""

LEAST = 0.016
"""The width of the closest view, in radii of the Earth: some 100 km. The outline of the land is too coarse for less."""


BERING_STRAIT = -169.0
"""The meridian where the map of the world is cut: between Asia and America."""

WIDEST = 180
"""Degrees of longitude that a box spans at most: beyond that, it is the world."""


# Land -----------------------------------------------------------------------------------------------------------------


def rings_of(topology: dict[str, Any]) -> Iterator[Ring]:
    """The outlines of all polygons in a TopoJSON topology, in degrees.

    An arc is kept as steps on a grid from its first point; a polygon names arcs, and `~arc` means the arc backwards.
    https://github.com/topojson/topojson-specification (2.1.4 and 2.2)
    """
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]
    for polygon in _polygons(topology["objects"].values()):
        for ring in polygon:
            pieces = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
            # Each piece begins where the one before it ends.
            yield np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _polygons(objects: Iterable[dict[str, Any]]) -> Iterator[list[list[int]]]:
    for found in objects:
        match found["type"]:
            case "GeometryCollection":
                yield from _polygons(found["geometries"])
            case "MultiPolygon":
                yield from found["arcs"]
            case "Polygon":
                yield found["arcs"]


@cache
def land() -> tuple[Ring, ...]:
    """The outlines of the land of the Earth."""
    return tuple(rings_of(json.loads(LAND.read_bytes())))


def continuous(ring: Ring) -> Ring:
    """The same outline without a leap from 180° east to 180° west, on that side of the cut where its middle is."""
    longitude = np.unwrap(ring[:, 0], period=360)
    turns = np.floor((longitude.mean() - BERING_STRAIT) / 360)
    return np.column_stack([longitude - 360 * turns, ring[:, 1]])


# Projections ----------------------------------------------------------------------------------------------------------


def equal_earth(degrees: Points) -> Points:
    """The whole Earth on a plane, true to area, for a globe of radius 1.

    B. Šavrič, T. Patterson, B. Jenny: The Equal Earth map projection. International Journal of Geographical Information
    Science 33(3), 2019, pp. 454–465, equations 1 to 3. https://doi.org/10.1080/13658816.2018.1504949
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    longitude, latitude = np.radians(degrees).T
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    slope = 9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1
    x = 2 * np.sqrt(3) * longitude * np.cos(theta) / (3 * slope)
    y = a4 * theta**9 + a3 * theta**7 + a2 * theta**3 + a1 * theta
    return np.column_stack([x, y])


def azimuthal_equal_area(degrees: Points, centre: tuple[float, float]) -> Points:
    """A part of the Earth around `centre`, true to area and nearly so to shape, for a globe of radius 1.

    Lambert's projection. J. P. Snyder: Map projections: a working manual. U.S. Geological Survey Professional Paper
    1395, 1987, equations 22-4, 22-5 and 24-2. https://doi.org/10.3133/pp1395
    """
    longitude, latitude = np.radians(degrees).T
    centre_longitude, centre_latitude = np.radians(centre)
    east = np.cos(latitude) * np.sin(longitude - centre_longitude)
    across = np.cos(latitude) * np.cos(longitude - centre_longitude)
    towards = np.sin(centre_latitude) * np.sin(latitude) + np.cos(centre_latitude) * across
    north = np.cos(centre_latitude) * np.sin(latitude) - np.sin(centre_latitude) * across
    # The point opposite to the centre has no place; it is far outside every drawing.
    scale = np.sqrt(2 / np.maximum(1 + towards, 1e-9))
    return np.column_stack([scale * east, scale * north])


# Views ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A part of the Earth between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, places: Iterable[tuple[float, float]]) -> Box:
        """The smallest that holds places given by longitude and latitude, to a hundredth of a degree."""
        degrees = np.array(list(places))
        if np.ptp(degrees[:, 0]) > WIDEST:
            # The short way from Melbourne to Samoa does not lead through Greenwich.
            degrees[:, 0] %= 360
        west, south = np.floor(degrees.min(axis=0) * 100) / 100
        east, north = np.ceil(degrees.max(axis=0) * 100) / 100
        return cls(float(west), float(south), float(east), float(north))

    @classmethod
    def read(cls, text: str) -> Box | None:
        """The box that `str` wrote, or None if the text is no box on the Earth.

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
        """Points along its sides; a parallel is no straight line on a map, so corners alone do not tell its extent."""
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
    def closer(cls, box: Box, least: float = LEAST) -> View:
        """What a box holds, with room around it; `least` is the width it has at least, in radii of the Earth."""
        flat = azimuthal_equal_area(box.outline(), box.centre)
        (left, bottom), (right, top) = flat.min(axis=0), flat.max(axis=0)
        width = float(max(right - left, (top - bottom) * CLOSER_RATIO) / (1 - 2 * MARGIN))
        width = max(width, least)
        height = width / CLOSER_RATIO
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
        return self._on_drawing(_whole_earth(np.column_stack([longitude, degrees[:, 1]])))

    def outlines(self) -> Iterator[Ring]:
        """The land on the drawing and beyond it, in the same unit."""
        for ring in land():
            if self.centre is None:
                yield self._on_drawing(_whole_earth(continuous(ring)))
                continue
            flat = azimuthal_equal_area(ring, self.centre)
            # Land on the other side of the Earth would lie around the drawing and fill it.
            if (np.hypot(*flat.T) < np.sqrt(2)).any():
                yield self._on_drawing(flat)

    def _on_drawing(self, flat: Points) -> Points:
        return np.column_stack([flat[:, 0] - self.left, self.top - flat[:, 1]]) / self.width

    @property
    def land(self) -> str:
        """The land as the `d` of an SVG path, in steps of `GRID`."""
        return _land_path(self)


def _whole_earth(degrees: Points) -> Points:
    """With the meridian opposite to the cut in the middle."""
    return equal_earth(degrees - [BERING_STRAIT + 180, 0])


@lru_cache(maxsize=64)
def _land_path(view: View) -> str:
    size = np.array([GRID, GRID / view.ratio])
    # Outlines that leave the drawing are pulled to a frame half a drawing away from it: nothing of that is seen.
    low, high = -size / 2, size * 1.5
    pieces = []
    for ring in view.outlines():
        steps = np.clip(ring * GRID, low, high)
        if ((steps.max(axis=0) > 0) & (steps.min(axis=0) < size)).all():
            pieces.append(_subpath(np.rint(steps).astype(np.int64)))
    return "".join(pieces)


def _subpath(steps: NDArray[np.int64]) -> str:
    """A closed outline in relative steps, without points that make no difference."""
    steps = steps[:-1]
    steps = steps[(steps != np.roll(steps, 1, axis=0)).any(axis=1)]
    # A point on a straight line along the frame makes none either.
    before, behind = np.roll(steps, 1, axis=0), np.roll(steps, -1, axis=0)
    steps = steps[~((steps == before) & (steps == behind)).any(axis=1)]
    if len(steps) < 3:
        return ""
    moves = np.diff(steps, axis=0, prepend=[[0, 0]])
    # The first point is told from where the path is; "M" says from the corner.
    (x, y), rest = moves[0], moves[1:]
    return f"M{x} {y}l" + " ".join(f"{dx} {dy}" for dx, dy in rest.tolist()).replace(" -", "-") + "z"
