"""Boxes, and the views around them."""

from __future__ import annotations

import pytest

from api.maps.views import Box, View
from tests.api.maps.points import points


def test_a_box_is_read_as_it_was_written() -> None:
    box = Box.around([(4.321, 50.85), (5.67, 52.37), (-0.1, 51)])

    assert box == Box(-0.1, 50.85, 5.67, 52.37)
    assert Box.read(str(box)) == box


def test_a_box_takes_the_short_way_across_the_pacific() -> None:
    box = Box.around([(144.96, -37.81), (-171.76, -13.83)])

    assert box == Box(144.96, -37.81, 188.24, -13.83)
    assert Box.read(str(box)) == box


@pytest.mark.parametrize(
    "text",
    "europe 1,2,3 1,2,3,4,5 4,5,3,6 1,6,3,5 1,2,3,91 -181,0,0,1 nan,0,1,1 0,0,inf,1 -180,-10,180,10 1;2;3;4".split(),
)
def test_an_invalid_box_is_none(text: str) -> None:
    assert Box.read(text) is None


@pytest.mark.parametrize("box", [Box(-7.3, 41.4, 24.9, 60.2), Box(145, -44, 189, -13), Box(20, 68, 30, 71)])
def test_a_view_contains_its_box_with_a_margin(box: Box) -> None:
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
