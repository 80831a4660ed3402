"""What a visitor meant by what was typed: one step after another, each reported in a notice."""

from __future__ import annotations

from dataclasses import replace

from kb.search.engine import SearchEngine
from kb.search.query.tree import Boosted
from kb.search.request import Notice, SearchRequest
from kb.search.understanding.boosting import boosts_of
from kb.search.understanding.language import Language
from kb.search.understanding.respelling import reading_notice, readings_of, with_readings
from kb.search.understanding.wildcards import wildcard_notices


def understand(engine: SearchEngine, request: SearchRequest, language: Language) -> SearchRequest:
    """The request with unknown words read as the nearest known ones, with other names beside those typed, and with
    boosts.
    """
    readings = readings_of(engine, request.query, language)
    expanded = language.synonyms.expand(with_readings(request.query, readings))
    query = expanded.query
    if boosts := tuple(boosts_of(request)):
        query = Boosted(query, boosts)
    said = [reading_notice(typed, language.written.get(meant, meant)) for typed, meant in readings.items()]
    said += [_synonym_notice(names) for names in dict.fromkeys(expanded.used)]
    said += [_exclusion_notice(names) for names in dict.fromkeys(expanded.excluded)]
    said += wildcard_notices(engine, request.query)
    # How words were read comes before how the search was relaxed.
    before = [notice for notice in request.notices if notice.code != "relaxed"]
    after = [notice for notice in request.notices if notice.code == "relaxed"]
    return replace(request, query=query, notices=(*before, *said, *after))


def _exclusion_notice(used: tuple[str, tuple[str, ...]]) -> Notice:
    name, others = used
    names = ", ".join(f"“{other}”" for other in others)
    return Notice("synonyms", f"“{name}” was also left out as {names}.")


def _synonym_notice(used: tuple[str, tuple[str, ...]]) -> Notice:
    name, others = used
    names = ", ".join(f"“{other}”" for other in others)
    return Notice("synonyms", f"“{name}” was also searched for as {names}.")
