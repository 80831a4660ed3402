"""When the text of a content file last changed: one rule, in every kind of build.

The date of a text that is read for the first time is that of its last change in its git history, or else that of its
file. The same text keeps that date as long as the index contains it: a file that is saved again, copied or checked out
again has not changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kb.building.changes import FileNow
from kb.building.history import last_changes
from kb.index.manifest import iso_utc


def text_dates(root: Path, files: Iterable[FileNow]) -> Mapping[str, str]:
    """The dates of those files below `root` that have to be read, as ISO 8601 in UTC, by name."""
    read = [file for file in files if file.needs_reading]
    unknown = {file.name for file in read if not file.record.changed}
    history = last_changes(root, unknown)
    return {file.name: file.record.changed or iso_utc(history.get(file.name, file.record.mtime_ns)) for file in read}
