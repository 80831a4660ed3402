"""The projections, compared with published values."""

from __future__ import annotations

import numpy as np
import pytest

from api.maps.projections import azimuthal_equal_area, equal_earth
from tests.api.maps.points import points

AUTHALIC_RADIUS = 6371007.1809
"""Of the WGS 84 ellipsoid, in metres: with it, the corners of the map are those of EPSG:8857."""


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


def test_the_point_opposite_the_centre_causes_no_error() -> None:
    assert np.isfinite(azimuthal_equal_area(points((-170, -50)), (10, 50))).all()
