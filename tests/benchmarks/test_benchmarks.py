"""What the benchmark relies on: its queries, the folders it writes, and that all engines get the same work."""

from __future__ import annotations

import doctest
import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import measuring, report
from benchmarks.corpus import BenchDocument, documents_from_collection, documents_from_jsonl, lengthened, write_content
from benchmarks.parts.pages import CATEGORIES, read_visit
from benchmarks.peers.base import Peer
from benchmarks.peers.fts5 import Fts5
from benchmarks.peers.ours import OurEngine
from benchmarks.peers.whoosh_engine import WhooshFacets, write_texts
from benchmarks.queries import BenchQuery, Queries, Text, endless, introducing
from benchmarks.stage import OWN_CONTENT, Collection, build_collection
from kb import ContentFolder
from kb.search.words.analysis import base_form

# Words that every stemmer treats alike.
WORDS = "river garden teacher window market winter forest doctor harbour village camera dinner".split()
SIZE = 40


@cache
def documents() -> tuple[BenchDocument, ...]:
    """Cases of a few plain words, with the facets of cases drawn from the collection."""
    pick = random.Random(1)  # noqa: S311  # the same cases each time
    drawn = documents_from_collection(ContentFolder(OWN_CONTENT), SIZE, words=10)
    return tuple(replace(each, title=" ".join(pick.sample(WORDS, 2)), paragraphs=_lines(pick)) for each in drawn)


def _lines(pick: random.Random) -> tuple[str, ...]:
    return tuple(" ".join(pick.choices(WORDS, k=8)) + "." for _ in range(3))


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root = tmp_path_factory.mktemp("benchmarks")
    written = write_content(root / "content", documents(), OWN_CONTENT)
    _, count = build_collection(root / "content", root / "index")
    assert written == count == SIZE
    return Collection(root / "content", root / "index")


@pytest.fixture(scope="module")
def ours(collection: Collection) -> Iterator[OurEngine]:
    engine = OurEngine(collection.index)
    yield engine
    engine.close()


def fts5(texts: tuple[Text, ...], _: Path) -> Peer:
    return Fts5(texts)


def tantivy(texts: tuple[Text, ...], folder: Path) -> Peer:
    pytest.importorskip("tantivy")
    from benchmarks.peers.tantivy_engine import Tantivy

    return Tantivy(texts, folder / "tantivy")


def whoosh(texts: tuple[Text, ...], folder: Path) -> Peer:
    write_texts(folder / "whoosh", texts, with_facets=True)
    return WhooshFacets(folder / "whoosh")


@pytest.mark.parametrize("make", [fts5, tantivy, whoosh])
def test_every_engine_gives_the_same_answers(
    make: Callable[[tuple[Text, ...], Path], Peer], collection: Collection, ours: OurEngine, tmp_path: Path
) -> None:
    peer = make(collection.texts, tmp_path)
    queries = Queries(collection.texts, seed=7)
    asked = [*queries.draw(24), *queries.draw(24, any_word=True)]

    try:
        for query in asked:
            own = ours.read(ours.prepare(query)())
            theirs = peer.read(peer.prepare(query)())
            assert own is not None
            assert theirs is not None
            assert (theirs.total, len(theirs.hits)) == (own.total, len(own.hits)), query
            assert theirs.counts == own.counts, query
            assert own.total > 0, query
    finally:
        peer.close()


def test_an_engine_opened_afresh_gives_the_same_answer(collection: Collection, ours: OurEngine) -> None:
    query = Queries(collection.texts, seed=8).draw(1)[0]
    before = ours.read(ours.prepare(query)())

    ours.open()

    assert ours.read(ours.prepare(query)()) == before


def test_the_same_seed_draws_the_same_queries_and_none_twice(collection: Collection) -> None:
    first, second = (Queries(collection.texts, seed=3).draw(60) for _ in range(2))
    other = Queries(collection.texts, seed=4).draw(60)

    assert first == second
    assert first != other
    assert len({query.key for query in first}) == 60
    assert {len(query.words) for query in first} == {1, 2, 5}
    assert {len(query.filters) for query in first} == {0, 1, 2, 3}


def test_no_word_comes_twice_in_a_block(collection: Collection) -> None:
    every, some = Queries(collection.texts, seed=5).block(2)
    words = [base_form(word) for query in (*every, *some) for word in query.words]

    assert len(words) == len(set(words))
    assert [query.any_word for query in (*every, *some)] == [False, False, True, True]


def test_queries_continue_when_there_are_no_more_words(collection: Collection) -> None:
    queries = endless(collection.texts, seed=6)
    drawn = [next(queries) for _ in range(3 * len(WORDS))]

    assert len({query.key for query in drawn}) == len(drawn)


def test_introducing_uses_every_word_that_no_drawn_query_contains() -> None:
    drawn = [BenchQuery(("a", "b"), any_word=False), BenchQuery(("c", "d"), any_word=True)]

    first = introducing(drawn)

    assert {word for query in first for word in query.words} == set("abcd")
    assert not {query.key for query in first} & {query.key for query in drawn}


def test_documents_from_lines_of_json(tmp_path: Path) -> None:
    body = "# Heading\n\nSome *plain* words here.\n\n```\ncode\n```\n\n| a | table |\n\nMore plain words follow."
    rows = [
        {
            "id": "a",
            "title": "A title",
            "body": body,
            "city": "city-001",
            "started": 2001,
            "challenges": ["warm-words"],
        },
        {"id": "b", "title": "Another", "body": body},
    ]
    path = tmp_path / "texts.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    vocabularies, _ = ContentFolder(OWN_CONTENT).vocabularies()

    found = list(documents_from_jsonl(path, vocabularies, 3))

    assert [document.title for document in found] == ["A title", "Another", "A title"]
    assert found[0].paragraphs == ("Some plain words here.", "More plain words follow.")
    assert (found[0].city, found[0].started, found[0].challenges) == ("city-001", 2001, ("warm-words",))
    assert found[1].city.startswith("city-")
    assert found == list(documents_from_jsonl(path, vocabularies, 3))


def test_lengthened_documents_have_that_many_words() -> None:
    found = list(lengthened(documents(), 100))

    assert found
    assert {sum(len(text.split()) for text in document.paragraphs) for document in found} == {100}


@pytest.mark.parametrize("module", [measuring, report])
def test_examples(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_the_report_of_lighthouse_is_read() -> None:
    findings = {
        "categories": {name: {"score": 0.97} for name in CATEGORIES},
        "audits": {
            "total-byte-weight": {"numericValue": 61_000},
            "cumulative-layout-shift": {"numericValue": 0.02},
            "largest-contentful-paint": {"numericValue": 1_250.0},
        },
    }

    visit = read_visit(findings)

    assert visit.points == dict.fromkeys(CATEGORIES, 97.0)
    assert (visit.kilobytes, visit.layout_shift, visit.contentful_seconds) == (61.0, 0.02, 1.25)
