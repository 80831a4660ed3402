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
    content: Path, builder: Builder, tell: Callable[[BuildReport | KbError], None], stop: threading.Event
) -> None:
    """Build whenever a content file changes, until `stop` is set; `tell` hears of each build.

    Builds once at the beginning too: a file may have changed before anybody watched.
    """
    is_first = True
    for changes in watchfiles.watch(
        content, stop_event=stop, step=20, debounce=200, rust_timeout=500, yield_on_timeout=True, raise_interrupt=False
    ):
        if changes or is_first:
            try:
                tell(builder.build(ContentFolder(content)))
            except KbError as error:
                tell(error)
            except Exception:  # a bug must not end the watching: later edits take cases offline
                log.exception("A build failed; the previous generation is served on.")
        is_first = False
