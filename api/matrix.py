"""How many cases met which challenge in which arrangement: the numbers behind the grid and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from api.address.search_state import SearchParams
from kb import Arrangement, FacetCount, Generation, Notice, SearchRequest, SearchResult, Term, check

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
    facets: Mapping[str, Sequence[FacetCount]]
    """What the search can be narrowed by."""
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
    """Count the cases of a search. Its words are read once for all cells."""
    params = params.with_page(1)
    vocabularies = generation.vocabularies
    arrangements = _shown(params.selected("arrangement"), vocabularies.arrangements.terms)
    challenges = _shown(params.selected("challenge"), vocabularies.challenges.terms)
    asked = generation.interpreted(replace(params.request(marked=False), size=0))
    everything = generation.answer(asked)
    columns = {term.id: _column(term.id, asked, generation) for term in arrangements}
    return Matrix(
        params=params,
        arrangements=arrangements,
        challenges=challenges,
        total=everything.total,
        by_arrangement=_totals(everything, "arrangement", arrangements),
        by_challenge=_totals(everything, "challenge", challenges),
        by_both=_by_both(columns, "challenge", challenges),
        handled=_by_both(columns, "handled", challenges),
        facets=everything.facets,
        notices=asked.notices,
    )


def _shown(selected: Sequence[str], terms: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(term for term in terms if not selected or term.id in selected)


def _column(arrangement: str, asked: SearchRequest, generation: Generation) -> SearchResult:
    check()
    return generation.answer(replace(asked, filters={**asked.filters, "arrangement": (arrangement,)}))


def _by_both(columns: Mapping[str, SearchResult], facet: str, terms: Sequence[Term]) -> dict[tuple[str, str], int]:
    return {
        (arrangement, value): total
        for arrangement, column in columns.items()
        for value, total in _totals(column, facet, terms).items()
    }


def _totals(result: SearchResult, facet: str, terms: Sequence[Term]) -> dict[str, int]:
    found = {count.value: count.cases for count in result.facets[facet]}
    return {term.id: found.get(term.id, 0) for term in terms}
