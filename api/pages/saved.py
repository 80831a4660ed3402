"""The cases that a visitor has saved."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.comparison import MOST_COMPARED, read_listed
from api.address.saved_list import SavedList
from api.pages.parts.cards import CaseCard, case_card
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Page
from kb import Generation, cases_in_words


@dataclass(frozen=True)
class SavedItem:
    """A saved case."""

    card: CaseCard
    without_href: str
    """The list without it."""


@dataclass(frozen=True)
class SavedPage(Page):
    """`/saved`."""

    notices: tuple[NoticeLine, ...]
    items: tuple[SavedItem, ...]
    most_compared: int
    more_href: str
    """Where to find more cases for it; empty when it is full."""


def saved_page(saved: SavedList, generation: Generation) -> SavedPage:
    """The saved cases in their order; what does not exist is reported."""
    cases, notices = read_listed(saved.slugs, generation)
    found = SavedList(tuple(case.slug for case in cases), saved.name)
    return SavedPage(
        title=saved.name or f"Your list: {cases_in_words(len(cases))}",
        path=found.at(paths.SAVED),
        notices=notice_lines(notices),
        items=tuple(
            SavedItem(case_card(case, generation.vocabularies), found.removing(case.slug).at(paths.SAVED))
            for case in cases
        ),
        most_compared=MOST_COMPARED,
        more_href="" if found.is_full else found.at(paths.CASES),
    )
