"""Who is at the table: a seat for every sector, always in the same place, so that tables compare."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from kb import CaseSummary, Vocabularies, gettext, listed

WIDTH, HEIGHT = 320, 196
ACROSS, DOWN = 138, 77
"""From the middle of the table to its seats."""

SEAT, EMPTY = 11, 6
"""The radius of a seat that is taken, and of one that is not."""


@dataclass(frozen=True)
class Seat:
    """The seat of a sector."""

    x: float
    y: float
    radius: int
    sector: str
    """Its id."""
    label: str
    names: tuple[str, ...]
    """Who sits there; nobody if it is empty."""
    leads: bool
    number: int
    """Its place among those that are taken, clockwise from the top; 0 if it is empty."""


@dataclass(frozen=True)
class Seats:
    """Who is at the table."""

    seats: tuple[Seat, ...]
    taken: tuple[Seat, ...]
    empty: tuple[str, ...]
    """The labels of the sectors that nobody is from."""
    unknown: tuple[str, ...]
    """Who is at the table from a sector that is not known."""
    text: str

    view_box = f"0 0 {WIDTH} {HEIGHT}"
    middle = (WIDTH / 2, HEIGHT / 2)
    table = (ACROSS - 30, DOWN - 27)
    """The radii of the table top."""


def seats(case: CaseSummary, vocabularies: Vocabularies) -> Seats | None:
    """Who is at the table; None if no sector is known."""
    terms = tuple(vocabularies.sectors)
    by_sector = case.by_sector
    if not any(term.id in by_sector for term in terms):
        return None
    leading = {partner.sector for partner in case.lead}
    placed, number = [], 0
    for term, (x, y) in zip(terms, _round_the_table(len(terms)), strict=True):
        names = tuple(partner.name for partner in by_sector.get(term.id, ()))
        number += bool(names)
        is_led, own = term.id in leading, number if names else 0
        placed.append(Seat(x, y, SEAT if names else EMPTY, term.id, term.label, names, is_led, own))
    taken = tuple(seat for seat in placed if seat.names)
    empty = tuple(seat.label for seat in placed if not seat.names)
    known = {term.id for term in terms}
    unknown = tuple(partner.name for partner in case.at_the_table if partner.sector not in known)
    return Seats(tuple(placed), taken, empty, unknown, _in_words(taken, empty))


@cache
def _round_the_table(seats: int) -> tuple[tuple[float, float], ...]:
    """Where seats are: at equal distances along the ellipse, clockwise from the top."""
    angles = [math.tau * step / 7200 for step in range(7200)]
    lengths = [math.hypot(ACROSS * math.cos(angle), DOWN * math.sin(angle)) for angle in angles]
    apart, walked = sum(lengths) / seats, 0.0
    placed: list[tuple[float, float]] = []
    for angle, length in zip(angles, lengths, strict=True):
        if walked >= apart * len(placed):
            placed.append(
                (round(WIDTH / 2 + ACROSS * math.sin(angle), 1), round(HEIGHT / 2 - DOWN * math.cos(angle), 1))
            )
        walked += length
    return tuple(placed)


def _in_words(taken: tuple[Seat, ...], empty: tuple[str, ...]) -> str:
    labels = [seat.label for seat in taken]
    said = gettext("At the table: {sectors}.").format(sectors=listed(labels))
    if empty:
        said += " " + gettext("Not named at the table: {sectors}.").format(sectors=listed(empty))
    return said
