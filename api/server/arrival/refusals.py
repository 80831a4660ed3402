"""How many requests this process has refused before they became requests of the application."""

from __future__ import annotations

from collections import Counter

REFUSED: Counter[int] = Counter()
"""By status."""
