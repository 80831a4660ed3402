"""Reads case files and makes of each all that is stored of it; many of them in several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import CaseFile
from kb.model.vocabulary import Vocabularies
from kb.stores.packing import PackedCase, pack_case

WORTH_PROCESSES = 300
"""Files from which starting processes takes less time than it saves."""

CHUNK = 25
"""Files handed to a process at once."""


ReadFile = tuple[CaseFile, PackedCase | None]
"""A case file as it was read, and what is to be stored of its case; None where it may not be published."""


def read_case_files(
    content: ContentFolder, paths: Sequence[PurePosixPath], vocabularies: Vocabularies, processes: int
) -> Iterator[ReadFile]:
    """Read files in order.

    With more than one process, files are read ahead while the caller works. Whoever asks for that must be a program
    whose main module can be imported, as `multiprocessing` wants it.
    """
    if processes < 2 or len(paths) < WORTH_PROCESSES:
        yield from (_read(content, path, vocabularies) for path in paths)
        return
    done = 0
    try:
        # Not forked: a server that rebuilds has threads, and a lock they hold would stay locked in the copy.
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
