"""What changes: which cases go, which are replaced, which are new, and what is recorded of each file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from kb.authoring.parsing.case_file import CaseFile
from kb.authoring.parsing.publication import Decision, Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import Level
from kb.building.changes import ContentNow
from kb.errors import GenerationError
from kb.index.manifest import FileRecord, Manifest, Origin
from kb.stores.packing import PackedCase, pack_case
from kb.stores.store import CaseStore, NewCase, StoredCase

NOT_ONLINE = frozenset({Fate.OFFLINE, Fate.WITHDRAWN})


@dataclass(frozen=True)
class Previous:
    """The generation to build upon."""

    manifest: Manifest
    origin: Origin
    cases: CaseStore


@dataclass(frozen=True)
class Outcome:
    """What happened to a case file that was read."""

    path: str
    decision: Decision
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, file: CaseFile) -> Outcome:
        """What happened to a file."""
        return cls(file.path, file.decision, file.problems)

    @property
    def slug(self) -> str:
        """The name of the case in its address."""
        return slug_of(self.path)


@dataclass(frozen=True)
class Leaving:
    """Slugs of the generation that is built upon: those that go, and those that are replaced."""

    gone: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()

    @property
    def all(self) -> list[str]:
        """Both, sorted."""
        return sorted(self.gone | self.replaced)


def records_of(
    now: ContentNow, outcomes: Iterable[Outcome], problems: Iterable[Problem], dates: Mapping[str, str]
) -> dict[str, FileRecord]:
    """The records of all files, with what happened to those that were read."""
    fates = {outcome.path: outcome.decision.fate for outcome in outcomes}
    wrong = {problem.path for problem in problems if problem.level is Level.ERROR}
    return {
        file.name: replace(
            file.record,
            state=fates.get(file.name, file.record.state),
            has_errors=file.name in wrong,
            changed=dates[file.name],
        )
        if file.needs_reading
        else file.record
        for file in now.files
    }


def withdrawn_of(records: Mapping[str, FileRecord], outcomes: Iterable[Outcome] = ()) -> list[str]:
    """The slugs whose address says that the case was withdrawn."""
    found = {slug_of(path) for path, record in records.items() if record.state == Fate.WITHDRAWN}
    return sorted(found | {outcome.slug for outcome in outcomes if outcome.decision.fate is Fate.WITHDRAWN})


def leaving_of(previous: Previous, records: Mapping[str, FileRecord], outcomes: Iterable[Outcome]) -> Leaving:
    """What of the previous generation goes, and what of it is replaced."""

    def served(slugs: Iterable[str]) -> frozenset[str]:
        return frozenset(slug for slug in slugs if previous.cases.contains(slug))

    deleted = [slug_of(path) for path in previous.origin.files.keys() - records.keys() if path.startswith("cases/")]
    fates = {outcome.slug: outcome.decision.fate for outcome in outcomes}
    offline = [slug for slug, fate in fates.items() if fate in NOT_ONLINE]
    return Leaving(
        gone=served([*deleted, *offline]), replaced=served(slug for slug, fate in fates.items() if fate is Fate.ONLINE)
    )


def new_case(file: CaseFile, packed: PackedCase, dates: Mapping[str, str]) -> NewCase:
    """What is to be stored of a case file that is online."""
    if file.case is None:
        raise ValueError(f"{file.path} was packed without a case")
    return NewCase(StoredCase(file.case, dates[file.path], file.text), packed)


def last_good_case(file: CaseFile, good: CaseStore | None) -> NewCase | None:
    """The last good version of a file with errors, if that is to stay online."""
    stored = last_good(file.slug, good) if file.decision.fate is Fate.LAST_GOOD else None
    return NewCase(stored, pack_case(stored.case)) if stored else None


def last_good(slug: str, good: CaseStore | None) -> StoredCase | None:
    """The last good version of a case, if it can be read."""
    with suppress(GenerationError):
        return good.stored(slug) if good else None
    return None


def differs(then: Mapping[str, FileRecord], now: Mapping[str, FileRecord]) -> bool:
    """Whether anything but the times of files has changed."""
    return then.keys() != now.keys() or any(
        record is not then[path] and _essence(record) != _essence(then[path]) for path, record in now.items()
    )


def _essence(record: FileRecord) -> tuple[str, str, bool]:
    return record.digest, record.state, record.has_errors


def slug_of(path: str) -> str:
    """The slug of a case file.

    >>> slug_of("cases/oslo-salto.md")
    'oslo-salto'
    """
    return path.rpartition("/")[2].removesuffix(".md")
