"""New generations as content changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

import watchfiles

from kb.authoring.content_folder import ContentFolder
from kb.building.builder import Builder
from kb.building.report import BuildReport
from kb.building.state import BuildingState, Sight
from kb.building.traces import FOLDERS, Identity, Traces, identity_of
from kb.errors import KbError
from kb.pauses import Pauses

log = logging.getLogger("kb")

LOOK_SECONDS = 2.0
"""Seconds between two checks of the folder, whatever the file system reports: network mounts report nothing."""

_SHARE_OF_TIME = 20
"""Checking takes at most one part in this many of the time."""

_TICK_MS = 500

Report = Callable[[BuildReport | KbError], None]


def watch_content(
    content: Path, builder: Builder, report: Report, stop: threading.Event, state: BuildingState | None = None
) -> None:
    """Build whenever a content file changes, until `stop` is set.

    Builds once at the start, too: a file may have changed before the watching began. Failed builds are retried, at
    increasing intervals and whenever something changes. The folder may be replaced, be a symbolic link that is
    switched, or be missing for a while. `report` is called with the outcome of each build, but not again with the same
    error; `state` informs other processes.
    """
    _Watcher(content, builder, report, state or BuildingState()).watch(stop)


class _Watcher:
    def __init__(self, content: Path, builder: Builder, report: Report, state: BuildingState) -> None:
        self._content = content
        self._builder = builder
        self._report = report
        self._state = state
        self._pauses = Pauses()
        self._complaint = ""
        self._traces: Traces | None = None
        self._next_look = 0.0

    def watch(self, stop: threading.Event) -> None:
        events = _Events(self._content, stop)
        self._tell()
        while not stop.is_set():
            has_heard = events.wait()
            if not stop.is_set() and (has_heard or self._sees_a_change() or self._tries_again()):
                self._build()
            self._tell()
        events.close()

    def _tell(self) -> None:
        is_seen = identity_of(self._content) is not None
        self._state.write(Sight.SEEN if is_seen else Sight.UNSEEN, self._pauses.failures)

    def _sees_a_change(self) -> bool:
        """Whether content or index look different from before; checked now and then."""
        began = time.monotonic()
        if began < self._next_look:
            return False
        traces, before = Traces.of(self._content), self._traces
        is_changed = traces.tell(before) or not (self._pauses.failures or self._builder.is_index_whole())
        self._traces = traces
        taken = time.monotonic() - began
        self._next_look = began + max(LOOK_SECONDS, _SHARE_OF_TIME * taken)
        return is_changed

    def _tries_again(self) -> bool:
        return self._pauses.failures > 0 and self._pauses.are_over

    def _build(self) -> None:
        try:
            built = self._builder.build(ContentFolder(self._content))
        except KbError as error:
            if self._is_news(str(error)):
                self._report(error)
        except Exception as error:  # a bug must not end the thread: later edits take cases offline
            if self._is_news(repr(error)):
                log.exception("A build failed; the previous generation is still served.")
        else:
            self._pauses.succeeded()
            self._complaint = ""
            self._report(built)

    def _is_news(self, complaint: str) -> bool:
        """Note that a build failed; return whether the reason is a new one."""
        self._pauses.failed()
        is_news, self._complaint = complaint != self._complaint, complaint
        return is_news


class _Events:
    """What the file system reports about the folder that currently has this path."""

    def __init__(self, folder: Path, stop: threading.Event) -> None:
        self._folder = folder
        self._stop = stop
        self._identity: Identity | None = None
        self._reported: Iterator[set[tuple[watchfiles.Change, str]]] | None = None
        self._is_first = True

    def wait(self) -> bool:
        """Wait for a moment; return whether something relevant was reported, or the folder is a different one now."""
        identity = identity_of(self._folder)
        is_another = self._is_first or identity != self._identity
        if is_another:
            self._is_first = False
            self._listen_to(identity)
        changes = self._next()
        return is_another or any(not FOLDERS.isdisjoint(PurePath(path).parts[-2:]) for _, path in changes)

    def _listen_to(self, identity: Identity | None) -> None:
        self.close()
        self._identity = identity
        if identity:
            self._reported = watchfiles.watch(
                self._folder,
                watch_filter=None,
                stop_event=self._stop,
                step=20,
                debounce=200,
                rust_timeout=_TICK_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
            )

    def _next(self) -> set[tuple[watchfiles.Change, str]]:
        if self._reported is None:
            self._stop.wait(_TICK_MS / 1000)
            return set()
        try:
            return next(self._reported, set())
        except Exception as error:  # whatever the system's notifications may raise
            log.warning(
                "The file system reports no changes in `%s` (%s): the folder is checked every %d seconds instead.",
                self._folder,
                error,
                LOOK_SECONDS,
            )
            self._reported = None
            return set()

    def close(self) -> None:
        """Stop listening."""
        if self._reported is not None:
            self._reported.close()  # type: ignore[attr-defined]  # it is a generator
            self._reported = None
