"""The cases, guide pages and vocabularies of one generation, in two SQLite files.

Whatever a page shows comes from here: a server on a fresh generation reads no markdown. SQLite gives
random access by slug, so that memory does not grow with the collection.

The *base* holds cases. It is large, is never changed, and is passed on from generation to generation. The *library*
holds which cases of the base are gone, the cases that have come since, and all the rest. It is small, so that an edit
writes little. Readers see the cases of both as one.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from kb.errors import GenerationError
from kb.files import share
from kb.lru import LruCache
from kb.model.case import Case, Guide
from kb.model.vocabulary import Vocabularies
from kb.search.highlighting.passages import Passages

FILE_NAME = "library.sqlite"

CASES_CACHED = 64
"""Decoded cases in memory; a page shows one."""

BRIEFS_CACHED = 1024
"""The same for what lists show; a page of results needs twenty."""

PASSAGES_CACHED = 512
"""The same for passages, which take some 20 kB each."""

LIBRARY_BYTES = 16 * 1024 * 1024
"""Each edit copies the library. One that has grown beyond this, by some 500 edits, is taken up into a new base."""

# The slugs are one value, as JSON: a statement that is the same for any number of them is prepared once.
_CASE_DATA = "SELECT slug, data FROM cases WHERE slug IN (SELECT value FROM json_each(?))"
_BRIEFS = "SELECT slug, brief FROM listed WHERE slug IN (SELECT value FROM json_each(?))"
_PASSAGES = "SELECT slug, passages FROM listed WHERE slug IN (SELECT value FROM json_each(?))"

PAGE_BYTES = 16384
"""A case takes 20 kB: fewer, larger pages are read and written faster."""

_CASE_TABLES = ("cases", "listed", "aliases")

_CASES = """
CREATE TABLE {file}.cases (slug TEXT PRIMARY KEY, modified TEXT NOT NULL, data BLOB NOT NULL, markdown TEXT NOT NULL);
CREATE TABLE {file}.listed (slug TEXT PRIMARY KEY, brief BLOB NOT NULL, passages BLOB NOT NULL);
CREATE TABLE {file}.aliases (alias TEXT NOT NULL, slug TEXT NOT NULL, PRIMARY KEY (alias, slug));
"""
_LIBRARY = """
CREATE TABLE main.gone_from_base (slug TEXT PRIMARY KEY);
CREATE TABLE main.withdrawn (slug TEXT PRIMARY KEY);
CREATE TABLE main.guides (kind TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE main.vocabularies (data BLOB NOT NULL);
"""
# A temporary name comes before all others: whoever asks for `cases` sees those of both files.
_BOTH_AS_ONE = "".join(
    f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} UNION ALL "
    f"SELECT * FROM base.{table} WHERE slug NOT IN (SELECT slug FROM main.gone_from_base);\n"
    for table in _CASE_TABLES
)

R = TypeVar("R")

_CASE = TypeAdapter(Case)
_GUIDE = TypeAdapter(Guide)
_VOCABULARIES = TypeAdapter(Vocabularies)


@dataclass(frozen=True)
class StoredCase:
    """A case with what only its file knows."""

    case: Case
    modified: str
    """When the file was last changed, as ISO 8601 in UTC."""
    markdown: str
    """The file as its author wrote it."""


class CaseStore:
    """Reads a library with its base. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise GenerationError(f"`{path}` is missing. Build the index again: `kb index --rebuild`.")
        self._lock = threading.Lock()
        with _while_reading():
            self._connection = sqlite3.connect(_unchanging(path), uri=True, check_same_thread=False)
            self._finalizer = weakref.finalize(self, self._connection.close)
            self._connection.execute("ATTACH ? AS base", (_unchanging(base_of(path)),))
            self._connection.executescript(_BOTH_AS_ONE)
        self._rows("SELECT 1 FROM base.cases LIMIT 1")  # an empty file is a database, too
        self.vocabularies: Vocabularies = self._read_vocabularies(path)
        self._cases = _Cached(CASES_CACHED, self._read_cases)
        self._briefs = _Cached(BRIEFS_CACHED, self._read_briefs)
        self._passages = _Cached(PASSAGES_CACHED, self._read_passages)

    def case(self, slug: str) -> Case | None:
        """The published case with this slug, or None."""
        return self._cases.of((slug,)).get(slug)

    def briefs(self, slugs: Iterable[str]) -> dict[str, Case]:
        """The published cases among these, in order, as lists show them: without sections, sources and questions."""
        return self._briefs.of(slugs)

    def brief(self, slug: str) -> Case | None:
        """One of them, or None."""
        return self.briefs((slug,)).get(slug)

    def passages(self, slugs: Iterable[str]) -> dict[str, Passages]:
        """What can be shown in a list of the published cases among these, in this order."""
        return self._passages.of(slugs)

    def stored(self, slug: str) -> StoredCase | None:
        """The published case with its markdown and date, or None."""
        case = self.case(slug)
        rows = self._rows("SELECT modified, markdown FROM cases WHERE slug = ?", (slug,))
        return StoredCase(case, *rows[0]) if case and rows else None

    def holds(self, slug: str) -> bool:
        """Whether there is a published case with this slug."""
        return bool(self._rows("SELECT 1 FROM cases WHERE slug = ?", (slug,)))

    def slugs(self) -> tuple[str, ...]:
        """The slugs of all published cases, sorted."""
        return tuple(slug for (slug,) in self._rows("SELECT slug FROM cases ORDER BY slug"))

    def titles(self) -> dict[str, str]:
        """The title of every published case by its slug, without decoding the cases."""
        rows = self._rows("SELECT slug, json_extract(CAST(brief AS TEXT), '$.title') FROM listed ORDER BY slug")
        return {row[0]: row[1] for row in rows}

    def starts(self) -> dict[int, int]:
        """How many published cases began in each year, without decoding the cases."""
        return dict(self._tally("$.started"))

    def reviews(self) -> dict[str, int]:
        """How many published cases are in each state of review, without decoding the cases."""
        return dict(self._tally("$.review.state"))

    def _tally(self, path: str) -> list[tuple[Any, ...]]:
        sql = "SELECT json_extract(CAST(brief AS TEXT), ?) AS value, COUNT(*) FROM listed GROUP BY value ORDER BY value"
        return self._rows(sql, (path,))

    @cached_property
    def changes(self) -> Mapping[str, str]:
        """When the file of every published case was last changed, as ISO 8601 in UTC, by its slug."""
        return dict(self._rows("SELECT slug, modified FROM cases ORDER BY slug"))

    def slug_for_alias(self, alias: str) -> str | None:
        """The case that once had this slug, or None; the first by slug where several say so."""
        rows = self._rows("SELECT slug FROM aliases WHERE alias = ? ORDER BY slug", (alias,))
        return rows[0][0] if rows else None

    def is_withdrawn(self, slug: str) -> bool:
        """Whether a case with this slug was withdrawn. Drafts are not told apart from what never was."""
        return bool(self._rows("SELECT 1 FROM withdrawn WHERE slug = ?", (slug,)))

    def guide(self, kind: str, term_id: str) -> Guide | None:
        """The guide page of an arrangement or a challenge, or None."""
        rows = self._rows("SELECT data FROM guides WHERE kind = ? AND id = ?", (kind, term_id))
        return self._decoded(_GUIDE.validate_json, rows[0][0]) if rows else None

    def guides(self) -> tuple[Guide, ...]:
        """All guide pages."""
        rows = self._rows("SELECT data FROM guides ORDER BY kind, id")
        return tuple(self._decoded(_GUIDE.validate_json, data) for (data,) in rows)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._finalizer()

    def _read_vocabularies(self, path: Path) -> Vocabularies:
        rows = self._rows("SELECT data FROM vocabularies")
        if not rows:
            raise GenerationError(f"`{path}` is not complete. Build the index again: `kb index --rebuild`.")
        return self._decoded(_VOCABULARIES.validate_json, rows[0][0])

    def _read_cases(self, slugs: Sequence[str]) -> dict[str, Case]:
        return self._decoded_rows(_CASE_DATA, slugs, _CASE.validate_json)

    def _read_briefs(self, slugs: Sequence[str]) -> dict[str, Case]:
        return self._decoded_rows(_BRIEFS, slugs, _CASE.validate_json)

    def _read_passages(self, slugs: Sequence[str]) -> dict[str, Passages]:
        return self._decoded_rows(_PASSAGES, slugs, Passages.from_bytes)

    def _decoded_rows(self, sql: str, slugs: Sequence[str], decode: Callable[[bytes], R]) -> dict[str, R]:
        return {slug: self._decoded(decode, data) for slug, data in self._rows(sql, (json.dumps(slugs),))}

    def _rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with _while_reading(), self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _decoded(self, decode: Callable[[bytes], R], data: bytes) -> R:
        try:
            return decode(data)
        except (ValidationError, struct.error, ValueError) as error:
            message = "The stored cases were written by another version. Run `kb index --rebuild`."
            raise GenerationError(message) from error


class _Cached(Generic[R]):
    """What is read by slug, with a number of values cached."""

    def __init__(self, capacity: int, read: Callable[[Sequence[str]], dict[str, R]]) -> None:
        self._read = read
        self._values = LruCache[str, R](capacity)

    def of(self, slugs: Iterable[str]) -> dict[str, R]:
        """The values of the slugs that have one, in this order; those that are not cached are read all at once."""
        wanted = list(slugs)
        found = {slug: value for slug in wanted if (value := self._values.get(slug)) is not None}
        if missing := [slug for slug in wanted if slug not in found]:
            read = self._read(missing)
            for slug, value in read.items():
                self._values.put(slug, value)
            found |= read
        return {slug: found[slug] for slug in wanted if slug in found}


def base_of(path: Path) -> Path:
    """The base that lies beside a library."""
    return path.with_suffix(".base.sqlite")


def _address(path: Path) -> str:
    return path.resolve().as_uri()


def _unchanging(path: Path) -> str:
    """The address of a file that nobody writes to."""
    return f"{_address(path)}?mode=ro&immutable=1"


@contextmanager
def _while_reading() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise GenerationError(f"The stored cases cannot be read ({error}). Run `kb index --rebuild`.") from error


@dataclass(frozen=True)
class Prepared:
    """A case as it lies in the file; made where there is time for it."""

    data: bytes
    brief: bytes
    passages: bytes


def prepare(case: Case) -> Prepared:
    """What is stored of a case."""
    brief = replace(case, sections=(), sources=(), questions=())
    return Prepared(_CASE.dump_json(case), _CASE.dump_json(brief), Passages.of(case).to_bytes())


@dataclass(frozen=True)
class NewCase:
    """A case to be stored."""

    stored: StoredCase
    prepared: Prepared


class StoreWriter:
    """Fills a store that nobody reads yet."""

    def __init__(self, connection: sqlite3.Connection, cases_in: Literal["main", "base"]) -> None:
        self._connection = connection
        self._cases_in = cases_in
        """The file that takes cases: the library, or its base where that is new."""

    def remove(self, slugs: Iterable[str]) -> None:
        """Take cases out that are gone or will be replaced."""
        gone = [(slug,) for slug in slugs]
        for table in _CASE_TABLES:
            self._connection.executemany(f"DELETE FROM {self._cases_in}.{table} WHERE slug = ?", gone)
        if self._cases_in == "main":
            self._connection.executemany("INSERT OR IGNORE INTO gone_from_base VALUES (?)", gone)

    def add(self, new: NewCase) -> None:
        """Store a case."""
        case, prepared = new.stored.case, new.prepared
        self._insert("cases", case.slug, new.stored.modified, prepared.data, new.stored.markdown)
        self._insert("listed", case.slug, prepared.brief, prepared.passages)
        for alias in dict.fromkeys(case.aliases):
            self._insert("aliases", alias, case.slug)

    def _insert(self, table: str, *row: object) -> None:
        values = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO {self._cases_in}.{table} VALUES ({values})", row)

    def add_the_rest(self, vocabularies: Vocabularies, guides: Iterable[Guide], withdrawn: Iterable[str]) -> None:
        """Store what is not a case: all of it, whatever the previous store held."""
        for table in ("guides", "vocabularies", "withdrawn"):
            self._connection.execute(f"DELETE FROM {table}")
        self._connection.execute("INSERT INTO vocabularies VALUES (?)", (_VOCABULARIES.dump_json(vocabularies),))
        self._connection.executemany("INSERT OR IGNORE INTO withdrawn VALUES (?)", [(slug,) for slug in withdrawn])
        rows = [(guide.kind, guide.id, _GUIDE.dump_json(guide)) for guide in guides]
        self._connection.executemany("INSERT INTO guides VALUES (?, ?, ?)", rows)


@contextmanager
def write_store(path: Path, previous: Path | None, removed: Iterable[str]) -> Iterator[StoreWriter]:
    """A writer of a store that begins with what the previous one holds, less the cases `removed`.

    Raises GenerationError when that fails, for instance because the previous one is damaged.
    """
    continued = previous if previous and previous.stat().st_size <= LIBRARY_BYTES else None
    if continued:
        share(base_of(continued), base_of(path))
        shutil.copyfile(continued, path)
    elif previous:
        shutil.copyfile(base_of(previous), base_of(path))
    with _while_writing(), closing(sqlite3.connect(_address(path), isolation_level=None, uri=True)) as connection:
        _prepare(connection, "main")
        if continued:
            connection.execute("BEGIN")
        else:
            _make_base(connection, base_of(path), previous)
        writer = StoreWriter(connection, "main" if continued else "base")
        writer.remove(removed)
        yield writer
        connection.execute("COMMIT")


def _make_base(connection: sqlite3.Connection, path: Path, previous: Path | None) -> None:
    """Make a base that holds all cases of the previous store, and a library that holds none.

    Where there is a previous store, the new base begins as a copy of its base.
    """
    connection.execute("ATTACH ? AS base", (_address(path),))
    _prepare(connection, "base")
    tables = _LIBRARY + _CASES.format(file="main")
    if previous is None:
        connection.executescript(f"BEGIN; {tables} {_CASES.format(file='base')}")
        return
    connection.execute("ATTACH ? AS previous", (_unchanging(previous),))
    connection.executescript(f"BEGIN; {tables}")
    for table in _CASE_TABLES:
        connection.execute(f"DELETE FROM base.{table} WHERE slug IN (SELECT slug FROM previous.gone_from_base)")
        connection.execute(f"INSERT INTO base.{table} SELECT * FROM previous.{table}")


def _prepare(connection: sqlite3.Connection, file: str) -> None:
    # Nobody knows the files until they are finished, and until they are on the disk (`kb.index.generations`): there is
    # nothing to go back to, and nothing to wait for here.
    connection.execute(f"PRAGMA {file}.journal_mode = OFF")
    connection.execute(f"PRAGMA {file}.synchronous = OFF")
    connection.execute(f"PRAGMA {file}.page_size = {PAGE_BYTES}")


@contextmanager
def _while_writing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise GenerationError(f"The cases cannot be stored ({error}).") from error
