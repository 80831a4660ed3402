"""The land of a view as a path."""

from __future__ import annotations

import re

import numpy as np
import pytest

from api.maps.coast import GRID, land_path
from api.maps.views import Box, View
from tests.api.maps.points import points


@pytest.mark.parametrize("view", [View.world(), View.closer(Box(-7.3, 41.4, 24.9, 60.2))])
def test_the_path_of_the_land_is_small_and_of_whole_steps(view: View) -> None:
    assert re.fullmatch(r"(M-?\d+ -?\d+l-?\d+( ?-?\d+)+z)+", land_path(view))
    assert len(land_path(view)) < 70_000


def area(path: str) -> float:
    """What a path of the land covers, in drawings; what is outside the drawing counts as well."""
    covered = 0.0
    for ring in re.findall(r"M(.*?)z", path):
        steps = points(*[(float(x), float(y)) for x, y in re.findall(r"(-?\d+)[ l]?(-?\d+)", ring)]).cumsum(axis=0)
        (x, y), (next_x, next_y) = steps.T, np.roll(steps, -1, axis=0).T
        covered += float((x * next_y - next_x * y).sum()) / 2
    return abs(covered) / GRID**2


def test_the_sea_stays_empty() -> None:
    """Land on the other side of the Earth must not fill the drawing: here, Antarctica is opposite."""
    assert area(land_path(View.closer(Box(-5, 70, 0, 72)))) < 0.01
    assert area(land_path(View.closer(Box(-40, 28, -35, 32)))) == 0
    assert area(land_path(View.closer(Box(20, 47, 22, 49)))) > 1


def test_land_that_contains_the_opposite_point_does_not_fill_the_sea() -> None:
    """Opposite Davao is Brazil, and the ring that Brazil is part of comes as near as Alaska."""
    davao = Box(125.4, 7, 125.5, 7.1)

    assert 0.05 < area(land_path(View.closer(davao, 0.5))) < 1


def test_inland_all_is_land() -> None:
    """Land around the centre is not inside out."""
    assert area(land_path(View.closer(Box(72.8, 40.5, 72.8, 40.5), 0.1))) > 1
