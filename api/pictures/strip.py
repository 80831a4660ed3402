"""When a case ran, as a strip on an axis that is the same for every case."""

from __future__ import annotations

from dataclasses import dataclass

from kb import CaseSummary, Status, Vocabularies, gettext, status_in_words, years_in_words

FIRST, LAST = 1990, 2030
"""The axis of the collection, so that strips on different pages compare. What began earlier enters from the left."""

WIDTH, HEIGHT = 320, 44
LEFT, RIGHT = 14, 306
"""Where the first and the last year are, in steps of the drawing."""

FADING = 5
"""The years over which a strip fades where its end is not known."""


@dataclass(frozen=True)
class Piece:
    """A part of a strip."""

    x: float
    width: float


@dataclass(frozen=True)
class Tick:
    """A year of the axis."""

    x: float
    year: int


@dataclass(frozen=True)
class Strip:
    """When a case ran."""

    ticks: tuple[Tick, ...]
    known: Piece
    """The years that sources report."""
    fading: tuple[Piece, ...]
    """Shorter and shorter, where the end is not known."""
    enters: bool
    """Whether it began before the axis does."""
    continues: bool
    """Whether it was ongoing when last reported."""
    last_reported: float | None
    """Where the year is in which it was last reported."""
    text: str

    view_box = f"0 0 {WIDTH} {HEIGHT}"

    @property
    def end(self) -> float:
        """Where the last piece ends."""
        last = self.fading[-1] if self.fading else self.known
        return round(last.x + last.width, 1)


def strip(case: CaseSummary, vocabularies: Vocabularies) -> Strip | None:
    """When a case ran; None if it does not say when it began."""
    if not case.started:
        return None
    reported = case.last_reported.year if case.last_reported else None
    last = max(case.ended or reported or case.started, case.started)
    start, end = _x(case.started), _x(last + 1)
    known = Piece(round(min(start, RIGHT - 4), 1), round(max(end - start, 4), 1))
    return Strip(
        ticks=tuple(Tick(round(_x(year), 1), year) for year in range(FIRST, LAST + 1, 10)),
        known=known,
        fading=() if case.ended else _fading(known.x + known.width),
        enters=case.started < FIRST,
        continues=not case.ended and case.status is Status.ONGOING,
        last_reported=round((_x(reported) + _x(reported + 1)) / 2, 1) if reported else None,
        text=_in_words(case, vocabularies),
    )


def _x(year: int) -> float:
    """Where a year begins; what is outside the axis is at its edge."""
    share = (min(max(year, FIRST), LAST) - FIRST) / (LAST - FIRST)
    return LEFT + share * (RIGHT - LEFT)


def _fading(x: float) -> tuple[Piece, ...]:
    """Pieces that become narrower, with gaps that become wider: they fade on paper and in forced colours too."""
    step = (RIGHT - LEFT) / (LAST - FIRST) * FADING / 4
    pieces = (Piece(round(x + number * step + 2, 1), round(step * (4 - number) / 6, 1)) for number in range(4))
    return tuple(piece for piece in pieces if piece.x + piece.width <= RIGHT)


def _in_words(case: CaseSummary, vocabularies: Vocabularies) -> str:
    years = years_in_words(case)
    said = gettext("{years}.").format(years=f"{years[:1].upper()}{years[1:]}")
    if case.status is Status.UNKNOWN and not case.last_reported:
        return said
    status = gettext("{status}.").format(status=status_in_words(case, vocabularies))
    return f"{said} {status}"
