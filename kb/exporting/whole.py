"""Whole results for spreadsheets and programs: the same on the web and at the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from kb.deadline import check
from kb.exporting.data import as_json, case_out
from kb.exporting.table import BYTE_ORDER_MARK, EXPORT_COLUMNS, ExportRow, csv_lines
from kb.index.generation import Generation
from kb.notices import Notice
from kb.search.request import SearchRequest
from kb.search.result import SearchResult

PIECE = 20
"""Cases written at a time: enough to be fast, few enough that the first comes soon and memory stays small."""


class ExportForm(StrEnum):
    """How a result is written."""

    NDJSON = "ndjson"
    """One whole case on each line, as JSON."""
    CSV = "csv"
    """A table with one row for each case."""


@dataclass(frozen=True)
class Export:
    """A whole result on its way out."""

    total: int
    """Cases in it."""
    notices: tuple[Notice, ...]
    """How the search was interpreted."""
    pieces: Iterator[bytes]
    """UTF-8, generated as it is read; it can be read once."""


def export(generation: Generation, request: SearchRequest, form: ExportForm, base_url: str) -> Export:
    """All cases that a request finds, on all pages, in its order; addresses in it begin with `base_url`."""
    pages = generation.search_all(request)
    first = next(pages)
    batches = _batches(chain((first,), pages))
    write = _csv if form is ExportForm.CSV else _ndjson
    return Export(first.total, first.notices, write(batches, generation, base_url))


def _batches(pages: Iterable[SearchResult]) -> Iterator[tuple[str, ...]]:
    for page in pages:
        slugs = tuple(hit.slug for hit in page.hits)
        for start in range(0, len(slugs), PIECE):
            check()
            yield slugs[start : start + PIECE]


def _ndjson(batches: Iterable[tuple[str, ...]], generation: Generation, base_url: str) -> Iterator[bytes]:
    """One whole case on each line."""
    for batch in batches:
        found = filter(None, map(generation.cases.stored, batch))
        cases = (as_json(case_out(stored, generation.vocabularies, base_url)) for stored in found)
        yield b"".join(b"%s\n" % case for case in cases)


def _csv(batches: Iterable[tuple[str, ...]], generation: Generation, base_url: str) -> Iterator[bytes]:
    """A table with one row for each case."""
    yield f"{BYTE_ORDER_MARK}{csv_lines([[column.name for column in EXPORT_COLUMNS]])}".encode()
    changes = generation.cases.changes
    for batch in batches:
        cases = filter(None, map(generation.cases.summary, batch))
        rows = (ExportRow(case, changes[case.slug], generation.vocabularies, base_url) for case in cases)
        yield csv_lines([column.cell(row) for column in EXPORT_COLUMNS] for row in rows).encode()
