"""The seam: where generations are published, and what a builder and a server need of that place.

An index on this machine is a folder (`kb.index.folder`). One in a cluster would be a set of indexes and documents
there; nothing outside this package knows which it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from kb.index.generation import Generation
from kb.index.manifest import Manifest, Origin
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.stores.store import CaseStore, NewCase


class GenerationWriter(Protocol):
    """Fills a new generation that is not being read yet."""

    def write_cases(self, cases: Iterable[NewCase], vocabularies: Vocabularies) -> None:
        """Store and index each case as it comes; once."""

    def write_rest(self, vocabularies: Vocabularies, guides: Iterable[Guide], withdrawn: Iterable[str]) -> None:
        """Store what is not a case: all of it, replacing what the previous generation contained."""

    def finish(self, manifest: Manifest, origin: Origin) -> None:
        """Record what the generation is and what it was made from. Without this it is not published."""


class Index(Protocol):
    """Where generations are published, one of them current.

    Every method raises GenerationError when the index cannot be reached, read or written to, or is damaged, and
    ShortageError when that is for lack of memory, disk or open files.
    """

    @property
    def place(self) -> str:
        """Where it is, for people."""

    @property
    def fingerprint(self) -> str:
        """Identifies the versions of engine and store: what other versions wrote is rebuilt."""

    def current_id(self) -> str | None:
        """The name of the generation in use, or None when nothing has been built."""

    def manifest(self) -> Manifest:
        """The manifest of the generation in use. Raises NoGeneration when nothing has been built."""

    def origin(self, manifest: Manifest) -> Origin:
        """What the generation with this manifest, which must be in use, was made from."""

    def verify(self, manifest: Manifest) -> None:
        """Check whether the generation with this manifest, which must be in use, is still as it was written.

        Cheap: what this process has verified before is not read again unless it has been touched.
        """

    def open_current(self) -> Generation:
        """Open the generation in use. Raises NoGeneration when nothing has been built."""

    def open_store(self) -> CaseStore | None:
        """The stored cases of the generation in use where they can be read, even if the rest of it cannot."""

    def lock(self, timeout: float = 60.0) -> AbstractContextManager[None]:
        """Lock the index for building. Raises BuildRunning when another build lasts longer than `timeout` seconds."""

    def new(
        self, generation_id: str, previous: Manifest | None, removed: Iterable[str]
    ) -> AbstractContextManager[GenerationWriter]:
        """A new generation, to be filled and finished; it becomes the current one unless that fails.

        It begins with what the generation with the manifest `previous` contains, less the cases with the slugs
        `removed`. Generations that are no longer needed are pruned.
        """
