"""What the JSON API gives out: an explicit list, so that nothing leaves by accident."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.address.search_state import SearchParams
from api.address.site import Site
from api.matrix import Matrix
from kb import (
    Arrangement,
    Case,
    City,
    Related,
    StoredCase,
    Suggested,
    Term,
    Vocabularies,
    Vocabulary,
    case_summary,
    whole_case,
)


class TermOut(BaseModel):
    """A term of a vocabulary."""

    id: str
    label: str

    @classmethod
    def of(cls, term_id: str, vocabulary: Vocabulary[Term]) -> TermOut:
        return cls(id=term_id, label=vocabulary.label(term_id))


class ReasonOut(TermOut):
    """A term with why it applies to the case."""

    why: str


class NoticeOut(BaseModel):
    """How a search was understood, where that may surprise."""

    code: str
    text: str


class SnippetOut(BaseModel):
    """The passage that shows why a case was found."""

    section: str
    heading: str
    url: str
    text: str
    ranges: list[tuple[int, int]] = Field(description="Start and end of what matched, in characters of `text`.")


class CaseSummaryOut(BaseModel):
    """A case in a list."""

    slug: str
    title: str
    summary: str
    url: str
    cities: list[TermOut]
    countries: list[TermOut]
    started: int
    ended: int | None
    status: TermOut
    arrangements: list[TermOut]
    challenges: list[TermOut]
    evidence: TermOut
    reviewed: bool = Field(description="Whether the city has reviewed the case.")

    @classmethod
    def of(cls, case: Case, vocabularies: Vocabularies, site: Site) -> CaseSummaryOut:
        return cls.model_validate(case_summary(case, vocabularies, site.base_url))


class HitOut(CaseSummaryOut):
    """A case that was found."""

    score: float = Field(description="Comparable within one result only.")
    snippet: SnippetOut | None


class FacetValueOut(BaseModel):
    """One value to narrow by."""

    value: str
    label: str
    count: int = Field(description="Cases of the result with this value, whatever else is chosen in this facet.")
    selected: bool
    url: str = Field(description="This search with the value added, or taken away if it is selected.")


class FacetOut(BaseModel):
    """One facet with its values, most cases first."""

    label: str
    values: list[FacetValueOut]


class LinksOut(BaseModel):
    """Where to go from a list."""

    self: str
    first: str
    previous: str | None
    next: str | None
    last: str
    html: str | None = None


class SpellingOut(BaseModel):
    """Another spelling that finds more."""

    text: str
    total: int
    url: str


class RemovalOut(BaseModel):
    """For an empty result: a facet whose filter keeps everything out."""

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


class CaseListOut(BaseModel):
    """All cases, page by page, in the order of their slugs unless another is asked for."""

    total: int
    page: int
    pages: int
    size: int
    cases: list[CaseSummaryOut]
    links: LinksOut


class MatrixTermOut(TermOut):
    """An arrangement or a challenge with its cases."""

    count: int
    url: str = Field(description="The search for these cases.")


class MatrixCellOut(BaseModel):
    """The cases that met a challenge in an arrangement."""

    arrangement: str
    challenge: str
    count: int
    url: str = Field(description="The search for these cases.")


class MatrixLinksOut(BaseModel):
    """Other faces of the same counts."""

    self: str
    html: str
    search: str


class MatrixOut(BaseModel):
    """The cases of a search, counted by arrangement and challenge. Counts of this collection, not of what there is."""

    query: str
    total: int
    notices: list[NoticeOut]
    arrangements: list[MatrixTermOut]
    challenges: list[MatrixTermOut]
    cells: list[MatrixCellOut] = Field(description="Challenge by challenge, each in the order of `arrangements`.")
    links: MatrixLinksOut

    @classmethod
    def of(cls, matrix: Matrix, site: Site) -> MatrixOut:
        def found_at(params: SearchParams) -> str:
            return site.url(params.href("/api/v1/search"))

        return cls(
            query=matrix.params.text,
            total=matrix.total,
            notices=[NoticeOut(code=notice.code, text=notice.text) for notice in matrix.notices],
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
                )
                for challenge in matrix.challenges
                for arrangement in matrix.arrangements
            ],
            links=MatrixLinksOut(
                self=site.url(matrix.params.href("/api/v1/matrix")),
                html=site.url(matrix.params.href("/matrix")),
                search=found_at(matrix.params),
            ),
        )


class SuggestionOut(BaseModel):
    """A name that begins as what was typed."""

    kind: str = Field(description="arrangement, challenge, city or case")
    id: str
    label: str
    alias: str | None = Field(description="The other name it was found by, where the label does not show why.")
    count: int = Field(description="Cases behind it.")
    url: str
    ranges: list[tuple[int, int]] = Field(description="What to mark in the label.")


class RelatedOut(CaseSummaryOut):
    """Another case to read, and why."""

    kind: str = Field(description="arrangement, challenge or content")
    reason: str


class SourceOut(BaseModel):
    """A publication that statements rest on."""

    id: str
    title: str
    by: str
    year: int | None
    url: str | None


class SectionOut(BaseModel):
    """One section of a case."""

    id: str
    heading: str
    html: str = Field(description="Sanitised. Citations link to `#source-…`.")
    text: str


class EvidenceOut(TermOut):
    """How much is known about results."""

    note: str


class ReviewOut(BaseModel):
    """Whether the city has reviewed the case."""

    state: str
    date: date | None
    by: str | None


class CaseOut(BaseModel):
    """A whole case."""

    slug: str
    title: str
    summary: str
    url: str
    cities: list[TermOut]
    countries: list[TermOut]
    started: int
    ended: int | None
    status: TermOut
    arrangements: list[ReasonOut]
    experienced_as: list[ReasonOut] = Field(description="Arrangements partners lived where they differ.")
    challenges: list[ReasonOut]
    questions: list[str] = Field(description="What the case answers, in the words of those who might look for it.")
    audiences: list[TermOut]
    lead: list[str]
    partners: list[str]
    evidence: EvidenceOut
    review: ReviewOut
    language: str
    contributors: list[str]
    sections: list[SectionOut]
    sources: list[SourceOut]
    modified: str = Field(description="When the file was last changed, ISO 8601 in UTC.")
    markdown_url: str
    licence: str

    @classmethod
    def of(cls, stored: StoredCase, vocabularies: Vocabularies, site: Site) -> CaseOut:
        return cls.model_validate(whole_case(stored, vocabularies, site.base_url))


class VocabularyTermOut(TermOut):
    """A term with what it means and how many cases have it."""

    description: str
    aliases: list[str]
    count: int
    url: str


class ArrangementOut(VocabularyTermOut):
    """An arrangement type."""

    purpose: str
    table: str
    flow: str
    flow_kind: str
    named_person: bool
    decides_together: str


class CityOut(VocabularyTermOut):
    """A city."""

    country: TermOut
    latitude: float
    longitude: float


def arrangement_out(term: Arrangement, count: int, site: Site) -> ArrangementOut:
    """An arrangement with its count."""
    return ArrangementOut(
        **_term_fields(term, count, site.url(f"/arrangements/{term.id}")),
        purpose=term.purpose,
        table=term.table,
        flow=term.flow,
        flow_kind=term.flow_kind,
        named_person=term.named_person,
        decides_together=term.decides_together,
    )


def challenge_out(term: Term, count: int, site: Site) -> VocabularyTermOut:
    """A challenge with its count."""
    return VocabularyTermOut(**_term_fields(term, count, site.url(f"/challenges/{term.id}")))


def city_out(city: City, count: int, vocabularies: Vocabularies, site: Site) -> CityOut:
    """A city with its count."""
    return CityOut(
        **_term_fields(city, count, site.url(f"/cities/{city.id}")),
        country=TermOut.of(city.country, vocabularies.countries),
        latitude=city.latitude,
        longitude=city.longitude,
    )


def page_links(params: SearchParams, pages: int, path: str, site: Site, html: str | None = None) -> LinksOut:
    """The links of one page of a list."""

    def to(page: int) -> str:
        return site.url(params.with_page(page).href(path))

    return LinksOut(
        self=to(params.page),
        first=to(1),
        previous=to(params.page - 1) if params.page > 1 else None,
        next=to(params.page + 1) if params.page < pages else None,
        last=to(pages),
        html=site.url(params.href(html)) if html else None,
    )


def _term_fields(term: Term, count: int, url: str) -> dict[str, object]:
    return {
        "id": term.id,
        "label": term.label,
        "description": term.description,
        "aliases": list(term.aliases),
        "count": count,
        "url": url,
    }


def suggestion_out(suggestion: Suggested, site: Site) -> SuggestionOut:
    """A suggestion with where it leads."""
    name = suggestion.name
    folder = {"arrangement": "arrangements", "challenge": "challenges", "city": "cities", "case": "cases"}[name.kind]
    return SuggestionOut(
        kind=name.kind,
        id=name.id,
        label=name.label,
        alias=suggestion.alias,
        count=name.count,
        url=site.url(f"/{folder}/{name.id}"),
        ranges=list(suggestion.ranges),
    )


def related_out(related: Related, case: Case, vocabularies: Vocabularies, site: Site) -> RelatedOut:
    """A related case with its reason."""
    fields = case_summary(case, vocabularies, site.base_url)
    return RelatedOut.model_validate(fields | {"kind": related.kind, "reason": related.reason})
