"""How many examples a property is tried on: the profiles are in `tests/conftest.py`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

costly = settings(
    max_examples=max(settings().max_examples // 4, 5),
    suppress_health_check=[HealthCheck.too_slow],
)
"""For a property of which one example writes files or builds an index."""

on_one_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
"""For a property that asks one fixture again and again, which nothing asked of it changes."""
