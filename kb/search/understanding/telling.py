"""Of a long text the words that tell most: it is matched by these, and shared by an address that names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log1p

from kb.search.engine import SearchEngine
from kb.search.query.parser import MAX_WORDS
from kb.search.request import SearchRequest
from kb.search.words.analysis import STOP_WORDS, words

LONGEST_TEXT = 2000
"""Words of a text that are read: four pages."""


def telling_words(engine: SearchEngine, counts: Mapping[str, float]) -> dict[str, float]:
    """The words with the most weight in a text, most first: how often each occurs there, and how rare it is in cases.

    `counts` says how often; words that no case contains say nothing.
    """
    known = engine.frequencies(counts)
    everything = engine.total(SearchRequest())
    weights = {word: counts[word] * log1p((everything - cases + 0.5) / (cases + 0.5)) for word, cases in known.items()}
    telling = sorted(weights, key=lambda word: (-weights[word], word))[:MAX_WORDS]
    return {word: counts[word] for word in telling}


def condensed(engine: SearchEngine, text: str) -> str:
    """A query line that is short enough for an address, and finds what a long text would find.

    A short text stays as it is. Of a longer one the most telling words are left, each with how often it occurs, as in
    `mosque^3 imam^2 school`.
    """
    if len(text.split()) <= MAX_WORDS:
        return " ".join(text.split())
    counts = Counter(word for word in words(text)[:LONGEST_TEXT] if word not in STOP_WORDS)
    telling = telling_words(engine, counts)
    return " ".join(word if count == 1 else f"{word}^{count:g}" for word, count in telling.items())
