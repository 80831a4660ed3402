"""A comparison as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from api.address.site import Site
from api.pages.comparison.page import ComparisonPage
from kb import BYTE_ORDER_MARK, csv_lines, gettext


def comparison_csv(page: ComparisonPage, site: Site) -> str:
    """The rows of a comparison, differences first, a column for each case or arrangement."""
    return BYTE_ORDER_MARK + csv_lines(_rows(page, site))


def _rows(page: ComparisonPage, site: Site) -> Iterator[list[str]]:
    yield ["", *(column.title for column in page.columns)]
    yield [gettext("Address"), *(site.url(column.href) for column in page.columns)]
    for row in (*page.different, *page.same):
        name = f"{row.kind}: {row.heading.label}" if row.kind else row.heading.label
        yield [name, *map(str, row.cells)]
