"""What the benchmark of hostile loads calls a broken promise."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from benchmarks.hostile import COMPUTED, LOADS, SENT, Answers, Row, line_of


def row(**other: Any) -> Row:
    usual = {
        "load": SENT[0],
        "answers": Answers(Counter({"431": 2, "200": 1}), slowest_ms=900.0),
        "health_ms": [1.0] * 99 + [99.0],
        "before_mb": 100.0,
        "most_mb": 129.0,
    }
    return Row(**{**usual, **other})


def test_a_row_says_what_was_measured() -> None:
    assert line_of(row()) == "| headers | 1 | 1 | 99 | 900 | 100 → 129 | 1 × 200, 2 × 431 |  |"


def test_caches_may_fill() -> None:
    assert row(load=COMPUTED[0], most_mb=300.0).keeps_promises


@pytest.mark.parametrize(
    "broken",
    [
        {"health_ms": [1.0] * 90 + [101.0] * 10},
        {"health_ms": [1.0] * 90 + [float("inf")] * 10},
        {"answers": Answers(slowest_ms=2501.0)},
        {"most_mb": 131.0},
    ],
)
def test_a_broken_promise_is_marked(broken: dict[str, Any]) -> None:
    assert row().keeps_promises
    assert not row(**broken).keeps_promises
    assert line_of(row(**broken)).endswith("| **broken** |")


def test_every_load_says_what_it_does() -> None:
    assert all(load.__doc__ for load in LOADS)
