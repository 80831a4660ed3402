"""Counts by arrangement and challenge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from api.formats.schemas.lists import NoticeOut, notices_out
from api.matrix import Matrix
from kb import TermOut


@dataclass(slots=True)
class MatrixTermOut(TermOut):
    """An arrangement or a challenge with its cases."""

    count: int
    url: Annotated[str, Field(description="The search for these cases.")]


@dataclass(slots=True)
class MatrixCellOut:
    """The cases that met a challenge in an arrangement."""

    arrangement: str
    challenge: str
    count: int
    url: Annotated[str, Field(description="The search for these cases.")]
    handled: Annotated[int, Field(description="How many of them say what was done about the challenge.")]
    handled_url: Annotated[str, Field(description="The search for those.")]


@dataclass(slots=True)
class MatrixLinksOut:
    """Other formats of the same counts."""

    self: str
    html: str
    search: str


@dataclass(slots=True)
class MatrixOut:
    """The cases of a search, counted by arrangement and challenge. Counts of this collection, not of what there is."""

    query: str
    total: int
    notices: list[NoticeOut]
    arrangements: list[MatrixTermOut]
    challenges: list[MatrixTermOut]
    cells: Annotated[
        list[MatrixCellOut], Field(description="Challenge by challenge, each in the order of `arrangements`.")
    ]
    links: MatrixLinksOut

    @classmethod
    def of(cls, matrix: Matrix, site: Site) -> MatrixOut:
        def found_at(params: SearchParams) -> str:
            return site.url(params.href(paths.API_SEARCH))

        return cls(
            query=matrix.params.text,
            total=matrix.total,
            notices=notices_out(matrix.notices),
            arrangements=[
                MatrixTermOut(
                    id=term.id,
                    label=term.label,
                    count=matrix.by_arrangement[term.id],
                    url=found_at(matrix.column(term.id)),
                )
                for term in matrix.arrangements
            ],
            challenges=[
                MatrixTermOut(
                    id=term.id, label=term.label, count=matrix.by_challenge[term.id], url=found_at(matrix.row(term.id))
                )
                for term in matrix.challenges
            ],
            cells=[
                MatrixCellOut(
                    arrangement=arrangement.id,
                    challenge=challenge.id,
                    count=matrix.by_both[arrangement.id, challenge.id],
                    url=found_at(matrix.cell(arrangement.id, challenge.id)),
                    handled=matrix.handled[arrangement.id, challenge.id],
                    handled_url=found_at(matrix.handled_cell(arrangement.id, challenge.id)),
                )
                for challenge in matrix.challenges
                for arrangement in matrix.arrangements
            ],
            links=MatrixLinksOut(
                self=site.url(matrix.params.href(paths.API_MATRIX)),
                html=site.url(matrix.params.href(paths.MATRIX)),
                search=found_at(matrix.params),
            ),
        )
