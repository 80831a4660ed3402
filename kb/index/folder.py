"""Built indexes on disk: each in a separate folder, one of them current.

::

    var/index/
        current                     the name of the generation in use, and the checksum of its manifest
        20261123T104500-9f2c41/     a generation: never changed once it is current
            manifest.json           what it is, with the checksums of its other files
            origin.json             what it was made from: read by builders only
            library.sqlite          cases, guide pages, vocabularies (kb.stores.sqlite)
            library.base.sqlite     most of the cases; the same file in the next generation
            whoosh/                 the engine's index, named after the engine (kb.engines)

Only undamaged generations are opened: the pointer contains the checksum of the manifest, and the manifest those of all
other files. A build writes a new folder next to the current one, waits until it is on the disk, and then replaces the
pointer file in one step, so a reader sees one whole generation or another, never half of each.
"""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from kb.engines import DEFAULT_ENGINE, LOCAL_ENGINES
from kb.errors import BuildRunning, GenerationError, NoGeneration, ShortageError
from kb.files import sync, sync_all, write_whole
from kb.index.checksums import REBUILD, checksum, checksums_in, read_verified, reading, verify
from kb.index.generation import Generation
from kb.index.index import GenerationWriter
from kb.index.manifest import Manifest, Origin
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.search.document import SearchDocument, make_document
from kb.search.engine import LocalEngine
from kb.shortages import noticing_shortages
from kb.stores.sqlite.local import Sqlite
from kb.stores.store import CaseStore, LocalStore, NewCase, StoreWriter

GENERATIONS_KEPT = 2
"""The current one, and the one before it, which a slow reader may still be opening."""

_POINTER = "current"
_MANIFEST = "manifest.json"
_ORIGIN = "origin.json"

_NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}

_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
"""The form of a generation's name. Names become paths and folders are removed by name: nothing else
is followed or removed."""

_POINTER_LINE = re.compile(rf"({_ID.pattern}) ([0-9a-f]{{8}})")
"""A name, and the checksum of the manifest."""


@dataclass(frozen=True)
class _Record:
    """What is in `manifest.json`."""

    manifest: Manifest
    checksums: Mapping[str, str]
    """Those of all other files, by path in the folder."""


_RECORD_ADAPTER = TypeAdapter(_Record)
_ORIGIN_ADAPTER = TypeAdapter(Origin)

R = TypeVar("R")


@dataclass
class _FolderWriter:
    """The `kb.index.index.GenerationWriter` of a folder."""

    folder: Path
    previous: Path | None
    removed: tuple[str, ...]
    engine: LocalEngine
    store: StoreWriter
    finished: tuple[Manifest, Origin] | None = None

    def write_cases(self, cases: Iterable[NewCase], vocabularies: Vocabularies) -> None:
        """Store and index cases; see the protocol."""
        name = self.engine.name
        previous = self.previous / name if self.previous else None
        self.engine.write(self.folder / name, previous, self.removed, self._storing(cases, vocabularies))

    def _storing(self, cases: Iterable[NewCase], vocabularies: Vocabularies) -> Iterator[SearchDocument]:
        """Store each case, and pass its document on to the engine."""
        for new in cases:
            self.store.add(new)
            yield make_document(new.stored.case, vocabularies, new.stored.modified)

    def write_rest(self, vocabularies: Vocabularies, guides: Iterable[Guide], withdrawn: Iterable[str]) -> None:
        """Store what is not a case; see the protocol."""
        self.store.add_rest(vocabularies, guides, withdrawn)

    def finish(self, manifest: Manifest, origin: Origin) -> None:
        """Say what the generation is; see the protocol."""
        self.finished = (manifest, origin)


@dataclass(frozen=True)
class IndexFolder:
    """The folder that contains the generations."""

    root: Path
    engine: LocalEngine = LOCAL_ENGINES[DEFAULT_ENGINE]
    store: LocalStore = Sqlite()  # noqa: RUF009  # it has no state

    @property
    def place(self) -> str:
        """The folder; see the protocol."""
        return str(self.root.resolve())

    @property
    def fingerprint(self) -> str:
        """Identifies the engine's version; see the protocol. The store's is that of our own code."""
        return f"{self.engine.name} {self.engine.fingerprint()}"

    def current_id(self) -> str | None:
        """The name of the generation in use, or None when nothing has been built.

        Raises GenerationError when it cannot be read.
        """
        pointer = self._pointer()
        return pointer[0] if pointer else None

    def _pointer(self) -> tuple[str, str] | None:
        """The name of the generation in use and the checksum of its manifest."""
        path = self.root / _POINTER
        try:
            with reading(path):
                line = path.read_text("utf-8").strip() if path.exists() else None
        except UnicodeDecodeError as error:
            raise GenerationError(f"`{path}` cannot be read ({error}). {REBUILD}") from error
        if line is None:
            return None
        found = _POINTER_LINE.fullmatch(line)
        if not found:
            raise GenerationError(f"`{path}` does not name a generation. {REBUILD}")
        return found[1], found[2]

    def folder(self, generation_id: str) -> Path:
        """Where a generation is."""
        return self.root / generation_id

    def manifest(self) -> Manifest:
        """The manifest of the generation in use; see the protocol."""
        return self._record().manifest

    def _record(self) -> _Record:
        """What is recorded of the generation in use. Raises as `manifest` does."""
        pointer = self._pointer()
        if pointer is None:
            raise NoGeneration(f"There is no index in `{self.root}` yet. Build it: `kb index`.")
        return _parsed(self.folder(pointer[0]) / _MANIFEST, pointer[1], _RECORD_ADAPTER)

    def origin(self, manifest: Manifest) -> Origin:
        """What the generation in use, with this manifest, was made from; see the protocol."""
        checksums = self._checksums(manifest)
        return _parsed(self.folder(manifest.id) / _ORIGIN, checksums[_ORIGIN], _ORIGIN_ADAPTER)

    def verify(self, manifest: Manifest) -> None:
        """Compare the files of the generation in use with their checksums; see the protocol."""
        checksums = self._checksums(manifest)
        verify(self.folder(manifest.id), checksums, checksums)

    def _checksums(self, manifest: Manifest) -> Mapping[str, str]:
        record = self._record()
        if record.manifest.id != manifest.id:
            raise GenerationError(f"Generation {manifest.id} is no longer in use.")
        return record.checksums

    def open_current(self) -> Generation:
        """Open the generation in use. Raises as `manifest` does."""
        with noticing_shortages("The index cannot be opened"):
            record = self._record()
            folder = self.folder(record.manifest.id)
            # What a generation was made from is not served.
            verify(folder, record.checksums, record.checksums.keys() - {_ORIGIN})
            cases = self.store.open(folder)
            try:
                return Generation(record.manifest, cases, self.engine.open(folder / self.engine.name))
            except BaseException:
                cases.close()
                raise

    def open_store(self) -> CaseStore | None:
        """The stored cases of the generation in use where they can be read, even if the rest of it cannot."""
        with noticing_shortages("The stored cases cannot be opened"), suppress(GenerationError):
            if generation_id := self.current_id():
                self._verify_store()
                return self.store.open(self.folder(generation_id))
        return None

    def _verify_store(self) -> None:
        """Compare the stored cases with their checksums. If the checksums themselves are damaged, the cases most likely
        are not: one fault is rare enough.
        """
        try:
            record = self._record()
        except GenerationError:
            return
        verify(self.folder(record.manifest.id), record.checksums, filter(self._is_of_store, record.checksums))

    def _is_of_store(self, name: str) -> bool:
        return name != _ORIGIN and not name.startswith(f"{self.engine.name}/")

    @contextmanager
    def lock(self, timeout: float = 60.0) -> Iterator[None]:
        """Lock the folder for building.

        An index that this process cannot write to is not locked: there may be nothing to do.
        Raises BuildRunning when another build lasts longer than `timeout` seconds, GenerationError when there is
        nothing yet and the folder cannot be written to.
        """
        lock = FileLock(self.root / "build.lock", timeout=timeout)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise BuildRunning(f"Another process is building in `{self.root}`. Try again when it is done.") from error
        except OSError as error:
            if error.errno not in _NO_WRITING or not (self.root / _POINTER).exists():
                raise self._not_writable(error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def new(self, generation_id: str, previous: Manifest | None, removed: Iterable[str]) -> Iterator[GenerationWriter]:
        """A new generation; see the protocol."""
        folder = self.folder(generation_id)
        before = self.folder(previous.id) if previous else None
        known = self._checksums(previous) if previous else {}
        gone = tuple(removed)
        try:
            with noticing_shortages(f"Nothing was written to `{self.root}`"):
                folder.mkdir()
                with self.store.write(folder, before, gone) as store:
                    writer = _FolderWriter(folder, before, gone, self.engine, store)
                    yield writer
                if writer.finished is None:
                    raise GenerationError(f"Nothing was written to `{folder}`.")
                self._publish(folder, *writer.finished, before, known)
        except BaseException as error:
            if not self._is_current(generation_id):
                shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise self._not_writable(error) from error
            raise
        self._prune(generation_id)

    def _publish(
        self, folder: Path, manifest: Manifest, origin: Origin, before: Path | None, known: Mapping[str, str]
    ) -> None:
        """Write everything to the disk, then the manifest, then the pointer: each only once what it refers to is
        there."""
        (folder / _ORIGIN).write_bytes(_ORIGIN_ADAPTER.dump_json(origin))
        sync_all(folder)
        sync(self.root)
        record = _RECORD_ADAPTER.dump_json(_Record(manifest, checksums_in(folder, before, known)), indent=1)
        write_whole(folder / _MANIFEST, record)
        write_whole(self.root / _POINTER, f"{manifest.id} {checksum(record)}\n".encode())

    def _is_current(self, generation_id: str) -> bool:
        try:
            return self.current_id() == generation_id
        except ShortageError:
            return True  # assumed to be; if it is not, the next build removes it
        except GenerationError:
            return False

    def _prune(self, current: str) -> None:
        """Remove old generations, and the remains of interrupted builds."""
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


def _parsed(path: Path, expected: str, adapter: TypeAdapter[R]) -> R:
    """What is in a file with this checksum."""
    try:
        return adapter.validate_json(read_verified(path, expected))
    except ValidationError as error:
        raise GenerationError(f"`{path}` was written by another version. {REBUILD}") from error
