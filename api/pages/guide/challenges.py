"""Challenges: the overview, and the page of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.pages.guide.text import GuideText, contents, guide_text
from api.pages.parts.bars import Bar, bars
from api.pages.parts.found import cases_link, first_cases_with, found_cases
from api.pages.parts.lines import CaseLine, case_line
from api.pages.parts.page import Link, Page
from kb import CaseSummary, Generation, Term, Vocabularies, gettext


@dataclass(frozen=True)
class ChallengeRow:
    """A challenge in the overview."""

    term: Term
    href: str
    cases: Link | None
    """None if no case names it."""
    handled: Link | None
    """The cases that say what was done about it."""


@dataclass(frozen=True)
class ChallengesPage(Page):
    """`/challenges`."""

    rows: tuple[ChallengeRow, ...]


def challenges_page(generation: Generation) -> ChallengesPage:
    """All challenges, one line each."""
    found = generation.counts["challenge"]
    rows = tuple(
        ChallengeRow(
            term,
            paths.challenge(term.id),
            cases_link(found[term.id], challenge=term.id) if found.get(term.id) else None,
            _handled_link(term.id, generation),
        )
        for term in generation.vocabularies.challenges
    )
    return ChallengesPage(gettext("Challenges of working together"), paths.CHALLENGES, rows)


@dataclass(frozen=True)
class ChallengeLine:
    """What a case says of a challenge."""

    case: CaseLine
    showed: str | None
    handled: str | None


@dataclass(frozen=True)
class ChallengeGroup:
    """How cases of one arrangement met a challenge."""

    arrangement: Link
    lines: tuple[ChallengeLine, ...]


@dataclass(frozen=True)
class ChallengePage(Page):
    """`/challenges/{id}`."""

    term: Term
    guide: GuideText
    contents: tuple[Link, ...]
    arrangements: tuple[Bar, ...]
    """How many of its cases each arrangement has."""
    groups: tuple[ChallengeGroup, ...]
    shown: int
    """How many cases the groups contain."""
    cases: Link
    handled: Link | None
    """The cases that say what was done about it."""


def challenge_page(term: Term, generation: Generation) -> ChallengePage:
    """The page of one challenge."""
    result = first_cases_with(generation, "challenge", term.id)
    groups = tuple(_groups(term.id, found_cases(result, generation), generation.vocabularies))
    counts = {count.value: count.cases for count in result.facets["arrangement"]}
    searched = SearchParams().with_filter("challenge", term.id)
    guide = guide_text("challenge", term.id, generation)
    return ChallengePage(
        title=term.label,
        path=paths.challenge(term.id),
        term=term,
        guide=guide,
        contents=(*contents(guide.sections), Link(gettext("Case by case"), "#cases"), *guide.ends),
        arrangements=bars(
            (Link(one.label, searched.with_filter("arrangement", one.id).href()), counts.get(one.id, 0))
            for one in generation.vocabularies.arrangements
        ),
        groups=groups,
        shown=sum(len(group.lines) for group in groups),
        cases=cases_link(result.total, challenge=term.id),
        handled=_handled_link(term.id, generation),
    )


def _handled_link(challenge_id: str, generation: Generation) -> Link | None:
    count = generation.counts["handled"].get(challenge_id, 0)
    return cases_link(count, handled=challenge_id) if count else None


def _groups(challenge_id: str, cases: Sequence[CaseSummary], vocabularies: Vocabularies) -> Iterator[ChallengeGroup]:
    """Each case once, under the arrangement it names first: repeating a text would teach nothing."""
    for arrangement in vocabularies.arrangements:
        lines = [
            ChallengeLine(case_line(case, vocabularies), challenge.showed, challenge.handled)
            for case in cases
            if case.arrangements[0].id == arrangement.id
            for challenge in case.challenges
            if challenge.id == challenge_id
        ]
        if lines:
            # Readers come for what was done, so it goes first.
            ordered = tuple(sorted(lines, key=lambda line: line.handled is None))
            yield ChallengeGroup(Link(arrangement.label, paths.arrangement(arrangement.id)), ordered)
