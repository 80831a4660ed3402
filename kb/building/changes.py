"""What the content folder contains now, and what of it has changed since a generation was built."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.guide_file import GUIDE_SECTIONS
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import ProblemList
from kb.building.history import committed, newest_commit
from kb.index.manifest import FileRecord, Origin

_MADE_WITH = ("Markdown", "nh3", "PyYAML")
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
    def folder(self) -> str:
        """The folder inside the content folder that it is in."""
        return self.name.partition("/")[0]

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

    files: tuple[FileNow, ...]
    """Vocabularies, guide pages and cases."""
    unnameable: tuple[PurePosixPath, ...]
    """Guides and cases whose names are not UTF-8."""
    software: str
    """Digest of the code and libraries that decide how files are read and indexed."""
    terms: str
    """Digest of the vocabularies."""
    looked_at_ns: int
    """When, in nanoseconds, for comparison with file times: before the first file was examined."""
    commit: str
    """The git commit that was checked out then; empty if there was none."""

    @property
    def cases(self) -> tuple[FileNow, ...]:
        """The case files."""
        return tuple(file for file in self.files if file.folder == "cases")

    @property
    def guides(self) -> tuple[FileNow, ...]:
        """The guide pages."""
        return tuple(file for file in self.files if file.folder in GUIDE_SECTIONS)

    @property
    def texts(self) -> tuple[FileNow, ...]:
        """What is no case: vocabularies and guide pages."""
        return tuple(file for file in self.files if file.folder != "cases")

    def can_build_upon(self, origin: Origin) -> bool:
        """Whether files that have not changed would be read and indexed in the same way."""
        return (self.software, self.terms) == (origin.software, origin.vocabularies)

    def differs_from(self, origin: Origin) -> bool:
        """Whether the generation with this origin, since which files were looked at, was made from something else."""
        is_same = origin.files.keys() == {file.name for file in self.files} and self.can_build_upon(origin)
        return not is_same or any(file.is_changed for file in self.files)

    def anew(self) -> ContentNow:
        """The same, with every file to be read."""
        return replace(self, files=tuple(replace(file, is_changed=True) for file in self.files))

    def as_built(self, origin: Origin, but: Collection[str]) -> ContentNow:
        """What a generation was built from, less cases deleted since; `but` these files have changed.

        Their records stay those of the generation, so that the next build reads and reports them again.
        """
        here = {file.name for file in self.files}
        files = tuple(
            FileNow(name, record, is_changed=name in but)
            for name, record in origin.files.items()
            if name in here or not name.startswith("cases/")
        )
        return ContentNow(
            files, self.unnameable, origin.software, origin.vocabularies, origin.looked_at_ns, origin.commit
        )

    def with_newly_committed(self, origin: Origin, root: Path) -> ContentNow:
        """The same, with cases to be read whose text is in the git history only since: what it says of them has
        changed, if they have not.
        """
        if self.commit == origin.commit:
            return self
        waiting = {
            file.name
            for file in self.cases
            if not file.is_changed and file.record.state == Fate.ONLINE and not file.record.is_committed
        }
        found = committed(root, waiting)
        files = (replace(file, is_changed=True) if file.name in found else file for file in self.files)
        return replace(self, files=tuple(files))


def look_at(content: ContentFolder, origin: Origin | None, fingerprint: str, *, trust_times: bool = True) -> ContentNow:
    """Look at every file, and read those that may have changed since the generation with this origin was made.

    `fingerprint` is that of the index. Without trust in the times of files, all of them are read.
    """
    looked_at_ns, commit = time.time_ns(), newest_commit(content.root)
    known = origin.files if origin else {}
    settled_ns = origin.looked_at_ns - _RACY_NS if origin and trust_times else 0
    names = [str(path) for path in content.vocabulary_paths()] + content.guide_names() + content.case_names()
    files = [_look_at_file(content, name, known.get(name), settled_ns) for name in names if has_text_name(name)]
    if any(file.is_empty for file in files):
        # Editors empty a file before they write it: an empty one is checked once more before it counts.
        time.sleep(SECOND_LOOK_SECONDS)
        files = [
            _look_at_file(content, file.name, known.get(file.name), settled_ns) if file.is_empty else file
            for file in files
        ]
    terms = "".join(file.record.digest for file in files if file.folder == "vocabularies")
    return ContentNow(
        files=tuple(files),
        unnameable=tuple(PurePosixPath(name) for name in names if not has_text_name(name)),
        software=_software(fingerprint),
        terms=hashlib.sha256(terms.encode()).hexdigest(),
        looked_at_ns=looked_at_ns,
        commit=commit,
    )


def _look_at_file(content: ContentFolder, name: str, known: FileRecord | None, settled_ns: int) -> FileNow:
    """A file as it is now. The record of an untouched file is trusted if it is older than `settled_ns`."""
    try:
        stat = os.stat(f"{content.root}/{name}")  # noqa: PTH116  # thousands of them, each three times as fast
    except OSError:
        missing = FileRecord(0, 0, "", Fate.OFFLINE, has_errors=True)
        return FileNow(name, missing, is_changed=known is None or known.digest != "")
    now = FileRecord(stat.st_size, stat.st_mtime_ns, "", "used", inode=stat.st_ino, ctime_ns=stat.st_ctime_ns)
    if known and known.is_as_in(now) and now.mtime_ns < settled_ns:
        return FileNow(name, known, is_changed=False)
    path = PurePosixPath(name)
    data = content.read(path, ProblemList(path))
    digest = hashlib.sha256(data).hexdigest() if data is not None else ""
    if known and known.digest == digest:
        return FileNow(name, known.with_traces_of(now), is_changed=False)
    return FileNow(name, replace(now, digest=digest), is_changed=True)


@cache
def _software(fingerprint: str) -> str:
    digest = hashlib.sha256(fingerprint.encode())
    root = Path(__file__).parent.parent
    # Lists of words decide what is indexed as much as code does.
    for path in sorted([*root.rglob("*.py"), *root.rglob("data/*.txt")]):
        digest.update(path.read_bytes())
    for name in _MADE_WITH:
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    return digest.hexdigest()
