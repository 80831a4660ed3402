"""What there is to do for editors: only what is public, and numbers of what is not online."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.pages.parts.in_code import Words, in_code
from api.pages.parts.page import Link, Page
from kb import Chapter, Entry, Overview, gettext, ngettext

FIRST = 8
"""Entries of each chapter on the overview."""

ON_PAGE = 200
"""Entries on a page of one chapter."""


@dataclass(frozen=True)
class EntryView:
    """One thing to look at."""

    label: str
    href: str
    """Empty if nothing on the site is about it."""
    detail: str


@dataclass(frozen=True)
class ChapterView:
    """Things of one kind."""

    id: str
    label: str
    count: int
    to_do: Words
    entries: tuple[EntryView, ...]
    links: tuple[Link, ...]
    """To the rest of the entries, and to what helps."""


@dataclass(frozen=True)
class StatusPage(Page):
    """`/contribute/status`."""

    day: str
    cases: int
    chapters: tuple[ChapterView, ...]
    done: tuple[str, ...]
    """The kinds of which there is nothing to do."""
    is_whole: bool
    """Whether all chapters are shown, each with its first entries."""


def status_page(overview: Overview, only: str, number: int) -> StatusPage:
    """The overview for editors, or a page of one chapter of it, if there is one of this id with so many pages."""
    chapter = next((chapter for chapter in overview.chapters if chapter.id == only and chapter.entries), None)
    start = (number - 1) * ON_PAGE
    if chapter is None or start >= len(chapter.entries):
        open_ones = [chapter for chapter in overview.chapters if chapter.count]
        done = tuple(chapter.label for chapter in overview.chapters if not chapter.count)
        views = tuple(_view(chapter, chapter.entries[:FIRST], _links(chapter)) for chapter in open_ones)
        title = gettext("Overview for editors")
        return StatusPage(title, paths.STATUS, str(overview.day), overview.cases, views, done, True)
    view = _view(chapter, chapter.entries[start : start + ON_PAGE], tuple(_around(chapter, number)))
    path = paths.status(chapter.id, number)
    return StatusPage(chapter.label, path, str(overview.day), overview.cases, (view,), (), False)


def _view(chapter: Chapter, entries: tuple[Entry, ...], links: tuple[Link, ...]) -> ChapterView:
    views = tuple(
        EntryView(entry.label or entry.name, _href(chapter.id, entry.name), entry.detail) for entry in entries
    )
    return ChapterView(chapter.id, chapter.label, chapter.count, in_code(chapter.to_do), views, links)


def _links(chapter: Chapter) -> tuple[Link, ...]:
    links = []
    if len(chapter.entries) > FIRST:
        count = len(chapter.entries)
        label = ngettext("All {count} entry", "All {count} entries", count).format(count=f"{count:,}")
        links.append(Link(label, paths.status(chapter.id)))
    if chapter.id == "cells":
        links.append(Link(gettext("The matrix"), paths.MATRIX))
    return tuple(links)


def _around(chapter: Chapter, number: int) -> tuple[Link, ...]:
    links = []
    if number > 1:
        links.append(Link(gettext("Previous"), paths.status(chapter.id, number - 1)))
    if number * ON_PAGE < len(chapter.entries):
        links.append(Link(gettext("Next"), paths.status(chapter.id, number + 1)))
    return (*links, Link(gettext("The whole overview"), paths.STATUS))


_TERM_PAGES = {"arrangement": paths.arrangement, "challenge": paths.challenge}


def _href(chapter: str, name: str) -> str:
    """The page about an entry."""
    if chapter in {"problems", "allowed"}:
        return paths.rule(name)
    first, _, second = name.partition("/")
    if chapter == "terms":
        return _TERM_PAGES[first](second) if first in _TERM_PAGES else ""
    return paths.arrangement(first) if chapter == "cells" else paths.case(name)
