"""Cases: in a list, whole, and to read next."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.address.site import Site
from api.formats.schemas.lists import LinksOut
from api.formats.schemas.terms import ChallengeOut, ReasonOut, TermOut
from kb import CaseSummary, Related, StoredCase, Vocabularies, case_summary, whole_case


class LastReportedOut(BaseModel):
    """The last year in which a source shows an ongoing practice running."""

    year: int
    source: str = Field(description="The id of the source.")


class PartnerOut(BaseModel):
    """Somebody at the table."""

    name: str
    sector: TermOut | None


class SectorCountOut(BaseModel):
    """How many at the table come from a sector."""

    sector: TermOut | None = Field(description="null where the case does not say.")
    count: int


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
    last_reported: LastReportedOut | None
    arrangements: list[TermOut]
    challenges: list[TermOut]
    evidence: TermOut
    reviewed: bool = Field(description="Whether the city has reviewed the case.")

    @classmethod
    def of(cls, case: CaseSummary, vocabularies: Vocabularies, site: Site) -> CaseSummaryOut:
        return cls.model_validate(case_summary(case, vocabularies, site.base_url))


class SourceOut(BaseModel):
    """A publication that statements rest on."""

    id: str
    title: str
    by: str
    year: int | None
    url: str | None
    lang: str | None = Field(description="ISO 639-1; null where it is in English.")


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
    last_reported: LastReportedOut | None
    arrangements: list[ReasonOut]
    experienced_as: list[ReasonOut] = Field(description="Arrangements that partners experienced, where they differ.")
    challenges: list[ChallengeOut]
    extremism: list[TermOut] = Field(description="Kinds of violent extremism, where its sources say so.")
    questions: list[str] = Field(description="Questions that the case answers, in the words of likely readers.")
    audiences: list[TermOut]
    lead: list[PartnerOut]
    partners: list[PartnerOut]
    at_the_table: list[SectorCountOut] = Field(description="Lead and partners by sector, the largest first.")
    resources: str | None = Field(description="What it takes, as a source says.")
    evidence: EvidenceOut
    review: ReviewOut
    language: str
    contributors: list[str]
    sections: list[SectionOut]
    sources: list[SourceOut]
    facets: dict[str, list[str]] = Field(description="For each facet the ids by which searches find the case.")
    modified: str = Field(description="When the file was last changed, ISO 8601 in UTC.")
    markdown_url: str
    licence: str

    @classmethod
    def of(cls, stored: StoredCase, vocabularies: Vocabularies, site: Site) -> CaseOut:
        return cls.model_validate(whole_case(stored, vocabularies, site.base_url))


class CaseListOut(BaseModel):
    """All cases, page by page, in the order of their slugs unless another is asked for."""

    total: int
    page: int
    pages: int
    size: int
    cases: list[CaseSummaryOut]
    links: LinksOut


class RelatedOut(CaseSummaryOut):
    """Another case to read, and why."""

    kind: str = Field(description="arrangement, challenge or content")
    reason: str


def related_out(related: Related, case: CaseSummary, vocabularies: Vocabularies, site: Site) -> RelatedOut:
    """A related case with its reason."""
    fields = case_summary(case, vocabularies, site.base_url)
    return RelatedOut.model_validate(fields | {"kind": related.kind, "reason": related.reason})
