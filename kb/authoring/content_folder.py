"""The content folder: which files it contains, and all of them read and parsed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from kb.authoring.parsing.case_file import CaseFile, parse_case_file, unreadable_case_file
from kb.authoring.parsing.fields import slug_of
from kb.authoring.parsing.guide_file import GUIDE_SECTIONS, GuideFile, parse_guide_file
from kb.authoring.parsing.vocabulary_files import FOLDER, OPTIONAL_FILES, VOCABULARY_FILES, parse_vocabularies
from kb.authoring.problems import Problem, ProblemList
from kb.errors import ContentError
from kb.model.vocabulary import Vocabularies
from kb.shortages import shortage_behind

T = TypeVar("T")

MAX_BYTES = 500_000
"""A long case is 8 kB. The limit keeps a file dropped here by mistake from stalling the build."""

Progress = Callable[[Sequence[T], str], Iterable[T]]
"""Wraps a loop over files so that anyone watching sees progress; called with the files and what is being done."""


def no_progress(items: Sequence[T], doing: str) -> Iterable[T]:
    """Progress that nobody watches."""
    return items


_WHERE = "Set KB_CONTENT or `--content` to the folder that contains `cases/` and `vocabularies/`."


_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def _kind_of(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "something else")


@dataclass(frozen=True)
class ContentFolder:
    """The folder that authors write in."""

    root: Path

    def __post_init__(self) -> None:
        if not self.root.is_dir():
            raise ContentError(f"There is no content folder at `{self.root}`. {_WHERE}")

    def case_names(self) -> list[str]:
        """All case files, relative to the folder, sorted; as text, which is faster to make than paths."""
        return list(self._markdown_files("cases"))

    @property
    def has_cases_folder(self) -> bool:
        """Whether there is a folder `cases/`."""
        return (self.root / "cases").is_dir()

    def guide_names(self) -> list[str]:
        """The same for guide pages."""
        return [name for folder in sorted(GUIDE_SECTIONS) for name in self._markdown_files(folder)]

    def case_paths(self) -> tuple[PurePosixPath, ...]:
        """All case files, relative to the folder, sorted."""
        return tuple(map(PurePosixPath, self.case_names()))

    def guide_paths(self) -> tuple[PurePosixPath, ...]:
        """All guide pages, relative to the folder, sorted."""
        return tuple(map(PurePosixPath, self.guide_names()))

    def vocabulary_paths(self) -> tuple[PurePosixPath, ...]:
        """The vocabulary files, whether they exist or not."""
        return tuple(FOLDER / f"{name}.yaml" for name in VOCABULARY_FILES)

    def read(self, path: PurePosixPath, problems: ProblemList) -> bytes | None:
        """The bytes of a file; None, with a problem noted, if it cannot be read."""
        full = self.root / path
        # Unlike Path.resolve, realpath never raises: a link that points to itself is found on reading.
        if not Path(os.path.realpath(full)).is_relative_to(os.path.realpath(self.root)):
            hint = "Put a copy of the file itself into the content folder."
            problems.add("file-unreadable", "This is a link to a file outside the content folder.", hint)
            return None
        try:
            about = full.stat()
            if not stat.S_ISREG(about.st_mode):
                # Never opened: reading a pipe waits for whoever writes to it, and a device may be endless.
                message = f"This is {_kind_of(about.st_mode)}, not a file."
                problems.add("file-unreadable", message, "Put a text file in its place, or remove it.")
                return None
            if about.st_size > MAX_BYTES:
                message = f"The file is larger than {MAX_BYTES // 1000} kB."
                problems.add("file-too-large", message, "Shorten or split it.")
                return None
            return full.read_bytes()
        except OSError as error:
            if shortage_behind(error):
                raise  # nothing is wrong with the file
            problems.add(
                "file-unreadable",
                f"The file cannot be read: {error.strerror or error}.",
                "Check that it exists and that its permissions let the user who runs `kb` read it.",
            )
            return None

    def vocabularies(self) -> tuple[Vocabularies, tuple[Problem, ...]]:
        """All vocabularies, and warnings about them.

        Raises ContentError, with the problems, when one is missing or wrong.
        """
        if not (self.root / FOLDER).is_dir():
            raise ContentError(f"`{self.root}` contains no folder `vocabularies/`. {_WHERE}")
        files: dict[str, bytes] = {}
        unreadable: list[Problem] = []
        for path in self.vocabulary_paths():
            if path.stem in OPTIONAL_FILES and not (self.root / path).exists():
                continue
            problems = ProblemList(path)
            data = self.read(path, problems)
            unreadable.extend(problems.found)
            if data is not None:
                files[path.stem] = data
        if unreadable:
            names = ", ".join(problem.path for problem in unreadable)
            raise ContentError(f"The vocabularies in `{self.root}` are not complete: {names}.", tuple(unreadable))
        return parse_vocabularies(files)

    def case_file(self, path: PurePosixPath, vocabularies: Vocabularies) -> CaseFile:
        """Read and parse one case file."""
        problems = ProblemList(path)
        data = self.read(path, problems)
        if data is None:
            return unreadable_case_file(path, problems)
        return parse_case_file(path, data, vocabularies)

    def guide_file(self, path: PurePosixPath, vocabularies: Vocabularies) -> GuideFile:
        """Read and parse one guide page."""
        problems = ProblemList(path)
        data = self.read(path, problems)
        if data is None:
            return GuideFile(str(path), None, problems.sorted(), "")
        return parse_guide_file(path, data, vocabularies)

    def ignored_files(self) -> tuple[Problem, ...]:
        """The files that were probably meant to be content, but are not read."""
        found = []
        for folder in ("cases", *sorted(GUIDE_SECTIONS)):
            top = self.root / folder
            for path in sorted(top.rglob("*")) if top.is_dir() else ():
                inside = PurePosixPath(path.relative_to(self.root).as_posix())
                if hint := _why_ignored(inside, is_folder=path.is_dir()):
                    problems = ProblemList(inside)
                    problems.add("ignored-file", "This file is not read.", hint)
                    found += problems.found
        return tuple(found)

    def _markdown_files(self, folder: str) -> Iterator[str]:
        try:
            names = os.listdir(self.root / folder)  # noqa: PTH208  # names are wanted, not paths
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            if shortage_behind(error):
                raise
            # A folder that cannot be read is not the same as one without cases.
            reason = f"`{self.root / folder}` cannot be read: {error.strerror or error}."
            raise ContentError(f"{reason} Let the user who runs `kb` read it.") from error
        for name in sorted(names):
            # Editors and file systems leave hidden copies next to a file while it is being saved.
            if name.endswith(".md") and not name.startswith((".", "#", "~")):
                yield f"{folder}/{name}"


_TEXT_ENDINGS = (
    ".markdown",
    ".mdown",
    ".mkd",
    ".mdx",
    ".txt",
    ".text",
    ".docx",
    ".doc",
    ".odt",
    ".rtf",
    ".pages",
    ".html",
)


def _why_ignored(path: PurePosixPath, *, is_folder: bool) -> str:
    """What to do so that a file is read; empty if it is read, or is not meant to be."""
    name = path.name
    if is_folder or any(part.startswith((".", "#", "~")) for part in path.parts) or name.endswith("~"):
        return ""
    lower = name.lower()
    slug = slug_of(re.sub(r"(?:\.(?:md|markdown|mdown|mkd|mdx|txt|text|docx?|odt|rtf|pages|html))+$", "", lower))
    meant = f"{path.parts[0]}/{slug or 'a-slug'}.md"
    if len(path.parts) > 2:
        return (
            f"Files in folders below `{path.parts[0]}/` are not read: move it to `{meant}`." if ".md" in lower else ""
        )
    if name.endswith(".md"):
        return ""
    if lower.endswith((".docx", ".doc", ".odt", ".rtf", ".pages", ".html")):
        return f"Save its text as `{meant}`, with the front matter of `content/TEMPLATE.md`."
    if lower.endswith(_TEXT_ENDINGS) or ".md" in lower:
        return f"Rename it to `{meant}`."
    return ""


@dataclass(frozen=True)
class Corpus:
    """The whole content folder, parsed."""

    vocabularies: Vocabularies
    cases: tuple[CaseFile, ...]
    guides: tuple[GuideFile, ...]
    problems: tuple[Problem, ...]
    """What is wrong in single files; problems across files are found by `kb.authoring.checks`."""

    @property
    def published(self) -> tuple[CaseFile, ...]:
        """The case files that may be served."""
        return tuple(file for file in self.cases if file.is_published)


def load_corpus(folder: ContentFolder, progress: Progress[PurePosixPath] = no_progress) -> Corpus:
    """Read and parse everything. Raises ContentError when a vocabulary is broken."""
    vocabularies, problems = folder.vocabularies()
    cases = tuple(folder.case_file(path, vocabularies) for path in progress(folder.case_paths(), "Reading cases"))
    guides = tuple(folder.guide_file(path, vocabularies) for path in folder.guide_paths())
    found = [*problems, *folder.ignored_files()]
    found.extend(problem for file in cases for problem in file.problems)
    found.extend(problem for file in guides for problem in file.problems)
    return Corpus(vocabularies, cases, guides, tuple(found))
