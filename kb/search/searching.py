"""From what was typed to a result: understand, ask the engine, and help where little or nothing is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.search.answering import PassageReader, answer
from kb.search.engine import SearchEngine
from kb.search.query.parser import looser, parse_query
from kb.search.query.tree import Query
from kb.search.request import DEFAULT_SIZE, Notice, SearchRequest, Sort
from kb.search.result import SearchResult
from kb.search.understanding.advice import removals, suggestion_for
from kb.search.understanding.language import Language
from kb.search.understanding.relaxing import FEW_RESULTS, relaxed
from kb.search.understanding.understand import understand
from kb.search.words.analysis import with_numbers_joined


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
    # The parser goes from space to space, and a number may have some inside.
    parsed = parse_query(with_numbers_joined(text))
    return SearchRequest(text, parsed.query, (*parsed.notices, *notices), filters or {}, sort, page, size)


def search(engine: SearchEngine, passages: PassageReader, request: SearchRequest, language: Language) -> SearchResult:
    """The result of a request.

    A word that no case contains is read as the nearest one that some do. With little or nothing found, a looser
    reading completes the list; where filters exclude everything, the result says which one to remove. Notices
    report all of it.
    """
    asked = understand(engine, request, language)
    total = engine.total(asked)
    if total < FEW_RESULTS:
        asked, total = relaxed(engine, request, language, asked, total)
    result = answer(engine, passages, asked)
    if total == 0:
        return replace(result, removals=tuple(removals(engine, request, language)))
    return replace(result, suggestion=suggestion_for(engine, request, language, total))


def totals_by_value(engine: SearchEngine, request: SearchRequest, language: Language, facet: str) -> dict[str, int]:
    """For each value of a facet, how many cases `search` finds with that value alone chosen in it.

    The counts of a facet are those of the words as they were read for all values. Narrowed to one value fewer cases may
    be left, and the words are read more loosely; this gives the resulting totals without a search for each.
    """
    others = {name: values for name, values in request.filters.items() if name != facet}
    asked = replace(request, filters=others, page=1, size=0, marked=False)
    totals: dict[str, int] = {}
    query: Query | None = asked.query
    while query is not None:
        # The same step for all values: each goes on to looser readings only as long as it has too few.
        reading = understand(engine, replace(asked, query=query), language)
        for value, cases, _ in engine.search(reading).facets[facet]:
            if totals.get(value, 0) < FEW_RESULTS:
                totals[value] = max(cases, totals.get(value, 0))
        query = looser(query)
    return totals
