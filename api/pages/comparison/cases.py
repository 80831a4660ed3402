"""Cases side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from api.address import paths
from api.address.comparison import MOST_COMPARED
from api.address.saved_list import SavedList
from api.address.search_state import compare_href
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
    listed,
    place_in_words,
    status_in_words,
    years_in_words,
)

R = TypeVar("R", Reason, Challenge)


def compare_cases(cases: Sequence[Case], notices: tuple[Notice, ...], generation: Generation) -> ComparisonPage:
    """Two to four cases side by side."""
    vocabularies = generation.vocabularies
    slugs = tuple(case.slug for case in cases)
    kinds = [
        term.id for term in vocabularies.arrangements if any(_entry_for(case.arrangements, term.id) for case in cases)
    ]
    arrangements = Link("Compare their arrangements", compare_href(arrangements=kinds))
    return comparison_page(
        compare_href(slugs),
        _case_columns(cases, vocabularies),
        tuple(row for row in _case_rows(cases, vocabularies) if not row.is_empty),
        notices=notices,
        common=tuple(_common(cases, vocabularies)),
        more=(
            Link("Add a case", SavedList(slugs).at(paths.CASES)),
            *((arrangements,) if 2 <= len(kinds) <= MOST_COMPARED else ()),
        ),
        csv_href=compare_href(slugs, path=paths.COMPARE_CSV),
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
    def row(heading: str, cell: Callable[[Case], Cell]) -> Row:
        return row_of(heading, cases, cell)

    yield row("In short", lambda case: text_cell(case.summary))
    yield row("Arrangement", lambda case: _arrangements(case, vocabularies))
    yield row(
        "Purpose", lambda case: _by_arrangement(case, vocabularies, lambda term, label: Line(term.purpose, label))
    )
    yield row("Who is at the table", _table)
    yield row("Sectors at the table", lambda case: _sectors(case, vocabularies))
    yield row("Information", lambda case: _by_arrangement(case, vocabularies, flow_line))
    yield from _challenge_rows(cases, vocabularies)
    yield row("What helped", lambda case: _section(case, "what-helped"))
    yield row("What was hard", lambda case: _section(case, "what-was-hard"))
    yield row("What is known about results", lambda case: _section(case, "what-is-known-about-results"))
    yield row("Evidence", lambda case: _evidence(case, vocabularies))
    yield row("City", lambda case: text_cell(place_in_words(case, vocabularies)))
    yield row("Years", lambda case: text_cell(years_in_words(case)))
    yield row("Status", lambda case: text_cell(status_in_words(case, vocabularies)))
    yield row("What it takes", lambda case: text_cell(case.resources or ""))
    yield row("Kind of extremism", lambda case: _labels(case.extremism, vocabularies.extremism))
    yield row("For whom", lambda case: _labels(case.audiences, vocabularies.audiences))
    yield row("Review", _review)


def _arrangements(case: Case, vocabularies: Vocabularies) -> Cell:
    def lines(reasons: Sequence[Reason], label: str) -> Iterator[Line]:
        for reason in reasons:
            name = vocabularies.arrangements.label(reason.id)
            yield Line(reason.why, label, Link(name, paths.arrangement(reason.id)))

    return Cell((*lines(case.arrangements, ""), *lines(case.experienced_as, "Experienced as")))


def _by_arrangement(case: Case, vocabularies: Vocabularies, line: Callable[[Arrangement, str], Line]) -> Cell:
    """What the vocabulary says of the case's arrangements, in its order, so that equals look equal."""
    terms = [term for term in vocabularies.arrangements if _entry_for(case.arrangements, term.id)]
    lines = tuple(line(term, term.label if len(terms) > 1 else "") for term in terms)
    return Cell(lines, missing="" if lines else NOTHING_WRITTEN)


def _table(case: Case) -> Cell:
    named = (("Lead", case.lead), ("Partners", case.partners))
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
            cells = tuple(_challenge(challenge) if challenge else Cell(missing=NOT_NAMED) for challenge in challenges)
            found.append(Row(term.id, Link(term.label, paths.challenge(term.id)), cells, "Challenge"))
    yield from sorted(found, key=lambda row: sum(bool(cell.missing) for cell in row.cells))


def _challenge(challenge: Challenge) -> Cell:
    sentences = (("How it showed", challenge.showed), ("How it was handled", challenge.handled))
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
        return text_cell(f"Reviewed on {case.review.date} by {case.review.by}.")
    return text_cell("Not reviewed by the city.")
