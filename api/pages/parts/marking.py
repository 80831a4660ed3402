"""The words of a search, marked in a whole page.

For lists the engine reports what to mark; on a page that a visitor reached from a list, the texts are searched
once more. Markup comes last, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from kb import Highlighter, Ranges, Section, heading_in_words


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
class SectionView:
    """A section of a page."""

    id: str
    heading: str
    html: str


@dataclass(frozen=True)
class Marker:
    """Marks the words of a search; without a search, nothing."""

    highlighter: Highlighter | None = None

    def marked(self, text: str, field: str | None = None) -> Marked:
        """A text with what to mark in it; `field` is its field, for words searched for in one field only."""
        return Marked(text, self.highlighter.ranges(text, field) if self.highlighter else ())

    def section(self, section: Section) -> SectionView:
        """The section with its matching words marked; the numbers of sources are not words."""
        html = section.to_html(self._words) if self.highlighter else section.html
        return SectionView(section.id, heading_in_words(section.heading), html)

    def _words(self, text: str) -> str:
        found = self.marked(text)
        return mark(found.text, found.ranges)
