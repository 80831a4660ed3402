"""SQLite FTS5 with porter stemming, as well as SQL can do it.

The matching rows go into a temporary table once, with their rank and a bit for each filter they lack; ranks are
computed only for rows that lack none. Counts are one GROUP BY over a table of all facet values that is clustered by
document, and one more for each facet with a filter, over the rows that lack no other one. The database is in memory,
the FTS table is merged into one segment, and statistics for the planner are there.

Also tried, on 12,000 documents, and slower: one GROUP BY per facet; one statement with a materialised table expression;
filters as `rowid IN (SELECT …)` instead of EXISTS; facet tables clustered by value where much matches; bit masks in
integer columns, summed up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from benchmarks.peers.base import FACET_NAMES, HITS, TITLE_WEIGHT, Answer, nonzero
from benchmarks.queries import BenchQuery, Text

Rows = list[tuple[int, int]]
Found = tuple[int, list[tuple[str]], Rows]

_BITS = {name: 1 << place for place, name in enumerate(FACET_NAMES)}

_SCHEMA = """
CREATE VIRTUAL TABLE texts USING fts5(title, body, content = '', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE documents (id INTEGER PRIMARY KEY, slug TEXT NOT NULL);
CREATE TABLE facets (document INTEGER, term INTEGER, PRIMARY KEY (document, term)) WITHOUT ROWID;
"""
_OF_ONE_FACET = "CREATE TABLE facet_{} (document INTEGER, term INTEGER, PRIMARY KEY (document, term)) WITHOUT ROWID"


class Fts5:
    """SQLite FTS5 with `bm25()` and facet tables."""

    name = "SQLite FTS5"
    every = 1

    def __init__(self, texts: Sequence[Text]) -> None:
        self._terms: dict[tuple[str, str], int] = {}
        self._original = sqlite3.connect(":memory:")
        self._original.executescript(_SCHEMA)
        for name in FACET_NAMES:
            self._original.execute(_OF_ONE_FACET.format(name))
        for number, text in enumerate(texts):
            self._insert(number, text)
        self._original.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._original.execute("ANALYZE")
        self._original.commit()
        self._names = {number: term for term, number in self._terms.items()}
        self._database = self._original
        self.open()

    def _insert(self, number: int, text: Text) -> None:
        insert = self._original.execute
        insert("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", (number, text.title, text.body))
        insert("INSERT INTO documents VALUES (?, ?)", (number, text.slug))
        for name in FACET_NAMES:
            for value in text.facets[name]:
                row = (number, self._terms.setdefault((name, value), len(self._terms)))
                insert("INSERT INTO facets VALUES (?, ?)", row)
                insert(f"INSERT INTO facet_{name} VALUES (?, ?)", row)  # names are our own

    def open(self) -> None:
        if self._database is not self._original:
            self._database.close()
        self._database = sqlite3.connect(":memory:")
        self._original.backup(self._database)
        self._database.execute("PRAGMA temp_store = MEMORY")
        self._database.execute("CREATE TEMP TABLE hits (id INTEGER PRIMARY KEY, score REAL, lacking INTEGER)")

    def prepare(self, query: BenchQuery) -> Callable[[], Found]:
        match = (" OR " if query.any_word else " ").join(f'"{word}"' for word in query.words)
        fill = self._fill(query)
        counts = [_count("facets", "lacking = 0")]
        counts += [_count(f"facet_{name}", f"lacking IN (0, {_BITS[name]})") for name in query.filters]
        execute = self._database.execute

        def search() -> Found:
            execute("DELETE FROM hits")
            execute(fill, (match,))
            (total,) = execute("SELECT count(*) FROM hits WHERE lacking = 0").fetchone()
            return total, execute(_TOP).fetchall(), [row for sql in counts for row in execute(sql)]

        return search

    def _fill(self, query: BenchQuery) -> str:
        """The statement that puts the matching rows into the temporary table."""
        rank = f"bm25(texts, {TITLE_WEIGHT}, 1.0)"
        has = {name: self._has(name, values) for name, values in query.filters.items()}
        lacking = " + ".join(f"(NOT {test}) * {_BITS[name]}" for name, test in has.items()) or "0"
        score = f"CASE WHEN {' AND '.join(has.values())} THEN {rank} END" if has else rank
        return f"INSERT INTO hits SELECT rowid, {score}, {lacking} FROM texts WHERE texts MATCH ?"

    def _has(self, name: str, values: Iterable[str]) -> str:
        terms = ", ".join(str(self._terms[name, value]) for value in values)
        return f"EXISTS (SELECT 1 FROM facets WHERE document = texts.rowid AND term IN ({terms}))"

    def read(self, found: Found) -> Answer | None:
        total, hits, rows = found
        counts: dict[str, dict[str, int]] = {name: {} for name in FACET_NAMES}
        # The counts of a facet with a filter come later and replace those with it.
        for term, count in rows:
            name, value = self._names[term]
            counts[name][value] = count
        return Answer(
            total, tuple(slug for (slug,) in hits), {name: nonzero(each.items()) for name, each in counts.items()}
        )

    def warm(self, queries: Iterable[BenchQuery]) -> None:
        for query in queries:
            self.prepare(query)()

    def close(self) -> None:
        self._database.close()
        self._original.close()


_TOP = f"""
SELECT slug FROM (SELECT id, score FROM hits WHERE lacking = 0 ORDER BY score, id LIMIT {HITS})
JOIN documents USING (id) ORDER BY score, id
"""


def _count(table: str, condition: str) -> str:
    return f"SELECT term, count(*) FROM hits CROSS JOIN {table} ON document = id WHERE {condition} GROUP BY term"
