"""What the parts of the benchmark share: texts, collections of any size made of them, and somewhere to put them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.corpus import BenchDocument, documents_from_collection, documents_from_jsonl, write_content
from benchmarks.measuring import in_fresh_process
from benchmarks.queries import Text
from kb import ContentFolder, Generation, IndexFolder, build
from kb.building.builder import PROCESSES
from kb.search.document import make_document
from kb.search.fields import TEXT_FIELDS

OWN_CONTENT = Path(__file__).parent.parent / "content"
"""The collection: its vocabularies, and its texts where no others are given."""

GROWTH_SIZES = (1_000, 3_000, 10_000, 25_000, 50_000)
QUICK_GROWTH_SIZES = (300, 1_000, 3_000)

T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    corpus: Path | None
    """Texts as JSONL; None for those of the collection."""
    size: int
    """Cases in the collection that is measured."""
    runs: int
    """How often everything is done; figures are over all of it."""
    quick: bool = False
    """A tenth of everything, to see whether it works."""
    sizes: tuple[int, ...] = ()
    """Sizes for the growth; empty for the usual ones."""

    def documents(self, size: int) -> Iterator[BenchDocument]:
        """That many documents."""
        content = ContentFolder(OWN_CONTENT)
        if self.corpus is None:
            return documents_from_collection(content, size)
        vocabularies, _ = content.vocabularies()
        return documents_from_jsonl(self.corpus, vocabularies, size)

    @property
    def growth_sizes(self) -> tuple[int, ...]:
        """The sizes to grow through."""
        return self.sizes or (QUICK_GROWTH_SIZES if self.quick else GROWTH_SIZES)

    def fewer(self, number: int) -> int:
        """That many, or with `quick` a tenth of it."""
        return max(1, number // 10) if self.quick else number


@dataclass(frozen=True)
class Collection:
    """A content folder and the index built from it."""

    content: Path
    index: Path

    def open(self) -> Generation:
        """The generation in use."""
        return IndexFolder(self.index).open_current()

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """What other engines get: the title, and every other text that our own index contains, as one."""
        generation = self.open()
        try:
            return tuple(_texts(generation))
        finally:
            generation.close()


def build_collection(content: Path, index: Path, processes: int = PROCESSES) -> tuple[float, int]:
    """Build from nothing; gives the seconds and how many cases there are. Every file must be good."""
    report = build(ContentFolder(content), IndexFolder(index), rebuild=True, processes=processes)
    if report.errors:
        raise ValueError(f"{len(report.errors)} of the benchmark's own files are broken: {report.errors[0]}")
    return report.seconds, report.count


@dataclass
class Stage:
    """Options, a folder to work in, somebody who watches, and the collections that were made so far."""

    options: Options
    folder: Path
    console: Console
    _collections: dict[str, Collection] = field(default_factory=dict)

    @property
    def collection(self) -> Collection:
        """The collection of the size that was asked for; made once."""
        return self.made("main", self.options.documents(self.options.size))

    def made(self, name: str, documents: Iterable[BenchDocument]) -> Collection:
        """A collection of these documents; made once for each name."""
        if name not in self._collections:
            root = self.folder / name
            root.mkdir()
            made = Collection(root / "content", root / "index")
            with self.console.status(f"Writing and building the collection “{name}”"):
                write_content(made.content, documents, OWN_CONTENT)
                taken, count = in_fresh_process(build_collection, made.content, made.index)
            self.say(f"Built the collection “{name}”: {count:,} cases in {taken:.1f} s")
            self._collections[name] = made
        return self._collections[name]

    def say(self, text: str) -> None:
        """Show progress to whoever watches."""
        self.console.print(text)

    def track(self, items: Sequence[T], doing: str) -> Iterator[T]:
        """The items, with a bar that moves."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as bar:
            yield from bar.track(items, description=doing)
        self.say(f"Done: {doing}")


def _texts(generation: Generation) -> Iterator[Text]:
    for slug in generation.cases.slugs():
        if case := generation.cases.case(slug):
            document = make_document(case, generation.vocabularies, generation.cases.changes[slug])
            rest = (text for each in TEXT_FIELDS if each.name != "title" for text in document.texts[each.name])
            prose = "\n".join(section.text for section in case.sections)
            yield Text(slug, case.title, "\n".join(rest), prose, document.facets)
