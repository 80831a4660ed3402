"""How the two SQLite files of a store are laid out, and where they are.

The *base* contains cases. It is large, is never changed, and is passed on from generation to generation. The *library*
contains which cases of the base are gone, the cases that have come since, and all the rest. It is small, so that an
edit writes little. Readers see the cases of both as one.
"""

from __future__ import annotations

from pathlib import Path

FILE_NAME = "library.sqlite"

PAGE_BYTES = 16384
"""A case takes 20 kB: fewer, larger pages are read and written faster."""

CASE_TABLES = ("cases", "listed", "upkeep", "aliases")

CASES = """
CREATE TABLE {file}.cases (
    slug TEXT PRIMARY KEY, modified TEXT NOT NULL, history BLOB NOT NULL, data BLOB NOT NULL, markdown TEXT NOT NULL
);
CREATE TABLE {file}.listed (slug TEXT PRIMARY KEY, summary BLOB NOT NULL, passages BLOB NOT NULL);
CREATE TABLE {file}.upkeep (slug TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE {file}.aliases (alias TEXT NOT NULL, slug TEXT NOT NULL, PRIMARY KEY (alias, slug));
"""
LIBRARY = """
CREATE TABLE main.gone_from_base (slug TEXT PRIMARY KEY);
CREATE TABLE main.withdrawn (slug TEXT PRIMARY KEY);
CREATE TABLE main.guides (kind TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE main.vocabularies (data BLOB NOT NULL);
"""
# A temporary name comes before all others: a query for `cases` sees those of both files.
BOTH_AS_ONE = "".join(
    f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} UNION ALL "
    f"SELECT * FROM base.{table} WHERE slug NOT IN (SELECT slug FROM main.gone_from_base);\n"
    for table in CASE_TABLES
)


def base_of(path: Path) -> Path:
    """The base next to a library."""
    return path.with_suffix(".base.sqlite")


def address(path: Path) -> str:
    return path.resolve().as_uri()


def unchanging(path: Path) -> str:
    """The address of a file that is never written to."""
    return f"{address(path)}?mode=ro&immutable=1"
