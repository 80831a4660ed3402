"""`kb fix`: case files mended on the disk, one by one."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import typer

from kb.authoring.content_folder import ContentFolder
from kb.authoring.fixing.fix import Change, fix
from kb.authoring.parsing.text_file import INVISIBLE
from kb.authoring.problems import Problem, ProblemList
from kb.errors import KbError
from kb.files import replace_content
from kb.model.vocabulary import Vocabularies

MOST_LINES_COMPARED = 20_000
"""Of a longer file only the number of changed lines is shown: no case is as long, and comparing takes long."""


@dataclass(frozen=True)
class Mended:
    """What became of a file, or would."""

    name: str
    changes: tuple[Change, ...] = ()
    diff: tuple[str, ...] = ()
    """The lines of a unified diff."""
    problems: tuple[Problem, ...] = ()
    """Why it cannot be read."""


def case_files(folder: ContentFolder) -> list[Path]:
    """All case files of a content folder; the file that a link leads to is mended under its own name."""
    return [path for name in folder.case_names() if not (path := folder.root / name).is_symlink()]


def mend(path: Path, vocabularies: Vocabularies, *, write: bool) -> Mended:
    """Mend one case file; it is changed only if `write`, and then as a whole.

    Raises typer.BadParameter for what is no case file, and KbError if it cannot be written, or has been changed by
    somebody else in the meantime.
    """
    if path.suffix != ".md" or not os.path.lexists(path):
        raise typer.BadParameter(f"`{path}` is not a case file: these end in `.md`.")
    if path.is_symlink():
        raise typer.BadParameter(f"`{path}` is a link. Name the file that it leads to.")
    if path.parent.name in ("arrangements", "challenges"):
        raise typer.BadParameter(f"`{path}` is a guide page: only case files are mended.")
    data, problems = _read(path)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        problems.add("not-utf-8", "The file is not UTF-8 text.", "Save it again as UTF-8.")
    if problems.found:
        return Mended(path.as_posix(), problems=problems.sorted())
    fixed = fix(text, vocabularies)
    if fixed.changes and write:
        _write(path, data, fixed.text)
    return Mended(path.as_posix(), fixed.changes, tuple(_diff(path.as_posix(), text, fixed.text)))


def _read(path: Path) -> tuple[bytes, ProblemList]:
    """The bytes of a file; none, with a problem noted, if it cannot be read."""
    problems = ProblemList(PurePosixPath(path.as_posix()))
    data = ContentFolder(path.parent).read(PurePosixPath(path.name), problems)
    return data or b"", problems


def _write(path: Path, before: bytes, text: str) -> None:
    try:
        is_written = replace_content(path, before, text.encode())
    except OSError as error:
        raise KbError(f"`{path}` cannot be written: {error.strerror or error}.") from error
    if not is_written:
        raise KbError(f"`{path}` has been changed in the meantime, and is left as it is. Try again.")


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    if before == after:
        return
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > MOST_LINES_COMPARED:
        yield f"@@ {name} is too long to be shown @@"
        return
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm=""):
        yield _UNSEEN.sub(lambda found: f"<U+{ord(found.group()):04X}>", line)


_UNSEEN = re.compile(rf"{INVISIBLE.pattern}|\r")
