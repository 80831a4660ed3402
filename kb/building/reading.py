"""Reads what has to be read: case files, many of them in several processes, and guide pages."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import CaseFile
from kb.authoring.problems import Problem
from kb.building.changes import ContentNow, FileNow
from kb.errors import GenerationError
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.stores.packing import PackedCase, pack_case
from kb.stores.store import CaseStore

WORTH_PROCESSES = 300
"""Files from which starting processes takes less time than it saves."""

CHUNK = 25
"""Files handed to a process at a time."""


ReadFile = tuple[CaseFile, PackedCase | None]
"""A case file as it was read, and what is to be stored of its case; None where it may not be published."""


def read_case_files(
    content: ContentFolder, paths: Sequence[PurePosixPath], vocabularies: Vocabularies, processes: int
) -> Iterator[ReadFile]:
    """Read files in order.

    With more than one process, files are read ahead while the caller works. That needs a program
    whose main module can be imported, as `multiprocessing` requires.
    """
    if processes < 2 or len(paths) < WORTH_PROCESSES:
        yield from (_read(content, path, vocabularies) for path in paths)
        return
    done = 0
    try:
        # Not forked: a server that rebuilds has threads, and a lock held by one of them would stay locked in the copy.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, context, _begin, (content.root, vocabularies)) as pool:
            for read in pool.map(_read_here, paths, chunksize=CHUNK):
                done += 1
                yield read
    except BrokenProcessPool:
        # Something ended a process, such as a shortage of memory: what is left is read here.
        yield from (_read(content, path, vocabularies) for path in islice(paths, done, None))


def _read(content: ContentFolder, path: PurePosixPath, vocabularies: Vocabularies) -> ReadFile:
    file = content.case_file(path, vocabularies)
    return file, pack_case(file.case) if file.is_published and file.case else None


@cache
def _place() -> dict[str, tuple[ContentFolder, Vocabularies]]:
    """What this process was started with."""
    return {}


def _begin(root: Path, vocabularies: Vocabularies) -> None:
    _place()["reading"] = (ContentFolder(root), vocabularies)


def _read_here(path: PurePosixPath) -> ReadFile:
    content, vocabularies = _place()["reading"]
    return _read(content, path, vocabularies)


# Guide pages, and files that cannot be named


@dataclass(frozen=True)
class ReadGuides:
    """The guide pages of a generation, and what is wrong with their files."""

    pages: tuple[Guide, ...]
    problems: tuple[Problem, ...]


def read_guides(
    content: ContentFolder, files: Iterable[FileNow], vocabularies: Vocabularies, good: CaseStore | None
) -> ReadGuides:
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
    return ReadGuides(tuple(pages), tuple(problems))


def _last_good_guide(path: PurePosixPath, good: CaseStore | None) -> Guide | None:
    with suppress(GenerationError):
        return good.guide(path.parts[0].removesuffix("s"), path.stem) if good else None
    return None


def unnameable_files(content: ContentFolder, now: ContentNow, vocabularies: Vocabularies) -> tuple[Problem, ...]:
    """Files that the manifest cannot name are reported at every build."""
    return tuple(
        problem
        for path in now.unnameable
        for read in (content.case_file if path.parts[0] == "cases" else content.guide_file,)
        for problem in read(path, vocabularies).problems
    )
