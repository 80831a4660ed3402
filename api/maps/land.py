"""Where the land is, and where countries meet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.maps.projections import BERING_STRAIT, Points

Ring = Points
"""An outline whose last point is its first."""

ATLAS = Path(__file__).parent.parent / "data" / "countries-50m.json"


def arcs_of(topology: dict[str, Any]) -> list[Points]:
    """The arcs of a TopoJSON topology, in degrees.

    An arc is encoded as steps on a grid from its first point; a polygon names arcs, and `~arc` means the arc backwards.
    https://github.com/topojson/topojson-specification (2.1.4 and 2.2)
    """
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]


def rings_of(topology: dict[str, Any], name: str = "land") -> Iterator[Ring]:
    """The outlines of all polygons in one object of a topology, in degrees."""
    arcs = arcs_of(topology)
    for polygon in _polygons([topology["objects"][name]]):
        for ring in polygon:
            pieces = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
            # Each arc begins where the one before it ends.
            yield np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _polygons(objects: Iterable[dict[str, Any]]) -> Iterator[list[list[int]]]:
    for item in objects:
        match item["type"]:
            case "GeometryCollection":
                yield from _polygons(item["geometries"])
            case "MultiPolygon":
                yield from item["arcs"]
            case "Polygon":
                yield item["arcs"]


def borders_of(topology: dict[str, Any], name: str = "countries") -> Iterator[Points]:
    """The lines where two polygons of an object meet: arcs that both of them have."""
    arcs = arcs_of(topology)
    uses = Counter(
        arc if arc >= 0 else ~arc
        for polygon in _polygons([topology["objects"][name]])
        for ring in polygon
        for arc in ring
    )
    return (arcs[arc] for arc, count in sorted(uses.items()) if count > 1)


@cache
def land() -> tuple[Ring, ...]:
    """The outlines of the land of the Earth."""
    return tuple(rings_of(_atlas()))


@cache
def borders() -> tuple[Points, ...]:
    """The borders between the countries of the Earth, as lines."""
    return tuple(borders_of(_atlas()))


@cache
def _atlas() -> dict[str, Any]:
    atlas: dict[str, Any] = json.loads(ATLAS.read_bytes())
    return atlas


def land_near(centre: tuple[float, float], radians: float, least: float) -> Iterator[Ring]:
    """The outlines that may come this close to a place and are at least so many radians across.

    To look at every island of the Earth takes ten times as long.
    """
    return _near(land, centre, radians, least)


def borders_near(centre: tuple[float, float], radians: float) -> Iterator[Points]:
    """The borders that may come this close to a place."""
    return _near(borders, centre, radians)


def _near(
    lines: Callable[[], tuple[Points, ...]], centre: tuple[float, float], radians: float, least: float = 0
) -> Iterator[Points]:
    middles, radii = _caps(lines)
    away = np.arccos(np.clip(middles @ _directions(np.array([centre]))[0], -1, 1))
    for line, is_shown in zip(lines(), (away - radii <= radians) & (2 * radii >= least), strict=True):
        if is_shown:
            yield line


@cache
def _caps(lines: Callable[[], tuple[Points, ...]]) -> tuple[Points, NDArray[np.float64]]:
    """For each line, a cap of the globe that covers it: the direction of its middle, and its radius in radians."""
    middles, radii = [], []
    for line in lines():
        directions = _directions(line)
        middle = directions.sum(axis=0)
        middle /= max(float(np.linalg.norm(middle)), 1e-9)
        middles.append(middle)
        radii.append(np.arccos(np.clip(directions @ middle, -1, 1)).max())
    return np.array(middles), np.array(radii)


def _directions(degrees: Points) -> Points:
    """Places as points of a globe of radius 1."""
    longitude, latitude = np.radians(degrees).T
    level = np.cos(latitude)
    return np.column_stack([level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)])


def continuous(ring: Ring) -> Ring:
    """The same outline without a leap from 180° east to 180° west, on that side of the cut where its middle is."""
    longitude = np.unwrap(ring[:, 0], period=360)
    turns = np.floor((longitude.mean() - BERING_STRAIT) / 360)
    return np.column_stack([longitude - 360 * turns, ring[:, 1]])
