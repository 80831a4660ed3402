"""Challenges: the overview, and the page of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.address import paths
from api.pages.guide.text import GuideText, guide_text
from api.pages.parts.found import cases_link, first_cases_with, found_cases
from api.pages.parts.lines import CaseLine, case_line, why
from api.pages.parts.page import Link, Page
from kb import Case, Generation, Term, Vocabularies


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
        ChallengeRow(term, paths.challenge(term.id), cases_link(found.get(term.id, 0), challenge=term.id))
        for term in generation.vocabularies.challenges
    )
    return ChallengesPage("Challenges of working together", paths.CHALLENGES, rows)


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
        path=paths.challenge(term.id),
        term=term,
        guide=guide_text("challenge", term.id, generation),
        handled=handled,
        shown=sum(len(group.cases) for group in handled),
        cases=cases_link(result.total, challenge=term.id),
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
            yield HandledGroup(Link(arrangement.label, paths.arrangement(arrangement.id)), lines)
