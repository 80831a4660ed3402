"""Two cases of one kind that differ as much as two can: what is worth talking about lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from kb.model.case import CaseSummary
from kb.model.vocabulary import Vocabularies
from kb.translation import gettext
from kb.wording import listed


@dataclass(frozen=True)
class Contrast:
    """Two cases, and in what they differ."""

    first: CaseSummary
    second: CaseSummary
    differences: tuple[str, ...]
    """For people: "one in Asia, one in Europe"."""


def contrasting(cases: Sequence[CaseSummary], vocabularies: Vocabularies) -> Contrast | None:
    """The two cases that differ in most of: continent, evidence, challenges that only the first or the second names.

    None if there are fewer than two. Among equals those whose levels of evidence lie furthest apart; then those
    with the fewest arrangements, which show one arrangement most plainly; then by slug. So the same cases always give
    the same two.
    """
    pairs = combinations(sorted(cases, key=lambda case: case.slug), 2)
    level = {term.id: position for position, term in enumerate(vocabularies.evidence)}

    def rank(pair: tuple[CaseSummary, CaseSummary]) -> tuple[int, int, int]:
        first, second = pair
        apart = abs(level.get(first.evidence.level, 0) - level.get(second.evidence.level, 0))
        return -len(_differences(*pair, vocabularies)), -apart, len(first.arrangements) + len(second.arrangements)

    best = min(pairs, key=rank, default=None)
    return Contrast(*best, _differences(*best, vocabularies)) if best else None


def _differences(first: CaseSummary, second: CaseSummary, vocabularies: Vocabularies) -> tuple[str, ...]:
    found = []
    continents = [_continents(case, vocabularies) for case in (first, second)]
    if all(continents) and not continents[0] & continents[1]:
        one_in, other_in = (listed(sorted(names)) for names in continents)
        found.append(gettext("one in {first}, one in {second}").format(first=one_in, second=other_in))
    levels = [vocabularies.evidence.label(case.evidence.level).lower() for case in (first, second)]
    if levels[0] != levels[1]:
        found.append(gettext("evidence {first} and {second}").format(first=levels[0], second=levels[1]))
    for sentence, one, other in (
        (gettext("only the first names {challenges}"), first, second),
        (gettext("only the second names {challenges}"), second, first),
    ):
        only = {vocabularies.challenges.label(challenge) for challenge in _challenges(one) - _challenges(other)}
        if only:
            found.append(sentence.format(challenges=listed(sorted(only))))
    return tuple(found)


def _continents(case: CaseSummary, vocabularies: Vocabularies) -> set[str]:
    return {vocabularies.continents.label(continent) for continent in vocabularies.continents_of(case.cities)}


def _challenges(case: CaseSummary) -> set[str]:
    return {challenge.id for challenge in case.challenges}
