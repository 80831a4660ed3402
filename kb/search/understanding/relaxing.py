"""Relaxes a search of which few or no cases contain all the words."""

from __future__ import annotations

from kb.search.engine import SearchEngine
from kb.search.query.parser import looser
from kb.search.query.tree import And, Boosted, MinimumShouldMatch, Query
from kb.search.request import Notice, SearchRequest
from kb.search.understanding.language import Language
from kb.search.understanding.understand import understand

FEW_RESULTS = 8
"""With fewer cases than this a looser reading completes the list, and a notice says so: one hit is seldom all that
helps, and a visitor should not have to guess which word was one too many."""

ON_TOP = 10.0
"""Lifts what contains all the words above everything that contains some."""


def relaxed(
    engine: SearchEngine, request: SearchRequest, language: Language, strict: SearchRequest, total: int
) -> tuple[SearchRequest, int]:
    """The first looser reading that finds enough, or the one that finds most, and how many it finds; the strict one if
    none finds more.

    What contains all the words stays on top.
    """
    best, most = strict, total
    query = request.query
    while (fewer := looser(query)) is not None:
        query = fewer
        wanted = Boosted(query, ((request.query, ON_TOP),)) if total else query
        reading = understand(engine, request.with_query(wanted, _relaxed_notice(total, query)), language)
        found = engine.total(reading)
        if found > most:
            best, most = reading, found
        if found >= FEW_RESULTS:
            break
    return best, most


def _relaxed_notice(strict: int, query: Query) -> Notice:
    """The notice of a looser reading."""
    how_many = "at least one of them" if _is_any(query) else "most of them"
    if strict == 0:
        return Notice("relaxed", f"No case contains all these words. These contain {how_many}.")
    matching = "Only one case contains" if strict == 1 else f"Only {strict} cases contain"
    return Notice("relaxed", f"{matching} all these words; the others contain {how_many}.")


def _is_any(query: Query) -> bool:
    clauses = query.clauses if isinstance(query, And) else (query,)
    return any(isinstance(clause, MinimumShouldMatch) and clause.minimum == 1 for clause in clauses)
