"""What the content folder contains now, and what of it has changed since a generation was built."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import ProblemList
from kb.index.manifest import FileRecord, Origin

_MADE_WITH = ("Markdown", "nh3", "PyStemmer", "PyYAML")
"""Libraries whose other version may read or render the same file differently."""

_RACY_NS = 2_000_000_000
"""A file changed this soon before a build may be changed again without its time showing it: file
systems count time in steps. Such files are compared by content. (Git's index takes the same precaution.)"""


SECOND_LOOK_SECONDS = 0.5
"""How long a file may be empty while it is saved."""

_EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class FileNow:
    """A content file as it is now."""

    name: str
    """Its path relative to the content folder, as text."""
    record: FileRecord
    """What is known without parsing it; state and errors are those of the last build."""
    is_changed: bool

    @property
    def path(self) -> PurePosixPath:
        """The same as a path."""
        return PurePosixPath(self.name)

    @property
    def is_empty(self) -> bool:
        """Whether it is there and has no content."""
        return self.record.digest == _EMPTY

    @property
    def needs_reading(self) -> bool:
        """Whether it has to be read: it has changed, or its errors are to be reported again."""
        return self.is_changed or self.record.has_errors


def has_text_name(name: str) -> bool:
    """Whether a file name is UTF-8. One that is not can be reported, but neither recorded nor served."""
    return not _UNDECODED.search(name)


# Python decodes bytes that are not UTF-8 to these code points (PEP 383).
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class ContentNow:
    """The content folder as it is now."""

    vocabularies: tuple[FileNow, ...]
    guides: tuple[FileNow, ...]
    cases: tuple[FileNow, ...]
    unnameable: tuple[PurePosixPath, ...]
    """Guides and cases whose names are not UTF-8."""
    software: str
    """Digest of the code and libraries that decide how files are read and indexed."""
    terms: str
    """Digest of the vocabularies."""

    @property
    def files(self) -> tuple[FileNow, ...]:
        """All of them."""
        return (*self.vocabularies, *self.guides, *self.cases)

    @property
    def read(self) -> tuple[FileNow, ...]:
        """Those that have to be read."""
        return tuple(file for file in self.files if file.needs_reading)

    def differs_from(self, origin: Origin) -> bool:
        """Whether a generation was made from something else. Times do not count."""
        then = {path: record.digest for path, record in origin.files.items()}
        return not self.can_build_upon(origin) or then != {file.name: file.record.digest for file in self.files}

    def with_dates_of(self, known: Mapping[str, FileRecord]) -> ContentNow:
        """The same, with the date of each text that is still what these records say."""

        def dated(files: tuple[FileNow, ...]) -> tuple[FileNow, ...]:
            return tuple(
                replace(file, record=replace(file.record, changed=then.changed))
                if (then := known.get(file.name)) and then.digest == file.record.digest
                else file
                for file in files
            )

        return replace(self, vocabularies=dated(self.vocabularies), guides=dated(self.guides), cases=dated(self.cases))

    def can_build_upon(self, origin: Origin) -> bool:
        """Whether files that have not changed would be read and indexed in the same way."""
        return (self.software, self.terms) == (origin.software, origin.vocabularies)


def look_at(content: ContentFolder, origin: Origin | None, fingerprint: str) -> ContentNow:
    """Look at every file, and read those that may have changed since the generation with this origin was made.

    `fingerprint` is that of the index.
    """

    def look(names: Iterable[str]) -> tuple[FileNow, ...]:
        return tuple(_look_at_file(content, name, origin) for name in names if has_text_name(name))

    guides, cases = content.guide_names(), content.case_names()
    vocabularies, found = look(map(str, content.vocabulary_paths())), look(cases)
    if any(file.is_empty for file in found):
        # Editors empty a file before they write it: an empty one is checked once more before it counts.
        time.sleep(SECOND_LOOK_SECONDS)
        found = tuple(_look_at_file(content, file.name, origin) if file.is_empty else file for file in found)
    unnameable = tuple(PurePosixPath(name) for name in (*guides, *cases) if not has_text_name(name))
    terms = hashlib.sha256("".join(file.record.digest for file in vocabularies).encode()).hexdigest()
    return ContentNow(vocabularies, look(guides), found, unnameable, _software(fingerprint), terms)


def _look_at_file(content: ContentFolder, name: str, origin: Origin | None) -> FileNow:
    known = origin.files.get(name) if origin else None
    try:
        stat = os.stat(f"{content.root}/{name}")  # noqa: PTH116  # thousands of them, each three times as fast
    except OSError:
        missing = FileRecord(0, 0, "", Fate.OFFLINE, has_errors=True)
        return FileNow(name, missing, is_changed=known is None or known.digest != "")
    size, mtime_ns = stat.st_size, stat.st_mtime_ns
    if origin and known and (known.size, known.mtime_ns) == (size, mtime_ns) and _is_settled(known, origin):
        return FileNow(name, known, is_changed=False)
    path = PurePosixPath(name)
    data = content.read(path, ProblemList(path))
    digest = hashlib.sha256(data).hexdigest() if data is not None else ""
    if known and known.digest == digest:
        return FileNow(name, replace(known, size=size, mtime_ns=mtime_ns), is_changed=False)
    return FileNow(name, FileRecord(size, mtime_ns, digest, "used"), is_changed=True)


def _is_settled(known: FileRecord, origin: Origin) -> bool:
    return known.mtime_ns < origin.looked_at_ns - _RACY_NS


@cache
def _software(fingerprint: str) -> str:
    digest = hashlib.sha256(fingerprint.encode())
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for name in _MADE_WITH:
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    return digest.hexdigest()
