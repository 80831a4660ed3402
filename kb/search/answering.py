"""Turns what an engine ranked into hits with snippets: written once, for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from kb.search.engine import EngineResult, SearchEngine
from kb.search.highlighting.passages import Passages
from kb.search.highlighting.snippets import Highlighter, Marks, marks
from kb.search.request import SearchRequest
from kb.search.result import Hit, SearchResult

_UNMARKED = Marks()


class PassageReader(Protocol):
    """Where the text of cases comes from."""

    def passages(self, slugs: Iterable[str]) -> Mapping[str, Passages]:
        """The passages of the published cases among these, in this order."""


def answer(engine: SearchEngine, passages: PassageReader, request: SearchRequest) -> SearchResult:
    """The result of an interpreted request. Raises whatever the engine and the store raise."""
    found = engine.search(request)
    return SearchResult(request, found.total, _hits(found, passages, request), found.facets)


def _hits(found: EngineResult, passages: PassageReader, request: SearchRequest) -> tuple[Hit, ...]:
    shown = _marks([slug for slug, _ in found.ranked], found, passages, request) if request.marked else {}
    return tuple(
        Hit(slug, score, marked.snippet, marked.title, marked.summary)
        for slug, score in found.ranked
        for marked in (shown.get(slug, _UNMARKED),)
    )


def _marks(
    slugs: Sequence[str], found: EngineResult, passages: PassageReader, request: SearchRequest
) -> Mapping[str, Marks]:
    """What to mark in each case; nothing if the query has no words."""
    if not slugs:
        return {}
    highlighter = Highlighter.of(request.query, idf=lambda leaf: found.idf[leaf])
    cases = passages.passages(slugs) if highlighter.sought else {}
    return dict(zip(cases, marks(list(cases.values()), highlighter, request.reason_keys), strict=True))
