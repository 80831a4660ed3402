"""From what was typed to a result, and asking for less when nothing matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.notices import Notice
from kb.search.query.tree import MatchAll, Word
from kb.search.request import SearchRequest, Sort
from kb.search.result import SearchResult
from kb.search.searching import FEW_RESULTS, MOST_PARTIAL, make_request
from kb.search.searching import search as search_with
from kb.search.understanding.language import Language
from tests.builders import case_markdown
from tests.engines.opening import Cases
from tests.properties import on_one_fixture
from tests.scan_engine import ScanEngine

MOST = Notice.of("relaxed.most")
ANY = Notice.of("relaxed.any")


def unknown(*names: str) -> Notice:
    return Notice.of("unknown-word", names=names)


def engine_over(**summaries: str) -> ScanEngine:
    cases = Cases({slug: case_markdown(summary=summary) for slug, summary in summaries.items()})
    return ScanEngine(cases.documents(), cases)


def search(engine: ScanEngine, request: SearchRequest) -> SearchResult:
    return search_with(engine, engine.passages, request, Language())


def found(result: SearchResult) -> list[str]:
    return [hit.slug for hit in result.hits]


def test_a_request_is_made_of_a_line_of_text() -> None:
    other = Notice.of("nothing-answered")

    request = make_request("police OR", {"city": ("aarhus",)}, sort=Sort.TITLE, page=3, size=7, notices=(other,))

    assert request == SearchRequest(
        text="police OR",
        query=Word("police"),
        notices=(Notice.of("lonely-or"), other),
        filters={"city": ("aarhus",)},
        sort=Sort.TITLE,
        page=3,
        size=7,
    )


def test_a_request_for_nothing_is_for_everything() -> None:
    assert make_request() == SearchRequest()
    assert make_request().query == MatchAll()


def partly(result: SearchResult) -> list[str]:
    return [hit.slug for hit in result.partial_hits]


def test_if_enough_cases_contain_all_words_no_others_follow() -> None:
    enough = {f"both{number}": "Falcons and ravens." for number in range(FEW_RESULTS)}
    engine = engine_over(**enough, one="Falcons.")

    result = search(engine, make_request("falcons ravens"))

    assert (found(result), partly(result), result.notices) == (sorted(enough), [], ())


def test_if_few_cases_contain_all_words_others_follow_that_nothing_counts() -> None:
    engine = engine_over(both="Falcons and ravens.", one="Falcons. Falcons. Falcons.", none="Owls.")

    result = search(engine, make_request("falcons ravens"))

    assert (found(result), partly(result), result.notices) == (["both"], ["one"], ())
    assert result.total == 1
    assert [count.cases for count in result.facets["city"]] == [1]
    assert result.partial_hits[0].summary


def test_no_more_than_a_few_others_follow() -> None:
    others = {f"one{number:02}": "Falcons." for number in range(MOST_PARTIAL + 5)}

    result = search(engine_over(both="Falcons and ravens.", **others), make_request("falcons ravens"))

    assert partly(result) == sorted(others)[:MOST_PARTIAL]


@pytest.mark.parametrize("request_", [make_request("falcons ravens", page=2), make_request("falcons ravens", size=0)])
def test_others_follow_on_the_first_page_only(request_: SearchRequest) -> None:
    result = search(engine_over(both="Falcons and ravens.", one="Falcons."), request_)

    assert (result.total, result.hits, result.partial_hits) == (1, (), ())


@pytest.mark.parametrize("sort", list(Sort))
def test_others_come_by_relevance_in_any_order_of_the_first_list(sort: Sort) -> None:
    engine = engine_over(both="Falcons and ravens.", a="Falcons.", b="Falcons, falcons, falcons.")

    assert partly(search(engine, make_request("falcons ravens", sort=sort))) == ["b", "a"]


@pytest.mark.parametrize(
    ("typed", "expected", "others", "notice"),
    [
        pytest.param("falcons ravens owls", ["two", "none"], ["one"], MOST, id="most of them"),
        pytest.param("falcons owls", ["none", "one", "two"], [], ANY, id="any word"),
        pytest.param("falcons owls -ravens", ["none", "one"], [], ANY, id="what is excluded stays excluded"),
        pytest.param('falcons owls "and ravens"', ["two"], [], ANY, id="a phrase stays required"),
        pytest.param("falcons ravens zeppelin", ["two"], ["one"], unknown("zeppelin"), id="a word that no case has"),
        pytest.param("Zeppelin falcons", ["one", "two"], [], unknown("Zeppelin"), id="as it was typed"),
        pytest.param("a b c d falcons ravens", ["two"], ["one"], unknown("b", "c", "d"), id="at most three of them"),
    ],
)
def test_if_no_case_contains_all_words_fewer_are_enough(
    typed: str, expected: list[str], others: list[str], notice: Notice | None
) -> None:
    engine = engine_over(one="Falcons.", two="Falcons and ravens.", none="Owls.")

    result = search(engine, make_request(typed))

    assert (found(result), partly(result)) == (expected, others)
    assert result.notices == ((notice,) if notice else ())
    assert result.request.text == typed


def test_a_rare_word_is_missed_more_than_a_common_one() -> None:
    common = {f"common{number}": "Owls, swans and geese." for number in range(20)}

    result = search(engine_over(rare="Falcons.", **common), make_request("falcons owls swans geese"))

    assert "rare" in found(result)
    assert result.hits[0].slug == "rare"


@pytest.mark.parametrize("typed", ["zeppelin", "zeppelin airship", '"falcons ravens"', "zeppelin OR airship"])
def test_if_no_case_contains_any_word_nothing_is_found_without_a_notice(typed: str) -> None:
    engine = engine_over(one="Falcons and ravens.")
    request = make_request(typed)

    result = search(engine, request)

    assert (result.total, result.partial_hits, result.notices) == (0, (), request.notices)


def test_a_filter_never_changes_how_words_are_read() -> None:
    cases = Cases(
        {
            "here": case_markdown(summary="Falcons.", city="aarhus"),
            "there": case_markdown(summary="Falcons and ravens.", city="vienna"),
        }
    )

    result = search(ScanEngine(cases.documents(), cases), make_request("falcons ravens", {"city": ("aarhus",)}))

    assert (found(result), partly(result), result.notices) == ([], ["here"], ())
    assert [(removal.facet, removal.total) for removal in result.removals] == [("city", 1)]


@pytest.mark.parametrize(
    ("filters", "removals"),
    [
        ({"city": ("aarhus",), "country": ("austria",)}, [("city", 1), ("country", 1), (None, 2)]),
        ({"city": ("aarhus",), "country": ("austria",), "status": ("ended",)}, [(None, 2)]),
    ],
)
def test_all_filters_can_be_removed_together(
    filters: dict[str, tuple[str, ...]], removals: list[tuple[str | None, int]]
) -> None:
    cases = Cases(
        {
            "here": case_markdown(summary="Falcons.", city="aarhus"),
            "there": case_markdown(summary="Falcons.", city="vienna"),
        }
    )

    result = search(ScanEngine(cases.documents(), cases), make_request("falcons", filters))

    assert [(removal.facet, removal.total) for removal in result.removals] == removals


def test_earlier_notices_stay_before_the_one_about_relaxing() -> None:
    result = search(engine_over(one="Falcons.", other="Owls."), make_request("falcons owls OR"))

    assert [notice.code for notice in result.notices] == ["lonely-or", "relaxed"]


BIRDS = ("falcons", "ravens", "owls", "eagles", "swans", "zeppelin")


@pytest.fixture(scope="module")
def birds() -> ScanEngine:
    summaries = ("Falcons and ravens.", "Falcons.", "Ravens and owls.", "Eagles, owls and ravens.", "Nothing.")
    cases = Cases(
        {
            f"case-{number}": case_markdown(
                summary=summaries[number % 5],
                city="vienna" if number % 3 else "aarhus",
                challenges=["fragile-trust", "no-real-say"][: 1 + number % 2],
                status="ongoing" if number % 7 else "ended",
                ended="" if number % 7 else 2015,
            )
            for number in range(40)
        }
    )
    return ScanEngine(cases.documents(), cases)


filters = st.dictionaries(
    st.sampled_from(["city", "challenge", "status"]),
    st.lists(st.sampled_from(["aarhus", "vienna", "fragile-trust", "no-real-say", "ongoing", "ended"]), max_size=2),
    max_size=2,
).map(lambda chosen: {facet: tuple(values) for facet, values in chosen.items()})


@on_one_fixture
@given(
    typed=st.lists(st.sampled_from([*BIRDS, "OR", '"and ravens"', "-owls"]), max_size=6).map(" ".join), filters=filters
)
def test_every_number_of_a_facet_is_what_ticking_it_finds(
    birds: ScanEngine, typed: str, filters: dict[str, tuple[str, ...]]
) -> None:
    result = search(birds, make_request(typed, filters, size=100))
    everything = {hit.slug for hit in result.hits}

    for facet in ("city", "challenge", "status"):
        chosen = filters.get(facet, ())
        for value, cases, _ in result.facets[facet]:
            alone = search(birds, make_request(typed, {**filters, facet: (value,)}, size=100))
            assert alone.total == cases, (facet, value)
            if chosen:
                further = search(birds, make_request(typed, {**filters, facet: (*chosen, value)}, size=100))
                assert {hit.slug for hit in further.hits} == everything | {hit.slug for hit in alone.hits}
            else:
                assert {hit.slug for hit in alone.hits} <= everything
