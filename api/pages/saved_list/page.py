"""The cases that a visitor has saved: in an order, under a name, to compare and to share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.comparison import MOST_COMPARED, read_listed
from api.address.saved_list import LONGEST_NAME, SavedList
from api.address.site import Site
from api.formats.qr_code import qr_code
from api.pages.parts.cards import CaseCard, case_card
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Page
from kb import Generation, gettext, ngettext


@dataclass(frozen=True)
class ListChange:
    """A link to the list as it is after a change."""

    id: str
    href: str
    """It ends in what should have the focus then."""
    says: str
    """What has happened then."""


@dataclass(frozen=True)
class SavedItem:
    """A saved case."""

    card: CaseCard
    is_chosen: bool
    """Whether it is ticked for a comparison."""
    up: ListChange | None
    """None for the first."""
    down: ListChange | None
    """None for the last."""
    removed: ListChange


@dataclass(frozen=True)
class SavedPage(Page):
    """`/saved`."""

    saved: SavedList
    """What exists of the list in the address, under the present names of the cases."""
    notices: tuple[NoticeLine, ...]
    """What was left out."""
    items: tuple[SavedItem, ...]
    problem: str
    """Why the chosen cases cannot be compared; empty if nothing was chosen yet."""
    most_compared: int
    longest_name: int
    url: str
    """The link to send."""
    qr_code: str
    """The same as an SVG element; empty if it is too long."""
    more_href: str
    """Where to find more cases; empty when the list is full."""


def saved_page(
    slugs: Sequence[str], name: str, generation: Generation, site: Site, chosen: Sequence[str] | None = None
) -> SavedPage:
    """The cases named in an address, in their order; those that do not exist are reported.

    `chosen` are the cases to compare; None if none have been asked for.
    """
    cases, notices = read_listed(slugs, generation)
    saved = SavedList.read((case.slug for case in cases), name)
    path = saved.at(paths.SAVED)
    url = site.url(path)
    return SavedPage(
        title=saved.name or gettext("Saved list"),
        path=path,
        saved=saved,
        notices=notice_lines(notices),
        items=tuple(
            SavedItem(
                case_card(case, generation.vocabularies),
                case.slug in (chosen or ()),
                _moved(saved, case.slug, case.title, -1),
                _moved(saved, case.slug, case.title, 1),
                _removed(saved, case.slug, case.title),
            )
            for case in cases
        ),
        problem="" if chosen is None else _problem(len(chosen)),
        most_compared=MOST_COMPARED,
        longest_name=LONGEST_NAME,
        url=url,
        qr_code=qr_code(url) if cases else "",
        more_href="" if saved.is_full else paths.CASES,
    )


def _problem(chosen: int) -> str:
    if chosen < 2:
        return gettext("Choose at least two.")
    return gettext("You have chosen {count}. Choose 2 to {most}.").format(count=chosen, most=MOST_COMPARED)


def _moved(saved: SavedList, slug: str, title: str, steps: int) -> ListChange | None:
    """The same control of the case keeps the focus or, at the end of its way, the other one."""
    place, last = saved.slugs.index(slug) + steps, len(saved.slugs) - 1
    if not 0 <= place <= last:
        return None
    is_at_end = place == (0 if steps < 0 else last)
    focus = _control(slug, -steps if is_at_end else steps)
    says = gettext("“{title}” is now number {place} of {count}.")
    return ListChange(
        _control(slug, steps),
        f"{saved.moving(slug, steps).at(paths.SAVED)}#{focus}",
        says.format(title=title, place=place + 1, count=len(saved.slugs)),
    )


def _control(slug: str, steps: int) -> str:
    return f"{'up' if steps < 0 else 'down'}-{slug}"


def _removed(saved: SavedList, slug: str, title: str) -> ListChange:
    """The case that takes its place gets the focus or, without any other, the page."""
    place, left = saved.slugs.index(slug), saved.removing(slug)
    focus = f"remove-{left.slugs[min(place, len(left.slugs) - 1)]}" if left.slugs else "content"
    count = len(left.slugs)
    says = ngettext("“{title}” is removed. {count} case left.", "“{title}” is removed. {count} cases left.", count)
    return ListChange(f"remove-{slug}", f"{left.at(paths.SAVED)}#{focus}", says.format(title=title, count=count))
