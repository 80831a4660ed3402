"""Reads what has to be read: vocabularies, guide pages, and case files, many of these in several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kb.authoring.checks.corpus import silenced
from kb.authoring.content_folder import ContentFolder, Progress, no_progress
from kb.authoring.parsing.case_file import CaseFile
from kb.authoring.parsing.guide_file import GuideFile
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.building.changes import ContentNow, FileNow
from kb.building.dates import text_dates
from kb.building.history import History, read_history
from kb.building.outcomes import Outcome, Previous, last_good
from kb.building.versions import Timeline, changes_of, timeline_of
from kb.errors import GenerationError
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.processes import end_with_parent
from kb.stores.packing import pack_case
from kb.stores.store import CaseStore, NewCase, StoredCase

WORTH_PROCESSES = 300
"""Files from which starting processes takes less time than it saves."""

CHUNK = 25
"""Files handed to a process at a time."""

VERSIONS = 500
"""Versions of files that are requested of git at a time."""


class CaseRead(NamedTuple):
    """What became of a case file, and what is to be stored of it: None where it must not be published."""

    outcome: Outcome
    new: NewCase | None


@dataclass(frozen=True)
class ContentRead:
    """The content as it was read."""

    vocabularies: Vocabularies
    guides: tuple[Guide, ...]
    """All of them; a broken one in its last good version."""
    cases: Iterator[CaseRead]
    """The case files to act upon, read one after another as they are asked for."""
    dates: Mapping[str, str]
    """When the text of each file that was read last changed, by name, as ISO 8601 in UTC."""
    problems: tuple[Problem, ...]
    """What is wrong with other files than these."""
    allowed: Mapping[str, tuple[str, ...]]
    """The rules of findings that the authors of other files have allowed, one for each finding."""
    committed: frozenset[str]
    """The files, of those that were read, whose text is that of the newest commit."""

    def all_problems(self, outcomes: Iterable[Outcome]) -> tuple[Problem, ...]:
        """All that is wrong, with what is wrong with the cases that were read."""
        of_cases = (problem for outcome in outcomes for problem in outcome.problems)
        return tuple(sorted([*self.problems, *of_cases]))


@dataclass(frozen=True)
class Reader:
    """Reads a content folder for a build.

    With more than one process, many files are read ahead while the caller works. That needs a program whose main module
    can be imported, as `multiprocessing` requires.
    """

    content: ContentFolder
    processes: int = 1
    progress: Progress[PurePosixPath] = no_progress

    def read(self, now: ContentNow, base: Previous | None, good: CaseStore | None) -> ContentRead:
        """What has to be read to build upon `base`, or all; `good` contains the last good versions.

        Raises ContentError when the vocabularies cannot be used.
        """
        vocabularies, warnings = (base.cases.vocabularies, ()) if base else self.content.vocabularies()
        guides, of_guides, allowed = self._guides(now.guides, vocabularies, good)
        unnameable = self._problems_of(now.unnameable, vocabularies)
        history = read_history(self.content.root, _with_a_history(now))
        dates = text_dates(now.files, history)
        # A broken file is served from its last good version: the base contains it, and nothing else does.
        cases = self.cases(now.cases, dates, vocabularies, None if base else good)
        told = _with_histories(cases, history, vocabularies)
        problems = (*warnings, *of_guides, *unnameable)
        return ContentRead(vocabularies, guides, told, dates, problems, allowed, history.committed)

    def cases(
        self, files: Iterable[FileNow], dates: Mapping[str, str], vocabularies: Vocabularies, good: CaseStore | None
    ) -> Iterator[CaseRead]:
        """The files to act upon, in order: changed ones, and those with errors so that they are reported again.

        Broken ones are taken from `good`, if it is given and contains them.
        """
        dated = {file.path: dates[file.name] for file in files if file.needs_reading}
        read = self._read_ahead(list(dated.items()), vocabularies)
        for _, case in zip(self.progress(list(dated), "Reading cases"), read, strict=True):
            if case.outcome.decision.fate is Fate.LAST_GOOD:
                yield CaseRead(case.outcome, _last_good_case(case.outcome, good))
            else:
                yield case

    def _read_ahead(self, files: Sequence[tuple[PurePosixPath, str]], vocabularies: Vocabularies) -> Iterator[CaseRead]:
        if self.processes < 2 or len(files) < WORTH_PROCESSES:
            yield from (_read(self.content, vocabularies, *file) for file in files)
            return
        done = 0
        try:
            # Not forked: a server that rebuilds has threads, and a lock they hold would stay locked in the copy.
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(self.processes, context, _begin, (self.content.root, vocabularies)) as pool:
                for read in pool.map(_read_here, files, chunksize=CHUNK):
                    done += 1
                    yield read
        except BrokenProcessPool:
            # Something ended a process, such as a shortage of memory: what is left is read here.
            yield from (_read(self.content, vocabularies, *file) for file in islice(files, done, None))

    def _guides(
        self, files: Iterable[FileNow], vocabularies: Vocabularies, good: CaseStore | None
    ) -> tuple[tuple[Guide, ...], list[Problem], Mapping[str, tuple[str, ...]]]:
        pages: list[Guide] = []
        problems: list[Problem] = []
        allowed: dict[str, tuple[str, ...]] = {}
        for file in files:
            guide = _last_good_guide(file.path, good)
            if guide is None or file.needs_reading:
                read = self.content.guide_file(file.path, vocabularies)
                problems.extend(read.problems)
                allowed[read.path] = _allowed(read, vocabularies)
                guide = read.guide or guide
            if guide:
                pages.append(guide)
        return tuple(pages), problems, allowed

    def _problems_of(self, unnameable: Iterable[PurePosixPath], vocabularies: Vocabularies) -> list[Problem]:
        """Files that the manifest cannot name are reported at every build."""
        return [
            problem
            for path in unnameable
            for read in (self.content.case_file if path.parts[0] == "cases" else self.content.guide_file,)
            for problem in read(path, vocabularies).problems
        ]


def _read(content: ContentFolder, vocabularies: Vocabularies, path: PurePosixPath, date: str) -> CaseRead:
    file = content.case_file(path, vocabularies)
    outcome = Outcome(file.path, file.decision, file.problems, _allowed(file, vocabularies))
    if file.case is None or not outcome.is_online:
        return CaseRead(outcome, None)
    return CaseRead(outcome, NewCase(StoredCase(file.case, date, file.text), pack_case(file.case)))


def _allowed(file: CaseFile | GuideFile, vocabularies: Vocabularies) -> tuple[str, ...]:
    return tuple(one.problem.rule for one in silenced(file, vocabularies))


def _with_a_history(now: ContentNow) -> set[str]:
    """The files of whose history something is needed: how old a new text is, and what happened to a case."""
    cases = {file.name for file in now.cases if file.is_changed}
    return cases | {file.name for file in now.files if file.needs_reading and not file.record.changed}


def _with_histories(cases: Iterable[CaseRead], history: History, vocabularies: Vocabularies) -> Iterator[CaseRead]:
    """The same, with what happened to those that are online; some are read ahead, as git is asked for many at once."""
    waiting: list[tuple[CaseRead, Timeline]] = []
    blobs: set[str] = set()
    for read in cases:
        is_new = read.new is not None and read.outcome.is_online
        waiting.append((read, timeline_of(read.new.stored.case, history) if read.new and is_new else Timeline()))
        blobs.update(waiting[-1][1].blobs)
        if not blobs or len(blobs) >= VERSIONS:
            yield from _told(waiting, history.contents(blobs), vocabularies)
            waiting, blobs = [], set()
    yield from _told(waiting, history.contents(blobs), vocabularies)


def _told(
    cases: Iterable[tuple[CaseRead, Timeline]], contents: Mapping[str, bytes], vocabularies: Vocabularies
) -> Iterator[CaseRead]:
    for read, timeline in cases:
        if read.new and timeline.revisions:
            stored = read.new.stored
            told = replace(stored, history=changes_of(timeline, contents, stored.case.review, vocabularies))
            yield read._replace(new=replace(read.new, stored=told))
        else:
            yield read


def _last_good_case(outcome: Outcome, good: CaseStore | None) -> NewCase | None:
    stored = last_good(outcome.slug, good)
    return NewCase(stored, pack_case(stored.case)) if stored else None


def _last_good_guide(path: PurePosixPath, good: CaseStore | None) -> Guide | None:
    with suppress(GenerationError):
        return good.guide(path.parts[0].removesuffix("s"), path.stem) if good else None
    return None


# What runs in the processes that read


@cache
def _place() -> dict[str, tuple[ContentFolder, Vocabularies]]:
    """What this process was started with."""
    return {}


def _begin(root: Path, vocabularies: Vocabularies) -> None:
    end_with_parent()
    _place()["reading"] = (ContentFolder(root), vocabularies)


def _read_here(file: tuple[PurePosixPath, str]) -> CaseRead:
    return _read(*_place()["reading"], *file)
