"""Builds a generation from the content folder: all of it, or what has changed since the last one.

A build is a sequence of stages, each of which passes a value to the next: look at the files (`changes`), read those
that count (`reading`), see what became of them (`outcomes`), write it (`generations`), report (`report`).
"""

from __future__ import annotations

import os
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import PurePosixPath

from kb.authoring.content_folder import ContentFolder, Progress, no_progress
from kb.building.changes import ContentNow, look_at
from kb.building.generations import Built, build_generation, less_offline, report_again
from kb.building.outcomes import Previous
from kb.building.reading import Reader
from kb.building.report import BuildReport
from kb.errors import ContentError, GenerationError, NoGeneration, ShortageError
from kb.index.index import Index
from kb.index.manifest import Manifest, Origin
from kb.shortages import noticing_shortages

PROCESSES = min(os.cpu_count() or 1, 4)
"""Processes for programs whose main module can be imported. More than four would wait for the one that writes."""

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
    """Brings an index up to date, again and again: what it remembers of its last build it need not read.

    With more than one process, many files are read side by side (see `kb.building.reading`).
    """

    def __init__(self, index: Index, processes: int = 1) -> None:
        self._index = index
        self._processes = processes
        self._known: tuple[Manifest, Origin] | None = None
        """The generation in use, as far as this builder knows. It could be opened when it was built or first seen."""

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
        offline), and when all cases have gone together, unless `allow_empty`; BuildRunning when another process builds;
        GenerationError when the index cannot be written to; ShortageError when that or reading it fails for lack of
        memory, disk or open files.
        """
        reader = Reader(content, self._processes, progress)
        with noticing_shortages("The index cannot be built"), self._index.lock(), ExitStack() as stores:
            previous, reason = self._previous(stores)
            origin = previous.origin if previous else None
            now = look_at(content, origin, self._index.fingerprint, trust_times=not rebuild)
            if not allow_empty:
                _refuse_emptied(content, now, previous, is_known=reason != _UNREADABLE)
            if previous and (reason := _why_anew(now, previous, rebuild=rebuild)):
                self._take_offline(reader, now, previous)
            elif previous:
                try:
                    now = now.with_newly_committed(previous.origin, content.root)
                    return self._build_upon(previous, reader, now)
                except GenerationError:
                    reason = _UNREADABLE
            # A broken file is served from its last good version, also through a full build.
            if good := self._index.open_store():
                stores.callback(good.close)
            return self._noted(build_generation(reader, self._index, now.anew(), None, good, reason))

    def is_index_whole(self) -> bool:
        """Whether the generation in use is there and as it was written, as far as that can be read; cheap."""
        try:
            self._index.verify(self._index.manifest())
        except ShortageError:
            return True
        except GenerationError:
            return False
        return True

    def _build_upon(self, previous: Previous, reader: Reader, now: ContentNow) -> BuildReport:
        if now.differs_from(previous.origin):
            return self._noted(build_generation(reader, self._index, now, previous, previous.cases))
        return self._noted(report_again(reader, now, previous))

    def _take_offline(self, reader: Reader, now: ContentNow, previous: Previous) -> None:
        """Publish what goes offline before everything is built anew: that takes longer, and it may fail."""
        if now.software == previous.origin.software:
            with suppress(GenerationError):  # it cannot be built upon: the full build does all of it
                unseen = replace(reader, progress=no_progress)
                self._build_upon(previous, unseen, less_offline(unseen, now, previous))

    def _noted(self, built: Built) -> BuildReport:
        self._known = built.published or self._known
        return built.report

    def _previous(self, stores: ExitStack) -> tuple[Previous | None, str]:
        """The generation in use, or why there is none."""
        try:
            if self._known is None or self._known[0].id != self._index.current_id():
                # What cannot be opened is not built upon.
                with closing(self._index.open_current()) as opened:
                    self._known = (opened.manifest, self._index.origin(opened.manifest))
            # Nor is what has been damaged since.
            self._index.verify(self._known[0])
            cases = self._index.open_store()
        except NoGeneration:
            return None, "there was no index"
        except GenerationError:
            return None, _UNREADABLE
        if cases is None:
            return None, _UNREADABLE
        stores.callback(cases.close)
        return Previous(*self._known, cases), ""


def _why_anew(now: ContentNow, previous: Previous, *, rebuild: bool) -> str:
    """Why the previous generation cannot be built upon; empty where it can."""
    if rebuild:
        return "a rebuild was requested"
    return "" if now.can_build_upon(previous.origin) else "the software or the vocabularies have changed"


def _refuse_emptied(content: ContentFolder, now: ContentNow, previous: Previous | None, *, is_known: bool) -> None:
    """A collection that disappears all at once was more likely moved than withdrawn. Single removals always apply.

    The same goes for files that all became unreadable at once, and if it is not known (`is_known`) what was online.
    """
    if any(file.record.digest for file in now.cases) or (is_known and not _was_a_collection(content, previous)):
        return
    gone = "contains no case that can be read" if content.has_cases_folder else "is missing"
    raise ContentError(
        f"`{content.root / 'cases'}` {gone}, so nothing was built; what was online stays online. Put the files "
        "back, or publish the collection without them: `kb index --allow-empty`."
    )


def _was_a_collection(content: ContentFolder, previous: Previous | None) -> bool:
    if previous is None or not previous.manifest.count:
        return False
    files = sum(name.startswith("cases/") for name in previous.origin.files)
    return files > 1 or not content.has_cases_folder
