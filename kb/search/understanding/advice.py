"""What helps a visitor who found little: another spelling that finds more, a filter that excludes everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kb.notices import Notice
from kb.search.engine import SearchEngine
from kb.search.query.parser import parse_query
from kb.search.query.tree import Word, positive_leaves
from kb.search.request import SearchRequest
from kb.search.result import Removal, Suggestion
from kb.search.understanding.language import Language
from kb.search.understanding.reading import read
from kb.search.words.analysis import base_form, fold
from kb.search.words.spelling import respelled

RARE = 1
"""Cases that contain a word which may still be a typing error, the author's or the visitor's."""

MUCH_MORE = 3
"""How many times more another spelling must find to be offered: "cites" finds one case, "cities" dozens."""


def suggestion_for(engine: SearchEngine, request: SearchRequest, language: Language, total: int) -> Suggestion | None:
    """Another spelling of what was typed, if it finds more.

    Only for words in hardly any case that are not names known to the collection and have no capital: others are not
    slips.
    """
    typed = {leaf.text for leaf in positive_leaves(request.query) if isinstance(leaf, Word)}
    unnamed = {word for word in typed if base_form(word) not in language.synonyms.base_forms}
    slips = {word for word in unnamed if not request.line.written(word)[:1].isupper()}
    rare = {word for word, cases in engine.frequencies(slips).items() if cases <= RARE}
    text = respelled(request.line, rare, engine.nearest, language.written) if rare else None
    if text is None or fold(text) == fold(request.text):
        return None
    better = total_of(engine, replace(request, text=text, query=parse_query(text).query), language)
    return Suggestion(text, better) if better >= MUCH_MORE * total else None


def undoable(engine: SearchEngine, notices: Iterable[Notice], language: Language) -> tuple[Notice, ...]:
    """The notices; those without which something would be found can be undone."""
    return tuple(
        notice
        if notice.instead is None or total_of(engine, _request_for(notice.instead), language)
        else replace(notice, instead=None)
        for notice in notices
    )


def _request_for(text: str) -> SearchRequest:
    return SearchRequest(text, parse_query(text).query)


def removals(engine: SearchEngine, asked: SearchRequest) -> Sequence[Removal]:
    """The filters of a request without which something would be found, the most helpful first.

    All of them together come last, if that finds more than removing any single one.
    """
    single = [
        removal
        for facet in asked.filters
        if (removal := Removal(facet, engine.total(replace(asked, filters=_without(facet, asked.filters))))).total
    ]
    single.sort(key=lambda removal: -removal.total)
    everything = engine.total(replace(asked, filters={})) if len(asked.filters) > 1 else 0
    is_more = everything > max((removal.total for removal in single), default=0)
    return [*single, Removal(None, everything)] if is_more else single


def _without(facet: str, filters: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return {name: values for name, values in filters.items() if name != facet}


def total_of(engine: SearchEngine, request: SearchRequest, language: Language) -> int:
    """How many cases a request finds that match all of what was asked."""
    reading = read(engine, request, language)
    return engine.total(replace(request, query=reading.narrowed(reading.levels[0])))
