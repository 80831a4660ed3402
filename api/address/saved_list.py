"""The cases that a visitor has saved, in the address: without an account, and without a cookie.

Every page is answered for the list in its address, and every link and form of the page carries the list on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from markupsafe import escape

from api.address import paths

MOST_SAVED = 12
"""The most cases on a list: more than a meeting will read, in an address that still fits in an email."""

LONGEST_NAME = 80
"""Characters of the name of a list."""

SLUG, NAME = "shelf", "list"
"""The parameters."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")

OWN_LIST = "data-own-list"
"""The attribute of links and forms that lead to another list, or to none. They are left as they are."""

_STARTS = re.compile(r"""<(a|form)\b(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ADDRESS = re.compile(r'(\s(?:href|action)=")(/(?!/)[^"]*)"')
_FILES = (paths.STATIC, paths.API, paths.FEED)
"""Addresses of data and files, which have no use for a list."""


@dataclass(frozen=True)
class SavedList:
    """Cases that a visitor has saved, in their order."""

    slugs: tuple[str, ...] = ()
    name: str = ""
    """What the visitor calls it."""

    @classmethod
    def read(cls, slugs: Iterable[str], name: str = "") -> SavedList:
        """The list in an address: without duplicates, and without what can be no name of a case.

        >>> SavedList.read(["oslo-salto", "", "oslo-salto", "../x"], " For  Monday ")
        SavedList(slugs=('oslo-salto',), name='For Monday')
        """
        found = dict.fromkeys(slug for slug in slugs if _SLUG.fullmatch(slug))
        return cls(tuple(found)[:MOST_SAVED], " ".join(name.split())[:LONGEST_NAME])

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another case."""
        return len(self.slugs) >= MOST_SAVED

    def __contains__(self, slug: str) -> bool:
        """Whether a case is saved."""
        return slug in self.slugs

    def saving(self, *slugs: str) -> SavedList:
        """The list with more cases at its end; a full list does not change.

        >>> SavedList(("a", "b")).saving("c", "a").slugs
        ('a', 'b', 'c')
        """
        return replace(self, slugs=tuple(dict.fromkeys((*self.slugs, *slugs)))[:MOST_SAVED])

    def removing(self, slug: str) -> SavedList:
        """The list without a case."""
        return replace(self, slugs=tuple(other for other in self.slugs if other != slug))

    def moving(self, slug: str, steps: int) -> SavedList:
        """The list with a case some places further down, or up if `steps` is negative.

        >>> SavedList(("a", "b", "c")).moving("c", -1).slugs
        ('a', 'c', 'b')
        """
        others = list(self.removing(slug).slugs)
        others.insert(max(0, self.slugs.index(slug) + steps), slug)
        return replace(self, slugs=tuple(others))

    def named(self, name: str) -> SavedList:
        """The list under another name."""
        return SavedList.read(self.slugs, name)

    def pairs(self) -> Sequence[tuple[str, str]]:
        """Its parameters; none if nothing is saved."""
        name = [(NAME, self.name)] if self.name and self.slugs else []
        return [*((SLUG, slug) for slug in self.slugs), *name]

    def at(self, address: str) -> str:
        """An address on this site with this list in place of any other.

        >>> SavedList(("oslo-salto",)).at("/cases?q=school&shelf=aarhus-info-house#results")
        '/cases?q=school&shelf=oslo-salto#results'
        >>> SavedList().at("/cases?shelf=aarhus-info-house")
        '/cases'
        """
        split = urlsplit(address)
        given = [(name, value) for name, value in parse_qsl(split.query) if value.strip() and name not in (SLUG, NAME)]
        query = urlencode([*given, *self.pairs()])
        return urlunsplit(split._replace(query=query))

    def carried_by(self, html: str) -> str:
        """A page whose links and forms carry this list to the other pages of the site."""
        return _STARTS.sub(self._carried, html) if self.slugs else html

    def _carried(self, tag: re.Match[str]) -> str:
        found = _ADDRESS.search(tag[0])
        if not found or OWN_LIST in tag[0] or " download" in tag[0] or found[2].startswith(_FILES):
            return tag[0]
        if f"{SLUG}=" in found[2]:
            # It leads to a list of its own.
            return tag[0]
        if 'method="get"' not in tag[0]:
            # In HTML an address is escaped: of its signs only "&" matters here.
            address = self.at(found[2].replace("&amp;", "&"))
            return f"{tag[0][: found.start(2)]}{escape(address)}{tag[0][found.end(2) :]}"
        fields = (f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in self.pairs())
        return f"{tag[0]}{''.join(fields)}"


NOTHING_SAVED = SavedList()


def unread_list(slugs: Iterable[str], name: str) -> str:
    """The page of a list as it was written, so that it can report what it leaves out.

    >>> unread_list(["oslo-salto", "oslo-salto"], "")
    '/saved?shelf=oslo-salto&shelf=oslo-salto'
    """
    return SavedList(tuple(slugs), name).at(paths.SAVED)
