"""The words of a search, marked in a whole page.

For lists the engine reports what to mark; on a page that a visitor reached from a list, the texts are searched
once more. Markup comes last, as everywhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from kb import Highlighter, Ranges, Section

_KEPT = re.compile(r"""(<sup\b.*?</sup>|<(?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
"""What stays as it is: tags, and the numbers of sources, which are no words of the text."""


def mark(text: str, ranges: Ranges) -> Markup:
    """Text with the given ranges marked, everything escaped.

    >>> mark("a <b> c", ((2, 5),))
    Markup('a <mark>&lt;b&gt;</mark> c')
    """
    pieces: list[str] = []
    position = 0
    for start, end in ranges:
        pieces += (escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>")
        position = end
    pieces.append(escape(text[position:]))
    return Markup("".join(pieces))  # noqa: S704  # every piece of the text is escaped above


@dataclass(frozen=True)
class Marked:
    """A text and what to mark in it."""

    text: str
    ranges: Ranges = ()


@dataclass(frozen=True)
class Marker:
    """Marks the words of a search; without a search, nothing."""

    highlighter: Highlighter | None = None

    def marked(self, text: str, field: str | None = None) -> Marked:
        """A text with what to mark in it; `field` is its field, for words searched for in one field only."""
        return Marked(text, self.highlighter.ranges(text, field) if self.highlighter else ())

    def section(self, section: Section) -> Section:
        """The section with its rendered text marked."""
        return replace(section, html=self.markup(section.html)) if self.highlighter else section

    def markup(self, markup: str) -> str:
        """Rendered text with marks put between its tags."""
        return "".join(self._pieces(markup)) if self.highlighter else markup

    def _pieces(self, markup: str) -> Iterator[str]:
        for number, piece in enumerate(_KEPT.split(markup)):
            yield piece if number % 2 else self._text(piece)

    def _text(self, escaped: str) -> Markup:
        found = self.marked(html.unescape(escaped))
        return mark(found.text, found.ranges)
