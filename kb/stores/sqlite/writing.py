"""Writes the two SQLite files of a store."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from kb.errors import GenerationError
from kb.files import share
from kb.model.case import Guide
from kb.model.vocabulary import Vocabularies
from kb.stores.packing import pack_guide, pack_history, pack_vocabularies
from kb.stores.sqlite.schema import CASE_TABLES, CASES, LIBRARY, PAGE_BYTES, address, base_of, unchanging
from kb.stores.store import NewCase

LIBRARY_BYTES = 16 * 1024 * 1024
"""Each edit copies the library. One that has grown beyond this, by some 500 edits, is merged into a new base."""


class SqliteWriter:
    """Fills a store that is not being read yet."""

    def __init__(self, connection: sqlite3.Connection, cases_in: Literal["main", "base"]) -> None:
        self._connection = connection
        self._cases_in = cases_in
        """The file that receives cases: the library, or its base if that is new."""

    def remove(self, slugs: Iterable[str]) -> None:
        """Remove cases that are gone or will be replaced."""
        gone = [(slug,) for slug in slugs]
        for table in CASE_TABLES:
            self._connection.executemany(f"DELETE FROM {self._cases_in}.{table} WHERE slug = ?", gone)
        if self._cases_in == "main":
            self._connection.executemany("INSERT OR IGNORE INTO gone_from_base VALUES (?)", gone)

    def add(self, new: NewCase) -> None:
        """Store a case."""
        case, packed = new.stored.case, new.packed
        history = pack_history(new.stored.history)
        self._insert("cases", case.slug, new.stored.modified, history, packed.data, new.stored.markdown)
        self._insert("listed", case.slug, packed.summary, packed.passages)
        self._insert("upkeep", case.slug, packed.upkeep)
        for alias in dict.fromkeys(case.aliases):
            self._insert("aliases", alias, case.slug)

    def _insert(self, table: str, *row: object) -> None:
        values = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO {self._cases_in}.{table} VALUES ({values})", row)

    def add_rest(self, vocabularies: Vocabularies, guides: Iterable[Guide], withdrawn: Iterable[str]) -> None:
        """Store what is not a case: all of it, replacing what the previous store contained."""
        for table in ("guides", "vocabularies", "withdrawn"):
            self._connection.execute(f"DELETE FROM {table}")
        self._connection.execute("INSERT INTO vocabularies VALUES (?)", (pack_vocabularies(vocabularies),))
        self._connection.executemany("INSERT OR IGNORE INTO withdrawn VALUES (?)", [(slug,) for slug in withdrawn])
        rows = [(guide.kind, guide.id, pack_guide(guide)) for guide in guides]
        self._connection.executemany("INSERT INTO guides VALUES (?, ?, ?)", rows)


@contextmanager
def write_store(path: Path, previous: Path | None, removed: Iterable[str]) -> Iterator[SqliteWriter]:
    """A writer of a store that begins with what the previous one contains, less the cases `removed`.

    Raises GenerationError when that fails, for instance because the previous one is damaged.
    """
    continued = previous if previous and previous.stat().st_size <= LIBRARY_BYTES else None
    if continued:
        share(base_of(continued), base_of(path))
        shutil.copyfile(continued, path)
    elif previous:
        shutil.copyfile(base_of(previous), base_of(path))
    with _while_writing(), closing(sqlite3.connect(address(path), isolation_level=None, uri=True)) as connection:
        _prepare(connection, "main")
        if continued:
            connection.execute("BEGIN")
        else:
            _make_base(connection, base_of(path), previous)
        writer = SqliteWriter(connection, "main" if continued else "base")
        writer.remove(removed)
        yield writer
        connection.execute("COMMIT")


def _make_base(connection: sqlite3.Connection, path: Path, previous: Path | None) -> None:
    """Make a base that contains all cases of the previous store, and a library that contains none.

    Where there is a previous store, the new base begins as a copy of its base.
    """
    connection.execute("ATTACH ? AS base", (address(path),))
    _prepare(connection, "base")
    tables = LIBRARY + CASES.format(file="main")
    if previous is None:
        connection.executescript(f"BEGIN; {tables} {CASES.format(file='base')}")
        return
    connection.execute("ATTACH ? AS previous", (unchanging(previous),))
    connection.executescript(f"BEGIN; {tables}")
    for table in CASE_TABLES:
        connection.execute(f"DELETE FROM base.{table} WHERE slug IN (SELECT slug FROM previous.gone_from_base)")
        connection.execute(f"INSERT INTO base.{table} SELECT * FROM previous.{table}")


def _prepare(connection: sqlite3.Connection, file: str) -> None:
    # Nobody reads the files until they are finished and on the disk (`kb.index.folder`): there is nothing to roll back
    # to, and nothing to wait for here.
    connection.execute(f"PRAGMA {file}.journal_mode = OFF")
    connection.execute(f"PRAGMA {file}.synchronous = OFF")
    connection.execute(f"PRAGMA {file}.page_size = {PAGE_BYTES}")


@contextmanager
def _while_writing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise GenerationError(f"The cases cannot be stored ({error}).") from error
