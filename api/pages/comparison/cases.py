"""Cases side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from api.address import paths
from api.address.comparison import MOST_COMPARED
from api.address.saved_list import NOTHING_SAVED, SavedList
from api.address.search_state import compare_href
from api.pages.comparison.dots import dot_table
from api.pages.comparison.page import Column, ComparisonPage, comparison_page
from api.pages.comparison.rows import (
    NOT_NAMED,
    NOTHING_WRITTEN,
    Cell,
    Line,
    Row,
    flow_line,
    row_of,
    text_cell,
    written_cell,
)
from api.pages.parts.page import Link
from kb import (
    Arrangement,
    Case,
    Challenge,
    Generation,
    Notice,
    Reason,
    ReviewState,
    Term,
    Vocabularies,
    Vocabulary,
    gettext,
    gettext_noop,
    listed,
    place_in_words,
    status_in_words,
    years_in_words,
)

R = TypeVar("R", Reason, Challenge)


def compare_cases(
    cases: Sequence[Case], notices: tuple[Notice, ...], generation: Generation, saved: SavedList = NOTHING_SAVED
) -> ComparisonPage:
    """Two to four cases side by side; `saved` is the list of the visitor, to which they are added to find another."""
    vocabularies = generation.vocabularies
    slugs = tuple(case.slug for case in cases)
    kinds = [
        term.id for term in vocabularies.arrangements if any(_entry_for(case.arrangements, term.id) for case in cases)
    ]
    arrangements = Link(gettext("Compare their arrangements"), compare_href(arrangements=kinds))
    columns = _case_columns(cases, vocabularies)
    labels = tuple(column.label for column in columns)
    return comparison_page(
        gettext("Compare {names}").format(names=listed(labels)),
        compare_href(slugs),
        columns,
        tuple(row for row in _case_rows(cases, vocabularies) if not row.is_empty),
        notices=notices,
        common=tuple(_common(cases, vocabularies)),
        more=(
            *(
                (Link(gettext("Add a case"), saved.saving(*slugs).at(paths.CASES)),)
                if len(cases) < MOST_COMPARED
                else ()
            ),
            *((arrangements,) if 2 <= len(kinds) <= MOST_COMPARED else ()),
        ),
        csv_href=compare_href(slugs, path=paths.COMPARE_CSV),
        dots=dot_table(cases, labels, vocabularies),
    )


def _case_columns(cases: Sequence[Case], vocabularies: Vocabularies) -> tuple[Column, ...]:
    cities = [listed([vocabularies.cities.label(city) for city in case.cities]) for case in cases]
    is_enough = len(set(cities)) == len(cities)
    return tuple(
        Column(
            label=city if is_enough else case.title,
            title=case.title,
            href=paths.case(case.slug),
            place=f"{place_in_words(case, vocabularies)} · {years_in_words(case)}",
            without_href=compare_href(other.slug for other in cases if other is not case),
        )
        for case, city in zip(cases, cities, strict=True)
    )


def _common(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[Link]:
    for arrangement in vocabularies.arrangements:
        if all(_entry_for(case.arrangements, arrangement.id) for case in cases):
            yield Link(arrangement.label, paths.arrangement(arrangement.id))
    for challenge in vocabularies.challenges:
        if all(_entry_for(case.challenges, challenge.id) for case in cases):
            yield Link(challenge.label, paths.challenge(challenge.id))


def _entry_for(reasons: Sequence[R], term_id: str) -> R | None:
    """What a case says of one of its terms."""
    return next((reason for reason in reasons if reason.id == term_id), None)


def _case_rows(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[Row]:
    def row(heading: str, cell: Callable[[Case], Cell], *, is_clear: bool = False) -> Row:
        return row_of(heading, cases, cell, is_clear=is_clear)

    yield row(gettext_noop("In short"), lambda case: text_cell(case.summary))
    # How far to believe what follows.
    yield row(gettext_noop("Evidence"), lambda case: _evidence(case, vocabularies))
    yield row(gettext_noop("Arrangement"), lambda case: _arrangements(case, vocabularies))
    yield row(gettext_noop("Purpose"), lambda case: _by_arrangement(case, vocabularies, _purpose_line))
    yield row(gettext_noop("Who is at the table"), _table)
    yield row(gettext_noop("Sectors at the table"), lambda case: _sectors(case, vocabularies))
    yield row(gettext_noop("Information"), lambda case: _by_arrangement(case, vocabularies, flow_line))
    yield from _challenge_rows(cases, vocabularies)
    yield row(gettext_noop("What helped"), lambda case: _section(case, "what-helped"))
    yield row(gettext_noop("What was hard"), lambda case: _section(case, "what-was-hard"))
    yield row(gettext_noop("What is known about results"), lambda case: _section(case, "what-is-known-about-results"))
    yield row(gettext_noop("City"), lambda case: text_cell(place_in_words(case, vocabularies)))
    yield row(gettext_noop("Years"), lambda case: text_cell(years_in_words(case)))
    yield row(gettext_noop("Status"), lambda case: text_cell(status_in_words(case, vocabularies)))
    yield row(gettext_noop("What it takes"), lambda case: text_cell(case.resources or ""))
    yield row(gettext_noop("Kind of extremism"), lambda case: _labels(case.extremism, vocabularies.extremism))
    yield row(gettext_noop("For whom"), lambda case: _labels(case.audiences, vocabularies.audiences))
    yield row(gettext_noop("Review"), _review, is_clear=True)


def _arrangements(case: Case, vocabularies: Vocabularies) -> Cell:
    def lines(reasons: Sequence[Reason], label: str) -> Iterator[Line]:
        for reason in reasons:
            name = vocabularies.arrangements.label(reason.id)
            yield Line(reason.why, label, Link(name, paths.arrangement(reason.id)))

    return Cell((*lines(case.arrangements, ""), *lines(case.experienced_as, gettext("Experienced as"))))


def _by_arrangement(case: Case, vocabularies: Vocabularies, line: Callable[[Arrangement, str], Line]) -> Cell:
    """What the vocabulary says of the case's arrangements, in its order, so that equals look equal."""
    terms = [term for term in vocabularies.arrangements if _entry_for(case.arrangements, term.id)]
    lines = tuple(line(term, term.label if len(terms) > 1 else "") for term in terms)
    return Cell(lines, missing="" if lines else gettext(NOTHING_WRITTEN))


def _purpose_line(term: Arrangement, label: str) -> Line:
    return Line(term.purpose, label)


def _table(case: Case) -> Cell:
    named = ((gettext("Led by"), case.lead), (gettext("Partners"), case.partners))
    lines = tuple(Line("; ".join(partner.name for partner in partners), label) for label, partners in named if partners)
    section = case.section("who-is-at-the-table")
    written = written_cell(section, paths.case(case.slug))
    return replace(written, lines=lines, missing="" if lines else written.missing)


def _challenge_rows(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[Row]:
    """A row for each challenge that any case names; those that most of them name come first."""
    found = []
    for term in vocabularies.challenges:
        challenges = [_entry_for(case.challenges, term.id) for case in cases]
        if any(challenges):
            cells = tuple(
                _challenge(challenge) if challenge else Cell(missing=gettext(NOT_NAMED)) for challenge in challenges
            )
            found.append(Row(term.id, Link(term.label, paths.challenge(term.id)), cells, gettext("Challenge")))
    yield from sorted(found, key=lambda row: sum(bool(cell.missing) for cell in row.cells))


def _challenge(challenge: Challenge) -> Cell:
    sentences = ((gettext("How it showed"), challenge.showed), (gettext("How it was handled"), challenge.handled))
    return Cell(tuple(Line(text, label) for label, text in sentences if text))


def _section(case: Case, section_id: str) -> Cell:
    return written_cell(case.section(section_id), paths.case(case.slug))


def _evidence(case: Case, vocabularies: Vocabularies) -> Cell:
    return Cell((Line(case.evidence.note, vocabularies.evidence.label(case.evidence.level)),))


def _sectors(case: Case, vocabularies: Vocabularies) -> Cell:
    label = vocabularies.sectors.label
    counted = (f"{label(sector)} {len(partners)}" for sector, partners in case.by_sector.items() if sector)
    return text_cell(", ".join(counted))


def _labels(ids: Sequence[str], vocabulary: Vocabulary[Term]) -> Cell:
    """The labels of terms in the order of their vocabulary, so that equals look equal."""
    return text_cell(", ".join(term.label for term in vocabulary if term.id in ids))


def _review(case: Case) -> Cell:
    if case.review.state is ReviewState.REVIEWED:
        reviewed = gettext("Reviewed on {date} by {role}.")
        return text_cell(reviewed.format(date=case.review.date, role=case.review.by))
    return text_cell(gettext("Not reviewed by the city."))
