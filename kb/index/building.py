"""Builds a generation from the content folder: all of it, or what has changed since the last one.

A build is a row of stages, each of which gives a value to the next: look at the files (`kb.index.changes`), read those
that count (`kb.index.reading`), decide what changes, write it, report.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from kb.authoring.content_folder import ContentFolder, Progress, no_progress
from kb.authoring.parsing.case_file import CaseFile
from kb.authoring.parsing.publication import Decision, Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import Level
from kb.errors import ContentError, GenerationError, NoGeneration
from kb.index.changes import ContentNow, FileNow, look_at
from kb.index.dates import text_dates
from kb.index.index import Index
from kb.index.manifest import FileRecord, Manifest, Origin, iso_utc
from kb.index.reading import ReadFile, read_case_files
from kb.index.report import BuildReport, Kind
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.stores.packing import PackedCase, pack_case
from kb.stores.store import CaseStore, NewCase, StoredCase

PROCESSES = min(os.cpu_count() or 1, 4)
"""Processes for programs whose main module can be imported. More than four would wait for the one that writes."""

_NOT_ONLINE = frozenset({Fate.OFFLINE, Fate.WITHDRAWN})
_NO_GOOD_VERSION = "it has errors, and there is no good version of it yet"
_UNREADABLE = "the index could not be read"


def build(
    content: ContentFolder,
    index: Index,
    *,
    rebuild: bool = False,
    allow_empty: bool = False,
    processes: int = 1,
    progress: Progress[PurePosixPath] = no_progress,
) -> BuildReport:
    """Bring the index up to date with the content, once; see `Builder`."""
    return Builder(index, processes).build(content, rebuild=rebuild, allow_empty=allow_empty, progress=progress)


class Builder:
    """Brings an index up to date, again and again: what it knows of its last build it need not read.

    With more than one process, many files are read side by side (see `kb.index.reading`).
    """

    def __init__(self, index: Index, processes: int = 1) -> None:
        self._index = index
        self._processes = processes
        self._known: tuple[Manifest, Origin] | None = None
        """The generation in use, as far as this builder knows. It was whole when it was built or first seen."""

    def build(
        self,
        content: ContentFolder,
        *,
        rebuild: bool = False,
        allow_empty: bool = False,
        progress: Progress[PurePosixPath] = no_progress,
    ) -> BuildReport:
        """Bring the index up to date with the content.

        Raises ContentError when the vocabularies cannot be used (the generation in use stays, less what has gone
        offline), and when all cases have gone at once, unless `allow_empty`; BuildRunning when another process builds;
        GenerationError when the index cannot be written to.
        """
        job = _Job(content, self._index, time.time_ns(), self._processes, progress)
        with self._index.lock(), ExitStack() as stores:
            previous, reason = self._previous(stores)
            now = look_at(content, previous.origin if previous else None, self._index.fingerprint)
            if not allow_empty:
                _refuse_emptied(content, now, previous)
            if previous and not rebuild and now.can_build_upon(previous.origin):
                try:
                    return self._noted(_build_changes(job, now, previous))
                except GenerationError:
                    reason = _UNREADABLE
            elif previous:
                reason = "the software or the vocabularies have changed"
                self._take_offline(job, now, previous)
            # A broken file is served from its last good version, also through a full build.
            if last_good := self._index.open_store():
                stores.callback(last_good.close)
            known = previous.origin.files if previous else {}
            started_ns = time.time_ns()
            anew = look_at(content, None, self._index.fingerprint).with_dates_of(known)
            job = replace(job, started_ns=started_ns)
            return self._noted(_build_all(job, anew, last_good, "it was asked for" if rebuild else reason))

    def _take_offline(self, job: _Job, now: ContentNow, previous: _Previous) -> None:
        """Publish what goes offline before everything is built anew: that takes longer, and it may fail."""
        if now.software == previous.origin.software:
            with suppress(GenerationError):  # it cannot be built upon: the full build does all of it
                self._noted(_take_offline(job, now, previous))

    def _noted(self, built: _Built) -> BuildReport:
        self._known = built.published or self._known
        return built.report

    def _previous(self, stores: ExitStack) -> tuple[_Previous | None, str]:
        """The generation in use, or why there is none."""
        try:
            if self._known is None or self._known[0].id != self._index.current_id():
                # What cannot be opened is not built upon.
                with closing(self._index.open_current()) as opened:
                    self._known = (opened.manifest, self._index.origin(opened.manifest))
            cases = self._index.open_store()
        except NoGeneration:
            return None, "there was no index"
        except GenerationError:
            return None, _UNREADABLE
        if cases is None:
            return None, _UNREADABLE
        stores.callback(cases.close)
        return _Previous(*self._known, cases), ""


# What the stages hand on


@dataclass(frozen=True)
class _Job:
    """What every stage of a build works with."""

    content: ContentFolder
    index: Index
    started_ns: int
    processes: int
    progress: Progress[PurePosixPath]


@dataclass(frozen=True)
class _Previous:
    """The generation to build upon."""

    manifest: Manifest
    origin: Origin
    cases: CaseStore


@dataclass(frozen=True)
class _Outcome:
    """What became of a case file that was read."""

    path: str
    decision: Decision
    problems: tuple[Problem, ...]

    @property
    def slug(self) -> str:
        return _slug(self.path)


@dataclass(frozen=True)
class _Guides:
    """The guide pages of a generation, and what is wrong with their files."""

    pages: tuple[Guide, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Leaving:
    """Slugs of the generation that is built upon: those that go, and those that are replaced."""

    gone: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()

    @property
    def all(self) -> list[str]:
        return sorted(self.gone | self.replaced)


@dataclass(frozen=True)
class _Built:
    """What a build did, and the new generation, if there was something to write."""

    report: BuildReport
    published: tuple[Manifest, Origin] | None = None


# The three kinds of build


def _build_changes(job: _Job, now: ContentNow, previous: _Previous) -> _Built:
    """A generation upon the previous one, if anything has changed."""
    vocabularies = previous.cases.vocabularies
    guides = _read_guides(job.content, now.guides, vocabularies, previous.cases)
    read = tuple(_read_cases(job, now.cases, vocabularies))
    outcomes = tuple(_outcome(file) for file, _ in read)
    problems = _all_problems((), _unnameable(job.content, now, vocabularies), guides, outcomes)
    dates = text_dates(job.content.root, now.read)
    records = _records(now, outcomes, problems, dates)
    if not _differs(previous.origin.files, records):
        return _Built(_report(job, "nothing", previous.manifest, outcomes, problems, previous.cases))
    leaving = _leaving(previous, records, outcomes)
    new = [_new_case(file, packed, dates) for file, packed in read if packed]
    with job.index.new(_generation_id(job, now), previous.manifest, leaving.all) as writer:
        writer.write_cases(new, vocabularies)
        writer.write_rest(vocabularies, guides.pages, _withdrawn(records))
        count = previous.manifest.count + len(new) - len(leaving.all)
        manifest = _manifest(job, now, count, _text_dates_of(now, dates, previous.manifest.changed))
        origin = Origin(now.software, now.terms, job.started_ns, records)
        writer.finish(manifest, origin)
    written = [case.stored.case.slug for case in new]
    report = _report(job, "changes", manifest, outcomes, problems, previous.cases, leaving=leaving, written=written)
    return _Built(report, (manifest, origin))


def _build_all(job: _Job, now: ContentNow, last_good: CaseStore | None, reason: str) -> _Built:
    """A generation from nothing. Cases are written as they are read: one process writes while others read on."""
    vocabularies, warnings = job.content.vocabularies()
    guides = _read_guides(job.content, now.guides, vocabularies, last_good)
    dates = text_dates(job.content.root, now.read)
    outcomes: list[_Outcome] = []
    written: list[str] = []

    def as_read() -> Iterator[NewCase]:
        for file, packed in _read_cases(job, now.cases, vocabularies):
            outcomes.append(_outcome(file))
            if new := _new_case(file, packed, dates) if packed else _last_good_case(file, last_good):
                written.append(new.stored.case.slug)
                yield new

    with job.index.new(_generation_id(job, now), None, ()) as writer:
        writer.write_cases(as_read(), vocabularies)
        problems = _all_problems(warnings, _unnameable(job.content, now, vocabularies), guides, outcomes)
        records = _records(now, outcomes, problems, dates)
        writer.write_rest(vocabularies, guides.pages, _withdrawn(records))
        manifest = _manifest(job, now, len(written), _text_dates_of(now, dates, {}))
        origin = Origin(now.software, now.terms, job.started_ns, records)
        writer.finish(manifest, origin)
    report = _report(job, "all", manifest, outcomes, problems, last_good, reason=reason, written=written)
    return _Built(report, (manifest, origin))


def _take_offline(job: _Job, now: ContentNow, previous: _Previous) -> _Built:
    """The previous generation less what must not be online any more; nothing else that has changed counts."""
    vocabularies = previous.cases.vocabularies
    changed = [file for file in now.cases if file.is_changed]
    unseen = replace(job, progress=no_progress)
    outcomes = tuple(_outcome(file) for file, _ in _read_cases(unseen, changed, vocabularies))
    here = {file.name: file.record for file in now.files}
    gone = _leaving(previous, here, outcomes).gone
    if not gone:
        return _Built(_report(job, "nothing", previous.manifest, outcomes, (), previous.cases))
    records = {
        name: replace(record, state=Fate.OFFLINE) if _slug(name) in gone else record
        for name, record in previous.origin.files.items()
        if name in here
    }
    with job.index.new(_generation_id(job, now), previous.manifest, sorted(gone)) as writer:
        writer.write_cases((), vocabularies)
        writer.write_rest(vocabularies, previous.cases.guides(), _withdrawn(records, outcomes))
        manifest = _manifest(job, now, previous.manifest.count - len(gone), previous.manifest.changed)
        origin = replace(previous.origin, files=records)
        writer.finish(manifest, origin)
    report = _report(job, "changes", manifest, outcomes, (), previous.cases, leaving=_Leaving(gone))
    return _Built(report, (manifest, origin))


# The stages


def _refuse_emptied(content: ContentFolder, now: ContentNow, previous: _Previous | None) -> None:
    """A collection that is gone all at once was more likely moved than withdrawn. Single removals always apply."""
    if now.cases or previous is None or not previous.manifest.count:
        return
    files = sum(name.startswith("cases/") for name in previous.origin.files)
    if files > 1 or not content.has_cases_folder:
        gone = "contains no case any more" if content.has_cases_folder else "is missing"
        raise ContentError(
            f"`{content.root / 'cases'}` {gone}, so nothing was built; what was online before stays. Put the files "
            "back, or publish the collection without them: `kb index --allow-empty`."
        )


def _unnameable(content: ContentFolder, now: ContentNow, vocabularies: Vocabularies) -> tuple[Problem, ...]:
    """Files that the manifest cannot name are reported at every build."""
    return tuple(
        problem
        for path in now.unnameable
        for read in (content.case_file if path.parts[0] == "cases" else content.guide_file,)
        for problem in read(path, vocabularies).problems
    )


def _read_cases(job: _Job, files: Iterable[FileNow], vocabularies: Vocabularies) -> Iterator[ReadFile]:
    """The files to act upon: changed ones, and those with errors so that they are reported again."""
    paths = [file.path for file in files if file.needs_reading]
    reading = read_case_files(job.content, paths, vocabularies, job.processes)
    for _, read in zip(job.progress(paths, "Reading cases"), reading, strict=True):
        yield read


def _read_guides(
    content: ContentFolder, files: Iterable[FileNow], vocabularies: Vocabularies, good: CaseStore | None
) -> _Guides:
    """All guide pages; a broken one is served from its last good version."""
    pages: list[Guide] = []
    problems: list[Problem] = []
    for file in files:
        last_good = _last_good_guide(file.path, good)
        if last_good and not file.needs_reading:
            pages.append(last_good)
            continue
        read = content.guide_file(file.path, vocabularies)
        problems.extend(read.problems)
        if guide := read.guide or last_good:
            pages.append(guide)
    return _Guides(tuple(pages), tuple(problems))


def _last_good_guide(path: PurePosixPath, good: CaseStore | None) -> Guide | None:
    with suppress(GenerationError):
        return good.guide(path.parts[0].removesuffix("s"), path.stem) if good else None
    return None


def _outcome(file: CaseFile) -> _Outcome:
    return _Outcome(file.path, file.decision, file.problems)


def _new_case(file: CaseFile, packed: PackedCase, dates: Mapping[str, str]) -> NewCase:
    if file.case is None:
        raise ValueError(f"{file.path} was packed without a case")
    return NewCase(StoredCase(file.case, dates[file.path], file.text), packed)


def _last_good_case(file: CaseFile, good: CaseStore | None) -> NewCase | None:
    """The last good version of a file with errors, if that is to stay online."""
    stored = _last_good(file.slug, good) if file.decision.fate is Fate.LAST_GOOD else None
    return NewCase(stored, pack_case(stored.case)) if stored else None


def _last_good(slug: str, good: CaseStore | None) -> StoredCase | None:
    with suppress(GenerationError):
        return good.stored(slug) if good else None
    return None


def _all_problems(
    warnings: Iterable[Problem], unnameable: Iterable[Problem], guides: _Guides, outcomes: Iterable[_Outcome]
) -> tuple[Problem, ...]:
    of_cases = (problem for outcome in outcomes for problem in outcome.problems)
    return tuple(sorted([*warnings, *unnameable, *guides.problems, *of_cases]))


def _records(
    now: ContentNow, outcomes: Iterable[_Outcome], problems: Iterable[Problem], dates: Mapping[str, str]
) -> dict[str, FileRecord]:
    """The records of all files, with what became of those that were read."""
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


def _withdrawn(records: Mapping[str, FileRecord], outcomes: Iterable[_Outcome] = ()) -> list[str]:
    """The slugs whose address says that the case was withdrawn."""
    found = {_slug(path) for path, record in records.items() if record.state == Fate.WITHDRAWN}
    return sorted(found | {outcome.slug for outcome in outcomes if outcome.decision.fate is Fate.WITHDRAWN})


def _leaving(previous: _Previous, records: Mapping[str, FileRecord], outcomes: Iterable[_Outcome]) -> _Leaving:
    """What of the previous generation goes, and what of it is replaced."""

    def served(slugs: Iterable[str]) -> frozenset[str]:
        return frozenset(slug for slug in slugs if previous.cases.contains(slug))

    deleted = [_slug(path) for path in previous.origin.files.keys() - records.keys() if path.startswith("cases/")]
    fates = {outcome.slug: outcome.decision.fate for outcome in outcomes}
    offline = [slug for slug, fate in fates.items() if fate in _NOT_ONLINE]
    return _Leaving(
        gone=served([*deleted, *offline]), replaced=served(slug for slug, fate in fates.items() if fate is Fate.ONLINE)
    )


def _text_dates_of(now: ContentNow, dates: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """When each vocabulary and guide page last changed."""
    texts = [file.name for file in (*now.vocabularies, *now.guides) if file.record.digest]
    return {text: dates.get(text) or known[text] for text in texts}


def _manifest(job: _Job, now: ContentNow, count: int, changed: Mapping[str, str]) -> Manifest:
    return Manifest(_generation_id(job, now), iso_utc(job.started_ns), job.started_ns, count, changed)


def _report(
    job: _Job,
    kind: Kind,
    manifest: Manifest,
    outcomes: Iterable[_Outcome],
    problems: tuple[Problem, ...],
    good: CaseStore | None,
    *,
    reason: str = "",
    leaving: _Leaving | None = None,
    written: Iterable[str] = (),
) -> BuildReport:
    left = leaving or _Leaving()
    decisions = {outcome.slug: outcome.decision for outcome in outcomes}
    broken = [slug for slug, decision in decisions.items() if decision.fate is Fate.LAST_GOOD]
    kept = tuple(slug for slug in broken if _last_good(slug, good))
    offline = {slug: decision.reason for slug, decision in decisions.items() if decision.fate in _NOT_ONLINE}
    offline |= {slug: _NO_GOOD_VERSION for slug in broken if slug not in kept}
    return BuildReport(
        kind=kind,
        reason=reason,
        generation_id=manifest.id,
        count=manifest.count,
        added=tuple(sorted(set(written) - left.replaced - set(kept))),
        updated=tuple(sorted(left.replaced)),
        removed=tuple(sorted(left.gone)),
        kept=kept,
        offline=offline,
        problems=problems,
        seconds=(time.time_ns() - job.started_ns) / 1e9,
    )


def _differs(then: Mapping[str, FileRecord], now: Mapping[str, FileRecord]) -> bool:
    """Whether anything but the times of files has changed."""
    return then.keys() != now.keys() or any(
        record is not then[path] and _essence(record) != _essence(then[path]) for path, record in now.items()
    )


def _essence(record: FileRecord) -> tuple[str, str, bool]:
    return record.digest, record.state, record.has_errors


def _slug(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _generation_id(job: _Job, now: ContentNow) -> str:
    """A name that sorts by time and differs with the content."""
    files = sorted((file.name, file.record.digest) for file in now.files)
    digest = hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in files).encode()).hexdigest()
    when = datetime.fromtimestamp(job.started_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{when}-{digest[:8]}"
