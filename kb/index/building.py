"""Builds a generation from the content folder: all of it, or what has changed since the last one."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Literal

from kb.authoring.content_folder import ContentFolder, Progress, no_progress
from kb.authoring.parsing.publication import Decision, Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import Level
from kb.engines import ENGINE, index_writer
from kb.errors import ContentError, GenerationError, NoGeneration
from kb.index import store
from kb.index.changes import ContentNow, FileNow, look_at
from kb.index.generations import FileRecord, IndexFolder, Manifest, Origin, iso_utc
from kb.index.history import last_changes
from kb.index.reading import ReadFile, read_case_files
from kb.index.store import CaseStore, NewCase, StoredCase, StoreWriter, prepare, write_store
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.search.document import SearchDocument, make_document

PROCESSES = min(os.cpu_count() or 1, 4)
"""Processes for programs whose main module can be imported. More than four would wait for the one that writes."""

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
    """Slugs whose file has errors and whose last good version stays online."""
    offline: Mapping[str, str]
    """Slugs that are not online though their file is there, as far as it was read, each with the reason."""
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

    def __init__(self, index: IndexFolder, processes: int = 1) -> None:
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
        GenerationError when the index folder cannot be written to.
        """
        with self._index.lock(), ExitStack() as stores:
            previous, reason = self._previous(stores)
            now = look_at(content, previous.origin if previous else None)
            if not allow_empty:
                _refuse_emptied(content, now, previous)
            if previous is not None and not rebuild and now.can_build_upon(previous.origin):
                try:
                    return self._run(content, now, previous, previous.cases, "", progress)
                except GenerationError:
                    reason = _UNREADABLE
            elif previous is not None:
                reason = "the software or the vocabularies have changed"
                self._take_offline(content, now, previous)
            reason = "it was asked for" if rebuild else reason
            # A broken file is served from the last good version, also through a full build.
            if last_good := self._index.open_store():
                stores.callback(last_good.close)
            known = previous.origin.files if previous else {}
            anew = look_at(content, None).with_dates_of(known)
            return self._run(content, anew, None, last_good, reason, progress)

    def _take_offline(self, content: ContentFolder, now: ContentNow, previous: _Previous) -> None:
        """Publish what goes offline before everything is built anew: that takes longer, and it may fail."""
        if now.software != previous.origin.software:
            return
        with suppress(GenerationError):  # it cannot be built upon: the full build does all of it
            taking = _Build(content, self._index, now, previous, previous.cases, "", 1, no_progress)
            taking.take_offline(previous)
            self._known = taking.published or self._known

    def _run(
        self,
        content: ContentFolder,
        now: ContentNow,
        previous: _Previous | None,
        good: CaseStore | None,
        reason: str,
        progress: Progress[PurePosixPath],
    ) -> BuildReport:
        running = _Build(content, self._index, now, previous, good, reason, self._processes, progress)
        report = running.run()
        self._known = running.published or self._known
        return report

    def _previous(self, stores: ExitStack) -> tuple[_Previous | None, str]:
        """The generation in use, or why there is none."""
        try:
            if self._known is None or self._known[0].id != self._index.current_id():
                # What cannot be opened is not built upon.
                with closing(self._index.open_current()) as opened:
                    self._known = (opened.manifest, self._index.origin(opened.manifest))
            manifest, origin = self._known
            cases = CaseStore(self._index.folder(manifest.id) / store.FILE_NAME)
        except NoGeneration:
            return None, "there was no index"
        except GenerationError:
            return None, _UNREADABLE
        stores.callback(cases.close)
        return _Previous(manifest, origin, cases), ""


_UNREADABLE = "the index could not be read"


@dataclass(frozen=True)
class _Previous:
    """The generation to build upon."""

    manifest: Manifest
    origin: Origin
    cases: CaseStore


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


class _Build:
    """One build: the steps of `run`, and what they hand to each other."""

    def __init__(
        self,
        content: ContentFolder,
        index: IndexFolder,
        now: ContentNow,
        previous: _Previous | None,
        good: CaseStore | None,
        reason: str,
        processes: int,
        progress: Progress[PurePosixPath],
    ) -> None:
        self._content = content
        self._index = index
        self._now = now
        self._previous = previous
        """The generation to build upon; None to build everything."""
        self._good = good
        """Where the last good version of a broken file may be found."""
        self._reason = reason
        self._processes = processes
        self._progress = progress
        self._started_ns = time.time_ns()
        self._problems: list[Problem] = []
        self._decisions: dict[str, Decision] = {}
        """By path, of the case files that were read."""
        self.published: tuple[Manifest, Origin] | None = None
        """The new generation, if there was something to write."""

    def run(self) -> BuildReport:
        now = self._now
        vocabularies = self._vocabularies()
        self._tell_of_unnameable_files(now, vocabularies)
        guides = self._read_guides(now.guides, vocabularies)
        reading = self._read_cases(now.cases, vocabularies)
        if self._previous is None:
            # Written as they are read: one process writes while others read on.
            return self._write(now, reading, _Leaving(), guides, vocabularies)
        read = list(reading)
        records = self._records(now)
        if not _differs(self._previous.origin.files, records):
            return self._report("nothing", self._previous.manifest, _Leaving(), ())
        return self._write(now, read, self._leaving(self._previous, records), guides, vocabularies)

    def take_offline(self, previous: _Previous) -> None:
        """Publish what is online less what must not be any more, and nothing else that has changed."""
        now = self._now
        vocabularies = previous.cases.vocabularies
        for _ in self._read_cases([item for item in now.cases if item.is_changed], vocabularies):
            pass
        leaving = _Leaving(self._leaving(previous, self._records(now)).gone)
        if not leaving.gone:
            return
        here = {item.name for item in now.files}
        records = {
            name: replace(record, state=Fate.OFFLINE) if _slug(name) in leaving.gone else record
            for name, record in previous.origin.files.items()
            if name in here
        }
        unchanged = replace(previous.origin, files=records)
        self._write(now, (), leaving, previous.cases.guides(), vocabularies, unchanged)

    def _vocabularies(self) -> Vocabularies:
        if self._previous:
            return self._previous.cases.vocabularies
        vocabularies, problems = self._content.vocabularies()
        self._problems.extend(problems)
        return vocabularies

    def _tell_of_unnameable_files(self, now: ContentNow, vocabularies: Vocabularies) -> None:
        """Files that the manifest cannot name are told of at every build."""
        for path in now.unnameable:
            read = self._content.case_file if path.parts[0] == "cases" else self._content.guide_file
            self._problems.extend(read(path, vocabularies).problems)

    def _read_cases(self, cases: Iterable[FileNow], vocabularies: Vocabularies) -> Iterator[ReadFile]:
        """The files to act upon: changed ones, and those with errors so that they are told of again."""
        paths = [item.path for item in cases if item.needs_reading]
        reading = read_case_files(self._content, paths, vocabularies, self._processes)
        for path, read in zip(self._progress(paths, "Reading cases"), reading, strict=True):
            self._decisions[str(path)] = read.file.decision
            self._problems.extend(read.file.problems)
            yield read

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

    def _records(self, now: ContentNow) -> dict[str, FileRecord]:
        """The records of all files, with what became of those that were read."""
        wrong = {problem.path for problem in self._problems if problem.level is Level.ERROR}
        read = {
            (name := item.name): replace(
                item.record,
                state=self._decisions[name].fate if name in self._decisions else item.record.state,
                has_errors=name in wrong,
            )
            for item in now.files
            if item.needs_reading
        }
        return {item.name: item.record for item in now.files} | read

    def _leaving(self, previous: _Previous, records: Mapping[str, FileRecord]) -> _Leaving:
        """What of the previous generation goes, and what of it is replaced."""

        def served(paths: Iterable[str]) -> frozenset[str]:
            return frozenset(slug for slug in map(_slug, paths) if previous.cases.holds(slug))

        deleted = [path for path in previous.origin.files.keys() - records.keys() if path.startswith("cases/")]
        offline = [path for path, decision in self._decisions.items() if decision.fate in _NOT_ONLINE]
        return _Leaving(
            gone=served([*deleted, *offline]),
            replaced=served(path for path, decision in self._decisions.items() if decision.fate is Fate.ONLINE),
        )

    def _write(
        self,
        now: ContentNow,
        reading: Iterable[ReadFile],
        leaving: _Leaving,
        guides: tuple[Guide, ...],
        vocabularies: Vocabularies,
        origin: Origin | None = None,
    ) -> BuildReport:
        """Write a new generation while cases are read, and publish it; `origin` is what it was made from, if that is
        not the content as it is now.
        """
        before = self._index.folder(self._previous.manifest.id) if self._previous else None
        removed = sorted(leaving.gone | leaving.replaced)
        written: list[str] = []
        dates = self._dates(now)
        with self._index.new(_generation_id(self._started_ns, now)) as draft:
            store_file = draft.folder / store.FILE_NAME
            with write_store(store_file, before and before / store.FILE_NAME, removed) as library:
                added = self._adding(reading, dates, library, vocabularies, written)
                documents = self._documents_of(removed)
                index_writer().write(draft.folder / ENGINE, before and before / ENGINE, documents, added)
                origin = origin or Origin(now.software, now.terms, self._started_ns, self._dated(now, dates))
                withdrawn = [_slug(path) for path, record in origin.files.items() if record.state == Fate.WITHDRAWN]
                library.add_the_rest(vocabularies, guides, withdrawn)
            manifest = self._manifest(draft.folder.name, now, dates, len(written) - len(removed))
            draft.finished = (manifest, origin)
        self.published = draft.finished
        return self._report("changes" if self._previous else "all", manifest, leaving, written)

    def _manifest(self, name: str, now: ContentNow, dates: Mapping[str, str], more: int) -> Manifest:
        """The manifest of a generation that holds so many cases more than the one it is built upon."""
        count, known = (self._previous.manifest.count, self._previous.manifest.changed) if self._previous else (0, {})
        texts = [item.name for item in (*now.vocabularies, *now.guides) if item.record.digest]
        return Manifest(
            id=name,
            created=iso_utc(self._started_ns),
            created_ns=self._started_ns,
            count=count + more,
            changed={text: dates.get(text) or known[text] for text in texts if text in dates or text in known},
        )

    def _dates(self, now: ContentNow) -> dict[str, str]:
        """When the text of each file that is read last changed.

        The rule, in every kind of build: a text that is read for the first time has the time of its change in the
        history that it is in, or else that of its file; the same text keeps that date as long as the index knows it.
        """
        read = [item for item in now.files if item.needs_reading]
        unknown = {item.name for item in read if not item.record.changed}
        history = last_changes(self._content.root, unknown)
        return {
            item.name: item.record.changed or iso_utc(history.get(item.name, item.record.mtime_ns)) for item in read
        }

    def _dated(self, now: ContentNow, dates: Mapping[str, str]) -> dict[str, FileRecord]:
        """The records of all files with the dates of their texts."""
        records = self._records(now)
        return {name: replace(record, changed=dates.get(name, record.changed)) for name, record in records.items()}

    def _adding(
        self,
        reading: Iterable[ReadFile],
        dates: Mapping[str, str],
        library: StoreWriter,
        vocabularies: Vocabularies,
        written: list[str],
    ) -> Iterator[SearchDocument]:
        """Store each case as it comes, and pass its document on to the engine; `written` takes its slug."""
        for read in reading:
            if new := self._to_store(read, dates[read.file.path]):
                library.add(new)
                written.append(new.stored.case.slug)
                yield make_document(new.stored.case, vocabularies, new.stored.modified)

    def _documents_of(self, slugs: Iterable[str]) -> Iterator[SearchDocument]:
        """The documents of cases in the previous generation, as they were indexed then."""
        if self._previous:
            cases = self._previous.cases
            for slug in slugs:
                if case := cases.case(slug):
                    yield make_document(case, cases.vocabularies, cases.changes[slug])

    def _to_store(self, read: ReadFile, modified: str) -> NewCase | None:
        """What is to be written for a file: the case, or in a full build the last good version of a broken one."""
        file = read.file
        if file.case and read.prepared:
            return NewCase(StoredCase(file.case, modified, file.text), read.prepared)
        if file.decision.fate is Fate.LAST_GOOD and not self._previous and (good := self._last_good(file.slug)):
            return NewCase(good, prepare(good.case))
        return None

    def _last_good(self, slug: str) -> StoredCase | None:
        with suppress(GenerationError):
            return self._good.stored(slug) if self._good else None
        return None

    def _report(self, kind: Kind, manifest: Manifest, leaving: _Leaving, written: Iterable[str]) -> BuildReport:
        decisions = {_slug(path): decision for path, decision in self._decisions.items()}
        broken = [slug for slug, decision in decisions.items() if decision.fate is Fate.LAST_GOOD]
        kept = tuple(slug for slug in broken if self._last_good(slug))
        offline = {slug: decision.reason for slug, decision in decisions.items() if decision.fate in _NOT_ONLINE}
        offline |= {slug: _NO_GOOD_VERSION for slug in broken if slug not in kept}
        return BuildReport(
            kind=kind,
            reason=self._reason,
            generation_id=manifest.id,
            count=manifest.count,
            added=tuple(sorted(set(written) - leaving.replaced - set(kept))),
            updated=tuple(sorted(leaving.replaced)),
            removed=tuple(sorted(leaving.gone)),
            kept=kept,
            offline=offline,
            problems=tuple(sorted(self._problems)),
            seconds=(time.time_ns() - self._started_ns) / 1e9,
        )


@dataclass(frozen=True)
class _Leaving:
    """Slugs of the generation that is built upon."""

    gone: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()


_NOT_ONLINE = frozenset({Fate.OFFLINE, Fate.WITHDRAWN})

_NO_GOOD_VERSION = "it has errors, and there is no good version of it yet"


def _differs(then: Mapping[str, FileRecord], now: Mapping[str, FileRecord]) -> bool:
    """Whether anything but the times of files has changed."""
    return then.keys() != now.keys() or any(
        record is not then[path] and _essence(record) != _essence(then[path]) for path, record in now.items()
    )


def _essence(record: FileRecord) -> tuple[str, str, bool]:
    return record.digest, record.state, record.has_errors


def _slug(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _generation_id(started_ns: int, now: ContentNow) -> str:
    """A name that sorts by time and differs with the content."""
    files = sorted((file.name, file.record.digest) for file in now.files)
    digest = hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in files).encode()).hexdigest()
    when = datetime.fromtimestamp(started_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{when}-{digest[:8]}"
