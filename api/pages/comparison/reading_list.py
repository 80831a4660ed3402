"""A list of cases too long for columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address.comparison import MOST_COMPARED
from api.address.search_state import SHELF_ROOM, SearchParams, compare_href
from api.pages.parts.cards import CaseCard, case_card
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Page
from kb import Case, Generation, Notice, cases_in_words


@dataclass(frozen=True)
class ReadingListItem:
    """A case in a reading list."""

    card: CaseCard
    without_href: str
    """The list without it."""


@dataclass(frozen=True)
class ReadingListPage(Page):
    """`/compare` with more cases than fit side by side: a reading list."""

    notices: tuple[NoticeLine, ...]
    items: tuple[ReadingListItem, ...]
    most_compared: int
    more_href: str
    """Where to find more cases for it; empty when it is full."""


def reading_list(cases: Sequence[Case], notices: tuple[Notice, ...], generation: Generation) -> ReadingListPage:
    """The reading list of these cases."""
    slugs = tuple(case.slug for case in cases)
    return ReadingListPage(
        title=f"Your list: {cases_in_words(len(cases))}",
        path=compare_href(slugs),
        notices=notice_lines(notices),
        items=tuple(
            ReadingListItem(case_card(case, generation.vocabularies), compare_href(s for s in slugs if s != case.slug))
            for case in cases
        ),
        most_compared=MOST_COMPARED,
        more_href=SearchParams(shelf=slugs).href() if len(cases) < SHELF_ROOM else "",
    )
