"""New generations as content changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import watchfiles

from kb.authoring.content_folder import ContentFolder
from kb.building.builder import Builder
from kb.building.report import BuildReport
from kb.errors import KbError

log = logging.getLogger("kb")


def watch_content(
    content: Path, builder: Builder, report: Callable[[BuildReport | KbError], None], stop: threading.Event
) -> None:
    """Build whenever a content file changes, until `stop` is set; `report` is called with the outcome of each build.

    Also builds once at the start: a file may have changed before the watching began.
    """
    is_first = True
    for changes in watchfiles.watch(
        content, stop_event=stop, step=20, debounce=200, rust_timeout=500, yield_on_timeout=True, raise_interrupt=False
    ):
        if changes or is_first:
            try:
                report(builder.build(ContentFolder(content)))
            except KbError as error:
                report(error)
            except Exception:  # a bug must not end the thread: later edits take cases offline
                log.exception("A build failed; the previous generation is still served.")
        is_first = False
