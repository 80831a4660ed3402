"""The result of a search."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.formats.schemas.cases import CaseSummaryOut
from api.formats.schemas.lists import LinksOut, NoticeOut


class SnippetOut(BaseModel):
    """The passage that shows why a case was found."""

    section: str
    heading: str
    url: str
    text: str
    ranges: list[tuple[int, int]] = Field(description="Start and end of what matched, in characters of `text`.")


class HitOut(CaseSummaryOut):
    """A case that was found."""

    score: float = Field(description="Comparable within one result only.")
    snippet: SnippetOut | None


class FacetValueOut(BaseModel):
    """One value to narrow by."""

    value: str
    label: str
    count: int = Field(description="Cases of the result with this value, whatever else is selected in this facet.")
    selected: bool
    url: str = Field(description="This search with the value added, or taken away if it is selected.")


class FacetOut(BaseModel):
    """One facet with its values, most cases first."""

    label: str
    values: list[FacetValueOut]


class SpellingOut(BaseModel):
    """Another spelling that finds more."""

    text: str
    total: int
    url: str


class RemovalOut(BaseModel):
    """For an empty result: a facet whose filter excludes every case."""

    facet: str
    total: int = Field(description="Cases there would be without it.")
    url: str


class SearchOut(BaseModel):
    """The result of a search."""

    query: str
    understood_as: str = Field(description="The query as it was read, printed as a query.")
    total: int
    page: int
    pages: int
    size: int
    sort: str
    notices: list[NoticeOut]
    did_you_mean: SpellingOut | None
    removals: list[RemovalOut]
    hits: list[HitOut]
    facets: dict[str, FacetOut]
    links: LinksOut
