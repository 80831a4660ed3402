"""Whole results for spreadsheets and programs, and cases as plain data: the same on the web and at the terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

from kb.index.generation import Generation
from kb.model.case import CaseSummary, Challenge, LastReported, Partner, Reason, ReviewState, Source
from kb.model.kinds import Kind
from kb.model.vocabulary import Term, Vocabularies, Vocabulary
from kb.search.fields import FACETS, FacetField, facet_values
from kb.search.request import Notice, SearchRequest
from kb.search.result import SearchResult
from kb.stores.store import StoredCase

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

BETWEEN = " | "
"""Separates several values of one cell: names of organisations contain commas and semicolons."""

PIECE = 20
"""Cases written at a time: enough to be fast, few enough that the first comes soon and memory stays small."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel misreads the letters of Århus. Programs that read UTF-8 tables ignore it."""


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
    """How the search was understood."""
    pieces: Iterator[bytes]
    """UTF-8, made as it is read; it can be read once."""


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
        yield from (slugs[start : start + PIECE] for start in range(0, len(slugs), PIECE))


# One whole case on each line


def _ndjson(batches: Iterable[tuple[str, ...]], generation: Generation, base_url: str) -> Iterator[bytes]:
    for batch in batches:
        found = filter(None, map(generation.cases.stored, batch))
        cases = (whole_case(stored, generation.vocabularies, base_url) for stored in found)
        yield "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in cases).encode()


def case_summary(case: CaseSummary, vocabularies: Vocabularies, base_url: str) -> dict[str, Any]:
    """What lists show of a case, as plain data."""
    return {
        "slug": case.slug,
        "title": case.title,
        "summary": case.summary,
        "url": f"{base_url}{Kind.CASE.page(case.slug)}",
        "cities": _terms(case.cities, vocabularies.cities),
        "countries": _terms(vocabularies.countries_of(case.cities), vocabularies.countries),
        "started": case.started,
        "ended": case.ended,
        "status": _term(case.status, vocabularies.statuses),
        "last_reported": _last_reported(case.last_reported),
        "arrangements": _terms((reason.id for reason in case.arrangements), vocabularies.arrangements),
        "challenges": _terms((challenge.id for challenge in case.challenges), vocabularies.challenges),
        "evidence": _term(case.evidence.level, vocabularies.evidence),
        "reviewed": case.review.state is ReviewState.REVIEWED,
    }


def whole_case(stored: StoredCase, vocabularies: Vocabularies, base_url: str) -> dict[str, Any]:
    """A whole case as plain data."""
    case = stored.case
    data = case_summary(case, vocabularies, base_url)
    del data["reviewed"]  # `review` says more
    return data | {
        "arrangements": _reasons(case.arrangements, vocabularies.arrangements),
        "experienced_as": _reasons(case.experienced_as, vocabularies.arrangements),
        "challenges": [
            _term(challenge.id, vocabularies.challenges) | {"showed": challenge.showed, "handled": challenge.handled}
            for challenge in case.challenges
        ],
        "extremism": _terms(case.extremism, vocabularies.extremism),
        "questions": list(case.questions),
        "audiences": _terms(case.audiences, vocabularies.audiences),
        "lead": [_partner(partner, vocabularies) for partner in case.lead],
        "partners": [_partner(partner, vocabularies) for partner in case.partners],
        "at_the_table": [
            {"sector": _sector(sector, vocabularies), "count": len(partners)}
            for sector, partners in case.by_sector.items()
        ],
        "resources": case.resources,
        "evidence": _term(case.evidence.level, vocabularies.evidence) | {"note": case.evidence.note},
        "review": {
            "state": case.review.state,
            "date": case.review.date.isoformat() if case.review.date else None,
            "by": case.review.by,
        },
        "language": case.language,
        "contributors": list(case.contributors),
        "sections": [{"id": s.id, "heading": s.heading, "html": s.html, "text": s.text} for s in case.sections],
        "sources": [_source(source) for source in case.sources],
        "facets": {name: list(values) for name, values in facet_values(case, vocabularies).items()},
        "modified": stored.modified,
        "markdown_url": f"{base_url}{Kind.CASE.page(case.slug)}.md",
        "licence": LICENCE,
    }


def _term(term_id: str, vocabulary: Vocabulary[Term]) -> dict[str, Any]:
    return {"id": term_id, "label": vocabulary.label(term_id)}


def _terms(ids: Iterable[str], vocabulary: Vocabulary[Term]) -> list[dict[str, Any]]:
    return [_term(term_id, vocabulary) for term_id in ids]


def _partner(partner: Partner, vocabularies: Vocabularies) -> dict[str, Any]:
    return {"name": partner.name, "sector": _sector(partner.sector, vocabularies)}


def _sector(sector: str | None, vocabularies: Vocabularies) -> dict[str, Any] | None:
    return _term(sector, vocabularies.sectors) if sector else None


def _last_reported(reported: LastReported | None) -> dict[str, Any] | None:
    return {"year": reported.year, "source": reported.source} if reported else None


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "by": source.by,
        "year": source.year,
        "url": source.url,
        "lang": source.lang,
    }


def _reasons(reasons: Iterable[Reason], vocabulary: Vocabulary[Term]) -> list[dict[str, Any]]:
    return [_term(reason.id, vocabulary) | {"why": reason.why} for reason in reasons]


# A table


@dataclass(frozen=True)
class _Row:
    """What the cells of one case are made from."""

    case: CaseSummary
    modified: str
    vocabularies: Vocabularies
    base_url: str


@dataclass(frozen=True)
class Column:
    """One column of the table."""

    name: str
    meaning: str
    cell: Callable[[_Row], object]


def _facet_columns(facet: FacetField) -> Iterator[Column]:
    """What people read of a facet; for those that lead also what searches take."""

    def values(row: _Row) -> Iterable[str]:
        return facet.values(row.case, row.vocabularies)

    def labels(row: _Row) -> str:
        return BETWEEN.join(map(facet.vocabulary(row.vocabularies).label, values(row)))

    yield Column(facet.column, facet.description, labels)
    if facet.leads:
        yield Column(f"{facet.name}_ids", "The same as in searches.", lambda row: BETWEEN.join(values(row)))


def _sentences(row: _Row, sentence: Callable[[Challenge], str | None]) -> str:
    """What a case says of its challenges, each after its label."""
    label = row.vocabularies.challenges.label
    said = ((challenge.id, sentence(challenge)) for challenge in row.case.challenges)
    return BETWEEN.join(f"{label(challenge)}: {text}" for challenge, text in said if text)


def _names(partners: Iterable[Partner]) -> str:
    return BETWEEN.join(partner.name for partner in partners)


EXPORT_COLUMNS = (
    Column("slug", "The name of the case in its address.", lambda row: row.case.slug),
    Column("title", "What the case is called.", lambda row: row.case.title),
    Column("summary", "One or two sentences.", lambda row: row.case.summary),
    Column("url", "The page of the case.", lambda row: f"{row.base_url}{Kind.CASE.page(row.case.slug)}"),
    *chain.from_iterable(map(_facet_columns, FACETS)),
    Column("started", "Year; where Context says so, the first that is documented.", lambda row: row.case.started),
    Column("ended", "Year, or empty.", lambda row: row.case.ended),
    Column(
        "last_reported",
        "The last year in which a source shows an ongoing practice running, or empty.",
        lambda row: row.case.last_reported.year if row.case.last_reported else None,
    ),
    Column("how_it_showed", "How each challenge showed.", lambda row: _sentences(row, lambda said: said.showed)),
    Column(
        "how_it_was_handled",
        "What was done about a challenge, where a source says so.",
        lambda row: _sentences(row, lambda said: said.handled),
    ),
    Column("lead", "Organisations that lead.", lambda row: _names(row.case.lead)),
    Column("partners", "Organisations and roles at the table.", lambda row: _names(row.case.partners)),
    Column("resources", "What it takes, as a source says.", lambda row: row.case.resources),
    Column("evidence_note", "What is known about results, in a sentence.", lambda row: row.case.evidence.note),
    Column(
        "reviewed",
        "The day on which the city reviewed the case; empty if it has not.",
        lambda row: row.case.review.date,
    ),
    Column("language", "Of the text.", lambda row: row.case.language),
    Column("contributors", "Who drafted the case.", lambda row: BETWEEN.join(row.case.contributors)),
    Column("modified", "When its file was last changed, ISO 8601 in UTC.", lambda row: row.modified),
    Column("licence", "Of the text.", lambda _: LICENCE),
)

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def _csv(batches: Iterable[tuple[str, ...]], generation: Generation, base_url: str) -> Iterator[bytes]:
    yield f"{BYTE_ORDER_MARK}{csv_lines([[column.name for column in EXPORT_COLUMNS]])}".encode()
    changes = generation.cases.changes
    for batch in batches:
        cases = filter(None, map(generation.cases.summary, batch))
        rows = (_Row(case, changes[case.slug], generation.vocabularies, base_url) for case in cases)
        yield csv_lines([column.cell(row) for column in EXPORT_COLUMNS] for row in rows).encode()


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows of a table for spreadsheets, with no cell that they would take for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula, even if somebody wrote one into a title.

    >>> _cell("=1+1"), _cell(2007), _cell(None)
    ("'=1+1", '2007', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
