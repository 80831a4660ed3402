"""Picking what to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product

from api.address import paths
from api.address.comparison import ComparedItems
from api.address.saved_list import NOTHING_SAVED, SavedList
from api.address.search_state import SearchParams, compare_href
from api.pages.parts.found import first_cases_with, found_cases
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import (
    Arrangement,
    Case,
    CaseSummary,
    Generation,
    Notice,
    Vocabularies,
    cases_in_words,
    gettext,
    listed,
    make_request,
    ngettext,
    place_in_words,
)

EXAMPLES_SHOWN = 4


@dataclass(frozen=True)
class OfferedLink(Link):
    """Something to compare, and why."""

    reason: str


@dataclass(frozen=True)
class Offer:
    """Comparisons that can be made with one click."""

    heading: str
    links: tuple[OfferedLink, ...]


@dataclass(frozen=True)
class Picked:
    """The first item to compare."""

    title: str
    href: str
    place: str


@dataclass(frozen=True)
class ComparisonStartPage(Page):
    """`/compare` with nothing, or one thing, to compare."""

    notices: tuple[NoticeLine, ...]
    picked: Picked | None
    finds_cases: bool
    """Whether the page offers a search for cases."""
    shelf: tuple[tuple[str, str], ...]
    """The parameters of the list to which the search adds a case; none if there is nothing to add to."""
    arrangements: tuple[Arrangement, ...]
    """The arrangements to tick."""
    ticked: frozenset[str]
    """The ids of those that are ticked."""
    problem: str
    """Why they cannot be compared; empty if none have been asked for."""
    offers: tuple[Offer, ...]


def comparison_start(
    compared: ComparedItems, generation: Generation, saved: SavedList = NOTHING_SAVED, *, has_chosen: bool = False
) -> ComparisonStartPage:
    """The page that helps to pick what to compare.

    `saved` is the list of the visitor; `has_chosen` says whether arrangements were ticked on the page, but too few.
    """
    if compared.cases:
        return _beside_case(compared.cases[0], compared.notices, generation, saved)
    if compared.arrangements and not has_chosen:
        return _beside_arrangement(compared.arrangements[0], compared.notices, generation.vocabularies)
    offers = (
        Offer(
            gettext("The same challenge in another arrangement"), tuple(islice(_case_pairs(generation), EXAMPLES_SHOWN))
        ),
        Offer(gettext("Arrangements that are easily confused"), tuple(_arrangement_pairs(generation))),
    )
    return ComparisonStartPage(
        title=gettext("Compare cases or arrangements"),
        path=compare_href(),
        notices=notice_lines(compared.notices),
        picked=None,
        finds_cases=True,
        shelf=(),
        arrangements=generation.vocabularies.arrangements.terms,
        ticked=frozenset(term.id for term in compared.arrangements),
        problem=gettext("Choose at least two.") if has_chosen else "",
        offers=tuple(offer for offer in offers if offer.links),
    )


def _beside_case(
    case: Case, notices: tuple[Notice, ...], generation: Generation, saved: SavedList
) -> ComparisonStartPage:
    vocabularies, listed_too = generation.vocabularies, saved.saving(case.slug)
    offers = (
        Offer(gettext("Compare it with one of these"), tuple(_related_pairs(case, generation))),
        Offer(
            gettext("Choose from all cases of the same arrangement"),
            tuple(_same_arrangement(case, generation, listed_too)),
        ),
    )
    return ComparisonStartPage(
        title=gettext("Compare {name} with another case").format(name=_cities(case, vocabularies)),
        path=compare_href([case.slug]),
        notices=notice_lines(notices),
        picked=Picked(case.title, paths.case(case.slug), place_in_words(case, vocabularies)),
        finds_cases=True,
        shelf=tuple(listed_too.pairs()),
        arrangements=(),
        ticked=frozenset(),
        problem="",
        offers=tuple(offer for offer in offers if offer.links),
    )


def _beside_arrangement(
    term: Arrangement, notices: tuple[Notice, ...], vocabularies: Vocabularies
) -> ComparisonStartPage:
    others = (other for other in vocabularies.arrangements if other.id != term.id)
    links = tuple(
        OfferedLink(other.label, compare_href(arrangements=[term.id, other.id]), other.purpose) for other in others
    )
    return ComparisonStartPage(
        title=gettext("Compare {name} with another arrangement").format(name=term.label),
        path=compare_href(arrangements=[term.id]),
        notices=notice_lines(notices),
        picked=Picked(term.label, paths.arrangement(term.id), ""),
        finds_cases=False,
        shelf=(),
        arrangements=(),
        ticked=frozenset(),
        problem="",
        offers=(Offer(gettext("Compare it with one of these"), links),) if links else (),
    )


def _related_pairs(case: Case, generation: Generation) -> Iterator[OfferedLink]:
    for related in generation.related(case):
        other = generation.cases.summary(related.slug)
        if other:
            reason = f"{place_in_words(other, generation.vocabularies)} · {related.reason}"
            yield OfferedLink(other.title, compare_href([case.slug, other.slug]), reason)


def _same_arrangement(case: Case, generation: Generation, saved: SavedList) -> Iterator[OfferedLink]:
    found = generation.counts["arrangement"]
    for reason in case.arrangements:
        search = SearchParams().with_filter("arrangement", reason.id)
        label = generation.vocabularies.arrangements.label(reason.id)
        yield OfferedLink(label, saved.at(search.href()), cases_in_words(found.get(reason.id, 0)))


def _case_pairs(generation: Generation) -> Iterator[OfferedLink]:
    """For each challenge, most frequent first, two cases that met it in different arrangements and different cities.

    Those with the fewest arrangements make the clearest contrast.
    """
    vocabularies = generation.vocabularies
    both = gettext("Both mention {challenge}.")
    shown: set[str] = set()
    for challenge in generation.counts["challenge"]:
        hits = first_cases_with(generation, "challenge", challenge).hits
        cases = [case for hit in hits if hit.slug not in shown and (case := generation.cases.summary(hit.slug))]
        pairs = (pair for pair in combinations(cases, 2) if _is_apart(*pair))
        pair = min(pairs, key=lambda pair: sum(len(case.arrangements) for case in pair), default=None)
        if pair:
            shown.update(case.slug for case in pair)
            kinds = (f"{_cities(case, vocabularies)}: {_kinds(case, vocabularies)}." for case in pair)
            yield OfferedLink(
                listed([_cities(case, vocabularies) for case in pair]),
                compare_href(case.slug for case in pair),
                " ".join((both.format(challenge=vocabularies.challenges.label(challenge)), *kinds)),
            )


def _is_apart(one: CaseSummary, other: CaseSummary) -> bool:
    kinds = {reason.id for reason in one.arrangements}.isdisjoint(reason.id for reason in other.arrangements)
    return kinds and set(one.cities).isdisjoint(other.cities)


def _kinds(case: CaseSummary, vocabularies: Vocabularies) -> str:
    return listed([vocabularies.arrangements.label(reason.id) for reason in case.arrangements])


def _cities(case: CaseSummary, vocabularies: Vocabularies) -> str:
    return listed([vocabularies.cities.label(city) for city in case.cities])


def _arrangement_pairs(generation: Generation) -> Iterator[OfferedLink]:
    """Arrangements that discuss named persons, and pairs of which one was announced and the other experienced."""
    vocabulary = generation.vocabularies.arrangements
    shown: set[frozenset[str]] = set()
    for one, other in combinations([term for term in vocabulary if term.named_person], 2):
        shown.add(frozenset((one.id, other.id)))
        yield _arrangement_pair(one, other, gettext("Both discuss a named person."))
    for (announced, experienced), cases in _drifts(generation).items():
        if announced in vocabulary and experienced in vocabulary and frozenset((announced, experienced)) not in shown:
            shown.add(frozenset((announced, experienced)))
            reason = ngettext(
                "In one case the first was announced but partners experienced the second.",
                "In {count} cases the first was announced but partners experienced the second.",
                cases,
            ).format(count=cases)
            yield _arrangement_pair(vocabulary[announced], vocabulary[experienced], reason)


def _drifts(generation: Generation) -> dict[tuple[str, str], int]:
    """How many cases announced one arrangement while partners experienced another, in the order of the vocabulary."""
    place = {term.id: place for place, term in enumerate(generation.vocabularies.arrangements)}
    request = make_request(filters={"experienced_as": tuple(place)})
    counts = Counter(
        (announced.id, experienced.id)
        for result in generation.search_all(request)
        for case in found_cases(result, generation)
        for announced, experienced in product(case.arrangements, case.experienced_as)
    )
    return dict(sorted(counts.items(), key=lambda item: (place.get(item[0][0], 0), -item[1], item[0][1])))


def _arrangement_pair(one: Arrangement, other: Arrangement, reason: str) -> OfferedLink:
    return OfferedLink(listed([one.label, other.label]), compare_href(arrangements=[one.id, other.id]), reason)
