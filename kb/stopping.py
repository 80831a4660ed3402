"""Whether this process has been told to stop: what would wait for something to happen ends then."""

from __future__ import annotations

import threading

_STOPPING = threading.Event()


def begin() -> None:
    """The process has been told to stop."""
    _STOPPING.set()


def has_begun() -> bool:
    """Whether it has."""
    return _STOPPING.is_set()
