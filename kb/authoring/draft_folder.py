"""The case files of a content folder as they are at this moment, for those who write them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.authoring.draft import Draft, read_draft
from kb.authoring.parsing.text_file import decode
from kb.authoring.problems import ProblemList
from kb.deadline import OutOfTime, check
from kb.model.kinds import Kind
from kb.model.vocabulary import Vocabularies

Online = Callable[[str], str | None]
"""The text of the version of a case that is online, by its slug; None if none is."""


@dataclass(frozen=True)
class DraftList:
    """Case files that are not online as they are."""

    drafts: tuple[Draft, ...]
    is_complete: bool
    """False if there was no time to read all."""


@dataclass(frozen=True)
class DraftFolder:
    """The case files of a content folder."""

    root: Path

    def vocabularies(self) -> Vocabularies:
        """The vocabularies as they are. Raises ContentError when one is missing or wrong."""
        return ContentFolder(self.root).vocabularies()[0]

    def draft(self, slug: str, vocabularies: Vocabularies) -> Draft | None:
        """A case file; None if there is none of this name."""
        folder, path = ContentFolder(self.root), PurePosixPath(Kind.CASE.file(slug))
        return _read(folder, path, vocabularies) if str(path) in folder.case_names() else None

    def text(self, slug: str) -> str | None:
        """A case file as text; None if there is none of this name."""
        folder, path = ContentFolder(self.root), PurePosixPath(Kind.CASE.file(slug))
        return _text(folder, path) if str(path) in folder.case_names() else None

    def not_online(self, online: Online, vocabularies: Vocabularies) -> DraftList:
        """All case files that are not online as they are, until the deadline of the request."""
        folder, found = ContentFolder(self.root), []
        try:
            for path in folder.case_paths():
                check()
                text = online(path.stem)
                if text is None or text != _text(folder, path):
                    found.append(_read(folder, path, vocabularies))
        except OutOfTime:
            return DraftList(tuple(found), is_complete=False)
        return DraftList(tuple(found), is_complete=True)

    def version(self, slug: str = "") -> str:
        """A text that changes when a case file does, or the vocabularies; without a slug, when any case file does."""
        folder = ContentFolder(self.root)
        names = folder.case_names()
        if slug:
            names = [name for name in names if name == Kind.CASE.file(slug)]
        seen = [_seen(self.root / name) for name in (*names, *map(str, folder.vocabulary_paths()))]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _read(folder: ContentFolder, path: PurePosixPath, vocabularies: Vocabularies) -> Draft:
    problems = ProblemList(path)
    data = folder.read(path, problems)
    draft = read_draft(path, data or b"", vocabularies)
    return draft if data is not None else replace(draft, problems=problems.sorted())


def _text(folder: ContentFolder, path: PurePosixPath) -> str:
    """A file as it would be stored."""
    problems = ProblemList(path)
    return decode(folder.read(path, problems) or b"", problems).written


def _seen(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return (0, 0)  # gone, or not yet there: a change of its own
    return (about.st_mtime_ns, about.st_size)
