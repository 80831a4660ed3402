"""From what was typed to a result: read it, ask the engine, and help where little or nothing is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.search.answering import PassageReader, answer
from kb.search.engine import SearchEngine
from kb.search.query.parser import parse_query
from kb.search.query.tree import And, Not, without_boosts
from kb.search.request import DEFAULT_SIZE, Notice, SearchRequest, Sort
from kb.search.result import Hit, SearchResult
from kb.search.understanding.advice import removals, suggestion_for
from kb.search.understanding.language import Language
from kb.search.understanding.reading import Reading, read, relaxed_notice
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
    asked = _first_list(engine, request, reading)
    result = answer(engine, passages, asked)
    if result.total < FEW_RESULTS and asked.page == 1 and asked.size:
        result = replace(result, partial_hits=_partial_hits(engine, passages, asked, reading))
    if not result.total:
        return replace(result, removals=tuple(removals(engine, asked)))
    return replace(result, suggestion=suggestion_for(engine, request, language, result.total))


def interpreted(engine: SearchEngine, request: SearchRequest, language: Language) -> SearchRequest:
    """The request as it is read, to be counted in many ways: however it is narrowed, it is not read again."""
    return _first_list(engine, request, read(engine, request, language))


def _first_list(engine: SearchEngine, request: SearchRequest, reading: Reading) -> SearchRequest:
    """The request for the strictest level of a reading that finds anything in the whole collection."""
    everywhere = replace(request, filters={})
    for number, level in enumerate(reading.levels):
        if engine.total(replace(everywhere, query=level)):
            notices = (*request.notices, *reading.notices, *([relaxed_notice(reading, number)] if number else []))
            return replace(request, query=reading.ranked(level), notices=notices)
    return replace(request, query=reading.ranked(reading.levels[0]), notices=(*request.notices, *reading.notices))


def _partial_hits(
    engine: SearchEngine, passages: PassageReader, asked: SearchRequest, reading: Reading
) -> tuple[Hit, ...]:
    """The cases that match best of those that match only part of what was asked."""
    strict, loose = without_boosts(asked.query), reading.levels[-1]
    if strict == loose:
        return ()
    query = reading.ranked(And((loose, Not(strict))))
    wanted = replace(asked, query=query, sort=Sort.RELEVANCE, size=MOST_PARTIAL, counted=False)
    return answer(engine, passages, wanted).hits
