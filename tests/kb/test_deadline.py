"""Work ends at its deadline, wherever it is done; work without one is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from time import monotonic, sleep

import pytest
from anyio import run, to_thread

from api.address.comparison import read_compared
from api.address.search_state import SearchParams
from api.matrix import make_matrix
from api.pages import compare_cases
from kb import Deadline, ExportForm, Generation, OutOfTime, check, export, make_request, within

EXPENSIVE = " ".join(f"{first}*{second}*" for first in "abcdefg" for second in "aeiou")


def check_for_ever() -> None:
    while True:
        check()


def over() -> Deadline:
    deadline = Deadline(60)
    deadline.end_now()
    return deadline


def test_without_a_deadline_there_is_always_time() -> None:
    check()


def test_a_deadline_counts_within_its_block_alone() -> None:
    with within(Deadline(60)):
        check()
        with within(over()), pytest.raises(OutOfTime):
            check()
        check()
    check()


def test_a_deadline_comes_by_itself() -> None:
    with within(Deadline(0.02)):
        check()
        sleep(0.03)
        with pytest.raises(OutOfTime):
            check()


def test_a_deadline_can_be_given_once_more_unless_nobody_waits_any_longer() -> None:
    deadline = Deadline(0.02)
    with within(deadline):
        sleep(0.03)
        deadline.renew()
        check()
        deadline.end_now()
        deadline.renew()
        with pytest.raises(OutOfTime):
            check()


def test_a_deadline_reaches_the_threads_that_work_for_it() -> None:
    async def in_a_thread() -> None:
        await to_thread.run_sync(check)

    with within(over()), pytest.raises(OutOfTime):
        run(in_a_thread)
    with within(over()), ThreadPoolExecutor(1) as pool, pytest.raises(OutOfTime):
        pool.submit(copy_context().run, check).result()


def test_another_thread_may_end_it() -> None:
    deadline = Deadline(60)
    threading.Timer(0.05, deadline.end_now).start()
    begun = monotonic()
    with within(deadline), pytest.raises(OutOfTime):
        check_for_ever()
    assert monotonic() - begun < 5


def search(generation: Generation) -> object:
    return generation.search(make_request("police school"))


def search_unknown_words(generation: Generation) -> object:
    return generation.search(make_request("polcie shcool"))


def search_patterns(generation: Generation) -> object:
    return generation.search(make_request("pol* *ool"))


def count_a_matrix(generation: Generation) -> object:
    return make_matrix(SearchParams(), generation)


def mark_a_text(generation: Generation) -> object:
    return generation.highlighter("police").ranges("The police came.")


def export_everything(generation: Generation) -> object:
    return list(export(generation, make_request(), ExportForm.CSV, "").pieces)


def compare(generation: Generation) -> object:
    slugs = generation.cases.slugs()[:3]
    cases = [case for slug in slugs if (case := generation.cases.case(slug))]
    return compare_cases(cases, (), generation)


def read_names_to_compare(generation: Generation) -> object:
    return read_compared(["oslo-salto"], [], generation)


def look_for_a_near_word(generation: Generation) -> object:
    return generation.engine.nearest("polcie", 1)


def find_related_cases(generation: Generation) -> object:
    case = generation.cases.case("oslo-salto")
    assert case is not None
    return generation.related(case)


@pytest.mark.parametrize(
    "work",
    [
        search,
        search_unknown_words,
        search_patterns,
        count_a_matrix,
        mark_a_text,
        export_everything,
        compare,
        read_names_to_compare,
        look_for_a_near_word,
        find_related_cases,
    ],
)
def test_all_that_takes_time_looks_at_the_deadline(
    work: Callable[[Generation], object], collection: Generation
) -> None:
    with within(over()), pytest.raises(OutOfTime):
        work(collection)
    # What was given up leaves nothing behind that later work would take for whole.
    assert repr(work(collection)) == repr(work(collection))


@pytest.mark.parametrize("text", [EXPENSIVE, "xqzv " * 19 + "polcie", "police " * 35, 'city:a,b,c OR "a b" -(c d)'])
def test_a_search_ends_soon_after_its_deadline(text: str, collection: Generation) -> None:
    begun = monotonic()
    with within(Deadline(0.005)):
        try:
            collection.search(make_request(text))
        except OutOfTime:
            assert monotonic() - begun < 0.5


def test_a_search_that_was_given_up_finds_the_same_when_it_is_repeated(collection: Generation) -> None:
    request = make_request("radicali*ation prevent*")
    for seconds in (0.0, 0.0005, 0.001, 0.002, 0.004):
        with within(Deadline(seconds)):
            try:
                collection.search(request)
            except OutOfTime:
                continue

    found = collection.search(request)

    assert found.total > 10
    assert found == collection.search(request)


def test_an_export_ends_with_its_deadline_between_two_pieces(collection: Generation) -> None:
    deadline = Deadline(60)
    with within(deadline):
        pieces = export(collection, make_request(), ExportForm.NDJSON, "").pieces
        first = next(pieces)
        deadline.end_now()
        with pytest.raises(OutOfTime):
            next(pieces)
    assert first.count(b"\n") == 20
