"""What may differ between engines: scores, in their last digits, and with them the order of what scores alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.search.engine import Ranked

SCORE_TOLERANCE = 1e-6
"""Relative. Engines add the same numbers in another order, some with fewer digits."""


def assert_ordered(ranked: Sequence[Ranked]) -> None:
    """Higher scores come first, where they differ by more than the tolerance; equal ones are ordered by slug."""
    for (slug, score), (next_slug, next_score) in pairwise(ranked):
        if score == next_score:
            assert slug < next_slug
        else:
            assert score > next_score * (1 - SCORE_TOLERANCE)
