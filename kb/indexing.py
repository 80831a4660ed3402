"""Builds a generation from the content folder: all of it, or what has changed since the last one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Literal

from kb import store
from kb.case import Guide
from kb.changes import ContentNow, FileNow, has_text_name, look_at
from kb.content import ContentFolder, Progress, no_progress
from kb.engines import ENGINE, index_writer
from kb.errors import GenerationError, NoGeneration
from kb.generations import FileRecord, Generation, IndexFolder, Manifest
from kb.parsing.case_file import CaseFile
from kb.problem import Level, Problem
from kb.search.document import SearchDocument, make_document
from kb.store import CaseStore, StoreChanges, StoredCase
from kb.vocabulary import Vocabularies

Kind = Literal["all", "changes", "nothing"]


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    kind: Kind
    reason: str
    """Why everything was built anew; empty otherwise."""
    generation_id: str
    count: int
    """Published cases in the generation."""
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Slugs whose file is broken and whose last good version is served."""
    lost: tuple[str, ...]
    """Slugs whose file is broken and of which there is no good version."""
    problems: tuple[Problem, ...]
    seconds: float

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a file from being published."""
        return tuple(problem for problem in self.problems if problem.level is Level.ERROR)


def build(
    content: ContentFolder,
    index: IndexFolder,
    *,
    rebuild: bool = False,
    progress: Progress[PurePosixPath] = no_progress,
) -> BuildReport:
    """Bring the index up to date with the content.

    Raises ContentError when the vocabularies cannot be used (the generation in use stays), BuildRunning
    when another process builds, GenerationError when the index folder cannot be written to.
    """
    with index.lock():
        previous, reason = (None, "it was asked for") if rebuild else _previous(index)
        if previous is not None:
            try:
                return _Build(content, index, previous, previous.cases, "", progress).run()
            except _NeedsAll:
                reason = "the software or the vocabularies have changed"
            except GenerationError:
                reason = _UNREADABLE
        # A broken file is served from the last good version, also through a full build.
        last_good = index.open_store()
        try:
            return _Build(content, index, None, last_good, reason, progress).run()
        finally:
            if last_good is not None:
                last_good.close()


_UNREADABLE = "the index could not be read"


class _NeedsAll(Exception):
    """What there is cannot be built upon."""


def _previous(index: IndexFolder) -> tuple[Generation | None, str]:
    """The generation in use, or why there is none."""
    try:
        return index.open_current(), ""
    except NoGeneration:
        return None, "there was no index"
    except GenerationError:
        return None, _UNREADABLE


class _Build:
    """One build: the steps of `run`, and what they hand to each other."""

    def __init__(
        self,
        content: ContentFolder,
        index: IndexFolder,
        previous: Generation | None,
        good: CaseStore | None,
        reason: str,
        progress: Progress[PurePosixPath],
    ) -> None:
        self._content = content
        self._index = index
        self._previous = previous
        """The generation to build upon; None to build everything."""
        self._good = good
        """Where the last good version of a broken file may be found."""
        self._reason = reason
        self._progress = progress
        self._started_ns = time.time_ns()
        self._problems: list[Problem] = []

    def run(self) -> BuildReport:
        now = look_at(self._content, self._previous.manifest if self._previous else None)
        if self._previous and self._previous.manifest.basis != now.basis:
            raise _NeedsAll
        vocabularies = self._vocabularies()
        self._tell_of_unnameable_files(vocabularies)
        files = self._read_cases(now.cases, vocabularies)
        guides = self._read_guides(now.guides, vocabularies)
        records = self._records(now, files)
        if self._previous and not self._differs(self._previous, records):
            return self._report("nothing", self._previous.manifest, (), (), (), files)
        return self._write(now.basis, records, files, guides, vocabularies)

    def _vocabularies(self) -> Vocabularies:
        if self._previous:
            return self._previous.vocabularies
        vocabularies, problems = self._content.vocabularies()
        self._problems.extend(problems)
        return vocabularies

    def _tell_of_unnameable_files(self, vocabularies: Vocabularies) -> None:
        """Files that the manifest cannot name are told of at every build."""
        for path in self._content.case_paths():
            if not has_text_name(path):
                self._problems.extend(self._content.case_file(path, vocabularies).problems)
        for path in self._content.guide_paths():
            if not has_text_name(path):
                self._problems.extend(self._content.guide_file(path, vocabularies).problems)

    def _read_cases(self, cases: Iterable[FileNow], vocabularies: Vocabularies) -> dict[str, CaseFile]:
        """The files to act upon by path: changed ones, and those with errors so that they are told of again."""
        paths = [item.path for item in cases if item.needs_reading]
        files = {}
        for path in self._progress(paths, "Reading cases"):
            file = self._content.case_file(path, vocabularies)
            files[str(path)] = file
            self._problems.extend(file.problems)
        return files

    def _read_guides(self, found: Iterable[FileNow], vocabularies: Vocabularies) -> tuple[Guide, ...]:
        """All guide pages; a broken one is served from its last good version."""
        guides = []
        for item in found:
            last_good = self._last_good_guide(item.path.parts[0].removesuffix("s"), item.path.stem)
            if last_good and not item.needs_reading:
                guides.append(last_good)
                continue
            file = self._content.guide_file(item.path, vocabularies)
            self._problems.extend(file.problems)
            if guide := file.guide or last_good:
                guides.append(guide)
        return tuple(guides)

    def _last_good_guide(self, kind: str, term_id: str) -> Guide | None:
        with suppress(GenerationError):
            return self._good.guide(kind, term_id) if self._good else None
        return None

    def _records(self, now: ContentNow, files: Mapping[str, CaseFile]) -> dict[str, FileRecord]:
        """The records of all files, with what became of those that were read."""
        wrong = {problem.path for problem in self._problems if problem.level is Level.ERROR}
        records = {}
        for item in now.files:
            path = str(item.path)
            state = _state(files[path]) if path in files else item.record.state
            records[path] = replace(item.record, state=state, has_errors=path in wrong)
        return records

    def _differs(self, previous: Generation, records: Mapping[str, FileRecord]) -> bool:
        """Whether anything but the times of files has changed."""
        return _essence(records) != _essence(previous.manifest.files)

    def _write(
        self,
        basis: str,
        records: Mapping[str, FileRecord],
        files: Mapping[str, CaseFile],
        guides: tuple[Guide, ...],
        vocabularies: Vocabularies,
    ) -> BuildReport:
        served = set(self._previous.cases.slugs()) if self._previous else set()
        stored = [item for file in files.values() if (item := self._to_store(file, records))]
        written = {item.case.slug for item in stored}
        present = {_slug(path) for path in records if path.startswith("cases/")}
        taken_off = {file.slug for file in files.values() if _state(file) in {"unpublished", "withdrawn"}}
        gone = {slug for slug in served if slug not in present or slug in taken_off}
        manifest = Manifest(
            id=_generation_id(self._started_ns, records),
            created=_iso(self._started_ns),
            created_ns=self._started_ns,
            basis=basis,
            count=len((served - gone) | written),
            files=dict(records),
        )
        changes = StoreChanges(
            vocabularies=vocabularies,
            guides=guides,
            withdrawn=[_slug(path) for path, record in records.items() if record.state == "withdrawn"],
            removed=sorted(gone | (written & served)),
            added=stored,
        )
        self._write_generation(manifest, changes)
        added, updated = sorted(written - served), sorted(written & served)
        kind: Kind = "changes" if self._previous else "all"
        return self._report(kind, manifest, added, updated, sorted(gone), files)

    def _write_generation(self, manifest: Manifest, changes: StoreChanges) -> None:
        before = self._index.folder(self._previous.id) if self._previous else None
        with self._index.new(manifest) as folder:
            store.write_store(folder / store.FILE_NAME, before and before / store.FILE_NAME, changes)
            added = (make_document(item.case, changes.vocabularies) for item in self._watched(changes.added))
            removed = self._documents_of(changes.removed)
            index_writer().write(folder / ENGINE, before and before / ENGINE, removed, added)

    def _documents_of(self, slugs: Iterable[str]) -> Iterator[SearchDocument]:
        """The documents of cases in the previous generation, as they were indexed then."""
        if self._previous:
            for slug in slugs:
                if case := self._previous.cases.case(slug):
                    yield make_document(case, self._previous.vocabularies)

    def _watched(self, added: Iterable[StoredCase]) -> Iterator[StoredCase]:
        """The cases to index, with somebody watching the progress."""
        by_path = {PurePosixPath(item.case.slug): item for item in added}
        for path in self._progress(list(by_path), "Indexing"):
            yield by_path[path]

    def _to_store(self, file: CaseFile, records: Mapping[str, FileRecord]) -> StoredCase | None:
        """What is to be written for a file: the case, or in a full build the last good version of a broken one."""
        if file.is_published and file.case:
            return StoredCase(file.case, _iso(records[file.path].mtime_ns), file.text)
        if _state(file) == "broken" and not self._previous:
            return self._last_good(file.slug)
        return None

    def _last_good(self, slug: str) -> StoredCase | None:
        with suppress(GenerationError):
            return self._good.stored(slug) if self._good else None
        return None

    def _report(
        self,
        kind: Kind,
        manifest: Manifest,
        added: Iterable[str],
        updated: Iterable[str],
        removed: Iterable[str],
        files: Mapping[str, CaseFile],
    ) -> BuildReport:
        broken = [file.slug for file in files.values() if _state(file) == "broken"]
        kept = tuple(slug for slug in broken if self._last_good(slug))
        return BuildReport(
            kind=kind,
            reason=self._reason,
            generation_id=manifest.id,
            count=manifest.count,
            added=tuple(slug for slug in added if slug not in kept),
            updated=tuple(updated),
            removed=tuple(removed),
            kept=kept,
            lost=tuple(slug for slug in broken if slug not in kept),
            problems=tuple(sorted(self._problems)),
            seconds=(time.time_ns() - self._started_ns) / 1e9,
        )


def _state(file: CaseFile) -> str:
    """The state of a case file for its record.

    A file that says it is not published is taken at its word, also where the rest of it is broken.
    """
    if file.publication not in {None, "published"}:
        return "withdrawn" if file.publication == "withdrawn" else "unpublished"
    return "published" if file.is_published else "broken"


def _essence(records: Mapping[str, FileRecord]) -> dict[str, tuple[str, str, bool]]:
    return {path: (record.digest, record.state, record.has_errors) for path, record in records.items()}


def _slug(path: str) -> str:
    return PurePosixPath(path).stem


def _iso(ns: int) -> str:
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).isoformat().replace("+00:00", "Z")


def _generation_id(started_ns: int, records: Mapping[str, FileRecord]) -> str:
    """A name that sorts by time and differs with the content."""
    digest = hashlib.sha256()
    for path, record in sorted(records.items()):
        digest.update(f"{path}\0{record.digest}\0{record.state}\n".encode())
    when = datetime.fromtimestamp(started_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{when}-{digest.hexdigest()[:8]}"
