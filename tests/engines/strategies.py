"""Hypothesis strategies: small collections of documents, and anything that can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from kb.search.document import SearchDocument
from kb.search.fields import FACETS, TEXT_FIELDS
from kb.search.query.tree import (
    And,
    Boosted,
    DisMax,
    Having,
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
)
from kb.search.request import SearchRequest, Sort

WORDS = ("school", "schools", "schooling", "police", "policy", "organise", "organizing", "info", "house", "trust")
"""Few, with shared base forms and shared beginnings, so that documents and queries meet."""

ASKED = (*WORDS, "absent", "scool", "polices", "tryst")
"""Words to ask the frequency of, and what is near to them."""

VALUES = ("first", "second", "third")

_word = st.sampled_from(WORDS)
_field_name = st.sampled_from([field.name for field in TEXT_FIELDS])
_texts = st.lists(st.lists(_word, max_size=8).map(" ".join), min_size=1, max_size=3).map(tuple)
_values = st.lists(st.sampled_from(VALUES), unique=True, max_size=3).map(tuple)
_key = st.sampled_from("ab")


def _document(
    texts: Mapping[str, tuple[str, ...]],
    facets: Mapping[str, tuple[str, ...]],
    started: int,
    lasted: int | None,
    title_key: str,
    city_key: str,
    modified: str,
) -> SearchDocument:
    return SearchDocument(
        slug="",
        texts={field.name: texts.get(field.name, ()) for field in TEXT_FIELDS},
        facets={facet.name: facets.get(facet.name, ()) for facet in FACETS},
        started=started,
        ended=None if lasted is None else started + lasted,
        title_key=title_key,
        city_key=city_key,
        modified=modified,
    )


_facet_name = st.sampled_from([facet.name for facet in FACETS])

documents = st.builds(
    _document,
    texts=st.dictionaries(_field_name, _texts, max_size=4),
    facets=st.dictionaries(_facet_name, _values, max_size=4),
    started=st.integers(2000, 2006),
    lasted=st.none() | st.integers(0, 5),
    title_key=_key,
    city_key=_key,
    modified=st.sampled_from(["2019-12-31T23:59:59Z", "2020-01-01T00:00:00Z", "2030-03-17T17:46:40Z"]),
)
"""Documents without a slug."""


def _with_slugs(items: list[SearchDocument]) -> list[SearchDocument]:
    # Written in another order than that of their slugs.
    return [named(item, f"case-{(number * 7) % 10}") for number, item in enumerate(items)]


def named(document: SearchDocument, slug: str) -> SearchDocument:
    """A document with a slug."""
    return SearchDocument(**{**vars(document), "slug": slug})


collections = st.lists(documents, max_size=8).map(_with_slugs)

_any_field = st.none() | _field_name
_asked_word = _word | st.just("absent")

words_only = st.recursive(
    st.builds(Word, _asked_word),
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
"""Queries of words, And, Or and Not."""


_part = st.floats(0.1, 2.0)

_names = st.one_of(
    st.builds(Word, _asked_word, _any_field),
    st.builds(Wildcard, st.sampled_from(["sch*", "polic?", "*us*", "o*i*e", "absent*"]), _any_field),
    st.builds(Phrase, st.lists(_asked_word, min_size=1, max_size=3).map(tuple), _any_field, st.booleans()),
)

queries: st.SearchStrategy[Query] = st.recursive(
    st.one_of(
        st.just(MatchAll()),
        _names,
        st.builds(Synonym, _names, st.lists(st.tuples(_names, _part), max_size=3).map(tuple)),
        st.builds(Near, st.tuples(_asked_word, _asked_word), st.integers(1, 9), _any_field),
        st.builds(Years, st.integers(1999, 2005), st.integers(2000, 2012)),
        st.builds(Having, st.just("city"), st.lists(st.sampled_from([*VALUES, "nowhere"]), min_size=1).map(tuple)),
    ),
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(MinimumShouldMatch, st.lists(inner, min_size=1, max_size=4).map(tuple), st.floats(0.0, 1.0)),
        st.builds(Not, inner),
        st.builds(DisMax, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Weighted, inner, _part),
        st.builds(Boosted, inner, st.lists(st.tuples(inner, _part), max_size=2).map(tuple)),
    ),
    max_leaves=6,
)
"""Any query."""

_filters = st.dictionaries(
    _facet_name, st.lists(st.sampled_from((*VALUES, "absent")), max_size=2).map(tuple), max_size=3
)

requests = st.builds(SearchRequest, query=queries, filters=_filters, sort=st.sampled_from(Sort), size=st.just(100))
"""Any search, all of its hits on one page."""
