"""The drawing of the world: land, projections, and the part that is shown."""

from __future__ import annotations

import re

import numpy as np
import pytest

from api.maps.world import (
    BERING_STRAIT,
    GRID,
    Box,
    Points,
    View,
    azimuthal_equal_area,
    continuous,
    equal_earth,
    land,
    rings_of,
)

AUTHALIC_RADIUS = 6371007.1809
"""Of the WGS 84 ellipsoid, in metres: with it, the corners of the map are those that EPSG:8857 gives."""


def points(*rows: tuple[float, float]) -> Points:
    return np.array(rows, dtype=float)


# Land


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


# Projections


def test_equal_earth_gives_the_published_extent() -> None:
    flat = equal_earth(points((0, 0), (180, 0), (180, 90), (0, -90), (-180, 90))) * AUTHALIC_RADIUS

    assert flat == pytest.approx(
        points((0, 0), (17243959.06, 0), (10216474.79, 8392927.60), (0, -8392927.60), (-10216474.79, 8392927.60)),
        abs=0.05,
    )


def test_the_azimuthal_projection_gives_the_example_of_its_manual() -> None:
    """Snyder 1987, pp. 332 and 333: a globe of radius 3."""
    flat = 3 * azimuthal_equal_area(points((100, -20)), (-100, 40))

    assert flat[0] == pytest.approx([-4.2339303, 4.0257775], abs=1e-7)


@pytest.mark.parametrize(("longitude", "latitude"), [(0, 0), (10, 56), (-118, 34), (145, -38), (20, 75)])
def test_both_are_true_to_area(longitude: float, latitude: float) -> None:
    step = 1e-4
    corners = points((longitude, latitude), (longitude + step, latitude), (longitude, latitude + step))
    on_globe = np.radians(step) ** 2 * np.cos(np.radians(latitude))
    for flat in (equal_earth(corners), azimuthal_equal_area(corners, (longitude - 20, 30))):
        (ax, ay), (bx, by) = flat[1] - flat[0], flat[2] - flat[0]

        assert ax * by - ay * bx == pytest.approx(on_globe, rel=1e-4)


def test_the_point_opposite_to_the_centre_is_no_error() -> None:
    assert np.isfinite(azimuthal_equal_area(points((-170, -50)), (10, 50))).all()


# Boxes and views


def test_a_box_is_read_as_it_was_written() -> None:
    box = Box.around([(4.321, 50.85), (5.67, 52.37), (-0.1, 51)])

    assert box == Box(-0.1, 50.85, 5.67, 52.37)
    assert Box.read(str(box)) == box


def test_a_box_goes_the_short_way_across_the_pacific() -> None:
    box = Box.around([(144.96, -37.81), (-171.76, -13.83)])

    assert box == Box(144.96, -37.81, 188.24, -13.83)
    assert Box.read(str(box)) == box


@pytest.mark.parametrize(
    "text",
    "europe 1,2,3 1,2,3,4,5 4,5,3,6 1,6,3,5 1,2,3,91 -181,0,0,1 nan,0,1,1 0,0,inf,1 -180,-10,180,10 1;2;3;4".split(),
)
def test_what_is_no_box_is_none(text: str) -> None:
    assert Box.read(text) is None


@pytest.mark.parametrize("box", [Box(-7.3, 41.4, 24.9, 60.2), Box(145, -44, 189, -13), Box(20, 68, 30, 71)])
def test_a_view_holds_its_box_with_room_around(box: Box) -> None:
    view = View.closer(box)
    placed = view.places(box.outline())

    assert view.ratio == pytest.approx(4 / 3)
    assert placed.min() > 0.05
    assert (placed.max(axis=0) < [0.95, 0.95 / view.ratio]).all()


def test_a_view_of_a_single_place_shows_its_surroundings() -> None:
    assert View.closer(Box(4.3, 50.8, 4.3, 50.8)).width * 6371 == pytest.approx(100, abs=5)
    assert View.closer(Box(4.3, 50.8, 4.3, 50.8), 0.35).width == 0.35


def test_the_world_shows_every_inhabited_coast() -> None:
    far = points((-176.5, -44), (179.9, -16.5), (-171.8, -13.8), (-68.3, -54.8), (15.6, 78.2), (-168.1, 65.6))
    placed = View.world().places(far)

    assert (placed >= 0).all()
    assert (placed <= [1, 1 / View.world().ratio]).all()


def test_north_is_up_and_east_is_right() -> None:
    for view in (View.world(), View.closer(Box(0, 40, 20, 60))):
        (x, y), (north_x, north_y), (east_x, _) = view.places(points((10, 50), (10, 55), (15, 50)))

        assert north_y < y
        assert abs(north_x - x) < 0.05
        assert east_x > x


@pytest.mark.parametrize("view", [View.world(), View.closer(Box(-7.3, 41.4, 24.9, 60.2))])
def test_the_path_of_the_land_is_small_and_of_whole_steps(view: View) -> None:
    assert re.fullmatch(r"(M-?\d+ -?\d+l-?\d+( ?-?\d+)+z)+", view.land)
    assert len(view.land) < 70_000


def area(path: str) -> float:
    """What a path of the land covers, in drawings; what lies outside the drawing counts as well."""
    covered = 0.0
    for ring in re.findall(r"M(.*?)z", path):
        steps = points(*[(float(x), float(y)) for x, y in re.findall(r"(-?\d+)[ l]?(-?\d+)", ring)]).cumsum(axis=0)
        (x, y), (next_x, next_y) = steps.T, np.roll(steps, -1, axis=0).T
        covered += float((x * next_y - next_x * y).sum()) / 2
    return abs(covered) / GRID**2


def test_the_sea_stays_empty() -> None:
    """Land on the other side of the Earth must not fill the drawing: here, Antarctica is opposite."""
    assert area(View.closer(Box(-5, 70, 0, 72)).land) < 0.01
    assert area(View.closer(Box(-40, 28, -35, 32)).land) == 0
    assert area(View.closer(Box(20, 47, 22, 49)).land) > 1
