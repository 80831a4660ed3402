"""What the content folder holds now, and what of it has changed since a generation was built."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.problems import ProblemList
from kb.index.generations import FileRecord, Origin

_MADE_WITH = ("whoosh3", "Markdown", "nh3", "PyStemmer", "PyYAML")
"""Libraries whose other version may read, render or index the same file differently."""

_RACY_NS = 2_000_000_000
"""A file changed this shortly before a build may be changed again without its time showing it: file
systems count time in steps. Such files are compared by content. (The same care as git's index takes.)"""


@dataclass(frozen=True, slots=True)
class FileNow:
    """A content file as it is now."""

    name: str
    """Its path relative to the content folder, as text."""
    record: FileRecord
    """What can be told without parsing it; state and errors are those of the last build."""
    is_changed: bool

    @property
    def path(self) -> PurePosixPath:
        """The same as a path."""
        return PurePosixPath(self.name)

    @property
    def needs_reading(self) -> bool:
        """Whether it has to be read: it has changed, or something in it is to be told of again."""
        return self.is_changed or self.record.has_errors


def has_text_name(name: str) -> bool:
    """Whether a file name is UTF-8. One that is not can be told of, and neither recorded nor served."""
    return not _UNDECODED.search(name)


# Python keeps the bytes it cannot decode as these code points (PEP 383).
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class ContentNow:
    """The content folder as it is now."""

    vocabularies: tuple[FileNow, ...]
    guides: tuple[FileNow, ...]
    cases: tuple[FileNow, ...]
    unnameable: tuple[PurePosixPath, ...]
    """Guides and cases whose names are no text."""
    basis: str
    """Digest of everything besides cases and guides that decides how they are read and indexed."""

    @property
    def files(self) -> tuple[FileNow, ...]:
        """All of them."""
        return (*self.vocabularies, *self.guides, *self.cases)

    def differs_from(self, origin: Origin) -> bool:
        """Whether a generation was made from something else. Times do not count."""
        then = {path: record.digest for path, record in origin.files.items()}
        return self.basis != origin.basis or then != {file.name: file.record.digest for file in self.files}


def look_at(content: ContentFolder, origin: Origin | None) -> ContentNow:
    """Look at every file, and read those that may have changed since the generation with this origin was made."""

    def look(names: Iterable[str]) -> tuple[FileNow, ...]:
        return tuple(_look_at_file(content, name, origin) for name in names if has_text_name(name))

    guides, cases = content.guide_names(), content.case_names()
    vocabularies = look(map(str, content.vocabulary_paths()))
    unnameable = tuple(PurePosixPath(name) for name in (*guides, *cases) if not has_text_name(name))
    return ContentNow(vocabularies, look(guides), look(cases), unnameable, _basis(vocabularies))


def _look_at_file(content: ContentFolder, name: str, origin: Origin | None) -> FileNow:
    known = origin.files.get(name) if origin else None
    try:
        stat = os.stat(f"{content.root}/{name}")  # noqa: PTH116  # thousands of them, each three times as fast
    except OSError:
        missing = FileRecord(0, 0, "", "broken", has_errors=True)
        return FileNow(name, missing, is_changed=known is None or known.digest != "")
    size, mtime_ns = stat.st_size, stat.st_mtime_ns
    if origin and known and (known.size, known.mtime_ns) == (size, mtime_ns) and _is_settled(known, origin):
        return FileNow(name, known, is_changed=False)
    path = PurePosixPath(name)
    data = content.read(path, ProblemList(path))
    digest = hashlib.sha256(data).hexdigest() if data is not None else ""
    if known and known.digest == digest:
        return FileNow(name, FileRecord(size, mtime_ns, digest, known.state, known.has_errors), is_changed=False)
    return FileNow(name, FileRecord(size, mtime_ns, digest, "used"), is_changed=True)


def _is_settled(known: FileRecord, origin: Origin) -> bool:
    return known.mtime_ns < origin.looked_at_ns - _RACY_NS


def _basis(vocabularies: Iterable[FileNow]) -> str:
    digest = hashlib.sha256()
    for file in vocabularies:
        digest.update(file.record.digest.encode())
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for name in _MADE_WITH:
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    return digest.hexdigest()
