"""What the content folder holds now, and what of it has changed since a generation was built."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

from kb.content import ContentFolder
from kb.generations import FileRecord, Manifest
from kb.problem import ProblemList

_MADE_WITH = ("whoosh3", "Markdown", "nh3", "PyStemmer", "PyYAML")
"""Libraries whose other version may read, render or index the same file differently."""

_RACY_NS = 2_000_000_000
"""A file changed this shortly before a build may be changed again without its time showing it: file
systems count time in steps. Such files are compared by content. (The same care as git's index takes.)"""


@dataclass(frozen=True)
class FileNow:
    """A content file as it is now."""

    path: PurePosixPath
    record: FileRecord
    """What can be told without parsing it; state and errors are those of the last build."""
    is_changed: bool

    @property
    def needs_reading(self) -> bool:
        """Whether it has to be read: it has changed, or something in it is to be told of again."""
        return self.is_changed or self.record.has_errors


def has_text_name(path: PurePosixPath) -> bool:
    """Whether a file name is UTF-8. One that is not can be told of, and neither recorded nor served."""
    return not _UNDECODED.search(str(path))


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

    def differs_from(self, manifest: Manifest) -> bool:
        """Whether the generation with this manifest was made from something else. Times do not count."""
        then = {path: record.digest for path, record in manifest.files.items()}
        return self.basis != manifest.basis or then != {str(file.path): file.record.digest for file in self.files}


def look_at(content: ContentFolder, manifest: Manifest | None) -> ContentNow:
    """Look at every file, and read those that may have changed since the generation with this manifest."""

    def look(paths: Iterable[PurePosixPath]) -> tuple[FileNow, ...]:
        return tuple(_look_at_file(content, path, manifest) for path in paths if has_text_name(path))

    vocabularies, guides, cases = content.vocabulary_paths(), content.guide_paths(), content.case_paths()
    looked_at = look(vocabularies)
    unnameable = tuple(path for path in (*guides, *cases) if not has_text_name(path))
    return ContentNow(looked_at, look(guides), look(cases), unnameable, _basis(looked_at))


def _look_at_file(content: ContentFolder, path: PurePosixPath, manifest: Manifest | None) -> FileNow:
    known = manifest.files.get(str(path)) if manifest else None
    try:
        stat = os.stat(f"{content.root}/{path}")  # noqa: PTH116  # thousands of them, each three times as fast
    except OSError:
        missing = FileRecord(0, 0, "", "broken", has_errors=True)
        return FileNow(path, missing, is_changed=known is None or known.digest != "")
    size, mtime_ns = stat.st_size, stat.st_mtime_ns
    if manifest and known and (known.size, known.mtime_ns) == (size, mtime_ns) and _is_settled(known, manifest):
        return FileNow(path, known, is_changed=False)
    data = content.read(path, ProblemList(path))
    digest = hashlib.sha256(data).hexdigest() if data is not None else ""
    if known and known.digest == digest:
        return FileNow(path, FileRecord(size, mtime_ns, digest, known.state, known.has_errors), is_changed=False)
    return FileNow(path, FileRecord(size, mtime_ns, digest, "used"), is_changed=True)


def _is_settled(known: FileRecord, manifest: Manifest) -> bool:
    return known.mtime_ns < manifest.created_ns - _RACY_NS


def _basis(vocabularies: Iterable[FileNow]) -> str:
    digest = hashlib.sha256()
    for file in vocabularies:
        digest.update(file.record.digest.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for name in _MADE_WITH:
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    return digest.hexdigest()
