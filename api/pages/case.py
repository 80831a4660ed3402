"""The page of one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams, compare_href
from api.address.site import Site
from api.formats.jsonld import JsonLd, case_jsonld
from api.pages.cite import CiteView, cite_view
from api.pages.parts.marking import Marked, Marker, SectionView
from api.pages.parts.page import Link, Page
from api.pages.parts.sources import SourceView, source_views
from kb import (
    FACETS_BY_NAME,
    Case,
    Generation,
    Kind,
    Partner,
    Reason,
    ReviewState,
    StoredCase,
    Term,
    Vocabularies,
    Vocabulary,
    change_in_words,
    place_in_words,
    plural,
    status_in_words,
    years_in_words,
)

UNMARKED = Marker()


@dataclass(frozen=True)
class ReasonView:
    """A term, what the guide says it is, and why it applies to this case."""

    label: str
    href: str
    description: str
    why: Marked


@dataclass(frozen=True)
class ChallengeView:
    """A challenge, what the guide says it is, and what this case says of it."""

    label: str
    href: str
    description: str
    showed: Marked | None
    handled: Marked | None


@dataclass(frozen=True)
class Fact:
    """One line of the fact panel."""

    name: str
    values: tuple[Link, ...]
    """Empty if the value has no address."""


@dataclass(frozen=True)
class RelatedView:
    """Another case to read, and why."""

    title: str
    href: str
    place: str
    reason: str
    compare_href: str


@dataclass(frozen=True)
class ChangeView:
    """What happened to the case on one day."""

    date: str
    words: str


CHANGES_SHOWN = 5
"""The changes that the page shows at once."""


@dataclass(frozen=True)
class CasePage(Page):
    """`/cases/{slug}`."""

    case: Case
    back: Link
    """The search that found it."""
    marked_for: str
    """The words of the search whose matches are marked; empty if nothing is."""
    heading: Marked
    summary: Marked
    place: str
    years: str
    facts: tuple[Fact, ...]
    arrangements: tuple[ReasonView, ...]
    experienced_as: tuple[ReasonView, ...]
    challenges: tuple[ChallengeView, ...]
    resources: Marked | None
    """Staff, money and other resources it takes."""
    evidence: Term
    is_reviewed: bool
    """Whether the city has reviewed it."""
    sections: tuple[SectionView, ...]
    questions: tuple[Marked, ...]
    sources: tuple[SourceView, ...]
    related: tuple[RelatedView, ...]
    modified: str
    """The day its file was last changed."""
    changes: tuple[ChangeView, ...]
    """What happened to it lately, the newest first."""
    earlier: tuple[ChangeView, ...]
    """What happened before."""
    cite: CiteView | None
    """None where it is too early to cite it."""
    jsonld: JsonLd
    report_href: str | None
    edit_href: str | None


def case_page(stored: StoredCase, generation: Generation, searched: str, site: Site) -> CasePage:
    """The page of one case, found with these words; empty if it was not searched for."""
    marker = Marker(generation.highlighter(searched) if searched else None)
    related = tuple(_related(stored.case, generation))
    return page_of(stored, generation.vocabularies, site, searched, marker, related)


def page_of(
    stored: StoredCase,
    vocabularies: Vocabularies,
    site: Site,
    searched: str = "",
    marker: Marker = UNMARKED,
    related: tuple[RelatedView, ...] = (),
) -> CasePage:
    """The page of a case, in any collection or none."""
    case = stored.case
    evidence = vocabularies.evidence.get(case.evidence.level)
    told = tuple(ChangeView(str(change.date), change_in_words(change)) for change in reversed(stored.history))
    return CasePage(
        title=case.title,
        path=paths.case(case.slug),
        case=case,
        back=_back(searched),
        marked_for=searched,
        heading=marker.marked(case.title, "title"),
        summary=marker.marked(case.summary, "summary"),
        place=place_in_words(case, vocabularies),
        years=years_in_words(case),
        facts=_facts(case, vocabularies),
        arrangements=_reasons(case.arrangements, vocabularies.arrangements, paths.arrangement, marker),
        experienced_as=_reasons(case.experienced_as, vocabularies.arrangements, paths.arrangement, marker),
        challenges=tuple(_challenges(case, vocabularies.challenges, marker)),
        resources=_marked(case.resources, marker),
        evidence=evidence or Term(case.evidence.level, case.evidence.level, "", ()),
        is_reviewed=case.review.state is ReviewState.REVIEWED,
        sections=tuple(map(marker.section, case.sections)),
        questions=tuple(map(marker.marked, case.questions)),
        sources=source_views(case.sources),
        related=related,
        modified=stored.modified[:10],
        changes=told[:CHANGES_SHOWN],
        earlier=told[CHANGES_SHOWN:],
        cite=cite_view(stored, site),
        jsonld=case_jsonld(stored, vocabularies, site),
        report_href=site.report_url(case.title, paths.case(case.slug)),
        edit_href=site.edit_url(Kind.CASE.file(case.slug)),
    )


def _back(searched: str) -> Link:
    return Link(f"Cases for “{searched}”" if searched else "Cases", SearchParams(searched).href())


def _related(case: Case, generation: Generation) -> Iterator[RelatedView]:
    for item in generation.related(case):
        other = generation.cases.summary(item.slug)
        if other:
            yield RelatedView(
                other.title,
                paths.case(item.slug),
                place_in_words(other, generation.vocabularies),
                item.reason,
                compare_href([case.slug, item.slug]),
            )


def _reasons(
    reasons: Sequence[Reason], vocabulary: Vocabulary[Term], address: Callable[[str], str], marker: Marker
) -> tuple[ReasonView, ...]:
    found = ((reason, vocabulary.get(reason.id)) for reason in reasons)
    return tuple(
        ReasonView(term.label, address(term.id), term.description, marker.marked(reason.why))
        for reason, term in found
        if term
    )


def _challenges(case: Case, vocabulary: Vocabulary[Term], marker: Marker) -> Iterator[ChallengeView]:
    for challenge in case.challenges:
        if term := vocabulary.get(challenge.id):
            showed, handled = _marked(challenge.showed, marker), _marked(challenge.handled, marker)
            yield ChallengeView(term.label, paths.challenge(term.id), term.description, showed, handled)


def _marked(text: str | None, marker: Marker) -> Marked | None:
    return marker.marked(text) if text else None


def _facts(case: Case, vocabularies: Vocabularies) -> tuple[Fact, ...]:
    facts = (
        Fact(
            plural(len(case.cities), "City", "Cities"),
            tuple(Link(vocabularies.cities.label(city), paths.city(city)) for city in case.cities),
        ),
        Fact("Years", (Link(years_in_words(case), ""),)),
        Fact("Status", (_status(case, vocabularies),)),
        Fact("Who leads", _names(case.lead)),
        Fact("Partners", _names(case.partners)),
        Fact("At the table, by sector", tuple(_by_sector(case, vocabularies))),
        Fact("Kind of extremism", _narrowing("extremism", case.extremism, vocabularies)),
        Fact("For", _narrowing("audience", case.audiences, vocabularies)),
    )
    return tuple(fact for fact in facts if fact.values)


def _status(case: Case, vocabularies: Vocabularies) -> Link:
    source = f"#source-{case.last_reported.source}" if case.last_reported else ""
    return Link(status_in_words(case, vocabularies), source)


def _names(partners: Sequence[Partner]) -> tuple[Link, ...]:
    return tuple(Link(partner.name, "") for partner in partners)


def _by_sector(case: Case, vocabularies: Vocabularies) -> Iterator[Link]:
    """How many at the table come from each sector; empty if no sector is known."""
    if not any(case.by_sector):
        return
    for sector, partners in case.by_sector.items():
        label = vocabularies.sectors.label(sector) if sector else "Sector not known"
        href = SearchParams().with_filter("sector", sector).href() if sector else ""
        yield Link(f"{label}: {len(partners)}", href)


def _narrowing(facet: str, values: Sequence[str], vocabularies: Vocabularies) -> tuple[Link, ...]:
    """The values of a facet, each with the cases that have it."""
    label = FACETS_BY_NAME[facet].vocabulary(vocabularies).label
    return tuple(Link(label(value), SearchParams().with_filter(facet, value).href()) for value in values)
