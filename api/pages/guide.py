"""Arrangements, challenges and cities: overviews and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.address.questionnaire import PATH
from api.address.search_state import SearchParams, compare_href
from api.pages.parts.cards import CaseCard, case_cards
from api.pages.parts.found import first_cases_with, found_cases
from api.pages.parts.lines import CaseLine, case_line, why
from api.pages.parts.page import Link, Page
from api.pages.parts.sources import SourceView, cites_general_knowledge, source_views
from api.pages.parts.terms import TermCard
from kb import (
    Arrangement,
    Case,
    City,
    Generation,
    Reason,
    Section,
    Sort,
    Term,
    Vocabularies,
    Vocabulary,
    cases_in_words,
    make_request,
)


@dataclass(frozen=True)
class ArrangementRow:
    """An arrangement in the overview."""

    term: Arrangement
    href: str
    cases: Link


@dataclass(frozen=True)
class ArrangementsPage(Page):
    """`/arrangements`."""

    rows: tuple[ArrangementRow, ...]
    which_href: str


def arrangements_page(generation: Generation) -> ArrangementsPage:
    """All arrangements, side by side."""
    found = generation.counts["arrangement"]
    rows = tuple(
        ArrangementRow(term, f"/arrangements/{term.id}", _cases_link(found.get(term.id, 0), arrangement=term.id))
        for term in generation.vocabularies.arrangements
    )
    return ArrangementsPage("Six kinds of arrangement", "/arrangements", rows, PATH)


@dataclass(frozen=True)
class ChallengeRow:
    """A challenge in the overview."""

    term: Term
    href: str
    cases: Link


@dataclass(frozen=True)
class ChallengesPage(Page):
    """`/challenges`."""

    rows: tuple[ChallengeRow, ...]


def challenges_page(generation: Generation) -> ChallengesPage:
    """All challenges, one line each."""
    found = generation.counts["challenge"]
    rows = tuple(
        ChallengeRow(term, f"/challenges/{term.id}", _cases_link(found.get(term.id, 0), challenge=term.id))
        for term in generation.vocabularies.challenges
    )
    return ChallengesPage("Challenges of working together", "/challenges", rows)


@dataclass(frozen=True)
class GuideText:
    """The guide page of a term as its author wrote it."""

    sections: tuple[Section, ...]
    sources: tuple[SourceView, ...]
    cites_general: bool
    """Whether something on the page rests on general professional knowledge."""


def _guide_text(facet_name: str, term_id: str, generation: Generation) -> GuideText:
    guide = generation.cases.guide(facet_name, term_id)
    if guide is None:
        return GuideText((), (), cites_general=False)
    cites_general = any(cites_general_knowledge(section.html) for section in guide.sections)
    return GuideText(guide.sections, source_views(guide.sources), cites_general)


@dataclass(frozen=True)
class Drift:
    """A case that partners or residents lived as another arrangement than the one announced."""

    case: CaseLine
    announced: str
    experienced: str


@dataclass(frozen=True)
class ArrangementPage(Page):
    """`/arrangements/{id}`."""

    term: Arrangement
    guide: GuideText
    worksheet_href: str
    which_href: str
    comparisons: tuple[Link, ...]
    """The other arrangements, each to be compared with this one."""
    lived_as_this: tuple[Drift, ...]
    lived_otherwise: tuple[Drift, ...]
    cards: tuple[CaseCard, ...]
    cases: Link


def arrangement_page(term: Arrangement, generation: Generation) -> ArrangementPage:
    """The page of one arrangement."""
    result = first_cases_with(generation, "arrangement", term.id)
    arrangements = generation.vocabularies.arrangements
    drifted = {"arrangement": (term.id,), "experienced_as": tuple(other.id for other in arrangements)}
    return ArrangementPage(
        title=term.label,
        path=f"/arrangements/{term.id}",
        term=term,
        guide=_guide_text("arrangement", term.id, generation),
        worksheet_href=f"/arrangements/{term.id}/worksheet",
        which_href=PATH,
        comparisons=tuple(
            Link(other.label, compare_href(arrangements=[term.id, other.id]))
            for other in arrangements
            if other.id != term.id
        ),
        lived_as_this=_drifts({"experienced_as": (term.id,)}, generation),
        lived_otherwise=_drifts(drifted, generation),
        cards=case_cards(result, generation),
        cases=_cases_link(result.total, arrangement=term.id),
    )


def _drifts(filters: Mapping[str, tuple[str, ...]], generation: Generation) -> tuple[Drift, ...]:
    vocabularies = generation.vocabularies
    result = generation.search(make_request(filters=filters, sort=Sort.TITLE, size=100))
    return tuple(
        Drift(
            case_line(case, vocabularies, " ".join(reason.why for reason in case.experienced_as)),
            announced=_labels(case.arrangements, vocabularies.arrangements),
            experienced=_labels(case.experienced_as, vocabularies.arrangements),
        )
        for case in found_cases(result, generation)
    )


def _labels(reasons: Sequence[Reason], vocabulary: Vocabulary[Arrangement]) -> str:
    return ", ".join(vocabulary.label(reason.id) for reason in reasons)


@dataclass(frozen=True)
class HandledGroup:
    """How cases of one arrangement met a challenge."""

    arrangement: Link
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True)
class ChallengePage(Page):
    """`/challenges/{id}`."""

    term: Term
    guide: GuideText
    handled: tuple[HandledGroup, ...]
    shown: int
    """How many cases the groups hold."""
    cases: Link


def challenge_page(term: Term, generation: Generation) -> ChallengePage:
    """The page of one challenge."""
    result = first_cases_with(generation, "challenge", term.id)
    handled = tuple(_handled(term.id, found_cases(result, generation), generation.vocabularies))
    return ChallengePage(
        title=term.label,
        path=f"/challenges/{term.id}",
        term=term,
        guide=_guide_text("challenge", term.id, generation),
        handled=handled,
        shown=sum(len(group.cases) for group in handled),
        cases=_cases_link(result.total, challenge=term.id),
    )


def _handled(challenge_id: str, cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[HandledGroup]:
    """Each case once, under the arrangement that it names first: the same words twice would teach nothing."""
    for arrangement in vocabularies.arrangements:
        lines = tuple(
            case_line(case, vocabularies, why(case.challenges, challenge_id))
            for case in cases
            if case.arrangements[0].id == arrangement.id
        )
        if lines:
            yield HandledGroup(Link(arrangement.label, f"/arrangements/{arrangement.id}"), lines)


def _cases_link(count: int, **chosen: str) -> Link:
    """The search for these cases, with how many there are."""
    params = SearchParams(filters={facet: (value,) for facet, value in chosen.items()})
    return Link(cases_in_words(count), params.href())


@dataclass(frozen=True)
class CountryGroup:
    """The cities of one country."""

    label: str
    href: str
    cities: tuple[TermCard, ...]


@dataclass(frozen=True)
class CitiesPage(Page):
    """`/cities`."""

    countries: tuple[CountryGroup, ...]
    total: int


def country_groups(
    found: Mapping[str, int],
    vocabularies: Vocabularies,
    city_href: Callable[[str], str],
    country_href: Callable[[str], str],
) -> tuple[CountryGroup, ...]:
    """Cities with their number of cases, by country, both in the order of their names."""
    groups = []
    for country in sorted(vocabularies.countries, key=lambda country: country.label):
        cards = tuple(
            TermCard(city.label, city_href(city.id), "", found[city.id])
            for city in sorted(vocabularies.cities, key=lambda city: city.label)
            if city.country == country.id and city.id in found
        )
        if cards:
            groups.append(CountryGroup(country.label, country_href(country.id), cards))
    return tuple(groups)


def cities_page(generation: Generation) -> CitiesPage:
    """Cities with cases, by country."""
    found = generation.counts["city"]
    groups = country_groups(
        found,
        generation.vocabularies,
        lambda city: f"/cities/{city}",
        lambda country: SearchParams().with_filter("country", country).href(),
    )
    return CitiesPage("Cities", "/cities", groups, len(found))


@dataclass(frozen=True)
class CityPage(Page):
    """`/cities/{id}`."""

    city: City
    country: Link
    cards: tuple[CaseCard, ...]
    more: Link | None
    """The search for all of its cases, where the page shows the first ones only."""
    elsewhere: tuple[Link, ...]
    """Other cities of the same country that have cases."""


def city_page(city: City, generation: Generation) -> CityPage:
    """The page of one city."""
    vocabularies = generation.vocabularies
    found = generation.counts["city"]
    result = first_cases_with(generation, "city", city.id)
    return CityPage(
        title=city.label,
        path=f"/cities/{city.id}",
        city=city,
        country=Link(
            vocabularies.countries.label(city.country), SearchParams().with_filter("country", city.country).href()
        ),
        cards=case_cards(result, generation),
        more=_cases_link(result.total, city=city.id) if result.total > len(result.hits) else None,
        elsewhere=tuple(
            Link(other.label, f"/cities/{other.id}")
            for other in vocabularies.cities
            if other.country == city.country and other.id != city.id and other.id in found
        ),
    )
