"""What a visitor meant by what was typed: one step after another, each reported in a notice."""

from __future__ import annotations

from dataclasses import replace

from kb.search.engine import SearchEngine
from kb.search.query.tree import Boosted
from kb.search.request import Notice, SearchRequest
from kb.search.understanding.boosting import boosts_of
from kb.search.understanding.language import Language
from kb.search.understanding.respelling import reading_notice, readings_of, with_compounds, with_readings


def understand(engine: SearchEngine, request: SearchRequest, language: Language) -> SearchRequest:
    """The request with unknown words read as the nearest known ones, with other names beside those typed, and with
    boosts.
    """
    readings = readings_of(engine, request.query, language, request.text)
    expanded = language.synonyms.expand(with_readings(request.query, readings))
    query = with_compounds(engine, expanded.query, language)
    if boosts := tuple(boosts_of(request)):
        query = Boosted(query, boosts)
    # That a compound was written in two words is no surprise.
    respelled = [(typed, meant) for typed, meant in readings.items() if meant.replace(" ", "") != typed]
    said = [reading_notice(typed, language.written.get(meant, meant)) for typed, meant in respelled]
    said += [_synonym_notice(names) for names in dict.fromkeys(expanded.used)]
    # How words were read comes before how the search was relaxed.
    before = [notice for notice in request.notices if notice.code != "relaxed"]
    after = [notice for notice in request.notices if notice.code == "relaxed"]
    return replace(request, query=query, notices=(*before, *said, *after))


def _synonym_notice(used: tuple[str, tuple[str, ...]]) -> Notice:
    name, others = used
    names = ", ".join(f"“{other}”" for other in others)
    return Notice("synonyms", f"“{name}” was also searched for as {names}.")
