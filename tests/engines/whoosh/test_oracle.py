"""The Whoosh engine gives the same answers as plain scanning, whatever the query."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import index
from whoosh import query as whoosh_query

from kb.engines.whoosh.layout.schema import WORDS, terms_of_base_form
from kb.engines.whoosh.matching import LOOKUP_COST
from kb.engines.whoosh.snapshot import Snapshot
from kb.engines.whoosh.write import write_index as write_upon
from kb.search.document import SearchDocument
from kb.search.engine import EngineResult
from kb.search.query.tree import And, Boosted, Not, Or, Query, Word
from kb.search.request import SearchRequest, Sort
from tests.builders import case_markdown
from tests.engines.opening import Cases, opened, whoosh_over, write_index
from tests.engines.strategies import ASKED, collections, documents, named, queries, requests, words_only
from tests.engines.tolerance import SCORE_TOLERANCE, assert_ordered
from tests.properties import costly
from tests.scan_engine import ScanEngine


@costly
@given(collections, st.lists(requests, min_size=1, max_size=6))
def test_every_search_gives_the_same_answer_as_scanning(
    documents: list[SearchDocument], asked: list[SearchRequest]
) -> None:
    scan = ScanEngine(documents, Cases())

    with whoosh_over(documents) as engine:
        for request in asked:
            assert_same(engine.search(request), scan.search(request), request.sort)
            assert engine.total(request) == scan.total(request)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(And((Word("ravens"), Word("falcons"))), id="what is among many"),
        pytest.param(Boosted(Word("ravens"), ((Word("falcons"), 0.5),)), id="what is among many, and what is not"),
        pytest.param(Boosted(Word("owls"), ((Word("falcons"), 0.5),)), id="what comes after all of them"),
        pytest.param(And((Word("owls"), Not(Word("falcons")))), id="what is not"),
    ],
)
def test_few_documents_are_looked_up_among_many(query: Query) -> None:
    many = {f"many{number}": case_markdown(summary="Falcons.") for number in range(3 * LOOKUP_COST)}
    few = {"few1": "Ravens.", "few2": "Falcons, falcons and ravens.", "few3": "Owls."}
    cases = Cases(many | {slug: case_markdown(summary=summary) for slug, summary in few.items()})
    request = SearchRequest(query=query)

    with whoosh_over(cases.documents()) as engine:
        assert engine.search(request).ranked
        assert_same(engine.search(request), ScanEngine(cases.documents(), cases).search(request), request.sort)


@costly
@given(collections, requests, st.integers(1, 4), st.integers(0, 5))
def test_a_page_is_a_slice_of_the_whole(
    documents: list[SearchDocument], request: SearchRequest, page: int, size: int
) -> None:
    with whoosh_over(documents) as engine:
        whole = engine.search(request)
        part = engine.search(
            SearchRequest(query=request.query, filters=request.filters, sort=request.sort, page=page, size=size)
        )

        assert part.ranked == whole.ranked[(page - 1) * size : page * size]
        assert part.total == whole.total
        assert part.facets == whole.facets
        assert engine.total(request) == whole.total


@costly
@given(collections, st.lists(words_only, min_size=1, max_size=4))
def test_words_and_or_not_match_the_same_as_in_whoosh_itself(
    documents: list[SearchDocument], asked: list[Query]
) -> None:
    with TemporaryDirectory() as parent:
        folder = write_index(Path(parent) / "index", documents)

        with opened(folder) as engine:
            for query in asked:
                found = {slug for slug, _ in engine.search(SearchRequest(query=query, size=100)).ranked}
                assert found == matched_by_whoosh(folder, query)


changes = st.tuples(
    st.lists(st.sampled_from([f"case-{number}" for number in range(10)]), unique=True, max_size=4),
    st.lists(st.tuples(st.integers(0, 9), documents), max_size=4, unique_by=lambda pair: pair[0]),
)
"""Slugs to remove, and documents to write under a number."""


@costly
@given(collections, st.lists(changes, min_size=1, max_size=3), st.lists(requests, min_size=1, max_size=3))
def test_writing_changes_gives_the_same_answers_as_writing_from_scratch(
    documents: list[SearchDocument],
    steps: list[tuple[list[str], list[tuple[int, SearchDocument]]]],
    asked: list[SearchRequest],
) -> None:
    with TemporaryDirectory() as parent:
        folder = write_index(Path(parent) / "0", documents)
        held = {document.slug: document for document in documents}
        for number, (removed, added) in enumerate(steps, start=1):
            new = [named(document, f"case-{slug_number}") for slug_number, document in added]
            gone = {*removed, *(document.slug for document in new)}
            before, previous = fingerprint(folder), folder
            folder = previous.with_name(str(number))
            write_upon(folder, previous, sorted(gone), new)
            held = {slug: document for slug, document in held.items() if slug not in gone}
            held |= {document.slug: document for document in new}

            assert fingerprint(previous) == before
            with opened(folder) as engine:
                scan = ScanEngine(held.values(), Cases())
                assert engine.frequencies(ASKED) == scan.frequencies(ASKED)
                assert all(engine.nearest(word, 2) == scan.nearest(word, 2) for word in ASKED)
                for request in asked:
                    assert_same(engine.search(request), scan.search(request), request.sort)


@costly
@given(collections, collections, queries)
def test_the_previous_index_answers_as_before_during_and_after_a_build_on_it(
    documents: list[SearchDocument], others: list[SearchDocument], query: Query
) -> None:
    request = SearchRequest(query=query, size=100)
    with TemporaryDirectory() as parent:
        previous = write_index(Path(parent) / "previous", documents)

        with opened(previous) as reader:
            write_upon(Path(parent) / "next", previous, [document.slug for document in documents], others)
            with opened(previous) as late_reader:
                assert reader.search(request) == late_reader.search(request)
                assert_same(reader.search(request), ScanEngine(documents, Cases()).search(request), request.sort)


def assert_same(found: EngineResult, expected: EngineResult, sort: Sort) -> None:
    """Two results agree; scores may differ by the last digits, and with them the order of equals."""
    assert found.total == expected.total
    assert found.facets == expected.facets
    assert dict(found.idf) == pytest.approx(dict(expected.idf), rel=SCORE_TOLERANCE)
    assert dict(found.ranked) == pytest.approx(dict(expected.ranked), rel=SCORE_TOLERANCE, abs=1e-9)
    if sort is Sort.RELEVANCE:
        assert_ordered(found.ranked)
    else:
        assert [slug for slug, _ in found.ranked] == [slug for slug, _ in expected.ranked]


def fingerprint(folder: Path) -> dict[str, str]:
    """What the files of an index contain; the lock file is empty."""
    files = (path for path in folder.iterdir() if not path.name.endswith("LOCK"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def matched_by_whoosh(folder: Path, query: Query) -> set[str]:
    """The slugs that Whoosh's own matchers find."""
    with index.open_dir(str(folder), readonly=True).searcher() as searcher, closing(Snapshot(folder)) as snapshot:
        return {snapshot.slugs[number] for number in searcher.docs_for_query(_translated(query))}


def _translated(query: Query) -> Any:
    match query:
        case Word(text, None):
            return whoosh_query.Prefix(WORDS, terms_of_base_form(text).decode())
        case And(parts):
            return whoosh_query.And([_translated(part) for part in parts])
        case Or(parts):
            return whoosh_query.Or([_translated(part) for part in parts])
        case Not(part):
            return whoosh_query.Not(_translated(part))
    raise AssertionError(query)
