"""From what was typed to a result: understand, ask the engine, and ask for less when nothing matches."""

from __future__ import annotations

from collections.abc import Mapping

from kb.search.engine import SearchEngine
from kb.search.query import And, Most, Query
from kb.search.query_parser import looser, parse_query
from kb.search.request import DEFAULT_SIZE, Notice, SearchRequest, Sort
from kb.search.result import SearchResult


def make_request(
    text: str = "",
    filters: Mapping[str, tuple[str, ...]] | None = None,
    *,
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    size: int = DEFAULT_SIZE,
    notices: tuple[Notice, ...] = (),
) -> SearchRequest:
    """The request for a line of text; `notices` are those that its other parameters gave rise to."""
    parsed = parse_query(text)
    return SearchRequest(text, parsed.query, (*parsed.notices, *notices), filters or {}, sort, page, size)


def search(engine: SearchEngine, request: SearchRequest) -> SearchResult:
    """The result of a request, or of a looser reading of it when nothing holds all the words."""
    result = engine.search(request)
    query = request.query
    while result.total == 0 and (fewer := looser(query)) is not None:
        query = fewer
        result = engine.search(request.with_query(query, _ANY if _is_any(query) else _SOME))
    return result if result.total else engine.search(request)


_SOME = Notice("relaxed", "No case holds all these words. These hold most of them.")
_ANY = Notice("relaxed", "No case holds all these words. These hold at least one of them.")


def _is_any(query: Query) -> bool:
    parts = query.parts if isinstance(query, And) else (query,)
    return any(isinstance(part, Most) and part.minimum == 1 for part in parts)
