"""When the text of a content file last changed: one rule, in every kind of build.

The date of a text that is read for the first time is that of its last change in its git history, or else that of its
file. The same text keeps that date as long as the index contains it: a file that is saved again, copied or checked out
again has not changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.building.changes import FileNow
from kb.building.history import History
from kb.index.manifest import iso_utc


def text_dates(files: Iterable[FileNow], history: History) -> Mapping[str, str]:
    """The dates of those files that have to be read, as ISO 8601 in UTC, by name; `history` is that of their folder."""
    return {
        file.name: file.record.changed or iso_utc(history.last_change(file.name) or file.record.mtime_ns)
        for file in files
        if file.needs_reading
    }
