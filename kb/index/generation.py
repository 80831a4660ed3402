"""One opened generation: what a whole request works with."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from operator import attrgetter

from kb.index.manifest import Manifest
from kb.model.case import Case
from kb.model.vocabulary import Country, Vocabularies
from kb.search.answering import answer
from kb.search.engine import SearchEngine
from kb.search.fields import FACETS
from kb.search.highlighting.snippets import Highlighter
from kb.search.mentions import Names
from kb.search.related import Related, related_cases
from kb.search.request import MAX_SIZE, SearchRequest
from kb.search.result import SearchResult
from kb.search.searching import interpreted, make_request, search
from kb.search.suggesting import Name, Suggester
from kb.search.understanding.language import Language
from kb.search.understanding.places import REGION_FACET
from kb.search.understanding.reading import read
from kb.search.understanding.telling import condensed
from kb.stores.store import CaseStore


class Generation:
    """One opened generation: what a whole request works with."""

    def __init__(self, manifest: Manifest, cases: CaseStore, engine: SearchEngine) -> None:
        self.manifest = manifest
        self.cases = cases
        self.engine = engine
        self.language = Language.of(cases.vocabularies)
        # Files are released when the last request that uses this generation has ended.
        self._finalizer = weakref.finalize(self, _close, self.engine.close, self.cases.close)

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def vocabularies(self) -> Vocabularies:
        return self.cases.vocabularies

    def changed(self, path: str) -> str | None:
        """When a guide page or a vocabulary was last changed, as ISO 8601 in UTC; None if there is no such file."""
        return self.manifest.changed.get(path)

    def search(self, request: SearchRequest) -> SearchResult:
        """The result of a request; completed by a looser reading where little matches all of it."""
        return search(self.engine, self.cases, request, self.language)

    def interpreted(self, request: SearchRequest) -> SearchRequest:
        """A request as it is read, with notices of that; for `answer`, narrowed in as many ways as are wanted."""
        return interpreted(self.engine, request, self.language)

    def answer(self, request: SearchRequest) -> SearchResult:
        """The result of a request that has been interpreted."""
        return answer(self.engine, self.cases, request)

    def highlighter(self, text: str) -> Highlighter:
        """What a search for this text marks, in any text: other names too, and with typing errors corrected."""
        return Highlighter.of(read(self.engine, make_request(text), self.language).loosest)

    def condensed(self, text: str) -> str:
        """A query line that fits into an address, and finds what this text, however long, would find."""
        return condensed(self.engine, text)

    def search_all(self, request: SearchRequest) -> Iterator[SearchResult]:
        """The whole result of a request without passages, a full page of hits at a time; the request is
        interpreted once.
        """
        found = self.search(replace(request, page=1, size=MAX_SIZE, marked=False))
        yield found
        for page in range(2, found.pages + 1):
            yield self.answer(replace(found.request, page=page))

    def related(self, case: Case) -> tuple[Related, ...]:
        """Cases to read next, each with its reason."""
        return related_cases(case, self.engine, self.vocabularies)

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """For each facet how many cases of the whole collection have each of its values, most cases first."""
        facets = self.engine.search(SearchRequest(size=0)).facets
        return {facet: {count.value: count.cases for count in counts} for facet, counts in facets.items()}

    @cached_property
    def suggester(self) -> Suggester:
        """Suggestions while typing: names of what has cases."""
        titles = (Name("case", slug, title, (), 1) for slug, title in self.cases.titles().items())
        return Suggester([*self._terms(), *titles])

    @cached_property
    def names(self) -> Names[Name]:
        """What the words of a search may name, beside cases."""
        terms = (*self._terms(), *self._regions())
        return Names.of((term, term.label, term.others) for term in terms)

    def _terms(self) -> Iterator[Name]:
        for facet in filter(attrgetter("is_named"), FACETS):
            vocabulary = facet.vocabulary(self.vocabularies)
            for value, cases in self.counts[facet.name].items():
                if term := vocabulary.get(value):
                    adjectives = term.adjectives if isinstance(term, Country) else ()
                    yield Name(facet.name, term.id, term.label, (*term.aliases, *adjectives), cases)

    def _regions(self) -> Iterator[Name]:
        for region in self.vocabularies.regions:
            cases = sum(self.counts[REGION_FACET].get(country, 0) for country in region.countries)
            others = (*region.aliases, *region.adjectives)
            yield Name("region", region.id, region.label, others, cases, region.countries)

    def close(self) -> None:
        """Release the files now."""
        self._finalizer()


def _close(*closers: object) -> None:
    for closer in closers:
        if callable(closer):
            closer()
