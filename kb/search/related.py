"""Cases to read next, each with its reason. Found by what the cases say, never by what readers did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.model.case import Case
from kb.model.vocabulary import Vocabularies
from kb.search.document import document_texts
from kb.search.engine import SearchEngine
from kb.search.query.tree import Or, Query, Word
from kb.search.request import SearchRequest
from kb.search.words.analysis import STOP_WORDS, words

PER_KIND = 3
DISTINCTIVE_WORDS = 25
"""Of the words of a case, those that distinguish it best from others. Twice as many find the same cases."""

CONTENT_FIELDS = ("title", "summary", "reasons", "handling", "body")


@dataclass(frozen=True)
class Related:
    """Another case and why it is shown."""

    slug: str
    kind: str
    """``arrangement``, ``challenge`` or ``content``."""
    reason: str
    """For people: "the same arrangement, Intelligence link, in another city"."""


def related_cases(
    case: Case, engine: SearchEngine, vocabularies: Vocabularies, per_kind: int = PER_KIND
) -> tuple[Related, ...]:
    """Three kinds: the same arrangement elsewhere, the same challenge handled otherwise, nearest in content.

    Within a kind the case nearest in content comes first. No case is shown twice.
    """
    likeness = _likeness(case, engine, vocabularies)
    found: list[Related] = []
    for kind, candidates in (
        ("arrangement", _same_arrangement(case, engine, vocabularies, likeness)),
        ("challenge", _same_challenge(case, engine, vocabularies, likeness)),
        ("content", _nearest(case, engine, likeness)),
    ):
        taken = {case.slug, *(item.slug for item in found)}
        reasons: dict[str, str] = {}
        for slug, reason in candidates:
            if slug not in taken:
                reasons.setdefault(slug, reason)
        found.extend(Related(slug, kind, reason) for slug, reason in list(reasons.items())[:per_kind])
    return tuple(found)


def _likeness(case: Case, engine: SearchEngine, vocabularies: Vocabularies) -> Query:
    """A query for the words that distinguish this case: frequent here, in few cases elsewhere."""
    texts = document_texts(case, vocabularies)
    counts: dict[str, int] = {}
    for name in CONTENT_FIELDS:
        for text in texts[name]:
            for word in words(text):
                if len(word) > 3 and word not in STOP_WORDS:
                    counts[word] = counts.get(word, 0) + 1
    known = engine.frequencies(counts)
    shared = {word: count / known[word] for word, count in counts.items() if known.get(word, 0) > 1}
    distinctive = sorted(shared, key=lambda word: (-shared[word], word))[:DISTINCTIVE_WORDS]
    return Or(tuple(map(Word, distinctive)))


def _same_arrangement(
    case: Case, engine: SearchEngine, vocabularies: Vocabularies, likeness: Query
) -> Iterator[tuple[str, str]]:
    elsewhere = tuple(city.id for city in vocabularies.cities if city.id not in case.cities)
    for arrangement in case.arrangements:
        label = vocabularies.arrangements.label(arrangement.id)
        reason = f"The same arrangement elsewhere: {label}"
        for slug in _found(engine, likeness, {"arrangement": (arrangement.id,), "city": elsewhere}):
            yield slug, reason


def _same_challenge(
    case: Case, engine: SearchEngine, vocabularies: Vocabularies, likeness: Query
) -> Iterator[tuple[str, str]]:
    """Cases that met the same challenge within another arrangement."""
    own = {reason.id for reason in case.arrangements}
    others = tuple(term.id for term in vocabularies.arrangements if term.id not in own)
    for challenge in case.challenges:
        label = vocabularies.challenges.label(challenge.id)
        reason = f"The same challenge in another arrangement: {label}"
        for slug in _found(engine, likeness, {"challenge": (challenge.id,), "arrangement": others}):
            yield slug, reason


def _nearest(case: Case, engine: SearchEngine, likeness: Query) -> Iterator[tuple[str, str]]:
    for slug in _found(engine, likeness, {}):
        if slug != case.slug:
            yield slug, "Similar case"


def _found(engine: SearchEngine, query: Query, filters: dict[str, tuple[str, ...]]) -> Sequence[str]:
    if filters and not all(filters.values()):
        return ()
    request = SearchRequest(query=query, filters=filters, size=12, marked=False)
    return [slug for slug, _ in engine.search(request).ranked]
