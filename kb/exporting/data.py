"""Cases as plain data for programs: listed explicitly so that nothing leaks by accident.

These classes are both what is written and what the API's description is made from.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter

from kb.model.case import CaseSummary, Challenge, LastReported, Partner, Reason, ReviewState, Source
from kb.model.history import CaseChange
from kb.model.kinds import Kind
from kb.model.vocabulary import Term, Vocabularies, Vocabulary
from kb.search.fields import facet_values
from kb.stores.store import StoredCase

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

S = TypeVar("S", bound="CaseSummaryOut")


@dataclass(slots=True)
class TermOut:
    """A term of a vocabulary."""

    id: str
    label: str


@dataclass(slots=True)
class ReasonOut(TermOut):
    """A term with why it applies to the case."""

    why: str


@dataclass(slots=True)
class ChallengeOut(TermOut):
    """A challenge that the case met; at least one of the two sentences is there."""

    showed: Annotated[str | None, Field(description="How it showed.")]
    handled: Annotated[str | None, Field(description="What was done about it, where a source says so.")]


@dataclass(slots=True)
class LastReportedOut:
    """The last year in which a source shows an ongoing practice running."""

    year: int
    source: Annotated[str, Field(description="The id of the source.")]


@dataclass(slots=True)
class PartnerOut:
    """Somebody at the table."""

    name: str
    sector: TermOut | None


@dataclass(slots=True)
class SectorCountOut:
    """How many at the table come from a sector."""

    sector: Annotated[TermOut | None, Field(description="null where the case does not say.")]
    count: int


@dataclass(slots=True)
class CaseSummaryOut:
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
    reviewed: Annotated[bool, Field(description="Whether the city has reviewed the case.")]


@dataclass(slots=True)
class SourceOut:
    """A publication that statements rest on."""

    id: str
    title: str
    by: str
    year: int | None
    url: str | None
    lang: Annotated[str | None, Field(description="ISO 639-1; null where it is in English.")]


@dataclass(slots=True)
class SectionOut:
    """One section of a case."""

    id: str
    heading: str
    html: Annotated[
        str, Field(description="Sanitised. Citations link to `#source-…`, other links are whole addresses.")
    ]
    text: str


@dataclass(slots=True)
class EvidenceOut(TermOut):
    """How much is known about results."""

    note: str


@dataclass(slots=True)
class ReviewOut:
    """Whether the city has reviewed the case."""

    state: str
    date: datetime.date | None
    by: str | None


@dataclass(slots=True)
class CaseChangeOut:
    """What happened to the case on one day."""

    date: datetime.date
    kinds: Annotated[
        list[str],
        Field(
            description="`published`, `moved` (to this address), `taken-offline`, `published-again`, `reviewed`; or "
            "what was changed: `facts`, `text`, `sources`. There may be more kinds in future."
        ),
    ]
    by: Annotated[
        str | None, Field(description="The role of the reviewer, if this is the review reported in `review`.")
    ]


@dataclass(slots=True)
class CaseOut:
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
    experienced_as: Annotated[
        list[ReasonOut], Field(description="Arrangements that partners experienced, where they differ.")
    ]
    challenges: list[ChallengeOut]
    extremism: Annotated[list[TermOut], Field(description="Kinds of violent extremism, where its sources say so.")]
    questions: Annotated[
        list[str], Field(description="Questions that the case answers, in the words of likely readers.")
    ]
    audiences: list[TermOut]
    lead: list[PartnerOut]
    partners: list[PartnerOut]
    at_the_table: Annotated[list[SectorCountOut], Field(description="Lead and partners by sector, the largest first.")]
    resources: Annotated[str | None, Field(description="What it takes, as a source says.")]
    evidence: EvidenceOut
    review: ReviewOut
    language: str
    contributors: list[str]
    sections: list[SectionOut]
    sources: list[SourceOut]
    facets: Annotated[
        dict[str, list[str]], Field(description="For each facet the ids by which searches find the case.")
    ]
    modified: Annotated[str, Field(description="When the file was last changed, ISO 8601 in UTC.")]
    history: Annotated[
        list[CaseChangeOut],
        Field(description="What happened to the case, the oldest first; empty where its file has no history in git."),
    ]
    markdown_url: str
    licence: str


def summary_out(case: CaseSummary, vocabularies: Vocabularies, base_url: str) -> CaseSummaryOut:
    """What lists say of a case; addresses in it begin with `base_url`."""
    return summary_as(CaseSummaryOut, case, vocabularies, base_url)


def summary_as(form: type[S], case: CaseSummary, vocabularies: Vocabularies, base_url: str, **more: Any) -> S:
    """The same in a form that says more of the case, such as why it was found."""
    return form(
        slug=case.slug,
        title=case.title,
        summary=case.summary,
        url=f"{base_url}{Kind.CASE.page(case.slug)}",
        cities=terms_out(case.cities, vocabularies.cities),
        countries=terms_out(vocabularies.countries_of(case.cities), vocabularies.countries),
        started=case.started,
        ended=case.ended,
        status=term_out(case.status, vocabularies.statuses),
        last_reported=_last_reported(case.last_reported),
        arrangements=terms_out((reason.id for reason in case.arrangements), vocabularies.arrangements),
        challenges=terms_out((challenge.id for challenge in case.challenges), vocabularies.challenges),
        evidence=term_out(case.evidence.level, vocabularies.evidence),
        reviewed=case.review.state is ReviewState.REVIEWED,
        **more,
    )


def case_out(stored: StoredCase, vocabularies: Vocabularies, base_url: str) -> CaseOut:
    """A whole case; addresses in it begin with `base_url`."""
    case = stored.case
    page = f"{base_url}{Kind.CASE.page(case.slug)}"
    return CaseOut(
        slug=case.slug,
        title=case.title,
        summary=case.summary,
        url=page,
        cities=terms_out(case.cities, vocabularies.cities),
        countries=terms_out(vocabularies.countries_of(case.cities), vocabularies.countries),
        started=case.started,
        ended=case.ended,
        status=term_out(case.status, vocabularies.statuses),
        last_reported=_last_reported(case.last_reported),
        arrangements=_reasons(case.arrangements, vocabularies.arrangements),
        experienced_as=_reasons(case.experienced_as, vocabularies.arrangements),
        challenges=[_challenge(challenge, vocabularies) for challenge in case.challenges],
        extremism=terms_out(case.extremism, vocabularies.extremism),
        questions=list(case.questions),
        audiences=terms_out(case.audiences, vocabularies.audiences),
        lead=[_partner(partner, vocabularies) for partner in case.lead],
        partners=[_partner(partner, vocabularies) for partner in case.partners],
        at_the_table=[
            SectorCountOut(_sector(sector, vocabularies), len(partners)) for sector, partners in case.by_sector.items()
        ],
        resources=case.resources,
        evidence=EvidenceOut(case.evidence.level, vocabularies.evidence.label(case.evidence.level), case.evidence.note),
        review=ReviewOut(case.review.state, case.review.date, case.review.by),
        language=case.language,
        contributors=list(case.contributors),
        sections=[SectionOut(s.id, s.heading, s.to_html(site=base_url), s.text) for s in case.sections],
        sources=[_source(source) for source in case.sources],
        facets={name: list(values) for name, values in facet_values(case, vocabularies).items()},
        modified=stored.modified,
        history=[_change(change) for change in stored.history],
        markdown_url=f"{page}.md",
        licence=LICENCE,
    )


def term_out(term_id: str, vocabulary: Vocabulary[Term]) -> TermOut:
    """A term by its id; its label is the id if the vocabulary does not (or no longer) have it."""
    return TermOut(term_id, vocabulary.labels.get(term_id, term_id))


def terms_out(ids: Iterable[str], vocabulary: Vocabulary[Term]) -> list[TermOut]:
    """Terms by their ids."""
    labels = vocabulary.labels
    return [TermOut(term_id, labels.get(term_id, term_id)) for term_id in ids]


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
"""The serialiser of each class, made once."""


def as_json(data: Any) -> bytes:
    """Data of these classes, or of others made in the same way, as compact JSON in UTF-8."""
    form = type(data)
    if form not in _ADAPTERS:
        _ADAPTERS[form] = TypeAdapter(form)
    return _ADAPTERS[form].dump_json(data)


def _change(change: CaseChange) -> CaseChangeOut:
    return CaseChangeOut(change.date, [str(kind) for kind in change.kinds], change.by)


def _challenge(challenge: Challenge, vocabularies: Vocabularies) -> ChallengeOut:
    label = vocabularies.challenges.label(challenge.id)
    return ChallengeOut(challenge.id, label, challenge.showed, challenge.handled)


def _partner(partner: Partner, vocabularies: Vocabularies) -> PartnerOut:
    return PartnerOut(partner.name, _sector(partner.sector, vocabularies))


def _sector(sector: str | None, vocabularies: Vocabularies) -> TermOut | None:
    return term_out(sector, vocabularies.sectors) if sector else None


def _last_reported(reported: LastReported | None) -> LastReportedOut | None:
    return LastReportedOut(reported.year, reported.source) if reported else None


def _source(source: Source) -> SourceOut:
    return SourceOut(source.id, source.title, source.by, source.year, source.url, source.lang)


def _reasons(reasons: Iterable[Reason], vocabulary: Vocabulary[Term]) -> list[ReasonOut]:
    return [ReasonOut(reason.id, vocabulary.label(reason.id), reason.why) for reason in reasons]
