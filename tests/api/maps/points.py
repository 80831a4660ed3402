"""Places as the maps take them."""

from __future__ import annotations

import numpy as np

from api.maps.projections import Points


def points(*rows: tuple[float, float]) -> Points:
    """Rows of two numbers."""
    return np.array(rows, dtype=float)
