"""Engines over cases or documents, opened for a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.engines.whoosh import write
from kb.engines.whoosh.engine import WhooshEngine
from kb.search.answering import PassageReader, answer
from kb.search.document import SearchDocument, make_document
from kb.search.engine import SearchEngine
from kb.search.highlighting.passages import Passages
from kb.search.request import SearchRequest
from kb.search.result import SearchResult
from tests.builders import make_case, vocabularies


class Cases:
    """Cases in memory: a `kb.search.answering.PassageReader`."""

    def __init__(self, texts: Mapping[str, str] | None = None, changes: Mapping[str, str] | None = None) -> None:
        self.changes = changes or {}
        self.by_slug = {slug: _parsed(slug, text) for slug, text in (texts or {}).items()}

    def passages(self, slugs: Iterable[str]) -> dict[str, Passages]:
        """The passages of the cases with these slugs."""
        return {slug: Passages.of(self.by_slug[slug]) for slug in slugs if slug in self.by_slug}

    def documents(self) -> list[SearchDocument]:
        """What an engine indexes of them."""
        return [make_document(case, vocabularies(), self.changes.get(slug, "")) for slug, case in self.by_slug.items()]


# Many tests look at the same cases, and parsing one takes longer than searching it.
_parsed = cache(make_case)


def write_index(folder: Path, documents: Iterable[SearchDocument]) -> Path:
    """A new Whoosh index in `folder`, which is returned."""
    write.write_index(folder, None, (), documents)
    return folder


@dataclass(frozen=True)
class Answering:
    """An engine together with the text of the cases: searches return complete results."""

    engine: SearchEngine
    passages: PassageReader

    def search(self, request: SearchRequest) -> SearchResult:
        """The result with snippets."""
        return answer(self.engine, self.passages, request)


@contextmanager
def opened(folder: Path) -> Iterator[WhooshEngine]:
    """The Whoosh engine over an index."""
    engine = WhooshEngine(folder)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def whoosh_over(documents: Iterable[SearchDocument]) -> Iterator[WhooshEngine]:
    """The Whoosh engine over these documents, in a folder that goes with it."""
    with TemporaryDirectory() as folder, opened(write_index(Path(folder) / "index", documents)) as engine:
        yield engine
