"""Cases: in a list, whole, and to read next."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.address.site import Site
from api.formats.schemas.lists import LinksOut
from api.formats.schemas.terms import ReasonOut, TermOut
from kb import Case, Related, StoredCase, Vocabularies, case_summary, whole_case


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


def related_out(related: Related, case: Case, vocabularies: Vocabularies, site: Site) -> RelatedOut:
    """A related case with its reason."""
    fields = case_summary(case, vocabularies, site.base_url)
    return RelatedOut.model_validate(fields | {"kind": related.kind, "reason": related.reason})
