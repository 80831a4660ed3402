"""The cases or arrangements that an address asks to compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from api.address.notices import near_label
from api.address.saved_list import MOST_SAVED
from api.address.spelling import is_withdrawn, slug_named
from kb import Arrangement, Case, CaseSummary, Generation, Notice, Vocabularies, check, term_named

MOST_COMPARED = 4
"""The most columns that are still readable."""

NAMES_READ = 2 * MOST_SAVED
"""The most names looked up for one address."""

C = TypeVar("C", bound=CaseSummary)


@dataclass(frozen=True)
class ComparedItems:
    """The cases or arrangements that an address asks to compare."""

    cases: tuple[Case, ...]
    arrangements: tuple[Arrangement, ...]
    notices: tuple[Notice, ...]
    """What was left out, and why."""


def read_compared(slugs: Sequence[str], term_ids: Sequence[str], generation: Generation) -> ComparedItems:
    """The cases or arrangements named in an address. What cannot be used is left out, with a notice."""
    notices: list[Notice] = []
    cases = _read_cases(slugs, generation.cases.case, generation, notices)
    arrangements = _read_arrangements(term_ids, generation.vocabularies, notices)
    if cases and arrangements:
        notices.append(Notice.of("two-kinds"))
        arrangements = []
    if len(arrangements) > MOST_COMPARED:
        notices.append(Notice.of("too-many.compared", most=MOST_COMPARED))
    return ComparedItems(tuple(cases), tuple(arrangements[:MOST_COMPARED]), tuple(notices))


def read_listed(slugs: Sequence[str], generation: Generation) -> tuple[tuple[CaseSummary, ...], tuple[Notice, ...]]:
    """The cases of a saved list, and notices of those left out."""
    notices: list[Notice] = []
    return tuple(_read_cases(slugs, generation.cases.summary, generation, notices)), tuple(notices)


def _read_cases(
    slugs: Sequence[str], read: Callable[[str], C | None], generation: Generation, notices: list[Notice]
) -> list[C]:
    cases: dict[str, C] = {}
    for slug in list(filter(str.strip, slugs))[:NAMES_READ]:
        check()
        case = read(slug) or read(slug_named(slug, generation) or "")
        if case is None:
            key = "unknown-case.withdrawn" if is_withdrawn(slug, generation) else "unknown-case"
            notices.append(Notice.of(key, slug=slug[:80]))
        elif case.slug in cases:
            notices.append(Notice.of("named-twice", title=case.title))
        else:
            cases[case.slug] = case
    if len(cases) > MOST_SAVED or len(slugs) > NAMES_READ:
        notices.append(Notice.of("too-many.listed", most=MOST_SAVED))
    return list(cases.values())[:MOST_SAVED]


def _read_arrangements(term_ids: Sequence[str], vocabularies: Vocabularies, notices: list[Notice]) -> list[Arrangement]:
    arrangements: dict[str, Arrangement] = {}
    for term_id in list(filter(str.strip, term_ids))[:NAMES_READ]:
        term = term_named(vocabularies.arrangements, term_id)
        if term is None:
            near = near_label(vocabularies.arrangements, term_id[:60])
            notices.append(Notice.of("unknown-value.arrangement", value=term_id[:60], **near))
        elif term.id in arrangements:
            notices.append(Notice.of("named-twice", title=term.label))
        else:
            arrangements[term.id] = term
    return list(arrangements.values())
