"""From what was typed to a result: read it, ask the engine, and help where little or nothing is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.notices import Notice
from kb.search.answering import Asked, PassageReader, hits_of
from kb.search.engine import SearchEngine
from kb.search.query.parser import parse_query
from kb.search.query.tree import And, Not, without_boosts
from kb.search.request import DEFAULT_SIZE, SearchRequest, Sort
from kb.search.result import SearchResult
from kb.search.understanding.advice import removals, suggestion_for, undoable
from kb.search.understanding.language import Language
from kb.search.understanding.reading import Reading, read
from kb.search.words.analysis import with_numbers_joined

FEW_RESULTS = 10
"""With fewer cases than this, others follow that match only part of what was asked: one hit is seldom all that helps,
and a visitor should not have to guess which word was one too many."""

MOST_PARTIAL = 10
"""How many of these there are at most."""


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

    What was typed is read once, without filters, which only narrow: a word that no case contains is read as the nearest
    one that some do, and where no case satisfies all of it, less is asked for. Notices report all of it. A short list
    is followed by cases that match only part of what was asked; where filters exclude everything, the result says
    which one to remove.
    """
    reading = read(engine, request, language)
    asked, found = _first_list(engine, request, reading)
    lists = [(asked, found)]
    if found.total < FEW_RESULTS and request.page == 1 and request.size:
        lists += _partial_list(engine, asked, reading)
    hits, *partial = hits_of(lists, passages)
    asked = replace(asked, notices=undoable(engine, asked.notices, language))
    result = SearchResult(asked, found.total, hits, found.facets, partial_hits=partial[0] if partial else ())
    if not result.total:
        return replace(result, removals=tuple(removals(engine, asked)))
    return replace(result, suggestion=suggestion_for(engine, request, language, result.total))


def interpreted(engine: SearchEngine, request: SearchRequest, language: Language) -> SearchRequest:
    """The request as it is read, to be counted in many ways: however it is narrowed, it is not read again."""
    asked, _ = _first_list(engine, request, read(engine, request, language))
    return replace(asked, notices=undoable(engine, asked.notices, language))


def _first_list(engine: SearchEngine, request: SearchRequest, reading: Reading) -> Asked:
    """The strictest level of a reading that finds anything in the whole collection; if none does, the first one."""
    levels = []
    is_narrowed = bool(request.filters or reading.required)
    for level in reading.levels:
        notices = (*request.notices, *reading.notices_of(level))
        asked = replace(request, query=reading.ranked(reading.narrowed(level)), notices=notices)
        found = engine.search(asked)
        if found.total or (is_narrowed and engine.total(replace(asked, query=level, filters={}))):
            return asked, found
        levels.append((asked, found))
    return levels[0]


def _partial_list(engine: SearchEngine, asked: SearchRequest, reading: Reading) -> list[Asked]:
    """The cases that match best of those that match only part of what was asked; nothing if that cannot be."""
    strict, loose = without_boosts(asked.query), reading.narrowed(reading.levels[-1])
    if strict == loose:
        return []
    query = reading.ranked(And((loose, Not(strict))))
    wanted = replace(asked, query=query, sort=Sort.RELEVANCE, size=MOST_PARTIAL, counted=False)
    return [(wanted, engine.search(wanted))]
