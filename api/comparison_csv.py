"""A comparison as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from api.pages import ComparePage
from api.site import Site

BYTE_ORDER_MARK = "\ufeff"
"""By it, spreadsheets know that the file is UTF-8."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def comparison_csv(page: ComparePage, site: Site) -> str:
    """The rows of a comparison, differences first, a column for each case or arrangement."""
    file = io.StringIO()
    csv.writer(file).writerows([_as_text(value) for value in row] for row in _rows(page, site))
    return BYTE_ORDER_MARK + file.getvalue()


def _rows(page: ComparePage, site: Site) -> Iterator[list[str]]:
    yield ["", *(column.title for column in page.columns)]
    yield ["Address", *(site.url(column.href) for column in page.columns)]
    for row in (*page.different, *page.same):
        name = f"{row.kind}: {row.heading.label}" if row.kind else row.heading.label
        yield [name, *map(str, row.cells)]


def _as_text(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
