"""Which parameters of a test are tried whenever tests run, and which only in CI."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

T = TypeVar("T")


def most_slow(values: Iterable[T], *, every: int, ids: Callable[[T], str] | None = None) -> list[ParameterSet]:
    """Parameters of a test: these values, of which all but the first, and each so many after it, are marked as slow.

    For tests that take no time by themselves, but are many.
    """
    return [
        pytest.param(value, id=ids(value) if ids else None, marks=() if number % every == 0 else pytest.mark.slow)
        for number, value in enumerate(values)
    ]
