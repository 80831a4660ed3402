"""How the globe is laid flat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Rows of two numbers: longitude and latitude in degrees, or x to the right and y upwards."""

BERING_STRAIT = -169.0
"""The meridian where the map of the world is cut: between Asia and America."""


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
    """A region of the Earth around `centre`, true to area and nearly so to shape, for a globe of radius 1.

    Lambert's projection. J. P. Snyder: Map projections: a working manual. U.S. Geological Survey Professional Paper
    1395, 1987, equations 22-4, 22-5 and 24-2. https://doi.org/10.3133/pp1395
    """
    longitude, latitude = np.radians(degrees).T
    centre_longitude, centre_latitude = np.radians(centre)
    east = np.cos(latitude) * np.sin(longitude - centre_longitude)
    across = np.cos(latitude) * np.cos(longitude - centre_longitude)
    towards = np.sin(centre_latitude) * np.sin(latitude) + np.cos(centre_latitude) * across
    north = np.cos(centre_latitude) * np.sin(latitude) - np.sin(centre_latitude) * across
    # The point opposite the centre has no image; it is put far outside every drawing.
    scale = np.sqrt(2 / np.maximum(1 + towards, 1e-9))
    return np.column_stack([scale * east, scale * north])


def whole_earth(degrees: Points) -> Points:
    """With the meridian opposite the cut in the middle."""
    return equal_earth(degrees - [BERING_STRAIT + 180, 0])
