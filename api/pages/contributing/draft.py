"""A case file as its author sees it before it is published: the page as far as it can be read, with each problem at its
place, and the lines of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from api.address import paths
from api.address.site import Site
from api.pages.case import CasePage, page_of
from api.pages.parts.in_code import Words, in_code
from api.pages.parts.marking import Marked
from api.pages.parts.page import Link
from kb import (
    Draft,
    Fate,
    Level,
    Problem,
    Section,
    StoredCase,
    Vocabularies,
    gettext,
    gettext_noop,
    ngettext,
    shown_example,
)

_FACTS = "facts"
_WHOLE = "file"

_PARTS = {
    "title": "head",
    "summary": "head",
    "publication": "head",
    "review": "head",
    "city": _FACTS,
    "started": _FACTS,
    "ended": _FACTS,
    "status": _FACTS,
    "last_reported": _FACTS,
    "lead": _FACTS,
    "partners": _FACTS,
    "extremism": _FACTS,
    "audiences": _FACTS,
    "evidence": _FACTS,
    "arrangements": "arrangements",
    "experienced_as": "arrangements",
    "challenges": "challenges",
    "resources": "resources",
    "questions": "questions",
    "sources": "sources",
    "language": "foot",
    "contributors": "foot",
    "aliases": "foot",
}
"""The part of the page that shows each key of the front matter."""


_LEVELS = {
    Level.ERROR: gettext_noop("Error"),
    Level.WARNING: gettext_noop("Warning"),
    Level.NOTICE: gettext_noop("Notice"),
}


@dataclass(frozen=True)
class ProblemView:
    """One thing to mend."""

    id: str
    """Its anchor, beside what it is about."""
    kind: str
    """`error`, `warning` or `notice`."""
    level: str
    """The same in words: "Error", "Warning", "Notice"."""
    line: int
    message: Words
    hint: Words
    rule: Link
    fix: str
    """The line as it should read; empty if there is not exactly one."""
    paste: str
    """Lines to add; empty if there are none."""


@dataclass(frozen=True)
class Piece:
    """A block of a section, with what is wrong in it."""

    html: str
    problems: tuple[ProblemView, ...]


@dataclass(frozen=True)
class LineView:
    """A line of the file."""

    number: int
    text: str
    problems: tuple[ProblemView, ...]


@dataclass(frozen=True)
class DraftPage(CasePage):
    """The page of a case file that is being written."""

    file: str
    banner: Words
    """What happens to this page, as a sentence."""
    found: str
    """How many problems there are, in words."""
    problems: tuple[ProblemView, ...]
    at: Mapping[str, tuple[ProblemView, ...]]
    """Problems by the part of the page that they are about."""
    pieces: Mapping[str, tuple[Piece, ...]]
    """The blocks of each section, by its anchor."""
    lines: tuple[LineView, ...]


def draft_page(draft: Draft, vocabularies: Vocabularies, site: Site, path: str, back: Link) -> DraftPage:
    """The page of a draft, which is at `path`; `back` leads to where its author came from."""
    page = page_of(StoredCase(draft.case, datetime.now(UTC).isoformat(), draft.text), vocabularies, site)
    views = {problem: problem_view(problem, number) for number, problem in enumerate(draft.problems, 1)}
    title = page.title or gettext("A case without a title")
    shown = replace(
        page,
        title=title,
        heading=Marked(title, ()),
        path=path,
        back=back,
        cite=None,
        facts=tuple(fact for fact in page.facts if any(value.label for value in fact.values)),
    )
    return DraftPage(
        **vars(shown),
        file=draft.path,
        banner=in_code(_banner(draft)),
        found=found_in_words(draft.problems),
        problems=tuple(views.values()),
        at=_at(draft, views),
        pieces={section.id: _pieces(section, draft, views) for section in draft.case.sections},
        lines=_lines(draft, views),
    )


def _banner(draft: Draft) -> str:
    match draft.decision.fate:
        case Fate.ONLINE:
            return gettext("This file is published as it is here.")
        case Fate.LAST_GOOD:
            return gettext(
                "The file has errors. Its last good version, if there is one, stays online until they are mended."
            )
        case Fate.WITHDRAWN:
            text = gettext("The case is withdrawn, and its page is offline: {reason}.")
        case Fate.OFFLINE:
            text = gettext("This page is not online: {reason}.")
    return text.format(reason=draft.decision.reason)


def found_in_words(problems: Sequence[Problem]) -> str:
    """How many problems there are.

    >>> found_in_words([])
    'Nothing to mend'
    """
    levels = [problem.level for problem in problems]
    errors, warnings, notes = (levels.count(level) for level in (Level.ERROR, Level.WARNING, Level.NOTICE))
    counts = (
        ngettext("{count} error", "{count} errors", errors).format(count=errors) if errors else "",
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings) if warnings else "",
        ngettext("{count} note", "{count} notes", notes).format(count=notes) if notes else "",
    )
    return ", ".join(filter(None, counts)) or gettext("Nothing to mend")


def problem_view(problem: Problem, number: int) -> ProblemView:
    return ProblemView(
        id=f"problem-{number}",
        kind=problem.level.value,
        level=gettext(_LEVELS[problem.level]),
        line=problem.line,
        message=in_code(shown_example(problem.message)),
        hint=in_code(shown_example(problem.hint)),
        rule=Link(problem.rule, paths.rule(problem.rule)),
        fix=problem.fix,
        paste=problem.paste,
    )


def _at(draft: Draft, views: Mapping[Problem, ProblemView]) -> dict[str, tuple[ProblemView, ...]]:
    """What is wrong outside of the sections, by the part of the page it is about."""
    found: dict[str, tuple[ProblemView, ...]] = dict.fromkeys([*_PARTS.values(), _WHOLE], ())
    sections = {section.id for section in draft.case.sections if section.blocks}
    for problem, view in views.items():
        place = draft.place(problem)
        if place not in sections:
            part = _PARTS.get(place, _WHOLE)
            found[part] = (*found[part], view)
    return found


def _pieces(section: Section, draft: Draft, views: Mapping[Problem, ProblemView]) -> tuple[Piece, ...]:
    """The blocks of a section, each followed by what is wrong in it."""
    here = [(problem.line, view) for problem, view in views.items() if draft.place(problem) == section.id]
    ends = [block.line for block in section.blocks[1:]]
    pieces = []
    for block, end in zip(section.blocks, [*ends, None], strict=True):
        within = [view for line, view in here if end is None or line < end]
        here = here[len(within) :]
        pieces.append(Piece(replace(section, blocks=(block,)).html, tuple(within)))
    return tuple(pieces)


def _lines(draft: Draft, views: Mapping[Problem, ProblemView]) -> tuple[LineView, ...]:
    by_line: dict[int, list[ProblemView]] = {}
    for problem, view in views.items():
        by_line.setdefault(problem.line, []).append(view)
    lines = enumerate(draft.text.split("\n"), 1)
    return tuple(LineView(number, shown_example(line), tuple(by_line.get(number, ()))) for number, line in lines)
