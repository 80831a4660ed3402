"""The page of one case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.base import Link, Page, SourceView, place, source_views, years
from api.params import SearchParams
from kb import Case, Generation, Reason, Related, Section, StoredCase, Term, Vocabularies


@dataclass(frozen=True)
class ReasonView:
    """A term with why it applies to this case."""

    label: str
    href: str
    description: str
    why: str


@dataclass(frozen=True)
class Fact:
    """One line of the fact panel."""

    name: str
    values: tuple[Link, ...]
    """A value without an address has an empty one."""


@dataclass(frozen=True)
class RelatedView:
    """Another case to read, and why."""

    title: str
    href: str
    place: str
    reason: str


@dataclass(frozen=True)
class CasePage(Page):
    """`/cases/{slug}`."""

    case: Case
    place: str
    years: str
    facts: tuple[Fact, ...]
    arrangements: tuple[ReasonView, ...]
    experienced_as: tuple[ReasonView, ...]
    challenges: tuple[ReasonView, ...]
    evidence: Term
    sections: tuple[Section, ...]
    sources: tuple[SourceView, ...]
    related: tuple[RelatedView, ...]
    modified: str
    """The day its file was last changed."""
    report_href: str | None
    edit_href: str | None


def case_page(stored: StoredCase, generation: Generation, report_href: str | None, edit_href: str | None) -> CasePage:
    """The page of one case."""
    case = stored.case
    vocabularies = generation.vocabularies
    evidence = vocabularies.evidence.get(case.evidence.level)
    return CasePage(
        title=case.title,
        path=f"/cases/{case.slug}",
        case=case,
        place=place(case, vocabularies),
        years=years(case),
        facts=_facts(case, vocabularies),
        arrangements=_reasons(case.arrangements, vocabularies.arrangements, "/arrangements"),
        experienced_as=_reasons(case.experienced_as, vocabularies.arrangements, "/arrangements"),
        challenges=_reasons(case.challenges, vocabularies.challenges, "/challenges"),
        evidence=evidence or Term(case.evidence.level, case.evidence.level, "", ()),
        sections=case.sections,
        sources=source_views(case.sources),
        related=tuple(_related(generation.related(case), generation)),
        modified=stored.modified[:10],
        report_href=report_href,
        edit_href=edit_href,
    )


def _related(found: Sequence[Related], generation: Generation) -> Iterator[RelatedView]:
    for item in found:
        other = generation.cases.brief(item.slug)
        if other:
            yield RelatedView(other.title, f"/cases/{item.slug}", place(other, generation.vocabularies), item.reason)


def _reasons(reasons: Sequence[Reason], vocabulary: Any, path: str) -> tuple[ReasonView, ...]:
    found = ((reason, vocabulary.get(reason.id)) for reason in reasons)
    return tuple(
        ReasonView(term.label, f"{path}/{term.id}", term.description, reason.why) for reason, term in found if term
    )


def _facts(case: Case, vocabularies: Vocabularies) -> tuple[Fact, ...]:
    cities = tuple(Link(vocabularies.cities.label(city), f"/cities/{city}") for city in case.cities)
    audiences = tuple(
        Link(vocabularies.audiences.label(audience), SearchParams().with_filter("audience", audience).href())
        for audience in case.audiences
    )
    plain = (
        ("Years", (years(case),)),
        ("Status", (vocabularies.statuses.label(case.status),)),
        ("Lead", case.lead),
        ("Partners", case.partners),
    )
    facts = [Fact("City" if len(cities) == 1 else "Cities", cities)]
    facts.extend(Fact(name, tuple(Link(value, "") for value in values)) for name, values in plain if values)
    return (*facts, Fact("For", audiences)) if audiences else tuple(facts)
