"""Queries drawn from the texts themselves by a seeded generator: the same texts and seed give the same queries.

The words of a query come from one document and its filters are values of that document, as a visitor's question has an
answer somewhere; so no query is empty, which would be cheap for everybody. Words are frequent ones (in a twentieth of
all documents or more), rare ones (in a hundredth or less) and those between. Words that any of the engines drops are
left out, and so are those that they cut differently: only plain Latin letters.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from kb import FACETS
from kb.search.words.analysis import STOP_WORDS, base_form

LENGTHS = (1, 2, 5)
FILTERS = (0, 1, 2, 3)
STRANGE_LENGTH = 3
"""A length that no drawn query has."""

FREQUENT = 0.05
"""A word in at least this share of all documents is frequent."""
RARE = 0.01
"""A word in at most this share is rare."""
BANDS = ("frequent", "frequent", "middle", "rare")
"""The kinds of word to draw, each as often as it occurs here."""

SAMPLE = 4_000
"""Documents that words are drawn from; more would take time and change nothing."""

TRIES = 1_000
"""Drawings in vain after which there seem to be no more queries of the kind."""

_DROPPED = STOP_WORDS | {"may", "not", "tbd", "yet"}
"""Our own stop words, and what Whoosh's analyser drops beside them."""
_WORD = re.compile(r"(?<![\w'’.-])[a-z]{3,20}(?![\w'’]|[.-]\w)")


class TooFewTexts(ValueError):
    """No further query of a kind can be drawn."""


@dataclass(frozen=True)
class Text:
    """A document as every engine gets it."""

    slug: str
    title: str
    body: str
    prose: str
    """The part of the body that queries are drawn from: what was written, without names that are the same in many."""
    facets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class BenchQuery:
    """A query, in words that every engine can be asked in its own way."""

    words: tuple[str, ...]
    any_word: bool
    """Whether one of the words is enough."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What a visitor would type."""
        return (" OR " if self.any_word else " ").join(self.words)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for queries that ask the same."""
        any_word = self.any_word and len(self.words) > 1
        return frozenset(map(base_form, self.words)), any_word, frozenset(self.filters.items())


@dataclass(frozen=True)
class _Source:
    """What queries are drawn from: a document, its words by frequency, and its values."""

    words: Mapping[str, Sequence[str]]
    facets: Mapping[str, tuple[str, ...]]


class Queries:
    """Draws queries; none comes twice from one generator."""

    def __init__(self, texts: Sequence[Text], seed: int) -> None:
        self._pick = random.Random(seed)  # the same queries each time are the point
        sample = texts if len(texts) <= SAMPLE else self._pick.sample(texts, SAMPLE)
        self._sources = tuple(_sources(sample))
        self._seen: set[tuple[object, ...]] = set()

    def draw(
        self,
        number: int,
        *,
        any_word: bool = False,
        lengths: Sequence[int] = LENGTHS,
        filters: Sequence[int] = FILTERS,
    ) -> list[BenchQuery]:
        """That many queries, all lengths and numbers of filters equally often, in no order."""
        kinds = [(length, chosen) for chosen in filters for length in lengths]
        drawn = [self._new(*kinds[turn % len(kinds)], any_word=any_word, without=()) for turn in range(number)]
        self._pick.shuffle(drawn)
        return drawn

    def block(self, number: int) -> tuple[list[BenchQuery], list[BenchQuery]]:
        """Queries for all words and for any word, that many of each, of which no two share a word in any form."""
        used: set[str] = set()
        drawn: tuple[list[BenchQuery], list[BenchQuery]] = ([], [])
        kinds = [(length, chosen) for chosen in FILTERS for length in LENGTHS]
        start = self._pick.randrange(len(kinds))
        for turn in range(number):
            for any_word, queries in enumerate(drawn):
                kind = kinds[(start + turn * 5) % len(kinds)]
                query = self._new(*kind, any_word=bool(any_word), without=used)
                used.update(map(base_form, query.words))
                queries.append(query)
        return drawn

    def _new(self, length: int, chosen: int, *, any_word: bool, without: Collection[str]) -> BenchQuery:
        for _ in range(TRIES):
            source = self._pick.choice(self._sources)
            words = self._words(source, length, without)
            if len(words) < length:
                continue
            query = BenchQuery(tuple(words), any_word, self._filters(source, chosen))
            if query.key not in self._seen:
                self._seen.add(query.key)
                return query
        raise TooFewTexts(f"There is no other query of {length} words and {chosen} filters in these texts.")

    def _words(self, source: _Source, length: int, without: Collection[str]) -> list[str]:
        """Words of a document, of which no two are forms of one; fewer if it has no more."""
        words: dict[str, str] = {}
        for _ in range(length * 4):
            band = source.words[self._pick.choice(BANDS)]
            word = self._pick.choice(band) if band else ""
            if word and base_form(word) not in without:
                words.setdefault(base_form(word), word)
            if len(words) == length:
                break
        return list(words.values())

    def _filters(self, source: _Source, chosen: int) -> dict[str, tuple[str, ...]]:
        """Values of a document to narrow by; where it has several of a facet, sometimes two of them."""
        names = self._pick.sample([name for name, values in source.facets.items() if values], chosen)
        return {name: self._some_of(source.facets[name]) for name in names}

    def _some_of(self, values: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._pick.sample(values, min(len(values), self._pick.choice((1, 1, 2)))))


def introducing(queries: Iterable[BenchQuery]) -> list[BenchQuery]:
    """Queries that contain every word of these once; none of these is among them, as none is as long as a drawn one."""
    words = list(dict.fromkeys(word for query in queries for word in query.words))
    words += words[: -len(words) % STRANGE_LENGTH]
    starts = range(0, len(words), STRANGE_LENGTH)
    return [BenchQuery(tuple(words[start : start + STRANGE_LENGTH]), any_word=False) for start in starts]


def _sources(texts: Sequence[Text]) -> Iterator[_Source]:
    found = [sorted(set(_WORD.findall(f"{text.title}\n{text.prose}".lower())) - _DROPPED) for text in texts]
    frequencies = Counter(form for words in found for form in set(map(base_form, words)))
    for text, words in zip(texts, found, strict=True):
        bands: dict[str, list[str]] = {"frequent": [], "middle": [], "rare": []}
        for word in words:
            bands[_band(frequencies[base_form(word)] / len(texts))].append(word)
        yield _Source(bands, {facet.name: text.facets[facet.name] for facet in FACETS})


def _band(share: float) -> str:
    if share >= FREQUENT:
        return "frequent"
    return "rare" if share <= RARE else "middle"


def endless(texts: Sequence[Text], seed: int) -> Iterator[BenchQuery]:
    """Queries without filters for all their words, one after another, none twice."""
    queries = Queries(texts, seed)
    lengths = list(LENGTHS)
    for turn in count():
        length = lengths[turn % len(lengths)]
        try:
            yield from queries.draw(1, lengths=(length,), filters=(0,))
        except TooFewTexts:
            # There are only so many words; of longer queries there is no end.
            lengths.remove(length)
