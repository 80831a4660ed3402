"""A plain, slow, obviously right engine: it looks at every document for every search.

It implements `kb.search.engine.SearchEngine`, and is what other engines are measured against. Scores are
BM25F as `kb.search.fields` declares it: the frequencies of a word in all fields, each divided by its
field's length norm and weighted, are added up before saturation; the rarity of the word is that over all fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log

from kb.search.document import SearchDocument
from kb.search.engine import PassageReader
from kb.search.fields import BM25_K1, FACETS, TEXT_FIELDS
from kb.search.highlighting.snippets import Highlighter, Marks, marks
from kb.search.query.tree import (
    And,
    Everything,
    Leaf,
    Most,
    Near,
    Not,
    Or,
    Phrase,
    Preferring,
    Prefix,
    Query,
    Synonymous,
    Word,
    Years,
)
from kb.search.request import SearchRequest, Sort
from kb.search.result import FacetCount, Hit, SearchResult
from kb.search.words.analysis import stem, words

Texts = Sequence[Sequence[str]]
"""The texts of a field, each as its exact words."""


class ScanEngine:
    """Searches by looking at every document."""

    def __init__(self, documents: Iterable[SearchDocument], cases: PassageReader) -> None:
        self._documents = list(documents)
        self._cases = cases
        self._texts: dict[tuple[str, str], Texts] = {
            (document.slug, field.name): [words(text) for text in document.texts[field.name]]
            for document in self._documents
            for field in TEXT_FIELDS
        }

    def search(self, request: SearchRequest) -> SearchResult:
        """The answer to one request."""
        scores = self.scores(request.query)
        matching = [document for document in self._documents if document.slug in scores]
        found = [document for document in matching if _passes(document, request.filters)]
        ordered = sorted(found, key=lambda document: _sort_key(request.sort, document, scores[document.slug]))
        first = (request.page - 1) * request.size
        page = ordered[first : first + request.size]
        highlighter = Highlighter.of(request.query, rarity=self._rarity)
        hits = tuple(
            Hit(document.slug, scores[document.slug])
            if not request.marked
            else self._hit(document.slug, scores[document.slug], highlighter, request.chosen_terms)
            for document in page
        )
        return SearchResult(request, len(found), hits, _facets(matching, request.filters))

    def total(self, request: SearchRequest) -> int:
        """How many documents a request finds."""
        return self.search(request).total

    def holds(self, word: str) -> bool:
        """Whether any document holds the word in any form."""
        return bool(self.scores(Word(word)))

    def vocabulary(self) -> Mapping[str, int]:
        """Every exact word with the number of documents that hold it, sorted."""
        holding: dict[str, set[str]] = {}
        for (slug, _), texts in self._texts.items():
            for text in texts:
                for word in text:
                    holding.setdefault(word, set()).add(slug)
        return {word: len(slugs) for word, slugs in sorted(holding.items())}

    def close(self) -> None:
        """There is nothing to let go of."""

    def scores(self, query: Query) -> dict[str, float]:
        """The slugs of the documents that match, each with its score."""
        match query:
            case Everything():
                return {document.slug: 0.0 for document in self._documents}
            case Years(first, last):
                return {
                    document.slug: 0.0
                    for document in self._documents
                    if document.started <= last and (document.ended is None or document.ended >= first)
                }
            case Not(part):
                unwanted = self.scores(part)
                return {document.slug: 0.0 for document in self._documents if document.slug not in unwanted}
            case And(parts):
                return self._at_least(len(parts), parts)
            case Or(parts):
                return self._at_least(1, parts)
            case Most(parts, minimum):
                return self._at_least(minimum, parts)
            case Synonymous(asked, others):
                named = [(self.scores(asked), 1.0), *((self.scores(other), part) for other, part in others)]
                every = {slug for scores, _ in named for slug in scores}
                return {slug: max(scores.get(slug, 0.0) * part for scores, part in named) for slug in every}
            case Preferring(wanted, wishes):
                granted = [(self.scores(wish), part) for wish, part in wishes]
                return {
                    slug: score + sum(scores.get(slug, 0.0) * part for scores, part in granted)
                    for slug, score in self.scores(wanted).items()
                }
            case Word() | Prefix() | Phrase() | Near():
                return self._leaf_scores(query)

    def _at_least(self, minimum: int, parts: Sequence[Query]) -> dict[str, float]:
        found = [self.scores(part) for part in parts]
        return {
            document.slug: sum(scores.get(document.slug, 0.0) for scores in found)
            for document in self._documents
            if sum(document.slug in scores for scores in found) >= minimum
        }

    def _leaf_scores(self, leaf: Leaf) -> dict[str, float]:
        weighted = {document.slug: self._weighted_frequency(leaf, document) for document in self._documents}
        holding = {slug: frequency for slug, frequency in weighted.items() if frequency}
        rarity = self._rarity_of(len(holding))
        return {slug: rarity * frequency / (BM25_K1 + frequency) for slug, frequency in holding.items()}

    def _rarity(self, leaf: Leaf) -> float:
        return self._rarity_of(sum(self._weighted_frequency(leaf, document) > 0 for document in self._documents))

    def _rarity_of(self, holding: int) -> float:
        return log(1 + (len(self._documents) - holding + 0.5) / (holding + 0.5))

    def _weighted_frequency(self, leaf: Leaf, document: SearchDocument) -> float:
        total = 0.0
        for field in TEXT_FIELDS:
            if leaf.field in (None, field.name):
                frequency = _frequency(leaf, self._texts[document.slug, field.name])
                relative_length = self._length(document, field.name) / self._mean_length(field.name)
                total += field.weight * frequency / (1 - field.length_norm + field.length_norm * relative_length)
        return total

    def _length(self, document: SearchDocument, field: str) -> int:
        return sum(len(text) for text in self._texts[document.slug, field])

    def _mean_length(self, field: str) -> float:
        total = sum(self._length(document, field) for document in self._documents)
        return max(total / len(self._documents), 1.0)

    def _hit(self, slug: str, score: float, highlighter: Highlighter, chosen: Sequence[str]) -> Hit:
        (shown,) = marks(list(self._cases.passages([slug]).values()), highlighter, chosen) or [Marks()]
        return Hit(slug, score, shown.snippet, shown.title, shown.summary)


def _frequency(leaf: Leaf, texts: Texts) -> int:
    match leaf:
        case Word(wanted, _):
            return sum(stem(word) == stem(wanted) for text in texts for word in text)
        case Prefix(beginning, _):
            return sum(word.startswith(beginning) for text in texts for word in text)
        case Phrase(phrase, _, any_form):
            form = stem if any_form else str
            wanted_forms = list(map(form, phrase))
            return sum(
                list(map(form, text[start : start + len(phrase)])) == wanted_forms
                for text in texts
                for start in range(len(text))
            )
        case Near((first, second), within, _):
            return sum(_near(first, second, within, text) for text in texts)


def _near(first: str, second: str, within: int, text: Sequence[str]) -> int:
    """How many times the first word stands at most `within` words from the second."""
    places = [place for place, word in enumerate(text) if stem(word) == stem(second)]
    return sum(
        stem(word) == stem(first) and any(0 < abs(place - other) <= within for other in places)
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
