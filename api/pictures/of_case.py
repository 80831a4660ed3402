"""The pictures of a case: all of them for its page, some for a card."""

from __future__ import annotations

from dataclasses import dataclass

from api.pictures.flow import Flow, flow
from api.pictures.ladder import Ladder, ladder
from api.pictures.locator import Locator, locator
from api.pictures.seats import Seats, seats
from api.pictures.strip import Strip, strip
from kb import CaseSummary, Vocabularies


@dataclass(frozen=True)
class SmallPictures:
    """The pictures of a case on a card; None for what the case does not say."""

    flow: Flow | None
    strip: Strip | None
    ladder: Ladder | None


@dataclass(frozen=True)
class CasePictures(SmallPictures):
    """The pictures of a case on its page."""

    seats: Seats | None
    locator: Locator | None


def small_pictures(case: CaseSummary, vocabularies: Vocabularies) -> SmallPictures:
    """The pictures of a case on a card."""
    return SmallPictures(flow(case, vocabularies), strip(case, vocabularies), ladder(case, vocabularies))


def case_pictures(case: CaseSummary, vocabularies: Vocabularies) -> CasePictures:
    """The pictures of a case on its page."""
    return CasePictures(
        **vars(small_pictures(case, vocabularies)),
        seats=seats(case, vocabularies),
        locator=locator(case, vocabularies),
    )
