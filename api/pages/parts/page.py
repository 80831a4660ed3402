"""What every page has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """Where to go."""

    label: str
    href: str


@dataclass(frozen=True)
class Page:
    """What every page has."""

    title: str
    path: str
    """Its address without the host, as it should be linked to."""
