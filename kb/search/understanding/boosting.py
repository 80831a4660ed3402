"""What moves a case up apart from its words: the exact form, words side by side, part of its title, words in the chosen
reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from kb.search.fields import reason_word
from kb.search.query.tree import And, Near, Phrase, Query, Word
from kb.search.request import SearchRequest, Sort
from kb.search.words.synonyms import Synonyms

EXACT_FORM = 0.08
"""What the very form that was typed adds: "schools" before "schooling", all else being equal."""

SIDE_BY_SIDE = 0.2
"""What two words add that are side by side as typed: "safety house" before a house and its safety. Those with a word
between them, even one that is not searched, were not typed so: "people who come" is not about "people come"."""

NEARBY = 0.15
"""What two neighbouring words of a search add that occur within a sentence of each other."""

NEARBY_WORDS = 12
"""The distance of `NEARBY`: half a sentence."""

IN_A_TITLE = 1.0
"""What two words add that are in a title with the small words between them as typed: "not in our town"."""

MOST_BETWEEN = 3
"""Small words between two others: "not in our town" has two."""

IN_THE_REASON = 1.5
"""What a word adds in the reason of the very challenge or arrangement that the search is narrowed by."""

REASON_WORDS = 80
"""Longer than any reason, shorter than the gap to the next one."""

MOST_WORDS = 8
"""Words that boosts are made for. A longer question gains nothing from more, and costs."""


def boosts_of(request: SearchRequest, names: Synonyms) -> Iterator[tuple[Query, float]]:
    """What else a good answer would contain, each with the boost of its score that is added; for relevance only.

    Words of a name are already searched for side by side, and mean something else where they are only near.
    """
    if request.sort is not Sort.RELEVANCE:
        return
    clauses = request.query.clauses if isinstance(request.query, And) else (request.query,)
    plain = [clause.text for clause in clauses if isinstance(clause, Word) and clause.field is None][:MOST_WORDS]
    for word in plain:
        yield Phrase((word,)), EXACT_FORM
    of_one_name = {(one.text, other.text) for name in names.names_in(clauses) for one, other in pairwise(name)}
    line = request.line.words
    neighbours = set(pairwise(line))
    for first, second in pairwise(plain):
        if (first, second) in neighbours:
            yield Phrase((first, second)), SIDE_BY_SIDE
        if (first, second) not in of_one_name:
            yield Near((first, second), NEARBY_WORDS), NEARBY
    for piece in _pieces(line, frozenset(plain)):
        yield Phrase(piece, "title"), IN_A_TITLE
    for key in request.reason_keys:
        for word in plain:
            yield Near((reason_word(key), word), REASON_WORDS, "reasons"), IN_THE_REASON


def _pieces(line: Sequence[str], plain: Set[str]) -> Iterator[tuple[str, ...]]:
    """Every two neighbours among the plain words of a line that have small words between them, together with these."""
    places = [place for place, word in enumerate(line) if word in plain]
    for first, last in pairwise(places):
        if 1 < last - first <= MOST_BETWEEN + 1:
            yield tuple(line[first : last + 1])
