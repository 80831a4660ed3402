"""A plain, slow, obviously right engine: it looks at every document for every search.

It implements `kb.search.engine.SearchEngine`, and is what other engines are measured against. Scores are
BM25F as `kb.search.fields` declares it: the frequencies of a word in all fields, each divided by its
field's length norm and weighted, are added up before saturation; the idf of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import compress
from math import log

from rapidfuzz.distance import OSA

from kb.deadline import check
from kb.search.answering import PassageReader
from kb.search.document import SearchDocument
from kb.search.engine import EngineResult, Ranked
from kb.search.fields import BM25_K1, FACETS, TEXT_FIELDS
from kb.search.query.tree import (
    And,
    Boosted,
    DisMax,
    Having,
    Leaf,
    MatchAll,
    MinimumShouldMatch,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Synonym,
    Weighted,
    Wildcard,
    Word,
    Years,
    first_choice,
    names_of,
    weights_of_leaves,
)
from kb.search.request import SearchRequest, Sort
from kb.search.result import FacetCount, SearchResult
from kb.search.searching import search
from kb.search.understanding.language import Language
from kb.search.words.analysis import base_form, words
from kb.search.words.wildcards import MOST_WORDS, words_matching

Texts = Sequence[Sequence[str]]
"""The texts of a field, each as its exact words."""


class ScanEngine:
    """Searches by looking at every document."""

    def __init__(self, documents: Iterable[SearchDocument], passages: PassageReader) -> None:
        self._documents = list(documents)
        self.passages = passages
        """The text of the cases, for the layer above the engine that makes snippets."""
        self._texts: dict[tuple[str, str], Texts] = {
            (document.slug, field.name): [words(text) for text in document.texts[field.name]]
            for document in self._documents
            for field in TEXT_FIELDS
        }
        self._lengths = {place: sum(map(len, texts)) for place, texts in self._texts.items()}
        self._mean_lengths = {field.name: self._mean_length(field.name) for field in TEXT_FIELDS}
        # Documents never change, and one search asks for the same words many times.
        self._weighted_frequencies = cache(self._count_weighted_frequencies)
        self._like = cache(lambda pattern: frozenset(self.words_matching(pattern)[:MOST_WORDS]))

    def search(self, request: SearchRequest) -> EngineResult:
        """The answer to one request."""
        scores = self.scores(request.query)
        matching = [document for document in self._documents if document.slug in scores]
        found = [document for document in matching if _passes(document, request.filters)]
        ordered = sorted(found, key=lambda document: _sort_key(request.sort, document, scores[document.slug]))
        first = (request.page - 1) * request.size
        page = ordered[first : first + request.size]
        ranked = tuple(Ranked(document.slug, scores[document.slug]) for document in page)
        idf = weights_of_leaves(request.query, self._idf)
        facets = _facets(matching, request.filters) if request.counted else {}
        return EngineResult(len(found), ranked, facets, idf)

    def total(self, request: SearchRequest) -> int:
        """How many documents a request finds."""
        return self.search(request).total

    def contains(self, word: str) -> bool:
        """Whether any document contains the word in any form."""
        return bool(self.scores(Word(word)))

    def frequencies(self, words: Iterable[str]) -> Mapping[str, int]:
        """How many documents contain each of these exact words."""
        lexicon = self._lexicon()
        return {word: lexicon[word] for word in words if word in lexicon}

    def words_matching(self, pattern: str) -> Sequence[str]:
        """The words that a pattern stands for, those of most cases first."""
        check()
        lexicon = self._lexicon()
        return words_matching(pattern, lexicon, lexicon)

    def nearest(self, word: str, slips: int) -> Mapping[str, int]:
        """The words that differ from one by few edits."""
        check()
        near = {other: OSA.distance(word, other) for other in self._lexicon()}
        return {other: self._lexicon()[other] for other, distance in near.items() if 0 < distance <= slips}

    def _lexicon(self) -> dict[str, int]:
        containing: dict[str, set[str]] = {}
        for (slug, _), texts in self._texts.items():
            for text in texts:
                for word in text:
                    containing.setdefault(word, set()).add(slug)
        return {word: len(slugs) for word, slugs in containing.items()}

    def close(self) -> None:
        """There is nothing to let go of."""

    def scores(self, query: Query) -> dict[str, float]:
        """The slugs of the documents that match, each with its score."""
        check()
        match query:
            case MatchAll():
                return {document.slug: 0.0 for document in self._documents}
            case Years(first, last):
                return {
                    document.slug: 0.0
                    for document in self._documents
                    if document.started <= last and (document.ended is None or document.ended >= first)
                }
            case Having(facet, values):
                return {
                    document.slug: 0.0
                    for document in self._documents
                    if set(values).intersection(document.facets[facet])
                }
            case Not(part):
                unwanted = self.scores(part)
                return {document.slug: 0.0 for document in self._documents if document.slug not in unwanted}
            case And(parts):
                return self._matching(parts, lambda contained: all(contained))
            case Or(parts):
                return self._matching(parts, lambda contained: any(contained))
            case MinimumShouldMatch(parts, share):
                counts = [len(self.scores(first_choice(part))) or len(self.scores(part)) for part in parts]
                weights = [self._idf_of(count) if count else 0.0 for count in counts]
                least = share * sum(weights) * (1 - 1e-9)
                return self._matching(
                    parts, lambda contained: any(contained) and sum(compress(weights, contained)) >= least
                )
            case DisMax(clauses):
                found = [self.scores(clause) for clause in clauses]
                every = {slug for scores in found for slug in scores}
                return {slug: max(scores.get(slug, 0.0) for scores in found) for slug in every}
            case Weighted(part, weight):
                return {slug: score * weight for slug, score in self.scores(part).items()}
            case Boosted(wanted, boosts):
                granted = [(self.scores(boost), part) for boost, part in boosts]
                return {
                    slug: score + sum(scores.get(slug, 0.0) * part for scores, part in granted)
                    for slug, score in self.scores(wanted).items()
                }
            case Word() | Wildcard() | Phrase() | Near() | Synonym():
                return self._term_scores(query)

    def _matching(self, parts: Sequence[Query], matches: Callable[[Sequence[bool]], bool]) -> dict[str, float]:
        """The documents of which it is enough which parts they match, with the sum of their scores."""
        found = [self.scores(part) for part in parts]
        return {
            document.slug: sum(scores.get(document.slug, 0.0) for scores in found)
            for document in self._documents
            if matches([document.slug in scores for scores in found])
        }

    def _term_scores(self, term: Leaf | Synonym) -> dict[str, float]:
        idf = self._idf(term)
        return {
            slug: idf * frequency / (BM25_K1 + frequency)
            for slug, frequency in self._weighted_frequencies(term).items()
        }

    def _idf(self, term: Leaf | Synonym) -> float:
        return self._idf_of(len(self._weighted_frequencies(term)))

    def _idf_of(self, containing: int) -> float:
        return log(1 + (len(self._documents) - containing + 0.5) / (containing + 0.5))

    def _count_weighted_frequencies(self, term: Leaf | Synonym) -> Mapping[str, float]:
        """The slugs of the documents that contain the term, each with its frequency over all fields and names."""
        names = ((term, 1.0),) if isinstance(term, Near) else names_of(term)
        weighted = {
            document.slug: sum(weight * self._weighted_frequency(leaf, document.slug) for leaf, weight in names)
            for document in self._documents
        }
        return {slug: frequency for slug, frequency in weighted.items() if frequency}

    def _weighted_frequency(self, leaf: Leaf, slug: str) -> float:
        total = 0.0
        for field in TEXT_FIELDS:
            if leaf.field in (None, field.name):
                frequency = self._frequency(leaf, self._texts[slug, field.name])
                relative_length = self._lengths[slug, field.name] / self._mean_lengths[field.name]
                total += field.weight * frequency / (1 - field.length_norm + field.length_norm * relative_length)
        return total

    def _frequency(self, leaf: Leaf, texts: Texts) -> int:
        match leaf:
            case Word(wanted, _):
                return sum(base_form(word) == base_form(wanted) for text in texts for word in text)
            case Wildcard(pattern, _):
                return sum(word in self._like(pattern) for text in texts for word in text)
            case Phrase(phrase, _, any_form):
                form = base_form if any_form else str
                wanted_forms = list(map(form, phrase))
                return sum(
                    list(map(form, text[start : start + len(phrase)])) == wanted_forms
                    for text in texts
                    for start in range(len(text))
                )
            case Near((first, second), within, _):
                return sum(_near(first, second, within, text) for text in texts)

    def _mean_length(self, field: str) -> float:
        total = sum(self._lengths[document.slug, field] for document in self._documents)
        return max(total / max(len(self._documents), 1), 1.0)


def _near(first: str, second: str, within: int, text: Sequence[str]) -> int:
    """How many times the first word is at most `within` words from the second."""
    places = [place for place, word in enumerate(text) if base_form(word) == base_form(second)]
    return sum(
        base_form(word) == base_form(first) and any(0 < abs(place - other) <= within for other in places)
        for place, word in enumerate(text)
    )


def _passes(document: SearchDocument, filters: Mapping[str, Sequence[str]], but: str | None = None) -> bool:
    """Whether a document has any wanted value of each facet, not counting the facet `but`."""
    return all(
        any(value in document.facets[facet] for value in values)
        for facet, values in filters.items()
        if values and facet != but
    )


def _sort_key(sort: Sort, document: SearchDocument, score: float) -> tuple[float | str | list[int], str]:
    keys: Mapping[Sort, float | str | list[int]] = {
        Sort.RELEVANCE: -score,
        Sort.NEWEST: -document.started,
        Sort.STARTED: document.started,
        Sort.CHANGED: _backwards(document.modified),
        Sort.TITLE: document.title_key,
        Sort.CITY: document.city_key,
    }
    return keys[sort], document.slug


def _backwards(text: str) -> list[int]:
    """What sorts texts the other way round: no letter comes before its opposite, the end of a text after all."""
    return [*(-ord(letter) for letter in text), 1]


def _facets(
    matching: Sequence[SearchDocument], filters: Mapping[str, Sequence[str]]
) -> dict[str, tuple[FacetCount, ...]]:
    counted = {}
    for facet in FACETS:
        counts = dict.fromkeys(filters.get(facet.name, ()), 0)
        for document in matching:
            if _passes(document, filters, but=facet.name):
                for value in document.facets[facet.name]:
                    counts[value] = counts.get(value, 0) + 1
        chosen = filters.get(facet.name, ())
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        counted[facet.name] = tuple(FacetCount(value, count, value in chosen) for value, count in ordered)
    return counted


def search_scan(engine: ScanEngine, request: SearchRequest, language: Language) -> SearchResult:
    """The result of a request, understood in a language, with snippets."""
    return search(engine, engine.passages, request, language)
