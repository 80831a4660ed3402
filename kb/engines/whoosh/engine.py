"""The Whoosh engine: a search, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_
from pathlib import Path

import numpy as np

from kb.deadline import check
from kb.engines.whoosh.errors import while_searching
from kb.engines.whoosh.facets import count_facets, filter_masks, narrowed
from kb.engines.whoosh.matching import Matches, evaluate, found, matching
from kb.engines.whoosh.postings import Ints, Occurrences
from kb.engines.whoosh.snapshot import Bools, Floats, Snapshot
from kb.search.engine import EngineResult, MarkedLeaf, Ranked
from kb.search.query.tree import Word, weights_of_leaves, without_boosts
from kb.search.request import SearchRequest, Sort


class WhooshEngine:
    """The `kb.search.engine.SearchEngine` over one Whoosh index."""

    def __init__(self, folder: Path) -> None:
        self._snapshot = Snapshot(folder)

    @property
    def count(self) -> int:
        """How many cases the index contains."""
        return self._snapshot.count

    def search(self, request: SearchRequest) -> EngineResult:
        """The answer to one request; see the protocol."""
        with while_searching():
            # If no hits are shown, none have to be in order.
            query = request.query if request.size else without_boosts(request.query)
            matches = evaluate(query, self._snapshot)
            passing = self._passing(matches.documents, request)
            counted = self._snapshot.facets if request.counted else None
            facets = count_facets(matches.documents, passing, request.filters, counted) if counted else {}
            chosen = matches.where(reduce(and_, passing.values())) if passing else matches
            return EngineResult(len(chosen.documents), self._ranked(request, chosen), facets, self._idf(request))

    def total(self, request: SearchRequest) -> int:
        """How many cases a request finds; see the protocol."""
        with while_searching():
            documents = matching(request.query, self._snapshot)
            return len(narrowed(documents, self._passing(documents, request).values()))

    def _passing(self, documents: Occurrences, request: SearchRequest) -> dict[str, Bools]:
        """For each facet with a filter which of the documents pass that."""
        masks = filter_masks(request.filters, self._snapshot.having)
        return {name: mask.take(documents) for name, mask in masks.items()}

    def contains(self, word: str) -> bool:
        """Whether any case contains the word in any form; see the protocol."""
        check()
        with while_searching():
            return found(Word(word), self._snapshot).documents.size > 0

    def frequencies(self, words: Iterable[str]) -> Mapping[str, int]:
        """How many cases contain each word; see the protocol."""
        lexicon = self._snapshot.lexicon
        return {word: lexicon[word] for word in words if word in lexicon}

    def words_matching(self, pattern: str) -> Sequence[str]:
        """The words that a pattern stands for; see the protocol."""
        return self._snapshot.words_matching(pattern)

    def nearest(self, word: str, slips: int) -> Mapping[str, int]:
        """The words nearest to one; see the protocol."""
        check()
        return self._snapshot.spellings.nearest(word, slips)

    def close(self) -> None:
        """Release files."""
        self._snapshot.close()

    def _page(self, request: SearchRequest, matches: Matches) -> Matches:
        """The wanted page, in order."""
        first = (request.page - 1) * request.size
        last = first + request.size
        keys = self._sort_keys(request.sort, matches)
        places = np.arange(len(keys))
        if 0 < last < len(keys):
            # Only what can reach the page is sorted; ties at its end are included, and settled below.
            places = (keys <= np.partition(keys, last - 1)[last - 1]).nonzero()[0]
        order = np.lexsort((self._snapshot.by_slug[matches.documents[places]], keys[places]))
        shown = places[order[first:last]]
        return Matches(matches.documents[shown], matches.scores[shown])

    def _sort_keys(self, sort: Sort, matches: Matches) -> Floats | Ints:
        """Numbers that are smaller for what comes earlier."""
        snapshot = self._snapshot
        match sort:
            case Sort.RELEVANCE:
                return -matches.scores
            case Sort.NEWEST:
                return -snapshot.started[matches.documents]
            case Sort.STARTED:
                return snapshot.started[matches.documents]
            case Sort.CHANGED:
                return -snapshot.by_change[matches.documents]
            case Sort.TITLE:
                return snapshot.by_title[matches.documents]
            case Sort.CITY:
                return snapshot.by_city[matches.documents]

    def _ranked(self, request: SearchRequest, matches: Matches) -> tuple[Ranked, ...]:
        if not request.size:
            return ()
        page = self._page(request, matches)
        slugs = map(self._snapshot.slugs.__getitem__, page.documents.tolist())
        return tuple(map(Ranked, slugs, page.scores.tolist()))

    def _idf(self, request: SearchRequest) -> Mapping[MarkedLeaf, float]:
        """What hits are marked by; their matches have been evaluated, and are cached."""
        if not request.marked or not request.size:
            return {}
        return weights_of_leaves(request.query, lambda term: found(term, self._snapshot).idf)
