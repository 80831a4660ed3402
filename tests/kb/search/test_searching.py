"""From what was typed to a result, and asking for less when nothing matches."""

from __future__ import annotations

import pytest

from kb.search.engine import EngineResult
from kb.search.query.tree import And, MatchAll, MinimumShouldMatch, Word
from kb.search.request import Notice, SearchRequest, Sort
from kb.search.result import SearchResult
from kb.search.searching import make_request, totals_by_value
from kb.search.searching import search as search_with
from kb.search.understanding.language import Language
from kb.search.understanding.relaxing import FEW_RESULTS
from tests.builders import case_markdown
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine

MOST = Notice("relaxed", "No case contains all these words. These contain most of them.")
ANY = Notice("relaxed", "No case contains all these words. These contain at least one of them.")


def engine_over(**summaries: str) -> ScanEngine:
    cases = Cases({slug: case_markdown(summary=summary) for slug, summary in summaries.items()})
    return ScanEngine(cases.documents(), cases)


def search(engine: ScanEngine, request: SearchRequest) -> SearchResult:
    return search_with(engine, engine.passages, request, Language())


def found(result: SearchResult) -> list[str]:
    return [hit.slug for hit in result.hits]


def test_a_request_is_made_of_a_line_of_text() -> None:
    other = Notice("other", "Something else.")

    request = make_request("police OR", {"city": ("aarhus",)}, sort=Sort.TITLE, page=3, size=7, notices=(other,))

    assert request == SearchRequest(
        text="police OR",
        query=Word("police"),
        notices=(Notice("lonely-or", "OR needs a word on each side. It was left out."), other),
        filters={"city": ("aarhus",)},
        sort=Sort.TITLE,
        page=3,
        size=7,
    )


def test_a_request_for_nothing_is_for_everything() -> None:
    assert make_request() == SearchRequest()
    assert make_request().query == MatchAll()


def test_if_enough_cases_contain_all_words_nothing_is_relaxed() -> None:
    enough = {f"both{number}": "Falcons and ravens." for number in range(FEW_RESULTS)}
    engine = engine_over(**enough, one="Falcons.")

    result = search(engine, make_request("falcons ravens"))

    assert (found(result), result.notices) == (sorted(enough), ())


def test_if_few_cases_contain_all_words_others_follow_with_a_notice() -> None:
    engine = engine_over(both="Falcons and ravens.", one="Falcons. Falcons. Falcons.", none="Owls.")

    result = search(engine, make_request("falcons ravens"))

    assert found(result) == ["both", "one"]
    assert [notice.text for notice in result.notices] == [
        "Only one case contains all these words; the others contain at least one of them."
    ]


def test_if_looser_readings_find_no_more_there_is_no_notice() -> None:
    result = search(engine_over(both="Falcons and ravens.", none="Owls."), make_request("falcons ravens"))

    assert (found(result), result.notices) == (["both"], ())


@pytest.mark.parametrize(
    ("typed", "expected", "notice"),
    [
        pytest.param("falcons ravens zeppelin", ["two", "one"], ANY, id="most words come first"),
        pytest.param("falcons zeppelin", ["one", "two"], ANY, id="any word"),
        pytest.param("falcons airship zeppelin", ["one", "two"], ANY, id="any word, when there are not even most"),
        pytest.param("falcons ravens airship zeppelin hangar", ["two", "one"], ANY, id="fewer of many"),
        pytest.param("zeppelin airship falcons -ravens", ["one"], ANY, id="what is excluded stays excluded"),
        pytest.param('falcons zeppelin "and ravens"', ["two"], ANY, id="a phrase stays required"),
    ],
)
def test_if_no_case_contains_all_words_fewer_are_enough(typed: str, expected: list[str], notice: Notice) -> None:
    engine = engine_over(one="Falcons.", two="Falcons and ravens.")

    result = search(engine, make_request(typed))

    assert found(result) == expected
    assert result.notices == (notice,)
    assert result.request.text == typed


@pytest.mark.parametrize("typed", ["zeppelin", "zeppelin airship", '"falcons ravens"', "zeppelin OR airship"])
def test_if_no_case_contains_any_word_nothing_is_found_without_a_notice(typed: str) -> None:
    engine = engine_over(one="Falcons and ravens.")
    request = make_request(typed)

    result = search(engine, request)

    assert (result.total, result.notices) == (0, request.notices)


def test_filters_stay_when_words_are_relaxed() -> None:
    cases = Cases(
        {
            "here": case_markdown(summary="Falcons.", city="aarhus"),
            "there": case_markdown(summary="Falcons and ravens.", city="vienna"),
        }
    )

    result = search(ScanEngine(cases.documents(), cases), make_request("falcons ravens", {"city": ("aarhus",)}))

    assert (found(result), result.notices) == (["here"], (ANY,))


def test_earlier_notices_stay_before_the_one_about_relaxing() -> None:
    result = search(engine_over(one="Falcons."), make_request("falcons zeppelin OR"))

    assert [notice.code for notice in result.notices] == ["lonely-or", "relaxed"]


def test_an_empty_page_beyond_the_end_is_not_a_reason_to_relax() -> None:
    result = search(engine_over(one="Falcons and ravens."), make_request("falcons ravens", page=5))

    assert (result.total, result.hits, result.notices) == (1, (), ())


def test_ten_words_relax_to_most_of_them_and_not_to_one() -> None:
    names = [f"name{number}" for number in range(36)]
    engine = engine_over(ten=f"{' '.join(names[:10])}.")

    result = search(engine, make_request(" ".join(names)))

    assert str(result.request.query) == str(MinimumShouldMatch(tuple(map(Word, names)), 10))
    assert result.notices == (MOST,)


def test_every_reading_is_looser_than_the_one_before() -> None:
    asked: list[str] = []

    class Listening(ScanEngine):
        def search(self, request: SearchRequest) -> EngineResult:
            asked.append(str(request.query))
            return super().search(request)

    search(Listening([], Cases()), make_request("one two three"))

    words = (Word("one"), Word("two"), Word("three"))
    assert asked[:3] == [str(And(words)), str(MinimumShouldMatch(words, 2)), str(MinimumShouldMatch(words, 1))]


@pytest.mark.parametrize(
    "typed", ["", "falcons", "falcons ravens", "falcons ravens owls -eagles", '"falcons and ravens"', "swans"]
)
@pytest.mark.parametrize("filters", [{}, {"challenge": ("no-real-say",)}, {"status": ("ended",)}])
def test_the_totals_of_a_facet_are_those_of_a_search_for_each_value(
    typed: str, filters: dict[str, tuple[str, ...]]
) -> None:
    birds = ("Falcons and ravens.", "Falcons.", "Ravens and owls.", "Eagles and ravens.", "Nothing.")
    cases = Cases(
        {
            f"case-{number}": case_markdown(
                summary=birds[number % 5],
                city="vienna" if number % 3 else "aarhus",
                challenges=["fragile-trust", "no-real-say"][: 1 + number % 2],
                status="ongoing" if number % 7 else "ended",
                ended="" if number % 7 else 2015,
            )
            for number in range(40)
        }
    )
    engine = ScanEngine(cases.documents(), cases)
    request = make_request(typed, filters)

    for facet, values in {"city": ("aarhus", "vienna", "liege"), "challenge": ("fragile-trust", "no-real-say")}.items():
        totals = totals_by_value(engine, request, Language(), facet)
        for value in values:
            alone = make_request(typed, {**filters, facet: (value,)})
            assert totals.get(value, 0) == search(engine, alone).total, (facet, value)
