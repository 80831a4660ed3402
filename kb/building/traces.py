"""What can be seen of a content folder without reading its files, to decide whether to build."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.authoring.parsing.guide_file import GUIDE_SECTIONS

FOLDERS = frozenset({"cases", "vocabularies", *GUIDE_SECTIONS})
"""The folders in a content folder that matter."""

_TICK_NS = 2_000_000_000
"""File systems count time in steps of up to two seconds: a change within the same step may not show."""

Identity = tuple[int, int]


def identity_of(folder: Path) -> Identity | None:
    """The identity of this folder, whatever its name and whichever links lead to it; None if it cannot be found."""
    try:
        about = folder.stat()
        os.scandir(folder).close()
    except OSError:
        return None
    return (about.st_dev, about.st_ino)


@dataclass(frozen=True)
class Traces:
    """Names, sizes and times of the files in a content folder, in one number."""

    number: int
    newest_ns: int
    """When the last of the files was changed."""
    seen_ns: int
    """When this was seen."""

    @classmethod
    def of(cls, content: Path) -> Traces:
        """The traces of a folder, whatever has happened to it. Takes microseconds for each file."""
        seen_ns = time.time_ns()
        newest_ns, found = 0, []
        for name in sorted(FOLDERS):
            files = sorted(_entries(content / name))
            newest_ns = max([newest_ns, *(changed for _, _, _, _, changed in files)])
            found.append((name, *files))
        return cls(hash((identity_of(content), *found)), newest_ns, seen_ns)

    def tell(self, other: Traces | None) -> bool:
        """Whether something has changed, or may have, since these others were seen."""
        return other is None or self.number != other.number or 0 <= other.seen_ns - other.newest_ns < _TICK_NS


def _entries(folder: Path) -> Iterator[tuple[str, int, int, int, int]]:
    """Name, number, size and times of each file, as far as they can be seen."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                about = entry.stat()
                yield entry.name, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
    except OSError as error:
        yield "", error.errno or 0, 0, 0, 0
