"""One object in, one object out."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from kb.notices import Notice
from kb.search.query.tree import MatchAll
from kb.search.request import DEFAULT_SIZE, MAX_SIZE, SearchRequest, Sort
from kb.search.result import SearchResult


def test_a_request_for_everything_needs_nothing() -> None:
    request = SearchRequest()

    assert (request.text, request.query, request.notices) == ("", MatchAll(), ())
    assert (request.filters, request.sort, request.page, request.size) == ({}, Sort.RELEVANCE, 1, DEFAULT_SIZE)


@pytest.mark.parametrize("page", [0, -1])
def test_pages_are_counted_from_one(page: int) -> None:
    with pytest.raises(ValueError, match=f"^page must be 1 or more, not {page}$"):
        SearchRequest(page=page)


@pytest.mark.parametrize("size", [-1, MAX_SIZE + 1])
def test_a_page_has_a_sensible_size(size: int) -> None:
    with pytest.raises(ValueError, match=f"^size must be 0 to 100, not {size}$"):
        SearchRequest(size=size)


@pytest.mark.parametrize("size", [0, 1, MAX_SIZE])
def test_limits_are_inclusive(size: int) -> None:
    assert SearchRequest(size=size).size == size


def test_a_request_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        SearchRequest().page = 2  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("total", "size", "pages"),
    [(0, 20, 1), (1, 20, 1), (20, 20, 1), (21, 20, 2), (40, 20, 2), (41, 20, 3), (5, 1, 5), (5, 0, 1), (0, 0, 1)],
)
def test_there_are_as_many_pages_as_it_takes(total: int, size: int, pages: int) -> None:
    assert SearchResult(SearchRequest(size=size), total, ()).pages == pages


@pytest.mark.parametrize(
    ("total", "page", "beyond"), [(0, 1, False), (0, 2, True), (40, 2, False), (40, 3, True), (41, 3, False)]
)
def test_a_page_that_does_not_exist_is_beyond_the_end(total: int, page: int, beyond: bool) -> None:
    assert SearchResult(SearchRequest(page=page), total, ()).is_beyond_end is beyond


def test_the_notices_of_a_result_are_those_of_its_request() -> None:
    notice = Notice.of("no-words")

    assert SearchResult(SearchRequest(notices=(notice,)), 0, ()).notices == (notice,)


@pytest.mark.parametrize("name", ["relevance", "newest", "started", "changed", "title", "city"])
def test_a_sort_order_is_found_by_its_name_in_addresses(name: str) -> None:
    assert str(Sort(name)) == name
