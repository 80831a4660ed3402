"""Arrangements side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from api.address import paths
from api.address.comparison import MOST_COMPARED
from api.address.search_state import SearchParams, compare_href
from api.pages.comparison.page import Column, ComparisonPage, comparison_page
from api.pages.comparison.rows import NOTHING_WRITTEN, Cell, Line, Row, flow_line, row_of, text_cell, written_cell
from api.pages.parts.contrast import contrast_view
from api.pages.parts.found import first_cases_with
from api.pages.parts.page import Link
from kb import Arrangement, Generation, Guide, Notice, SearchResult, cases_in_words, gettext, gettext_noop

CHALLENGES_SHOWN = 5

_TITLES = {
    2: gettext_noop("Compare two arrangements"),
    3: gettext_noop("Compare three arrangements"),
    4: gettext_noop("Compare four arrangements"),
}

GUIDE_SECTIONS = (
    gettext_noop("What it makes possible"),
    gettext_noop("Pitfalls"),
    gettext_noop("Fits when"),
    gettext_noop("Does not fit when"),
    gettext_noop("Questions before starting"),
)
"""Of an arrangement's guide page, what its entry in the vocabulary does not say in a line."""


def compare_arrangements(
    arrangements: Sequence[Arrangement], notices: tuple[Notice, ...], generation: Generation
) -> ComparisonPage:
    """Two to four arrangements side by side."""
    ids = [term.id for term in arrangements]
    others = [term for term in generation.vocabularies.arrangements if term.id not in ids]
    return comparison_page(
        gettext(_TITLES[len(ids)]),
        compare_href(arrangements=ids),
        tuple(
            Column(
                label=term.label,
                title=term.label,
                href=paths.arrangement(term.id),
                place="",
                without_href=compare_href(arrangements=[other for other in ids if other != term.id]),
            )
            for term in arrangements
        ),
        tuple(row for row in _arrangement_rows(arrangements, generation) if not row.is_empty),
        notices=notices,
        common=(),
        more=tuple(
            Link(gettext("Add {name}").format(name=term.label), compare_href(arrangements=[*ids, term.id]))
            for term in others
            if len(ids) < MOST_COMPARED
        ),
        csv_href=compare_href(arrangements=ids, path=paths.COMPARE_CSV),
    )


def _arrangement_rows(arrangements: Sequence[Arrangement], generation: Generation) -> Iterator[Row]:
    guides = {term.id: generation.cases.guide("arrangement", term.id) for term in arrangements}
    found = {term.id: first_cases_with(generation, "arrangement", term.id) for term in arrangements}

    def row(heading: str, cell: Callable[[Arrangement], Cell]) -> Row:
        return row_of(heading, arrangements, cell)

    yield row(gettext_noop("In short"), lambda term: text_cell(term.description))
    yield row(gettext_noop("Purpose"), lambda term: text_cell(term.purpose))
    yield row(gettext_noop("Who is at the table"), lambda term: text_cell(term.table))
    yield row(gettext_noop("Information"), lambda term: Cell((flow_line(term),)))
    yield row(
        gettext_noop("Is a named person discussed?"),
        lambda term: text_cell(gettext("Yes.") if term.named_person else gettext("No.")),
    )
    yield row(gettext_noop("Does the group decide together?"), lambda term: text_cell(term.decides_together))
    for heading in GUIDE_SECTIONS:
        yield row(heading, partial(_guide_section, guides, heading))
    yield row(gettext_noop("Cases in this collection"), lambda term: _number(term, found[term.id]))
    yield row(
        gettext_noop("Challenges named most often in them"), lambda term: _challenges(term, found[term.id], generation)
    )
    yield row(gettext_noop("Two unlike cases"), lambda term: _examples(term, generation))


def _guide_section(guides: Mapping[str, Guide | None], heading: str, term: Arrangement) -> Cell:
    guide = guides[term.id]
    sections = guide.sections if guide else ()
    section = next((section for section in sections if section.heading == heading), None)
    return written_cell(section, paths.arrangement(term.id))


def _number(term: Arrangement, found: SearchResult) -> Cell:
    href = SearchParams().with_filter("arrangement", term.id).href()
    return Cell((Line("", term=Link(cases_in_words(found.total), href)),))


def _challenges(term: Arrangement, found: SearchResult, generation: Generation) -> Cell:
    """What its cases name most often, in numbers of this collection."""
    search = SearchParams().with_filter("arrangement", term.id)
    lines = tuple(
        Line(
            gettext("{count} of {total}").format(count=count.cases, total=found.total),
            term=Link(
                generation.vocabularies.challenges.label(count.value),
                search.with_filter("challenge", count.value).href(),
            ),
        )
        for count in found.facets["challenge"][:CHALLENGES_SHOWN]
    )
    return Cell(lines, missing="" if lines else gettext(NOTHING_WRITTEN))


def _examples(term: Arrangement, generation: Generation) -> Cell:
    contrast = contrast_view(term.id, generation)
    if contrast is None:
        return Cell(missing=gettext("Fewer than two cases."))
    cases = (Line(case.place, term=Link(case.title, case.href)) for case in contrast.cases)
    return Cell(
        (
            *cases,
            Line(contrast.differences, gettext("They differ")),
            Line("", term=Link(gettext("Compare them"), contrast.compare_href)),
        )
    )
