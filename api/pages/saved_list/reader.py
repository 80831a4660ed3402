"""The saved cases as a booklet for a meeting: each in brief, with its sources and room for notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.comparison import read_listed
from api.address.saved_list import SavedList
from api.address.site import NAME, Site
from api.formats.qr_code import qr_code
from api.formats.word import Block, Heading, Items, Paragraph, Table, Words, word_document
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Page
from api.pages.parts.sources import SourceView, source_views
from kb import Case, Generation, check, gettext, gettext_noop, place_in_words, years_in_words

POINTS_SHOWN = 2
"""Of each section: a meeting reads a page for each case."""

PARTS = (
    ("what-helped", gettext_noop("What helped")),
    ("what-was-hard", gettext_noop("What was hard")),
    ("lessons-for-another-city", gettext_noop("Lessons for other cities")),
)
"""The sections that are read in brief."""

NOTES_HEIGHT = 60
"""Millimetres of a page to write on."""


@dataclass(frozen=True)
class BriefPart:
    """The points of a section, each whole."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class ReaderCase:
    """A case in brief."""

    number: int
    slug: str
    title: str
    href: str
    place: str
    years: str
    arrangements: tuple[str, ...]
    evidence: str
    summary: str
    parts: tuple[BriefPart, ...]
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class ReaderPage(Page):
    """`/saved/reader`."""

    saved: SavedList
    """What exists of the list in the address."""
    notices: tuple[NoticeLine, ...]
    """What was left out."""
    cases: tuple[ReaderCase, ...]
    qr_code: str
    """The link to the list as an SVG element; empty if it is too long."""


def reader_page(slugs: Sequence[str], name: str, generation: Generation, site: Site) -> ReaderPage:
    """The cases of a list in brief, in their order; those that do not exist are reported."""
    summaries, notices = read_listed(slugs, generation)
    saved = SavedList.read((case.slug for case in summaries), name)
    cases = (case for slug in saved.slugs if (case := generation.cases.case(slug)))
    return ReaderPage(
        title=saved.name or gettext("Cases to read and discuss"),
        path=saved.at(paths.SAVED_READER),
        saved=saved,
        notices=notice_lines(notices),
        cases=tuple(_brief(number, case, generation) for number, case in enumerate(cases, start=1)),
        qr_code=qr_code(site.url(saved.at(paths.SAVED))) if summaries else "",
    )


def _brief(number: int, case: Case, generation: Generation) -> ReaderCase:
    check()
    vocabularies = generation.vocabularies
    return ReaderCase(
        number=number,
        slug=case.slug,
        title=case.title,
        href=paths.case(case.slug),
        place=place_in_words(case, vocabularies),
        years=years_in_words(case),
        arrangements=tuple(vocabularies.arrangements.label(reason.id) for reason in case.arrangements),
        evidence=vocabularies.evidence.label(case.evidence.level),
        summary=case.summary,
        parts=tuple(_parts(case)),
        sources=source_views(case.sources),
    )


def _parts(case: Case) -> Iterator[BriefPart]:
    for section_id, heading in PARTS:
        section = case.section(section_id)
        if section and section.key_texts:
            yield BriefPart(gettext(heading), section.key_texts[:POINTS_SHOWN])


def reader_document(page: ReaderPage, site: Site) -> bytes:
    """The same as a file for word processors."""
    return word_document(page.title, _blocks(page, site), footer=f"{page.title} · {NAME}", author=NAME)


def _blocks(page: ReaderPage, site: Site) -> Iterator[Block]:
    yield Heading(page.title, 0)
    for notice in page.notices:
        yield Paragraph((notice.text,))
    address = site.url(page.saved.at(paths.SAVED))
    yield Paragraph((gettext("This list online:"), " ", Words(address, address)), is_small=True)
    yield Heading(gettext("Contents"))
    yield Items(tuple((f"{case.title} ({case.place})",) for case in page.cases), is_numbered=True)
    for case in page.cases:
        yield from _case_blocks(case, site)


def _case_blocks(case: ReaderCase, site: Site) -> Iterator[Block]:
    yield Heading(f"{case.number}. {case.title}", on_new_page=True)
    yield Paragraph((Words(f"{case.place} · {case.years}", is_strong=True),))
    evidence = gettext("Evidence:")
    yield Paragraph((f"{', '.join(case.arrangements)} · {evidence} {case.evidence}",))
    yield Paragraph((case.summary,))
    for part in case.parts:
        yield Heading(part.heading, 2)
        yield Items(tuple((point,) for point in part.points))
    yield Heading(gettext("Notes"), 2)
    yield Table((("",),), row_height=NOTES_HEIGHT)
    yield Heading(gettext("Sources"), 2)
    yield Items(tuple(tuple(_source(source)) for source in case.sources), is_numbered=True, is_small=True)
    address = site.url(case.href)
    yield Paragraph((gettext("The whole case, with the source of each statement:"), " ", Words(address, address)), True)


def _source(source: SourceView) -> Iterator[str | Words]:
    yield f"{source.by}{f' ({source.year})' if source.year else ''}. "
    yield Words(source.title, source.url or "", source.lang or "")
