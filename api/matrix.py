"""How many cases met which challenge in which arrangement: the numbers behind the grid and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from api.address.search_state import SearchParams
from kb import Arrangement, Generation, Notice, Term

T = TypeVar("T", bound=Term)


@dataclass(frozen=True)
class Matrix:
    """The cases of a search, counted by arrangement and challenge.

    Every number is the total of the search that it links to: `cell`, `column` and `row` build those searches.
    """

    params: SearchParams
    arrangements: tuple[Arrangement, ...]
    """The columns: the selected ones, or else all."""
    challenges: tuple[Term, ...]
    """The rows, likewise."""
    total: int
    by_arrangement: Mapping[str, int]
    by_challenge: Mapping[str, int]
    by_both: Mapping[tuple[str, str], int]
    handled: Mapping[tuple[str, str], int]
    """How many of them say what was done about the challenge."""
    notices: tuple[Notice, ...]

    def column(self, arrangement: str) -> SearchParams:
        """The search for the cases of a column."""
        return self.params.with_only("arrangement", arrangement)

    def row(self, challenge: str) -> SearchParams:
        """The search for the cases of a row."""
        return self.params.with_only("challenge", challenge)

    def cell(self, arrangement: str, challenge: str) -> SearchParams:
        """The search for the cases of a cell."""
        return self.column(arrangement).with_only("challenge", challenge)

    def handled_cell(self, arrangement: str, challenge: str) -> SearchParams:
        """The search for the cases of a cell that say what was done about the challenge."""
        return self.column(arrangement).with_only("handled", challenge)


def make_matrix(params: SearchParams, generation: Generation) -> Matrix:
    """Count the cases of a search."""
    params = params.with_page(1)
    vocabularies = generation.vocabularies
    arrangements = _shown(params.selected("arrangement"), vocabularies.arrangements.terms)
    challenges = _shown(params.selected("challenge"), vocabularies.challenges.terms)
    everything = generation.search(replace(params.request(marked=False), size=0))
    columns = {term.id: params.with_only("arrangement", term.id) for term in arrangements}
    return Matrix(
        params=params,
        arrangements=arrangements,
        challenges=challenges,
        total=everything.total,
        by_arrangement=_totals(params, "arrangement", arrangements, generation),
        by_challenge=_totals(params, "challenge", challenges, generation),
        by_both=_by_both(columns, "challenge", challenges, generation),
        handled=_by_both(columns, "handled", challenges, generation),
        notices=everything.notices,
    )


def _shown(selected: Sequence[str], terms: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(term for term in terms if not selected or term.id in selected)


def _by_both(
    columns: Mapping[str, SearchParams], facet: str, terms: Sequence[Term], generation: Generation
) -> dict[tuple[str, str], int]:
    return {
        (arrangement, value): total
        for arrangement, search in columns.items()
        for value, total in _totals(search, facet, terms, generation).items()
    }


def _totals(params: SearchParams, facet: str, terms: Sequence[Term], generation: Generation) -> dict[str, int]:
    counts = generation.search(params.request(marked=False)).facets[facet]
    found = {count.value: count.cases for count in counts}
    return {term.id: found.get(term.id, 0) for term in terms}
