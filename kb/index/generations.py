"""Built indexes on disk: each a folder of its own, one of them current.

::

    var/index/
        current                     a file that holds the name of the generation in use
        20261123T104500-9f2c41/     a generation: never changed once it is current
            manifest.json           what it is
            origin.json             what it was made from: read by builders only
            library.sqlite          cases, guide pages, vocabularies (kb.index.store)
            library.base.sqlite     most of the cases; the same file in the next generation
            whoosh/                 the engine's index (kb.engines)

A build writes a new folder beside the current one, waits until it is on the disk, and then replaces the pointer
file in one step, so a reader holds one whole generation or another, never half of each.
"""

from __future__ import annotations

import re
import shutil
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from kb.engines import ENGINE, open_engine
from kb.errors import BuildRunning, GenerationError, NoGeneration
from kb.files import sync, sync_all, write_whole
from kb.index import store
from kb.index.store import CaseStore
from kb.model.case import Case
from kb.model.vocabulary import Vocabularies
from kb.search.fields import FACETS_BY_NAME
from kb.search.highlighting.snippets import Highlighter
from kb.search.related import Related, related_cases
from kb.search.request import MAX_SIZE, SearchRequest
from kb.search.result import SearchResult
from kb.search.searching import Language, make_request, search, totals_by_value, understand
from kb.search.suggesting import Name, Suggester

GENERATIONS_KEPT = 2
"""The current one, and the one before it, which a slow reader may still be opening."""

SUGGESTED_FACETS = ("arrangement", "challenge", "city")
"""What is suggested while typing, beside the titles of cases."""

_POINTER = "current"
_MANIFEST = "manifest.json"
_ORIGIN = "origin.json"

_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
"""What the name of a generation looks like. Names become paths and folders are removed by name: nothing else
is followed or removed."""

_CURE = "Build again: `kb index --rebuild`."


def iso_utc(ns: int) -> str:
    """A moment, given in nanoseconds as files tell it, as ISO 8601 in UTC.

    >>> iso_utc(1_900_000_000_000_000_000)
    '2030-03-17T17:46:40Z'
    """
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A content file as it was when it was built from."""

    size: int
    """Bytes."""
    mtime_ns: int
    digest: str
    """SHA-256 of its bytes."""
    state: str
    """Of a case what becomes of its page (`kb.authoring.parsing.publication.Fate`); ``used`` for other files."""
    has_errors: bool = False
    """Whether there is something to mend in it, which is reported at every build."""
    changed: str = ""
    """When its text last changed, as ISO 8601 in UTC: settled when the text is first read (`kb.index.building`)."""


@dataclass(frozen=True)
class Manifest:
    """What a generation is."""

    id: str
    created: str
    """ISO 8601 in UTC."""
    created_ns: int
    """The same in nanoseconds."""
    count: int
    """Published cases."""
    changed: Mapping[str, str]
    """When each guide page and vocabulary was last changed, as ISO 8601 in UTC, by path."""


@dataclass(frozen=True)
class Origin:
    """What a generation was made from."""

    software: str
    """Digest of the code and libraries that wrote it: what another version wrote cannot be built upon."""
    vocabularies: str
    """Digest of the vocabularies: with other ones, everything must be built anew."""
    looked_at_ns: int
    """For comparison with file times: taken before the first file was looked at."""
    files: Mapping[str, FileRecord]
    """By path relative to the content folder."""


_MANIFEST_ADAPTER = TypeAdapter(Manifest)
_ORIGIN_ADAPTER = TypeAdapter(Origin)

R = TypeVar("R")


class Generation:
    """One opened generation: what a whole request works with."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.cases = CaseStore(folder / store.FILE_NAME)
        try:
            self.engine = open_engine(folder / ENGINE, self.cases)
        except GenerationError:
            self.cases.close()
            raise
        self.language = Language.of(self.cases.vocabularies)
        # Files are let go when the last request that holds this generation has ended.
        self._finalizer = weakref.finalize(self, _close, self.engine.close, self.cases.close)

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def vocabularies(self) -> Vocabularies:
        return self.cases.vocabularies

    def changed(self, path: str) -> str | None:
        """When a guide page or a vocabulary was last changed, as ISO 8601 in UTC; None if there is no such file."""
        return self.manifest.changed.get(path)

    def search(self, request: SearchRequest) -> SearchResult:
        """The result of a request; completed by a looser reading where little matches all of it."""
        return search(self.engine, request, self.language)

    def highlighter(self, text: str) -> Highlighter:
        """What a search for this text marks, in any text: other names too, and slips of the pen read aright."""
        return Highlighter.of(understand(self.engine, make_request(text), self.language).query)

    def search_all(self, request: SearchRequest) -> Iterator[SearchResult]:
        """The whole result of a request without passages, as many hits at a time as a page may hold; it is
        understood once.
        """
        found = self.search(replace(request, page=1, size=MAX_SIZE, marked=False))
        yield found
        for page in range(2, found.pages + 1):
            yield self.engine.search(replace(found.request, page=page))

    def totals_by_value(self, request: SearchRequest, facet: str) -> dict[str, int]:
        """For each value of a facet, how many cases the search finds with that value alone chosen in it."""
        return totals_by_value(self.engine, request, self.language, facet)

    def related(self, case: Case) -> tuple[Related, ...]:
        """Cases to read next, each with its reason."""
        return related_cases(case, self.engine, self.vocabularies)

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """For each facet how many cases of the whole collection have each of its values, most cases first."""
        facets = self.engine.search(SearchRequest(size=0)).facets
        return {facet: {count.value: count.cases for count in counts} for facet, counts in facets.items()}

    @cached_property
    def suggester(self) -> Suggester:
        """Suggestions while typing: names of what has cases."""
        return Suggester(self._names())

    def _names(self) -> Iterator[Name]:
        for facet in SUGGESTED_FACETS:
            vocabulary = FACETS_BY_NAME[facet].vocabulary(self.vocabularies)
            for value, cases in self.counts[facet].items():
                if term := vocabulary.get(value):
                    yield Name(facet, term.id, term.label, term.aliases, cases)
        for slug, title in self.cases.titles().items():
            yield Name("case", slug, title, (), 1)

    def close(self) -> None:
        """Let go of the files now."""
        self._finalizer()


def _close(*closers: object) -> None:
    for closer in closers:
        if callable(closer):
            closer()


@dataclass
class Draft:
    """A generation that is being written."""

    folder: Path
    finished: tuple[Manifest, Origin] | None = None
    """What it is and what it was made from; known when everything has been read."""


@dataclass(frozen=True)
class IndexFolder:
    """The folder that generations lie in."""

    root: Path

    def current_id(self) -> str | None:
        """The name of the generation in use, or None when nothing has been built.

        Raises GenerationError when it cannot be read.
        """
        try:
            name = (self.root / _POINTER).read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise GenerationError(f"`{self.root / _POINTER}` cannot be read ({error}). {_CURE}") from error
        if not _ID.fullmatch(name):
            raise GenerationError(f"`{self.root / _POINTER}` does not name a generation. {_CURE}")
        return name

    def folder(self, generation_id: str) -> Path:
        """Where a generation lies."""
        return self.root / generation_id

    def manifest(self) -> Manifest:
        """The manifest of the generation in use.

        Raises NoGeneration when nothing has been built, GenerationError when it cannot be read.
        """
        generation_id = self.current_id()
        if generation_id is None:
            raise NoGeneration(f"There is no index in `{self.root}` yet. Build it: `kb index`.")
        path = self.folder(generation_id) / _MANIFEST
        manifest = _read(path, _MANIFEST_ADAPTER)
        if manifest.id != generation_id:
            raise GenerationError(f"`{path}` belongs to another generation. {_CURE}")
        return manifest

    def origin(self, manifest: Manifest) -> Origin:
        """What the generation with this manifest was made from. Raises GenerationError when it cannot be read."""
        return _read(self.folder(manifest.id) / _ORIGIN, _ORIGIN_ADAPTER)

    def open_current(self) -> Generation:
        """Open the generation in use. Raises as `manifest` does."""
        manifest = self.manifest()
        return Generation(self.folder(manifest.id), manifest)

    def open_store(self) -> CaseStore | None:
        """The stored cases of the generation in use where they can be read, even if the rest of it cannot."""
        with suppress(GenerationError):
            if generation_id := self.current_id():
                return CaseStore(self.folder(generation_id) / store.FILE_NAME)
        return None

    @contextmanager
    def lock(self, timeout: float = 60.0) -> Iterator[None]:
        """Hold the folder for building.

        Raises BuildRunning when another build lasts longer than `timeout` seconds, GenerationError when the
        folder cannot be written to.
        """
        lock = FileLock(self.root / "build.lock", timeout=timeout)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise BuildRunning(f"Another process is building in `{self.root}`. Try again when it is done.") from error
        except OSError as error:
            raise self._not_writable(error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def new(self, generation_id: str) -> Iterator[Draft]:
        """A new generation, to be filled and finished; it becomes the current one unless that fails.

        Raises GenerationError when the folder cannot be written to.
        """
        folder = self.folder(generation_id)
        draft = Draft(folder)
        try:
            folder.mkdir()
            yield draft
            if draft.finished is None:
                raise GenerationError(f"Nothing was written to `{folder}`.")
            manifest, origin = draft.finished
            (folder / _ORIGIN).write_bytes(_ORIGIN_ADAPTER.dump_json(origin))
            sync_all(folder)
            sync(self.root)
            write_whole(folder / _MANIFEST, _MANIFEST_ADAPTER.dump_json(manifest, indent=1))
            write_whole(self.root / _POINTER, f"{generation_id}\n".encode())
        except BaseException as error:
            if not self._is_current(generation_id):
                shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise self._not_writable(error) from error
            raise
        self._prune(generation_id)

    def _is_current(self, generation_id: str) -> bool:
        with suppress(GenerationError):
            return self.current_id() == generation_id
        return False

    def _prune(self, current: str) -> None:
        """Remove old generations, and what builds left behind that were cut off."""
        others = sorted(path for path in self.root.iterdir() if _ID.fullmatch(path.name) and path.name != current)
        finished = [path for path in others if (path / _MANIFEST).exists()]
        kept = finished[-(GENERATIONS_KEPT - 1) :]
        for path in others:
            if path not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def _not_writable(self, error: OSError) -> GenerationError:
        is_file = self.root.exists() and not self.root.is_dir()
        reason = "it is not a folder" if is_file else error.strerror or str(error)
        return GenerationError(
            f"`{self.root}` cannot be written to: {reason}. Set KB_INDEX or `--index` to a folder that can."
        )


def _read(path: Path, adapter: TypeAdapter[R]) -> R:
    try:
        return adapter.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        raise GenerationError(f"`{path}` cannot be read: {reason}. {_CURE}") from error
