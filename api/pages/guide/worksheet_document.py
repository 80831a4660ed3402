"""A worksheet as a document for a word processor."""

from __future__ import annotations

from collections.abc import Iterator

from api.address.site import NAME, Site
from api.formats.word import Block, Heading, Items, Paragraph, Table, Words, word_document
from api.pages.guide.worksheet import Blank, WorksheetPage
from kb import gettext

_LINE = 9
"""Millimetres of an empty line to write on."""


def worksheet_document(page: WorksheetPage, site: Site) -> bytes:
    """The worksheet, with what was filled in and room for the rest, as the bytes of a `.docx` file."""
    return word_document(page.title, _blocks(page, site), footer=page.title, author=NAME)


def _blocks(page: WorksheetPage, site: Site) -> Iterator[Block]:
    term = page.term
    yield Heading(page.title, 0)
    yield Paragraph((Words(term.purpose, is_strong=True),))
    yield Table((
        (gettext("Information"), term.flow),
        (gettext("Is a named person discussed?"), gettext("Yes") if term.named_person else gettext("No")),
        (gettext("Does the group decide together?"), term.decides_together),
    ))  # fmt: skip
    yield _form(page.meeting)
    yield Heading(gettext("Questions before starting"))
    yield _form(page.questions, 2 * _LINE)
    yield Heading(gettext("Who should be at the table, and who will be missing"))
    yield Paragraph((term.table,))
    yield _form(page.people, 2 * _LINE)
    if page.pitfalls:
        yield Heading(gettext("Pitfalls to talk about"))
        yield Items(tuple((f"{'☒' if pitfall.value else '☐'} {pitfall.label}",) for pitfall in page.pitfalls))
    if page.contrast:
        yield Heading(gettext("Two cases to read side by side"))
        yield Items(
            tuple(
                (Words(case.title, href=site.url(case.href)), f" ({case.place}, {case.years}). {case.why}")
                for case in page.contrast.cases
            )
        )
    if page.rests_on:
        rests = gettext("Questions and pitfalls rest on: {sources}.").format(sources=" · ".join(page.rests_on))
        yield Paragraph((rests,), is_small=True)
    whole = site.url(page.href)
    yield Paragraph(
        (gettext("Whole text, with the source of each statement:"), " ", Words(whole, href=whole)), is_small=True
    )


def _form(blanks: tuple[Blank, ...], height: int = _LINE) -> Table:
    return Table(tuple((blank.label, blank.value) for blank in blanks), row_height=height)
