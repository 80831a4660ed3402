"""Cases, or arrangements, side by side: rows that differ, then what is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from api.address.comparison import MOST_COMPARED
from api.address.search_state import SearchParams, compare_href
from api.pages.parts.contrast import contrast_view
from api.pages.parts.found import first_cases_with
from api.pages.parts.page import Link, Page
from api.pages.parts.sources import cites_general_knowledge
from kb import (
    Arrangement,
    Case,
    Generation,
    Guide,
    Notice,
    Reason,
    SearchResult,
    Section,
    Vocabularies,
    cases_in_words,
    listed,
    place_in_words,
    years_in_words,
)

CHALLENGES_SHOWN = 5

NOT_NAMED = "Not named in this case."
NOTHING_WRITTEN = "Nothing is written on this."

GUIDE_SECTIONS = (
    "What it makes possible",
    "Pitfalls",
    "Fits when",
    "Does not fit when",
    "Questions before starting",
)
"""Of an arrangement's guide page, what its entry in the vocabulary does not say in a line."""

SHORT = 40
"""Characters of a text that can be said in passing."""

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One statement in a cell."""

    text: str
    label: str = ""
    """What kind of statement it is: "Lead"."""
    term: Link | None = None
    """What it is about."""
    flow_kind: str = ""
    """The drawing that goes with it."""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.label, self.term.label if self.term else "", self.text)))


@dataclass(frozen=True)
class Cell:
    """What one case, or one arrangement, says in a row."""

    lines: tuple[Line, ...] = ()
    html: str = ""
    plain: str = ""
    """The same as `html` without markup."""
    missing: str = ""
    """What to say where there is nothing."""

    def __str__(self) -> str:
        return "\n".join(filter(None, (*map(str, self.lines), self.plain, self.missing)))


@dataclass(frozen=True)
class Row:
    """One thing that is compared."""

    id: str
    heading: Link
    cells: tuple[Cell, ...]
    kind: str = ""
    """"Challenge", where the heading is the name of one."""

    @property
    def is_same(self) -> bool:
        """Whether all say the same."""
        return len(set(self.cells)) == 1

    @property
    def is_empty(self) -> bool:
        """Whether none says anything."""
        return all(cell.missing for cell in self.cells)


@dataclass(frozen=True)
class Column:
    """A case, or an arrangement, that is compared."""

    label: str
    """A short name that tells it from the others."""
    title: str
    href: str
    place: str
    """Where and when; an arrangement has none."""
    without_href: str
    """The comparison without it."""


@dataclass(frozen=True)
class ComparePage(Page):
    """`/compare` with two to four cases or arrangements."""

    notices: tuple[Notice, ...]
    columns: tuple[Column, ...]
    all_of_them: str
    """"both", "all three" or "all four"."""
    common: tuple[Link, ...]
    """The arrangements and challenges that all cases have."""
    different: tuple[Row, ...]
    same: tuple[Row, ...]
    same_in_words: str
    has_gaps: bool
    """Whether a challenge is not named in some case."""
    has_citations: bool
    """Whether numbers lead to the sources on other pages."""
    has_general_knowledge: bool
    """Whether something rests on general professional knowledge."""
    more: tuple[Link, ...]
    """Where to go on."""
    csv_href: str


def compare_cases(cases: Sequence[Case], notices: tuple[Notice, ...], generation: Generation) -> ComparePage:
    """Two to four cases side by side."""
    vocabularies = generation.vocabularies
    slugs = tuple(case.slug for case in cases)
    kinds = [
        term.id for term in vocabularies.arrangements if any(_reason(case.arrangements, term.id) for case in cases)
    ]
    arrangements = Link("Compare their arrangements", compare_href(arrangements=kinds))
    return _page(
        compare_href(slugs),
        _case_columns(cases, vocabularies),
        tuple(row for row in _case_rows(cases, vocabularies) if not row.is_empty),
        notices=notices,
        common=tuple(_common(cases, vocabularies)),
        more=(
            Link("Add a case", SearchParams(shelf=slugs).href()),
            *((arrangements,) if 2 <= len(kinds) <= MOST_COMPARED else ()),
        ),
        csv_href=compare_href(slugs, path="/compare.csv"),
    )


def compare_arrangements(
    arrangements: Sequence[Arrangement], notices: tuple[Notice, ...], generation: Generation
) -> ComparePage:
    """Two to four arrangements side by side."""
    ids = [term.id for term in arrangements]
    others = [term for term in generation.vocabularies.arrangements if term.id not in ids]
    return _page(
        compare_href(arrangements=ids),
        tuple(
            Column(
                label=term.label,
                title=term.label,
                href=f"/arrangements/{term.id}",
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
        csv_href=compare_href(arrangements=ids, path="/compare.csv"),
    )


def _page(
    path: str,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    *,
    notices: tuple[Notice, ...],
    common: tuple[Link, ...],
    more: tuple[Link, ...],
    csv_href: str,
) -> ComparePage:
    same = tuple(row for row in rows if row.is_same)
    cells = [cell for row in rows for cell in row.cells]
    return ComparePage(
        title=f"Compare {listed([column.label for column in columns])}",
        path=path,
        notices=notices,
        columns=columns,
        all_of_them={2: "both", 3: "all three"}.get(len(columns), "all four"),
        common=common,
        different=tuple(row for row in rows if not row.is_same),
        same=same,
        same_in_words=", ".join(map(_in_words, same)),
        has_gaps=any(cell.missing == NOT_NAMED for cell in cells),
        has_citations=any('class="citation"' in cell.html for cell in cells),
        has_general_knowledge=any(cites_general_knowledge(cell.html) for cell in cells),
        more=more,
        csv_href=csv_href,
    )


def _in_words(row: Row) -> str:
    """A row in which all say the same: "status (Ongoing)"."""
    said = str(row.cells[0]).rstrip(".")
    name = row.heading.label.lower()
    return f"{name} ({said})" if len(said) <= SHORT else name


def _case_columns(cases: Sequence[Case], vocabularies: Vocabularies) -> tuple[Column, ...]:
    cities = [listed([vocabularies.cities.label(city) for city in case.cities]) for case in cases]
    is_enough = len(set(cities)) == len(cities)
    return tuple(
        Column(
            label=city if is_enough else case.title,
            title=case.title,
            href=f"/cases/{case.slug}",
            place=f"{place_in_words(case, vocabularies)} · {years_in_words(case)}",
            without_href=compare_href(other.slug for other in cases if other is not case),
        )
        for case, city in zip(cases, cities, strict=True)
    )


def _common(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[Link]:
    for arrangement in vocabularies.arrangements:
        if all(_reason(case.arrangements, arrangement.id) for case in cases):
            yield Link(arrangement.label, f"/arrangements/{arrangement.id}")
    for challenge in vocabularies.challenges:
        if all(_reason(case.challenges, challenge.id) for case in cases):
            yield Link(challenge.label, f"/challenges/{challenge.id}")


def _reason(reasons: Sequence[Reason], term_id: str) -> Reason | None:
    return next((reason for reason in reasons if reason.id == term_id), None)


def _row(heading: str, things: Sequence[T], cell: Callable[[T], Cell]) -> Row:
    anchor = re.sub(r"\W+", "-", heading.lower()).strip("-")
    return Row(anchor, Link(heading, ""), tuple(map(cell, things)))


def _case_rows(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[Row]:
    def row(heading: str, cell: Callable[[Case], Cell]) -> Row:
        return _row(heading, cases, cell)

    yield row("In short", lambda case: _text(case.summary))
    yield row("Arrangement", lambda case: _arrangements(case, vocabularies))
    yield row(
        "Purpose", lambda case: _by_arrangement(case, vocabularies, lambda term, label: Line(term.purpose, label))
    )
    yield row("Who is at the table", _table)
    yield row("Information", lambda case: _by_arrangement(case, vocabularies, _flow))
    yield from _challenge_rows(cases, vocabularies)
    yield row("What helped", lambda case: _section(case, "what-helped"))
    yield row("What was hard", lambda case: _section(case, "what-was-hard"))
    yield row("What is known about results", lambda case: _section(case, "what-is-known-about-results"))
    yield row("Evidence", lambda case: _evidence(case, vocabularies))
    yield row("City", lambda case: _text(place_in_words(case, vocabularies)))
    yield row("Years", lambda case: _text(years_in_words(case)))
    yield row("Status", lambda case: _text(vocabularies.statuses.label(case.status)))
    yield row("For whom", lambda case: _audiences(case, vocabularies))
    yield row("Review", _review)


def _text(text: str) -> Cell:
    return Cell((Line(text),)) if text else Cell(missing=NOTHING_WRITTEN)


def _arrangements(case: Case, vocabularies: Vocabularies) -> Cell:
    def lines(reasons: Sequence[Reason], label: str) -> Iterator[Line]:
        for reason in reasons:
            name = vocabularies.arrangements.label(reason.id)
            yield Line(reason.why, label, Link(name, f"/arrangements/{reason.id}"))

    return Cell((*lines(case.arrangements, ""), *lines(case.experienced_as, "Experienced as")))


def _by_arrangement(case: Case, vocabularies: Vocabularies, line: Callable[[Arrangement, str], Line]) -> Cell:
    """What the vocabulary says of the case's arrangements, in its order, so that equals look equal."""
    terms = [term for term in vocabularies.arrangements if _reason(case.arrangements, term.id)]
    lines = tuple(line(term, term.label if len(terms) > 1 else "") for term in terms)
    return Cell(lines, missing="" if lines else NOTHING_WRITTEN)


def _purpose(term: Arrangement, label: str) -> Line:
    return Line(term.purpose, label)


def _flow(term: Arrangement, label: str = "") -> Line:
    return Line(term.flow, label, flow_kind=term.flow_kind)


def _table(case: Case) -> Cell:
    named = (("Lead", case.lead), ("Partners", case.partners))
    lines = tuple(Line("; ".join(names), label) for label, names in named if names)
    section = case.section("who-is-at-the-table")
    written = _written(section, f"/cases/{case.slug}")
    return Cell(lines, written.html, written.plain, "" if lines else written.missing)


def _challenge_rows(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[Row]:
    """A row for each challenge that any case names; those that most of them name come first."""
    found = []
    for term in vocabularies.challenges:
        reasons = [_reason(case.challenges, term.id) for case in cases]
        if any(reasons):
            cells = tuple(_text(reason.why) if reason else Cell(missing=NOT_NAMED) for reason in reasons)
            found.append(Row(term.id, Link(term.label, f"/challenges/{term.id}"), cells, "Challenge"))
    yield from sorted(found, key=lambda row: sum(bool(cell.missing) for cell in row.cells))


def _section(case: Case, section_id: str) -> Cell:
    return _written(case.section(section_id), f"/cases/{case.slug}")


def _written(section: Section | None, path: str) -> Cell:
    """A section of another page."""
    if section is None:
        return Cell(missing=NOTHING_WRITTEN)
    return Cell(html=elsewhere(section.html, path), plain=section.text)


def elsewhere(html: str, path: str) -> str:
    """A piece of the page at `path`, to be shown on another one: its links lead there, and it has no anchors.

    >>> elsewhere('<a href="#source-s2" id="cite-s2-9">2</a>', "/cases/oslo-salto")
    '<a href="/cases/oslo-salto#source-s2">2</a>'
    """
    within_a_tag = re.compile(r"<[a-z][^<>]*>")
    return within_a_tag.sub(
        lambda tag: re.sub(r' id="[^"]*"', "", tag.group()).replace(' href="#', f' href="{path}#'), html
    )


def _evidence(case: Case, vocabularies: Vocabularies) -> Cell:
    return Cell((Line(case.evidence.note, vocabularies.evidence.label(case.evidence.level)),))


def _audiences(case: Case, vocabularies: Vocabularies) -> Cell:
    return _text(", ".join(term.label for term in vocabularies.audiences if term.id in case.audiences))


def _review(case: Case) -> Cell:
    if case.review.state == "reviewed":
        return _text(f"Reviewed on {case.review.date} by {case.review.by}.")
    return _text("Not reviewed by the city.")


def _arrangement_rows(arrangements: Sequence[Arrangement], generation: Generation) -> Iterator[Row]:
    guides = {term.id: generation.cases.guide("arrangement", term.id) for term in arrangements}
    found = {term.id: first_cases_with(generation, "arrangement", term.id) for term in arrangements}

    def row(heading: str, cell: Callable[[Arrangement], Cell]) -> Row:
        return _row(heading, arrangements, cell)

    yield row("In short", lambda term: _text(term.description))
    yield row("Purpose", lambda term: _text(term.purpose))
    yield row("Who is at the table", lambda term: _text(term.table))
    yield row("Information", lambda term: Cell((_flow(term),)))
    yield row("Is a named person discussed?", lambda term: _text("Yes." if term.named_person else "No."))
    yield row("Does the group decide together?", lambda term: _text(term.decides_together))
    for heading in GUIDE_SECTIONS:
        yield row(heading, partial(_guide_section, guides, heading))
    yield row("Cases in this collection", lambda term: _number(term, found[term.id]))
    yield row("Challenges named most often in them", lambda term: _challenges(term, found[term.id], generation))
    yield row("Two unlike cases", lambda term: _examples(term, generation))


def _guide_section(guides: Mapping[str, Guide | None], heading: str, term: Arrangement) -> Cell:
    guide = guides[term.id]
    sections = guide.sections if guide else ()
    section = next((section for section in sections if section.heading == heading), None)
    return _written(section, f"/arrangements/{term.id}")


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
