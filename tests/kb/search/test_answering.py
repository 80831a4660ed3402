"""Hits with snippets, made above the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

import pytest

from kb.errors import GenerationError
from kb.search.answering import answer, hits_of
from kb.search.highlighting.passages import Passages
from kb.search.query.tree import Word
from kb.search.request import SearchRequest
from tests.builders import case_markdown
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine

CASES = Cases({"apple": case_markdown(), "berry": case_markdown()})


class Recording(Cases):
    """Cases that say what was asked of them."""

    def __init__(self) -> None:
        super().__init__()
        self.by_slug = CASES.by_slug
        self.asked: list[list[str]] = []

    def passages(self, slugs: Iterable[str]) -> dict[str, Passages]:
        self.asked.append(list(slugs))
        return super().passages(self.asked[-1])


def test_the_passages_of_a_page_are_read_together() -> None:
    passages = Recording()

    result = answer(ScanEngine(CASES.documents(), passages), passages, SearchRequest(query=Word("coffee")))

    assert passages.asked == [["apple", "berry"]]
    assert all(hit.snippet for hit in result.hits)


@pytest.mark.parametrize("words", [("coffee", "coffee"), ("coffee", "trust"), ("zeppelin", "coffee")])
def test_lists_read_together_have_the_hits_of_each_alone(words: tuple[str, str]) -> None:
    passages = Recording()
    engine = ScanEngine(CASES.documents(), passages)
    lists = [
        (request, replace(found, ranked=found.ranked[number : number + 1]))
        for number, word in enumerate(words)
        for request in (SearchRequest(query=Word(word)),)
        for found in (engine.search(request),)
    ]

    together = hits_of(lists, passages)
    asked = list(passages.asked)

    assert together == [hits for each in lists for hits in hits_of([each], passages)]
    assert asked == [[slug for _, found in lists for slug, _ in found.ranked]]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(SearchRequest(query=Word("coffee"), marked=False), id="no marks are wanted"),
        pytest.param(SearchRequest(query=Word("coffee"), size=0), id="no hit is shown"),
        pytest.param(SearchRequest(query=Word("zeppelin")), id="nothing is found"),
        pytest.param(SearchRequest(), id="there are no words to mark"),
    ],
)
def test_no_passage_is_read_if_none_is_shown(request_: SearchRequest) -> None:
    passages = Recording()

    result = answer(ScanEngine(CASES.documents(), passages), passages, request_)

    assert passages.asked == []
    assert all(hit.snippet is None for hit in result.hits)


def test_a_case_without_passages_is_a_hit_without_a_snippet() -> None:
    empty = Cases()

    result = answer(ScanEngine(CASES.documents(), empty), empty, SearchRequest(query=Word("coffee")))

    assert [(hit.slug, hit.snippet) for hit in result.hits] == [("apple", None), ("berry", None)]


def test_store_errors_propagate_unchanged() -> None:
    class Damaged(Cases):
        def passages(self, slugs: Iterable[str]) -> NoReturn:
            raise GenerationError(f"The stored case `{min(slugs)}` cannot be read.")

    with pytest.raises(GenerationError, match=r"^The stored case `apple` cannot be read\.$"):
        answer(ScanEngine(CASES.documents(), Damaged()), Damaged(), SearchRequest(query=Word("coffee")))
