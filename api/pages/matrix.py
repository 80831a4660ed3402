"""The grid of arrangements and challenges."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.address import paths
from api.address.search_state import SearchParams
from api.matrix import Matrix
from api.pages.parts.facets import FacetGroup, facet_groups
from api.pages.parts.narrowing import Chip, search_chips, search_in_words
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import Term, Vocabularies, cases_in_words, gettext, ngettext

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
    share: str
    """How much of all cases it concerns."""
    total: MatrixCell


@dataclass(frozen=True)
class Shade:
    """A shade and the numbers of cases that it stands for."""

    level: int
    numbers: str


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
    text: str
    """The words of the search."""
    groups: tuple[FacetGroup, ...]
    shades: tuple[Shade, ...]
    """What the shades mean, from the lightest."""
    api_href: str


def matrix_page(matrix: Matrix, vocabularies: Vocabularies) -> MatrixPage:
    """The grid for a search."""
    params = matrix.params
    most = max(matrix.by_both.values(), default=0)
    is_narrowed = bool(params.text or params.filters)
    nothing = gettext("No case yet in this search") if is_narrowed else gettext("No case yet")

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
        label = ngettext(
            "{count} case that says how it was handled: {name}",
            "{count} cases that say how it was handled: {name}",
            handled,
        ).format(count=handled, name=name)
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
    # The most frequent first; of equal ones, in the order of the vocabulary.
    for challenge in sorted(matrix.challenges, key=lambda challenge: -matrix.by_challenge[challenge.id]):
        cells = tuple(both(term, challenge) for term in matrix.arrangements)
        total = cell(matrix.by_challenge[challenge.id], matrix.row(challenge.id), challenge.label)
        rows.append(
            MatrixRow(
                Link(challenge.label, paths.challenge(challenge.id)), cells, _share(total.count, matrix.total), total
            )
        )
    return MatrixPage(
        title=gettext("Challenges by arrangement"),
        path=params.href(paths.MATRIX),
        heading=search_in_words(params, matrix.total, vocabularies),
        notices=notice_lines(matrix.notices, matrix.params, paths.MATRIX),
        chips=search_chips(params, vocabularies, paths.MATRIX),
        clear_href=params.without_filters().href(paths.MATRIX),
        columns=columns,
        rows=tuple(rows),
        total=cell(matrix.total, params, gettext("all")),
        is_narrowed=is_narrowed,
        list_href=params.href(),
        text=params.text,
        groups=facet_groups(matrix.facets, vocabularies, ()),
        shades=_shades(most),
        api_href=params.href(paths.API_MATRIX),
    )


def _share(count: int, total: int) -> str:
    """
    >>> _share(36, 68), _share(0, 0)
    ('53%', '')
    """
    return f"{round(100 * count / total)}%" if total and count else ""


def _shades(most: int) -> tuple[Shade, ...]:
    """The numbers of each shade that is used.

    >>> [shade.numbers for shade in _shades(12)]
    ['1–2', '3–4', '5–7', '8–9', '10–12']
    >>> [(shade.level, shade.numbers) for shade in _shades(2)]
    [(3, '1'), (5, '2')]
    """
    shades = []
    for level in range(1, LEVELS + 1):
        counts = [count for count in range(1, most + 1) if _level(count, most) == level]
        if counts:
            numbers = str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
            shades.append(Shade(level, numbers))
    return tuple(shades)


def _level(count: int, most: int) -> int:
    return -(-count * LEVELS // most) if most else 0
