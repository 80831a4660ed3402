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
from kb import Arrangement, Generation, Guide, Notice, SearchResult, cases_in_words

CHALLENGES_SHOWN = 5

GUIDE_SECTIONS = (
    "What it makes possible",
    "Pitfalls",
    "Fits when",
    "Does not fit when",
    "Questions before starting",
)
"""Of an arrangement's guide page, what its entry in the vocabulary does not say in a line."""


def compare_arrangements(
    arrangements: Sequence[Arrangement], notices: tuple[Notice, ...], generation: Generation
) -> ComparisonPage:
    """Two to four arrangements side by side."""
    ids = [term.id for term in arrangements]
    others = [term for term in generation.vocabularies.arrangements if term.id not in ids]
    return comparison_page(
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
            Link(f"Add {term.label}", compare_href(arrangements=[*ids, term.id]))
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

    yield row("In short", lambda term: text_cell(term.description))
    yield row("Purpose", lambda term: text_cell(term.purpose))
    yield row("Who is at the table", lambda term: text_cell(term.table))
    yield row("Information", lambda term: Cell((flow_line(term),)))
    yield row("Is a named person discussed?", lambda term: text_cell("Yes." if term.named_person else "No."))
    yield row("Does the group decide together?", lambda term: text_cell(term.decides_together))
    for heading in GUIDE_SECTIONS:
        yield row(heading, partial(_guide_section, guides, heading))
    yield row("Cases in this collection", lambda term: _number(term, found[term.id]))
    yield row("Challenges named most often in them", lambda term: _challenges(term, found[term.id], generation))
    yield row("Two unlike cases", lambda term: _examples(term, generation))


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
            f"{count.cases} of {found.total}",
            term=Link(
                generation.vocabularies.challenges.label(count.value),
                search.with_filter("challenge", count.value).href(),
            ),
        )
        for count in found.facets["challenge"][:CHALLENGES_SHOWN]
    )
    return Cell(lines, missing="" if lines else NOTHING_WRITTEN)


def _examples(term: Arrangement, generation: Generation) -> Cell:
    contrast = contrast_view(term.id, generation)
    if contrast is None:
        return Cell(missing="Fewer than two cases.")
    cases = (Line(case.place, term=Link(case.title, case.href)) for case in contrast.cases)
    return Cell(
        (*cases, Line(contrast.differences, "They differ"), Line("", term=Link("Compare them", contrast.compare_href)))
    )
