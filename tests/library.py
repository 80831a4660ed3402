"""A content folder and its index in one hand, as a maintainer has them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from kb.authoring.content_folder import ContentFolder
from kb.building.builder import build
from kb.building.report import BuildReport
from kb.index.folder import IndexFolder
from kb.index.generation import Generation
from kb.search.searching import make_request
from tests.builders import case_markdown, write_case, write_content

GOOD = case_markdown()
BROKEN = case_markdown(title="Broken", city="atlantis")
"""Published, and not fit to be: there is no such city."""

GUIDE = """---
sources: {}
---

## What it is

Trust is like glass.

## How it shows

In silence.

## Ways people have handled it

By coming back.
"""
BROKEN_GUIDE = GUIDE.replace("What it is", "What it was")


class Library:
    """A content folder and its index below `root`."""

    def __init__(self, root: Path, cases: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.content: ContentFolder = write_content(root / "content", cases)
        self.index = IndexFolder(root / "index")
        self.parsed: list[str] = []
        """The case files that the last build parsed."""
        self.indexed: list[str] = []
        """The cases that the last build wrote."""

    def copy_to(self, root: Path) -> Library:
        """The same in another place, with the times of files; quicker than building again."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        copy = Library.__new__(Library)
        copy.root, copy.content, copy.index = root, ContentFolder(root / "content"), IndexFolder(root / "index")
        copy.parsed, copy.indexed = [], []
        return copy

    def build(self, *, rebuild: bool = False) -> BuildReport:
        """Build, and note what was touched."""
        self.parsed, self.indexed = [], []

        def note(items: Sequence[PurePosixPath], doing: str) -> Iterable[PurePosixPath]:
            self.parsed.extend(map(str, items))
            return items

        report = build(self.content, self.index, rebuild=rebuild, progress=note)
        self.indexed = [*report.added, *report.updated]
        return report

    def write(self, slug: str, text: str = GOOD) -> Path:
        """Write a case file."""
        return write_case(self.content.root, slug, text)

    def write_guide(self, text: str = GUIDE, path: str = "challenges/fragile-trust.md") -> Path:
        """Write a guide page."""
        full = self.content.root / path
        full.parent.mkdir(exist_ok=True)
        full.write_text(text, "utf-8")
        return full

    def change_vocabulary(self, name: str, old: str, new: str) -> None:
        """Replace words in a vocabulary file, which must contain them."""
        path = self.vocabulary(name)
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def case(self, slug: str) -> Path:
        """The file of a case."""
        return self.content.root / "cases" / f"{slug}.md"

    def vocabulary(self, name: str) -> Path:
        """The file of a vocabulary."""
        return self.content.root / "vocabularies" / f"{name}.yaml"

    def open(self) -> Generation:
        """The generation in use, held open until the next one is requested."""
        self._held = self.index.open_current()
        return self._held

    def slugs(self) -> tuple[str, ...]:
        """The cases in store."""
        return self.open().cases.slugs()

    def found(self, text: str = "", **filters: str) -> list[str]:
        """The cases that a search finds, in order of slug."""
        return found(self.open(), text, **filters)

    def title(self, slug: str) -> str:
        """The title that is served."""
        case = self.open().cases.case(slug)
        assert case is not None, slug
        return case.title

    def generations(self) -> list[str]:
        """The names of the generations on disk."""
        return sorted(path.name for path in self.index.root.iterdir() if path.is_dir())

    def pointer(self) -> Path:
        """The file that names the generation in use."""
        return self.index.root / "current"

    def current(self) -> Path:
        """The folder of the generation in use."""
        name = self.index.current_id()
        assert name is not None
        return self.index.folder(name)


def found(generation: Generation, text: str = "", **filters: str) -> list[str]:
    """The cases that a search in this generation finds, in order of slug."""
    request = make_request(text, {name: (value,) for name, value in filters.items()}, size=100)
    return sorted(hit.slug for hit in generation.search(request).hits)
