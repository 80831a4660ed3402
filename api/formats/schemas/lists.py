"""Shared by all lists: notices, and links to their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.address.search_state import SearchParams
from api.address.site import Site
from kb import Notice, in_words


@dataclass(slots=True)
class NoticeOut:
    """How a search was interpreted, if that may be surprising."""

    code: Annotated[str, Field(description="The kind of notice.", examples=["respelled"])]
    text: Annotated[str, Field(description="A sentence in English.")]
    values: Annotated[dict[str, str | int | list[str]], Field(description="What the sentence names.")]
    instead: Annotated[str | None, Field(description="What to search for in order to undo it.")] = None


def notices_out(notices: Iterable[Notice]) -> list[NoticeOut]:
    """Notices in the form of the JSON API."""
    return [_notice_out(notice) for notice in notices]


def _notice_out(notice: Notice) -> NoticeOut:
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in notice.values}
    return NoticeOut(notice.code, in_words(notice), values, notice.instead)


@dataclass(slots=True)
class LinksOut:
    """Where to go from a list."""

    self: str
    first: str
    previous: str | None
    next: str | None
    last: str
    html: str | None = None


def page_links(params: SearchParams, pages: int, path: str, site: Site, html: str | None = None) -> LinksOut:
    """The links of one page of a list."""

    def to(page: int) -> str:
        return site.url(params.with_page(page).href(path))

    return LinksOut(
        self=to(params.page),
        first=to(1),
        previous=to(params.page - 1) if params.page > 1 else None,
        next=to(params.page + 1) if params.page < pages else None,
        last=to(pages),
        html=site.url(params.href(html)) if html else None,
    )
