"""Cases in lists, and to read next. A whole case is in `kb.exporting.data`: exports write it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.address.site import Site
from api.formats.schemas.lists import LinksOut
from kb import CaseSummary, CaseSummaryOut, Related, Vocabularies, summary_as


@dataclass(slots=True)
class CaseListOut:
    """All cases, page by page, in the order of their slugs unless another is asked for."""

    total: int
    page: int
    pages: int
    size: int
    cases: list[CaseSummaryOut]
    links: LinksOut


@dataclass(slots=True)
class RelatedOut(CaseSummaryOut):
    """Another case to read, and why."""

    kind: Annotated[str, Field(description="arrangement, challenge or content")]
    reason: str


def related_out(related: Related, case: CaseSummary, vocabularies: Vocabularies, site: Site) -> RelatedOut:
    """A related case with its reason."""
    return summary_as(RelatedOut, case, vocabularies, site.base_url, kind=related.kind, reason=related.reason)
