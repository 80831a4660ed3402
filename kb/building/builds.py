"""The three kinds of build: upon the previous generation, from nothing, and only what goes offline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from kb.authoring.content_folder import ContentFolder, Progress, no_progress
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.building.changes import ContentNow, FileNow
from kb.building.dates import text_dates
from kb.building.deciding import (
    Leaving,
    Outcome,
    Previous,
    differs,
    last_good_case,
    leaving_of,
    new_case,
    records_of,
    slug_of,
    withdrawn_of,
)
from kb.building.reading import ReadFile, ReadGuides, read_case_files, read_guides, unnameable_files
from kb.building.report import BuildReport, report_of
from kb.index.index import Index
from kb.index.manifest import Manifest, Origin, iso_utc
from kb.model.vocabulary import Vocabularies
from kb.stores.store import CaseStore, NewCase


@dataclass(frozen=True)
class Job:
    """What every stage of a build works with."""

    content: ContentFolder
    index: Index
    started_ns: int
    processes: int
    progress: Progress[PurePosixPath]


@dataclass(frozen=True)
class Built:
    """What a build did, and the new generation, if there was something to write."""

    report: BuildReport
    published: tuple[Manifest, Origin] | None = None


def build_changes(job: Job, now: ContentNow, previous: Previous) -> Built:
    """A generation upon the previous one, if anything has changed."""
    vocabularies = previous.cases.vocabularies
    guides = read_guides(job.content, now.guides, vocabularies, previous.cases)
    read = tuple(_read_cases(job, now.cases, vocabularies))
    outcomes = tuple(Outcome.of(file) for file, _ in read)
    problems = _all_problems((), unnameable_files(job.content, now, vocabularies), guides, outcomes)
    dates = text_dates(job.content.root, now.read)
    records = records_of(now, outcomes, problems, dates)
    if not differs(previous.origin.files, records):
        return Built(report_of(job.started_ns, "nothing", previous.manifest, outcomes, problems, previous.cases))
    leaving = leaving_of(previous, records, outcomes)
    new = [new_case(file, packed, dates) for file, packed in read if packed]
    with job.index.new(_generation_id(job, now), previous.manifest, leaving.all) as writer:
        writer.write_cases(new, vocabularies)
        writer.write_rest(vocabularies, guides.pages, withdrawn_of(records))
        count = previous.manifest.count + len(new) - len(leaving.all)
        manifest = _manifest(job, now, count, _text_dates_of(now, dates, previous.manifest.changed))
        origin = Origin(now.software, now.terms, job.started_ns, records)
        writer.finish(manifest, origin)
    written = [case.stored.case.slug for case in new]
    report = report_of(
        job.started_ns, "changes", manifest, outcomes, problems, previous.cases, leaving=leaving, written=written
    )
    return Built(report, (manifest, origin))


def build_all(job: Job, now: ContentNow, last_good: CaseStore | None, reason: str) -> Built:
    """A generation from nothing. Cases are written as they are read: one process writes while others read on."""
    vocabularies, warnings = job.content.vocabularies()
    guides = read_guides(job.content, now.guides, vocabularies, last_good)
    dates = text_dates(job.content.root, now.read)
    outcomes: list[Outcome] = []
    written: list[str] = []

    def as_read() -> Iterator[NewCase]:
        for file, packed in _read_cases(job, now.cases, vocabularies):
            outcomes.append(Outcome.of(file))
            if new := new_case(file, packed, dates) if packed else last_good_case(file, last_good):
                written.append(new.stored.case.slug)
                yield new

    with job.index.new(_generation_id(job, now), None, ()) as writer:
        writer.write_cases(as_read(), vocabularies)
        problems = _all_problems(warnings, unnameable_files(job.content, now, vocabularies), guides, outcomes)
        records = records_of(now, outcomes, problems, dates)
        writer.write_rest(vocabularies, guides.pages, withdrawn_of(records))
        manifest = _manifest(job, now, len(written), _text_dates_of(now, dates, {}))
        origin = Origin(now.software, now.terms, job.started_ns, records)
        writer.finish(manifest, origin)
    report = report_of(job.started_ns, "all", manifest, outcomes, problems, last_good, reason=reason, written=written)
    return Built(report, (manifest, origin))


def take_offline(job: Job, now: ContentNow, previous: Previous) -> Built:
    """The previous generation less what must not be online any more; nothing else that has changed counts."""
    vocabularies = previous.cases.vocabularies
    changed = [file for file in now.cases if file.is_changed]
    unseen = replace(job, progress=no_progress)
    outcomes = tuple(Outcome.of(file) for file, _ in _read_cases(unseen, changed, vocabularies))
    here = {file.name: file.record for file in now.files}
    gone = leaving_of(previous, here, outcomes).gone
    if not gone:
        return Built(report_of(job.started_ns, "nothing", previous.manifest, outcomes, (), previous.cases))
    records = {
        name: replace(record, state=Fate.OFFLINE) if slug_of(name) in gone else record
        for name, record in previous.origin.files.items()
        if name in here
    }
    with job.index.new(_generation_id(job, now), previous.manifest, sorted(gone)) as writer:
        writer.write_cases((), vocabularies)
        writer.write_rest(vocabularies, previous.cases.guides(), withdrawn_of(records, outcomes))
        manifest = _manifest(job, now, previous.manifest.count - len(gone), previous.manifest.changed)
        origin = replace(previous.origin, files=records)
        writer.finish(manifest, origin)
    report = report_of(job.started_ns, "changes", manifest, outcomes, (), previous.cases, leaving=Leaving(gone))
    return Built(report, (manifest, origin))


def _read_cases(job: Job, files: Iterable[FileNow], vocabularies: Vocabularies) -> Iterator[ReadFile]:
    """The files to act upon: changed ones, and those with errors so that they are reported again."""
    paths = [file.path for file in files if file.needs_reading]
    reading = read_case_files(job.content, paths, vocabularies, job.processes)
    for _, read in zip(job.progress(paths, "Reading cases"), reading, strict=True):
        yield read


def _all_problems(
    warnings: Iterable[Problem], unnameable: Iterable[Problem], guides: ReadGuides, outcomes: Iterable[Outcome]
) -> tuple[Problem, ...]:
    of_cases = (problem for outcome in outcomes for problem in outcome.problems)
    return tuple(sorted([*warnings, *unnameable, *guides.problems, *of_cases]))


def _text_dates_of(now: ContentNow, dates: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """When each vocabulary and guide page last changed."""
    texts = [file.name for file in (*now.vocabularies, *now.guides) if file.record.digest]
    return {text: dates.get(text) or known[text] for text in texts}


def _manifest(job: Job, now: ContentNow, count: int, changed: Mapping[str, str]) -> Manifest:
    return Manifest(_generation_id(job, now), iso_utc(job.started_ns), job.started_ns, count, changed)


def _generation_id(job: Job, now: ContentNow) -> str:
    """A name that sorts by time and differs with the content."""
    files = sorted((file.name, file.record.digest) for file in now.files)
    digest = hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in files).encode()).hexdigest()
    when = datetime.fromtimestamp(job.started_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{when}-{digest[:8]}"
