"""One printed page for a first meeting."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.pages.parts.contrast import ContrastView, contrast_view
from api.pages.parts.page import Page
from api.pages.parts.sources import cited_in
from kb import GENERAL, Arrangement, Generation, Guide

_SHOWN = ("questions-before-starting", "pitfalls")
"""The sections of the guide page that it shows."""


@dataclass(frozen=True)
class WorksheetPage(Page):
    """`/arrangements/{id}/worksheet`."""

    term: Arrangement
    href: str
    """The guide page that it is taken from."""
    questions: tuple[str, ...]
    pitfalls: tuple[str, ...]
    contrast: ContrastView | None
    rests_on: tuple[str, ...]
    """The sources of the questions and the pitfalls, by author and year."""


def worksheet_page(term: Arrangement, generation: Generation) -> WorksheetPage:
    """The worksheet of one arrangement."""
    guide = generation.cases.guide("arrangement", term.id)
    return WorksheetPage(
        title=f"Worksheet: {term.label}",
        path=paths.worksheet(term.id),
        term=term,
        href=paths.arrangement(term.id),
        questions=guide.points(_SHOWN[0]) if guide else (),
        pitfalls=guide.points(_SHOWN[1]) if guide else (),
        contrast=contrast_view(term.id, generation),
        rests_on=_rests_on(guide) if guide else (),
    )


def _rests_on(guide: Guide) -> tuple[str, ...]:
    cited = cited_in(section for section in guide.sections if section.id in _SHOWN)
    sources = (source for source in guide.sources if source.id in cited)
    names = (f"{source.by} ({source.year})" if source.year else source.by for source in sources)
    general = ["general professional knowledge"] if GENERAL in cited else []
    return tuple(dict.fromkeys([*names, *general]))
