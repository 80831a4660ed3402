"""The grid of arrangements and challenges."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.address import paths
from api.address.search_state import SearchParams
from api.matrix import Matrix
from api.pages.parts.narrowing import Chip, search_chips, search_in_words
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import Term, Vocabularies, cases_in_words

LEVELS = 5
"""Shades of a cell that has cases."""


@dataclass(frozen=True)
class HandledCases:
    """How many cases of a cell say what was done about its challenge, and the search for them."""

    count: int
    href: str
    name: str
    """The label of the link for readers who cannot see its row and column."""


@dataclass(frozen=True)
class MatrixCell:
    """A number of cases, with the search for them or, where there is none, the way to add one."""

    count: int
    href: str
    name: str
    """The label of the link for readers who cannot see its row and column."""
    level: int
    """Its shade, from 0 for no cases to `LEVELS` for the most."""
    handled: HandledCases | None = None
    """None if no case says what was done."""


@dataclass(frozen=True)
class MatrixColumn:
    """An arrangement."""

    heading: Link
    flow_kind: str
    total: MatrixCell


@dataclass(frozen=True)
class MatrixRow:
    """A challenge and its cells."""

    heading: Link
    cells: tuple[MatrixCell, ...]
    total: MatrixCell


@dataclass(frozen=True)
class MatrixPage(Page):
    """`/matrix`."""

    heading: str
    """The search in words."""
    notices: tuple[NoticeLine, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]
    total: MatrixCell
    is_narrowed: bool
    list_href: str
    api_href: str


def matrix_page(matrix: Matrix, vocabularies: Vocabularies) -> MatrixPage:
    """The grid for a search."""
    params = matrix.params
    most = max(matrix.by_both.values(), default=0)
    is_narrowed = bool(params.text or params.filters)
    nothing = "No case yet in this search" if is_narrowed else "No case yet"

    def cell(count: int, search: SearchParams, name: str, level: int = 0) -> MatrixCell:
        if count == 0:
            return MatrixCell(0, paths.CONTRIBUTE, f"{nothing}: {name}", 0)
        return MatrixCell(count, search.href(), f"{cases_in_words(count)}: {name}", level)

    def both(arrangement: Term, challenge: Term) -> MatrixCell:
        count = matrix.by_both[arrangement.id, challenge.id]
        name = f"{arrangement.label}, {challenge.label}"
        plain = cell(count, matrix.cell(arrangement.id, challenge.id), name, _level(count, most))
        handled = matrix.handled[arrangement.id, challenge.id]
        if not handled:
            return plain
        href = matrix.handled_cell(arrangement.id, challenge.id).href()
        label = f"{cases_in_words(handled)} saying how it was handled: {name}"
        return replace(plain, handled=HandledCases(handled, href, label))

    columns = tuple(
        MatrixColumn(
            Link(term.label, paths.arrangement(term.id)),
            term.flow_kind,
            cell(matrix.by_arrangement[term.id], matrix.column(term.id), term.label),
        )
        for term in matrix.arrangements
    )
    rows = []
    for challenge in matrix.challenges:
        cells = tuple(both(term, challenge) for term in matrix.arrangements)
        total = cell(matrix.by_challenge[challenge.id], matrix.row(challenge.id), challenge.label)
        rows.append(MatrixRow(Link(challenge.label, paths.challenge(challenge.id)), cells, total))
    return MatrixPage(
        title="Challenges by arrangement",
        path=params.href(paths.MATRIX),
        heading=search_in_words(params, matrix.total, vocabularies),
        notices=notice_lines(matrix.notices, matrix.params, paths.MATRIX),
        chips=search_chips(params, vocabularies, paths.MATRIX),
        clear_href=params.without_filters().href(paths.MATRIX),
        columns=columns,
        rows=tuple(rows),
        total=cell(matrix.total, params, "all"),
        is_narrowed=is_narrowed,
        list_href=params.href(),
        api_href=params.href(paths.API_MATRIX),
    )


def _level(count: int, most: int) -> int:
    return -(-count * LEVELS // most) if most else 0
