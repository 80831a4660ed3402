"""Where the land is."""

from __future__ import annotations

import numpy as np
import pytest

from api.maps.land import borders, borders_of, continuous, land, rings_of
from api.maps.projections import BERING_STRAIT


def test_arcs_are_joined_backwards_and_forwards_into_closed_rings() -> None:
    topology = {
        "transform": {"scale": [1, 2], "translate": [10, 20]},
        "arcs": [[[0, 0], [2, 0]], [[0, 0], [0, 2], [2, 0], [0, -2]]],
        "objects": {"land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0, ~1]]}]}},
    }
    (ring,) = rings_of(topology)

    assert ring.tolist() == [[10, 20], [12, 20], [12, 24], [10, 24], [10, 20]]


def test_every_outline_of_the_land_is_closed_and_on_the_earth() -> None:
    assert len(land()) > 1000
    for ring in land():
        assert ring[0].tolist() == ring[-1].tolist()
        assert len(ring) >= 4
        assert (np.abs(ring) <= [180, 90]).all()


@pytest.mark.parametrize(
    ("longitude", "latitude", "is_land"),
    [(12, 51, True), (-100, 40, True), (25, -29, True), (135, -25, True), (-40, 30, False), (80, -20, False)],
)
def test_there_is_land_where_there_is_land(longitude: float, latitude: float, is_land: bool) -> None:
    """By the number of coasts that a walk to the east crosses."""
    crossed = 0
    for ring in land():
        ring = continuous(ring)
        (x, y), (next_x, next_y) = ring[:-1].T, ring[1:].T
        spans = (y > latitude) != (next_y > latitude)
        at = x[spans] + (latitude - y[spans]) / (next_y[spans] - y[spans]) * (next_x[spans] - x[spans])
        crossed += int((at > longitude).sum())

    assert crossed % 2 == is_land


def test_no_outline_leaps_across_the_map_of_the_world() -> None:
    for ring in map(continuous, land()):
        assert np.abs(np.diff(ring[:, 0])).max() < 30
        assert ring[:, 0].min() > BERING_STRAIT - 30


def test_a_border_is_what_two_countries_share() -> None:
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[0, 0], [0, 2]], [[0, 2], [-2, 0], [2, -2]], [[0, 2], [2, 0], [-2, -2]]],
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "arcs": [[[0, 2]]]},
                ],
            }
        },
    }

    assert [line.tolist() for line in borders_of(topology)] == [[[0, 0], [0, 2]]]


def test_borders_are_on_land_and_on_the_earth() -> None:
    assert len(borders()) > 100
    for line in borders():
        assert len(line) >= 2
        assert (np.abs(line) <= [180, 90]).all()
