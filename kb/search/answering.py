"""Turns what an engine ranked into hits with snippets: written once, for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Protocol

from kb.search.engine import EngineResult, SearchEngine
from kb.search.highlighting.passages import Passages
from kb.search.highlighting.snippets import Highlighter, Marks, marks
from kb.search.request import SearchRequest
from kb.search.result import Hit, SearchResult

Asked = tuple[SearchRequest, EngineResult]
"""What an engine was asked, and what it found."""

_UNMARKED = Marks()


class PassageReader(Protocol):
    """Where the text of cases comes from."""

    def passages(self, slugs: Iterable[str]) -> Mapping[str, Passages]:
        """The passages of the published cases among these, in this order."""


def answer(engine: SearchEngine, passages: PassageReader, request: SearchRequest) -> SearchResult:
    """The result of an interpreted request. Raises whatever the engine and the store raise."""
    found = engine.search(request)
    (hits,) = hits_of([(request, found)], passages)
    return SearchResult(request, found.total, hits, found.facets)


def hits_of(lists: Sequence[Asked], passages: PassageReader) -> list[tuple[Hit, ...]]:
    """The hits of each list of a page; no case is on two of them.

    Their passages are read together, and searched together where the same is sought: that takes little longer than
    those of one list.
    """
    shown = _marks(lists, passages)
    return [
        tuple(
            Hit(slug, score, marked.snippet, marked.title, marked.summary)
            for slug, score in found.ranked
            for marked in (shown.get(slug, _UNMARKED),)
        )
        for _, found in lists
    ]


def _marks(lists: Sequence[Asked], passages: PassageReader) -> Mapping[str, Marks]:
    """What to mark in each case; nothing where a query has no words."""
    sought = [
        (Highlighter.of(request.query, found.idf.__getitem__), request.reason_keys, [slug for slug, _ in found.ranked])
        for request, found in lists
        if request.marked and found.ranked
    ]
    sought = [each for each in sought if each[0].sought]
    if not sought:
        return {}
    cases = passages.passages(slug for *_, slugs in sought for slug in slugs)
    shown: dict[str, Marks] = {}
    for (highlighter, chosen), group in groupby(sought, itemgetter(0, 1)):
        stored = {slug: cases[slug] for *_, slugs in group for slug in slugs if slug in cases}
        shown |= zip(stored, marks(list(stored.values()), highlighter, chosen), strict=True)
    return shown
