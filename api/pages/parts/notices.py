"""What a visitor should know of how the search was understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from kb import Notice, in_words


@dataclass(frozen=True)
class NoticeLine:
    """One notice."""

    text: str
    undo_href: str | None = None
    """The search that takes as words what was understood as something else."""


def notice_lines(
    notices: Iterable[Notice], params: SearchParams | None = None, path: str = paths.CASES
) -> tuple[NoticeLine, ...]:
    """The notices of a page; those about a search on the page at `path` can be undone."""
    return tuple(
        NoticeLine(in_words(notice), params.with_text(notice.instead).href(path) if params and notice.instead else None)
        for notice in notices
    )
