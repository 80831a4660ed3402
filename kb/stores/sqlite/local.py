"""SQLite as a store that is made of files on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from kb.stores.sqlite.reading import SqliteStore
from kb.stores.sqlite.schema import FILE_NAME
from kb.stores.sqlite.writing import write_store
from kb.stores.store import CaseStore, StoreWriter


class Sqlite:
    """The `kb.stores.store.LocalStore` of this package."""

    def open(self, folder: Path) -> CaseStore:
        """The store in the folder of a generation; see the protocol."""
        return SqliteStore(folder / FILE_NAME)

    def write(self, folder: Path, previous: Path | None, removed: Iterable[str]) -> AbstractContextManager[StoreWriter]:
        """A writer of a store; see the protocol."""
        return write_store(folder / FILE_NAME, previous / FILE_NAME if previous else None, removed)
