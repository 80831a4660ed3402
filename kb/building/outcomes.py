"""What became of the files that were read, and what leaves the generation that is built upon."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from kb.authoring.parsing.publication import Decision, Fate
from kb.authoring.problems import Problem
from kb.building.changes import ContentNow
from kb.errors import GenerationError
from kb.index.manifest import Manifest, Origin
from kb.stores.store import CaseStore, StoredCase

NOT_ONLINE = frozenset({Fate.OFFLINE, Fate.WITHDRAWN})


@dataclass(frozen=True)
class Previous:
    """The generation to build upon."""

    manifest: Manifest
    origin: Origin
    cases: CaseStore


@dataclass(frozen=True)
class Outcome:
    """What became of a case file that was read."""

    path: str
    decision: Decision
    problems: tuple[Problem, ...]
    allowed: tuple[str, ...] = ()
    """The rules of findings that its author has allowed, one for each finding."""

    @property
    def slug(self) -> str:
        """The name of the case in its address."""
        return slug_of(self.path)

    @property
    def is_online(self) -> bool:
        """Whether the page shows what the file says now."""
        return self.decision.fate is Fate.ONLINE

    @property
    def is_offline(self) -> bool:
        """Whether there must be no page."""
        return self.decision.fate in NOT_ONLINE


@dataclass(frozen=True)
class Leaving:
    """Slugs of the generation that is built upon: those that go, and those that are replaced."""

    gone: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()

    @property
    def all(self) -> list[str]:
        """Both, sorted."""
        return sorted(self.gone | self.replaced)


def leaving_of(base: Previous, now: ContentNow, outcomes: Iterable[Outcome]) -> Leaving:
    """What of `base` goes, and what of it is replaced."""
    here = {file.name for file in now.files}
    deleted = [slug_of(path) for path in base.origin.files.keys() - here if path.startswith("cases/")]
    read = {outcome.slug: outcome for outcome in outcomes}
    gone = [*deleted, *(slug for slug, outcome in read.items() if outcome.is_offline)]
    return Leaving(
        gone=frozenset(filter(base.cases.contains, gone)),
        replaced=frozenset(slug for slug, outcome in read.items() if outcome.is_online and base.cases.contains(slug)),
    )


def last_good(slug: str, good: CaseStore | None) -> StoredCase | None:
    """The last good version of a case, where it can be read."""
    with suppress(GenerationError):
        return good.stored(slug) if good else None
    return None


def slug_of(path: str) -> str:
    """The slug of a case file.

    >>> slug_of("cases/oslo-salto.md")
    'oslo-salto'
    """
    return path.rpartition("/")[2].removesuffix(".md")
