"""One page for a first meeting, to fill in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.address import paths
from api.pages.parts.contrast import ContrastView, contrast_view
from api.pages.parts.page import Page
from api.pages.parts.sources import cited_in
from kb import GENERAL, Arrangement, Generation, Guide, gettext

_SHOWN = ("questions-before-starting", "pitfalls")
"""The sections of the guide page that it shows."""

LONGEST_VALUE = 4000
"""Characters of one answer that are read."""


@dataclass(frozen=True)
class Blank:
    """Something to fill in."""

    name: str
    label: str
    value: str = ""


@dataclass(frozen=True)
class WorksheetPage(Page):
    """`/arrangements/{id}/worksheet`."""

    term: Arrangement
    href: str
    """The guide page that it is taken from."""
    document_href: str
    """The same as a document for a word processor; it takes what was filled in by POST."""
    meeting: tuple[Blank, ...]
    """When, where and what for."""
    questions: tuple[Blank, ...]
    people: tuple[Blank, ...]
    """Who is at the table, and who is not."""
    pitfalls: tuple[Blank, ...]
    """To be ticked: any value is a tick."""
    contrast: ContrastView | None
    rests_on: tuple[str, ...]
    """The sources of the questions and the pitfalls, by author and year."""


def worksheet_page(
    term: Arrangement, generation: Generation, filled_in: Iterable[tuple[str, str]] = ()
) -> WorksheetPage:
    """The worksheet of one arrangement, with what was filled in; what it does not ask for is left out."""
    guide = generation.cases.guide("arrangement", term.id)
    given = {name: value.replace("\r\n", "\n").strip()[:LONGEST_VALUE] for name, value in filled_in}
    questions = guide.points(_SHOWN[0]) if guide else ()
    pitfalls = guide.points(_SHOWN[1]) if guide else ()

    def blank(name: str, label: str) -> Blank:
        return Blank(name, label, given.get(name, ""))

    return WorksheetPage(
        title=gettext("Worksheet: {arrangement}").format(arrangement=term.label),
        path=paths.worksheet(term.id),
        term=term,
        href=paths.arrangement(term.id),
        document_href=paths.worksheet_document(term.id),
        meeting=(
            blank("date", gettext("Date")),
            blank("place", gettext("Place")),
            blank("aim", gettext("What we want to do")),
        ),
        questions=tuple(blank(f"question-{number}", text) for number, text in enumerate(questions, start=1))
        or (blank("notes", gettext("Notes")),),
        people=(
            blank("present", gettext("Who should be at the table")),
            blank("missing", gettext("Who will be missing")),
        ),
        pitfalls=tuple(blank(f"pitfall-{number}", text) for number, text in enumerate(pitfalls, start=1)),
        contrast=contrast_view(term.id, generation),
        rests_on=_rests_on(guide) if guide else (),
    )


def _rests_on(guide: Guide) -> tuple[str, ...]:
    cited = cited_in(section for section in guide.sections if section.id in _SHOWN)
    sources = (source for source in guide.sources if source.id in cited)
    names = (f"{source.by} ({source.year})" if source.year else source.by for source in sources)
    general = [gettext("general professional knowledge")] if GENERAL in cited else []
    return tuple(dict.fromkeys([*names, *general]))
