"""The page of one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.address import paths
from api.address.search_state import SearchParams, compare_href
from api.address.site import Site
from api.formats.jsonld import JsonLd, case_jsonld
from api.pages.cite import CiteView, cite_view
from api.pages.parts.marking import Marked, Marker, SectionView
from api.pages.parts.page import Link, Page
from api.pages.parts.sources import SourceView, source_views
from api.pictures import CasePictures, case_pictures
from kb import (
    FACETS_BY_NAME,
    Case,
    Generation,
    Kind,
    Partner,
    Reason,
    Related,
    ReviewState,
    StoredCase,
    Term,
    Vocabularies,
    Vocabulary,
    change_in_words,
    day_in_words,
    gettext,
    gettext_noop,
    listed,
    ngettext,
    place_in_words,
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
class BriefLine:
    """A sentence of the case that stands for a section."""

    label: str
    href: str
    sentence: Marked


@dataclass(frozen=True)
class Fact:
    """One line of the fact panel."""

    name: str
    values: tuple[Link, ...]
    """Each with an empty address if it has none."""
    picture: str = ""
    """The picture that shows the same, by its name in `CasePictures`."""


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
    day: str
    """The same in words."""
    words: str


CHANGES_SHOWN = 5
"""The changes that the page shows at once."""

QUESTIONS_SHOWN = 3
"""The questions that the page shows at once."""

RELATED_SHOWN = 3
"""The other cases that the page recommends."""


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
    brief: tuple[BriefLine, ...]
    """What helped, what was hard, and a lesson, each a sentence of the case; without those whose section is missing."""
    place: str
    years: str
    pictures: CasePictures
    facts: tuple[Fact, ...]
    arrangements: tuple[ReasonView, ...]
    experienced_as: tuple[ReasonView, ...]
    challenges: tuple[ChallengeView, ...]
    resources: Marked | None
    """Staff, money and other resources it takes."""
    evidence: Term
    reviewed_on: str
    """The day on which the city reviewed it; empty if it has not."""
    sections: tuple[SectionView, ...]
    questions: tuple[Marked, ...]
    more_questions: tuple[Marked, ...]
    """Those that the page does not show at once."""
    sources: tuple[SourceView, ...]
    related: tuple[RelatedView, ...]
    modified: str
    """The day its file was last changed, in words."""
    drafted_by: str
    """Who drafted it, within a sentence."""
    changes: tuple[ChangeView, ...]
    """What happened to it lately, the newest first."""
    earlier: tuple[ChangeView, ...]
    """What happened before."""
    cite: CiteView | None
    """None where it is too early to cite it."""
    jsonld: JsonLd
    report_href: str
    """Where a mistake can be reported: a mail, an issue, or the page that says how."""
    edit_href: str | None

    @property
    def contents(self) -> tuple[Link, ...]:
        """The parts of the page."""
        return (
            Link(gettext("Arrangement"), "#arrangement"),
            Link(gettext("Challenges"), "#challenges"),
            *(Link(section.heading, f"#{section.id}") for section in self.sections),
            *_if(self.resources, Link(gettext("What it takes"), "#resources")),
            *_if(self.questions, Link(gettext("Questions it helps to answer"), "#questions")),
            *_if(self.sources, Link(gettext("Sources"), "#sources")),
            *_if(self.cite, Link(gettext("Cite this case"), "#cite")),
        )


def _if(condition: object, link: Link) -> tuple[Link, ...]:
    return (link,) if condition else ()


def case_page(stored: StoredCase, generation: Generation, searched: str, site: Site) -> CasePage:
    """The page of one case, found with these words; empty if it was not searched for."""
    marker = Marker(generation.highlighter(searched) if searched else None)
    related = _related(stored.case, generation)
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
    told = tuple(
        ChangeView(str(change.date), day_in_words(change.date), change_in_words(change))
        for change in reversed(stored.history)
    )
    questions = tuple(map(marker.marked, case.questions))
    return CasePage(
        title=case.title,
        path=paths.case(case.slug),
        case=case,
        back=_back(searched),
        marked_for=searched,
        heading=marker.marked(case.title, "title"),
        summary=marker.marked(case.summary, "summary"),
        brief=tuple(_brief(case, marker)),
        place=place_in_words(case, vocabularies),
        years=years_in_words(case),
        pictures=case_pictures(case, vocabularies),
        facts=_facts(case, vocabularies),
        arrangements=_reasons(case.arrangements, vocabularies.arrangements, paths.arrangement, marker),
        experienced_as=_reasons(case.experienced_as, vocabularies.arrangements, paths.arrangement, marker),
        challenges=tuple(_challenges(case, vocabularies.challenges, marker)),
        resources=_marked(case.resources, marker),
        evidence=evidence or Term(case.evidence.level, case.evidence.level, "", ()),
        reviewed_on=_reviewed_on(case),
        sections=tuple(map(marker.section, case.sections)),
        questions=questions[:QUESTIONS_SHOWN],
        more_questions=questions[QUESTIONS_SHOWN:],
        sources=source_views(case.sources),
        related=related,
        modified=day_in_words(date.fromisoformat(stored.modified[:10])),
        drafted_by=_within_a_sentence(case.contributors),
        changes=told[:CHANGES_SHOWN],
        earlier=told[CHANGES_SHOWN:],
        cite=cite_view(stored, site),
        jsonld=case_jsonld(stored, vocabularies, site),
        report_href=site.report_url(case.title, paths.case(case.slug)) or paths.HOW_TO_CORRECT,
        edit_href=site.edit_url(Kind.CASE.file(case.slug)),
    )


def _back(searched: str) -> Link:
    label = gettext("Cases for “{words}”").format(words=searched) if searched else gettext("Cases")
    return Link(label, SearchParams(searched).href())


_BRIEF = (
    (gettext_noop("What helped"), "what-helped"),
    (gettext_noop("What was hard"), "what-was-hard"),
    (gettext_noop("A lesson"), "lessons-for-another-city"),
)
"""What stands for a case in brief, by the section that says it."""


def _brief(case: Case, marker: Marker) -> Iterator[BriefLine]:
    for label, section_id in _BRIEF:
        section = case.section(section_id)
        if section and section.first_point:
            yield BriefLine(gettext(label), f"#{section_id}", marker.marked(section.first_point))


def _reviewed_on(case: Case) -> str:
    if case.review.state is not ReviewState.REVIEWED or not case.review.date:
        return ""
    return day_in_words(case.review.date)


def _within_a_sentence(contributors: Sequence[str]) -> str:
    """Who drafted a case; the team that most cases name is no name in capitals."""
    return listed(
        [
            gettext("the editorial team") if contributor == "Editorial team" else contributor
            for contributor in contributors
        ]
    )


def _related(case: Case, generation: Generation) -> tuple[RelatedView, ...]:
    """Other cases, as far as possible each for a reason of its own."""
    found = generation.related(case)
    firsts = {item.kind: item for item in reversed(found)}
    first = [item for item in found if firsts[item.kind] is item]
    chosen = [*first, *(item for item in found if item not in first)]
    return tuple(_related_views(case, chosen[:RELATED_SHOWN], generation))


def _related_views(case: Case, chosen: Iterable[Related], generation: Generation) -> Iterator[RelatedView]:
    for item in chosen:
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
            ngettext("City", "Cities", len(case.cities)),
            tuple(Link(vocabularies.cities.label(city), paths.city(city)) for city in case.cities),
        ),
        Fact(gettext("Years"), (Link(years_in_words(case), ""),), "strip"),
        Fact(gettext("Status"), (_status(case, vocabularies),)),
        Fact(gettext("Led by"), _names(case.lead)),
        Fact(gettext("Partners"), _names(case.partners)),
        Fact(gettext("At the table, by sector"), tuple(_by_sector(case, vocabularies))),
        Fact(gettext("Kind of extremism"), _narrowing("extremism", case.extremism, vocabularies)),
        Fact(gettext("For whom"), _narrowing("audience", case.audiences, vocabularies)),
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
        label = vocabularies.sectors.label(sector) if sector else gettext("Sector not known")
        href = SearchParams().with_filter("sector", sector).href() if sector else ""
        yield Link(f"{label}: {len(partners)}", href)


def _narrowing(facet: str, values: Sequence[str], vocabularies: Vocabularies) -> tuple[Link, ...]:
    """The values of a facet, each with the cases that have it."""
    label = FACETS_BY_NAME[facet].vocabulary(vocabularies).label
    return tuple(Link(label(value), SearchParams().with_filter(facet, value).href()) for value in values)
