"""The sources below a text, and what a text rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb import LANGUAGES, Section, Source


@dataclass(frozen=True)
class Backlink:
    """The way back from a source to where it is cited."""

    label: str
    href: str


@dataclass(frozen=True)
class SourceView:
    """A source in the list below a text."""

    number: int
    anchor: str
    title: str
    by: str
    year: int | None
    url: str | None
    lang: str | None
    """Of its title, where that is not English."""
    language: str
    """The name of that language; empty for English."""
    backlinks: tuple[Backlink, ...]

    @property
    def folds(self) -> bool:
        """Whether the ways back are so many that they are folded."""
        return len(self.backlinks) > BACKLINKS_SHOWN


BACKLINKS_SHOWN = 3
"""More ways back than these are folded: they matter to few readers, and hide the sources."""


def source_views(sources: Sequence[Source]) -> tuple[SourceView, ...]:
    """Sources with the ways back to where they are cited."""
    return tuple(
        SourceView(
            number,
            f"source-{source.id}",
            source.title,
            source.by,
            source.year,
            source.url,
            source.lang,
            LANGUAGES.get(source.lang or "", ""),
            tuple(Backlink(str(time), f"#cite-{source.id}-{time}") for time in range(1, source.citations + 1)),
        )
        for number, source in enumerate(sources, start=1)
    )


def cited_in(sections: Iterable[Section]) -> frozenset[str]:
    """The ids of the sources that sections cite; `GENERAL` for general professional knowledge."""
    return frozenset(citation.source for section in sections for citation in section.citations)
