"""The land of a view and the borders on it, as paths to draw."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from api.maps.views import View

GRID = 1000
"""Steps across the width of a drawing; the coast is rounded to them."""

VIEWS = 512
"""Views that are remembered: two for each city, and the closer maps that people look at. One has some 5 to 50 kB."""


def view_box(view: View, grid: int = GRID) -> str:
    return f"0 0 {grid} {grid / view.ratio:g}"


@lru_cache(maxsize=VIEWS)
def land_path(view: View, grid: int = GRID, fine: int = 1) -> str:
    """The land in a view as the `d` of an SVG path, in so many steps across its width, rounded to `fine` of them."""
    size = np.array([grid, grid / view.ratio])
    # Outlines that leave the drawing are clamped to a frame half a drawing away from it, out of sight.
    low, high = -size / 2, size * 1.5
    pieces = []
    for ring in view.outlines(1 / grid):
        steps = np.clip(ring * grid, low, high)
        is_seen = ((steps.max(axis=0) > 0) & (steps.min(axis=0) < size)).all()
        # On a coarse grid an islet is a speck that takes as many bytes as a bay.
        is_speck = fine > 1 and np.ptp(steps, axis=0).max() < 2 * fine
        if is_seen and not is_speck:
            pieces.append(_subpath(np.rint(steps / fine).astype(np.int64) * fine))
    return "".join(pieces)


@lru_cache(maxsize=VIEWS)
def border_path(view: View, grid: int = GRID, fine: int = 2) -> str:
    """The borders between countries in a view, likewise, as open lines."""
    size = np.array([grid, grid / view.ratio])
    low, high = -size / 2, size * 1.5
    pieces = []
    for line in view.borders():
        steps = np.clip(line * grid, low, high)
        if ((steps.max(axis=0) > 0) & (steps.min(axis=0) < size)).all():
            pieces.append(_line(np.rint(steps / fine).astype(np.int64) * fine))
    return "".join(pieces)


def _line(steps: NDArray[np.int64]) -> str:
    """A line in relative steps, without redundant points."""
    moves = np.diff(steps, axis=0)
    moves = moves[moves.any(axis=1)]
    if not len(moves):
        return ""
    x, y = steps[0].tolist()
    return f"M{x} {y}l" + " ".join(f"{dx} {dy}" for dx, dy in moves.tolist()).replace(" -", "-")


def _subpath(steps: NDArray[np.int64]) -> str:
    """A closed outline in relative steps, without redundant points."""
    steps = steps[:-1]
    steps = steps[(steps != np.roll(steps, 1, axis=0)).any(axis=1)]
    # A point on a straight line along the frame is redundant too.
    before, after = np.roll(steps, 1, axis=0), np.roll(steps, -1, axis=0)
    steps = steps[~((steps == before) & (steps == after)).any(axis=1)]
    if len(steps) < 3:
        return ""
    moves = np.diff(steps, axis=0, prepend=[[0, 0]])
    # The first point is relative to the current position; "M" makes it relative to the corner.
    (x, y), rest = moves[0], moves[1:]
    return f"M{x} {y}l" + " ".join(f"{dx} {dy}" for dx, dy in rest.tolist()).replace(" -", "-") + "z"
