"""Arrangements: the overview, and the page of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams, compare_href
from api.pages.guide.text import GuideText, contents, guide_text
from api.pages.parts.bars import Bar, bars
from api.pages.parts.found import cases_link, first_cases_with, found_cases
from api.pages.parts.lines import CaseLine, case_line
from api.pages.parts.page import Link, Page
from kb import (
    Arrangement,
    CaseSummary,
    Generation,
    Reason,
    Section,
    Sort,
    Term,
    Vocabulary,
    cases_in_words,
    gettext,
    make_request,
)


@dataclass(frozen=True)
class ArrangementRow:
    """An arrangement in the overview."""

    term: Arrangement
    href: str
    worksheet_href: str
    document_href: str
    """The worksheet as a document for a word processor."""
    cases: Link | None
    """None if no case has it."""


@dataclass(frozen=True)
class ArrangementsPage(Page):
    """`/arrangements`."""

    rows: tuple[ArrangementRow, ...]
    which_href: str


def arrangements_page(generation: Generation) -> ArrangementsPage:
    """All arrangements, side by side."""
    found = generation.counts["arrangement"]
    rows = tuple(
        ArrangementRow(
            term,
            paths.arrangement(term.id),
            paths.worksheet(term.id),
            paths.worksheet_document(term.id),
            cases_link(found[term.id], arrangement=term.id) if found.get(term.id) else None,
        )
        for term in generation.vocabularies.arrangements
    )
    return ArrangementsPage(gettext("Six kinds of arrangement"), paths.ARRANGEMENTS, rows, paths.WHICH)


@dataclass(frozen=True)
class Drift:
    """A case that partners or residents experienced as an arrangement other than the announced one."""

    case: CaseLine
    announced: str
    experienced: str


@dataclass(frozen=True)
class CaseGroup:
    """Cases of an arrangement that name the same challenge first."""

    challenge: Link | None
    """None for those that name none."""
    all: Bar | None
    """All cases of the arrangement that name it, first or not."""
    lines: tuple[CaseLine, ...]


@dataclass(frozen=True)
class ArrangementPage(Page):
    """`/arrangements/{id}`."""

    term: Arrangement
    guide: GuideText
    fits: tuple[Section, ...]
    """When it fits, and when it does not."""
    uses: tuple[Section, ...]
    """What it makes possible, its pitfalls, and what to ask before starting."""
    details: tuple[Section, ...]
    """The rest of the guide page."""
    met: tuple[Link, ...]
    """The cases in which the challenges that its pitfalls name were met."""
    contents: tuple[Link, ...]
    worksheet_href: str
    document_href: str
    """The worksheet as a document for a word processor."""
    which_href: str
    comparisons: tuple[Link, ...]
    """The other arrangements, each to be compared with this one."""
    lived_as_this: tuple[Drift, ...]
    lived_otherwise: tuple[Drift, ...]
    groups: tuple[CaseGroup, ...]
    shown: int
    """How many cases the groups contain."""
    cases: Link


def arrangement_page(term: Arrangement, generation: Generation) -> ArrangementPage:
    """The page of one arrangement."""
    result = first_cases_with(generation, "arrangement", term.id)
    arrangements = generation.vocabularies.arrangements
    counts = {count.value: count.cases for count in result.facets["challenge"]}
    guide = guide_text("arrangement", term.id, generation)
    fits = guide.named("fits-when", "does-not-fit-when")
    uses = guide.named("what-it-makes-possible", "pitfalls", "questions-before-starting")
    details = guide.without((*fits, *uses))
    groups = tuple(_groups(term, found_cases(result, generation), counts, generation))
    drifted = {"arrangement": (term.id,), "experienced_as": tuple(other.id for other in arrangements)}
    here = (
        *contents((*fits, *uses, *details)),
        Link(gettext("As designed and as experienced"), "#designed-and-experienced"),
        Link(gettext("Cases"), "#cases"),
    )
    return ArrangementPage(
        title=term.label,
        path=paths.arrangement(term.id),
        term=term,
        guide=guide,
        fits=fits,
        uses=uses,
        details=details,
        met=tuple(_met(uses, term, counts, generation)),
        contents=(*here, *guide.ends),
        worksheet_href=paths.worksheet(term.id),
        document_href=paths.worksheet_document(term.id),
        which_href=paths.WHICH,
        comparisons=tuple(
            Link(other.label, compare_href(arrangements=[term.id, other.id]))
            for other in arrangements
            if other.id != term.id
        ),
        lived_as_this=_drifts({"experienced_as": (term.id,)}, generation),
        lived_otherwise=_drifts(drifted, generation),
        groups=groups,
        shown=sum(len(group.lines) for group in groups),
        cases=cases_link(result.total, arrangement=term.id),
    )


def _both(arrangement: Term, challenge: Term) -> str:
    return SearchParams().with_filter("arrangement", arrangement.id).with_filter("challenge", challenge.id).href()


_CHALLENGE_PAGE = re.compile(rf'href="{re.escape(paths.challenge(""))}([a-z0-9-]+)[."#]')


def _met(
    sections: Sequence[Section], term: Arrangement, counts: Mapping[str, int], generation: Generation
) -> Iterator[Link]:
    """Links for the challenges to which the text of the pitfalls links, in its order."""
    text = "".join(section.html for section in sections if section.id == "pitfalls")
    for name in dict.fromkeys(_CHALLENGE_PAGE.findall(text)):
        challenge = generation.vocabularies.challenges.get(name)
        if challenge and counts.get(name):
            yield Link(f"{challenge.label}: {cases_in_words(counts[name])}", _both(term, challenge))


def _groups(
    term: Arrangement, cases: Sequence[CaseSummary], counts: Mapping[str, int], generation: Generation
) -> Iterator[CaseGroup]:
    """Each case once, under the challenge it names first; what was met most often first."""
    vocabularies = generation.vocabularies
    met = sorted(vocabularies.challenges, key=lambda challenge: -counts.get(challenge.id, 0))
    links = (Link(cases_in_words(counts.get(one.id, 0)), _both(term, one)) for one in met)
    widths = bars(zip(links, (counts.get(one.id, 0) for one in met), strict=True))
    for challenge, bar in zip(met, widths, strict=False):
        lines = tuple(
            case_line(case, vocabularies) for case in cases if case.challenges and case.challenges[0].id == challenge.id
        )
        if lines:
            yield CaseGroup(Link(challenge.label, paths.challenge(challenge.id)), bar, lines)
    if others := tuple(case_line(case, vocabularies) for case in cases if not case.challenges):
        yield CaseGroup(None, None, others)


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
