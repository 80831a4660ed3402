"""The nouns: a case and what it is made of. Frozen, complete when created, no input or output."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from kb.model.section import Section


class Publication(StrEnum):
    """Who may see a case."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """Everybody; no other state is ever indexed or served."""
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """Whether a practice goes on."""

    ONGOING = "ongoing"
    ENDED = "ended"
    UNKNOWN = "unknown"


class ReviewState(StrEnum):
    """Whether the city has checked a case."""

    UNREVIEWED = "unreviewed"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that statements rest on."""

    id: str
    """Its key in the front matter: ``s1``."""
    title: str
    by: str
    """Author or publisher."""
    year: int | None
    url: str | None
    lang: str | None
    """The ISO 639-1 code of its language; None if it is English or not stated."""
    citations: int
    """How many times the text cites it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A term of a vocabulary, and why it applies to this case."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that a case met; at least one of the two sentences is there."""

    id: str
    showed: str | None
    """How it showed."""
    handled: str | None
    """What was done about it, if a source says so."""


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody at the table: an organisation or a role."""

    name: str
    sector: str | None
    """An id of the vocabulary ``sectors``; None if the file still has a list of names."""


@dataclass(frozen=True, slots=True)
class LastReported:
    """What "ongoing" rests on: the last year in which a source shows the practice running."""

    year: int
    source: str
    """The id of that source."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much is known about results."""

    level: str
    """An id of the vocabulary ``evidence``."""
    note: str


@dataclass(frozen=True, slots=True)
class Review:
    """Whether the city has checked the case."""

    state: ReviewState
    date: datetime.date | None
    by: str | None
    """A role, never a person's name."""


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """What lists show of a published case study: all that its file says of it, without its text."""

    slug: str
    title: str
    summary: str
    cities: tuple[str, ...]
    started: int
    ended: int | None
    status: Status
    arrangements: tuple[Reason, ...]
    challenges: tuple[Challenge, ...]
    extremism: tuple[str, ...]
    """The kinds of violent extremism that the practice is about, as its sources say; none if they do not."""
    audiences: tuple[str, ...]
    lead: tuple[Partner, ...]
    partners: tuple[Partner, ...]
    last_reported: LastReported | None
    resources: str | None
    """What it takes (staff, money, hours), as a source says."""
    experienced_as: tuple[Reason, ...]
    """Arrangements that partners experienced, if they differ from the announced ones."""
    evidence: Evidence
    language: str
    contributors: tuple[str, ...]
    review: Review
    aliases: tuple[str, ...]
    """Earlier slugs; they redirect."""

    @property
    def at_the_table(self) -> tuple[Partner, ...]:
        """Those who lead, then their partners."""
        return (*self.lead, *self.partners)

    @property
    def by_sector(self) -> Mapping[str | None, tuple[Partner, ...]]:
        """Those at the table by sector, the largest first; None for those whose sector the file does not state."""
        found: dict[str | None, list[Partner]] = {}
        for partner in self.at_the_table:
            found.setdefault(partner.sector, []).append(partner)
        return {sector: tuple(found[sector]) for sector in sorted(found, key=lambda sector: -len(found[sector]))}


@dataclass(frozen=True, slots=True)
class Case(CaseSummary):
    """A published case study, complete."""

    questions: tuple[str, ...]
    """What it answers, in the everyday words of those who might search for it."""
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section | None:
        """The section with this anchor, if the case has it."""
        return next((section for section in self.sections if section.id == section_id), None)


def summary_of(case: Case) -> CaseSummary:
    """What lists show of a case."""
    return CaseSummary(**{field.name: getattr(case, field.name) for field in fields(CaseSummary)})


@dataclass(frozen=True, slots=True)
class Guide:
    """The page that explains an arrangement or a challenge."""

    kind: str
    """``arrangement`` or ``challenge``."""
    id: str
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]

    def points(self, section_id: str) -> tuple[str, ...]:
        """The points of the section with this anchor; none if the page lacks it."""
        return next((section.points for section in self.sections if section.id == section_id), ())


def slugify_heading(heading: str) -> str:
    """The anchor of a heading.

    >>> slugify_heading("Who is at the table")
    'who-is-at-the-table'
    """
    return "-".join(heading.lower().split())


CASE_SECTIONS = (
    "Context",
    "What they do",
    "Who is at the table",
    "What helped",
    "What was hard",
    "What is known about results",
    "Lessons for another city",
)
"""The template. Comparison relies on these headings: a case may leave one out, not rename it."""

ARRANGEMENT_SECTIONS = (
    "Purpose",
    "Who is at the table",
    "Which way information flows",
    "What it makes possible",
    "Pitfalls",
    "Fits when",
    "Does not fit when",
    "Questions before starting",
)

CHALLENGE_SECTIONS = ("What it is", "How it shows", "Ways people have handled it")
