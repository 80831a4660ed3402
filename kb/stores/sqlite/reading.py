"""Reads the cases, guide pages and vocabularies of one generation from two SQLite files.

Everything a page shows comes from here: a server on a fresh generation reads no markdown. SQLite gives
random access by slug, so that memory does not grow with the collection.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from kb.errors import GenerationError
from kb.lru import LruCache
from kb.model.case import Case, CaseSummary, Guide
from kb.model.upkeep import Upkeep
from kb.model.vocabulary import Vocabularies
from kb.search.highlighting.passages import Passages
from kb.stores.packing import (
    unpack_case,
    unpack_guide,
    unpack_history,
    unpack_passages,
    unpack_summary,
    unpack_upkeep,
    unpack_vocabularies,
)
from kb.stores.sqlite.schema import BOTH_AS_ONE, base_of, unchanging
from kb.stores.store import StoredCase

CASES_CACHED = 64
"""Decoded cases in memory; a page shows one."""

SUMMARIES_CACHED = 1024
"""The same for what lists show; a page of results needs twenty."""

PASSAGES_CACHED = 512
"""The same for passages, which take some 20 kB each."""

# The slugs are one value, as JSON: a statement that is the same for any number of them is prepared once.
_CASES = "SELECT slug, data FROM cases WHERE slug IN (SELECT value FROM json_each(?))"
_SUMMARIES = "SELECT slug, summary FROM listed WHERE slug IN (SELECT value FROM json_each(?))"
_PASSAGES = "SELECT slug, passages FROM listed WHERE slug IN (SELECT value FROM json_each(?))"

R = TypeVar("R")


class SqliteStore:
    """Reads a library with its base. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise GenerationError(f"`{path}` is missing. Build the index again: `kb index --rebuild`.")
        self._lock = threading.Lock()
        with _while_reading():
            self._connection = sqlite3.connect(unchanging(path), uri=True, check_same_thread=False)
            self._finalizer = weakref.finalize(self, self._connection.close)
            self._connection.execute("ATTACH ? AS base", (unchanging(base_of(path)),))
            self._connection.executescript(BOTH_AS_ONE)
        self._rows("SELECT 1 FROM base.cases LIMIT 1")  # an empty file is a database, too
        self.vocabularies: Vocabularies = self._read_vocabularies(path)
        self._cases = _Cached(CASES_CACHED, partial(self._read, _CASES, unpack_case))
        self._summaries = _Cached(SUMMARIES_CACHED, partial(self._read, _SUMMARIES, unpack_summary))
        self._passages = _Cached(PASSAGES_CACHED, partial(self._read, _PASSAGES, unpack_passages))

    def case(self, slug: str) -> Case | None:
        """The published case with this slug, or None."""
        return self._cases.of((slug,)).get(slug)

    def summaries(self, slugs: Iterable[str]) -> dict[str, CaseSummary]:
        """What lists show of the published cases among these, in order."""
        return self._summaries.of(slugs)

    def summary(self, slug: str) -> CaseSummary | None:
        """What lists show of one case, or None."""
        return self.summaries((slug,)).get(slug)

    def passages(self, slugs: Iterable[str]) -> dict[str, Passages]:
        """What can be shown in a list of the published cases among these, in this order."""
        return self._passages.of(slugs)

    def stored(self, slug: str) -> StoredCase | None:
        """The published case with its markdown and date, or None."""
        case = self.case(slug)
        rows = self._rows("SELECT modified, markdown, history FROM cases WHERE slug = ?", (slug,))
        if case is None or not rows:
            return None
        modified, markdown, history = rows[0]
        return StoredCase(case, modified, markdown, unpack_history(history))

    def contains(self, slug: str) -> bool:
        """Whether there is a published case with this slug."""
        return bool(self._rows("SELECT 1 FROM cases WHERE slug = ?", (slug,)))

    def slugs(self) -> tuple[str, ...]:
        """The slugs of all published cases, sorted."""
        return tuple(slug for (slug,) in self._rows("SELECT slug FROM cases ORDER BY slug"))

    def titles(self) -> dict[str, str]:
        """The title of every published case by slug, without decoding the cases."""
        rows = self._rows("SELECT slug, json_extract(CAST(summary AS TEXT), '$.title') FROM listed ORDER BY slug")
        return {row[0]: row[1] for row in rows}

    def reviews(self) -> dict[str, int]:
        """How many published cases are in each state of review, without decoding the cases."""
        state = "json_extract(CAST(summary AS TEXT), '$.review.state')"
        return dict(self._rows(f"SELECT {state} AS state, COUNT(*) FROM listed GROUP BY state ORDER BY state"))

    def upkeep(self) -> tuple[Upkeep, ...]:
        """What editors look after in every published case, by slug."""
        return unpack_upkeep(data for (data,) in self._rows("SELECT data FROM upkeep ORDER BY slug"))

    @cached_property
    def changes(self) -> Mapping[str, str]:
        """When the file of every published case was last changed, as ISO 8601 in UTC, by its slug."""
        return dict(self._rows("SELECT slug, modified FROM cases ORDER BY slug"))

    def slug_for_alias(self, alias: str) -> str | None:
        """The case that once had this slug, or None; the first by slug if there are several."""
        rows = self._rows("SELECT slug FROM aliases WHERE alias = ? ORDER BY slug", (alias,))
        return rows[0][0] if rows else None

    def is_withdrawn(self, slug: str) -> bool:
        """Whether a case with this slug was withdrawn. Drafts look the same as cases that never existed."""
        return bool(self._rows("SELECT 1 FROM withdrawn WHERE slug = ?", (slug,)))

    def guide(self, kind: str, term_id: str) -> Guide | None:
        """The guide page of an arrangement or a challenge, or None."""
        rows = self._rows("SELECT data FROM guides WHERE kind = ? AND id = ?", (kind, term_id))
        return unpack_guide(rows[0][0]) if rows else None

    def guides(self) -> tuple[Guide, ...]:
        """All guide pages."""
        rows = self._rows("SELECT data FROM guides ORDER BY kind, id")
        return tuple(unpack_guide(data) for (data,) in rows)

    def close(self) -> None:
        """Release the files."""
        with self._lock:
            self._finalizer()

    def _read_vocabularies(self, path: Path) -> Vocabularies:
        rows = self._rows("SELECT data FROM vocabularies")
        if not rows:
            raise GenerationError(f"`{path}` is not complete. Build the index again: `kb index --rebuild`.")
        return unpack_vocabularies(rows[0][0])

    def _read(self, sql: str, unpack: Callable[[bytes], R], slugs: Sequence[str]) -> dict[str, R]:
        return {slug: unpack(data) for slug, data in self._rows(sql, (json.dumps(slugs),))}

    def _rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with _while_reading(), self._lock:
            return self._connection.execute(sql, values).fetchall()


class _Cached(Generic[R]):
    """What is read by slug, with a number of values cached."""

    def __init__(self, capacity: int, read: Callable[[Sequence[str]], dict[str, R]]) -> None:
        self._read = read
        self._values = LruCache[str, R](capacity)

    def of(self, slugs: Iterable[str]) -> dict[str, R]:
        """The values of the slugs that have one, in this order; those that are not cached are read all together."""
        wanted = list(slugs)
        found = {slug: value for slug in wanted if (value := self._values.get(slug)) is not None}
        if missing := [slug for slug in wanted if slug not in found]:
            read = self._read(missing)
            for slug, value in read.items():
                self._values.put(slug, value)
            found |= read
        return {slug: found[slug] for slug in wanted if slug in found}


@contextmanager
def _while_reading() -> Iterator[None]:
    try:
        yield
    # Names and texts of a damaged file may not be UTF-8: then the error is Python's own.
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise GenerationError(f"The stored cases cannot be read ({error}). Run `kb index --rebuild`.") from error
