"""Other names of what was typed, in both directions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.notices import in_words
from kb.search.query.parser import parse_query
from kb.search.query.tree import And, Phrase, Query, Synonym, Word
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from kb.search.understanding.reading import read
from kb.search.words.synonyms import OTHER_NAME, Synonyms
from tests.builders import case_markdown, vocabularies
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

SYNONYMS = Synonyms.of(vocabularies())


def used(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return list(SYNONYMS.expand(clauses_of(text)).used)


def clauses_of(text: str) -> tuple[Query, ...]:
    query = parse_query(text).query
    return query.clauses if isinstance(query, And) else (query,)


def notices(typed: str, key: str) -> list[tuple[object, ...]]:
    """The names and their others in the notices of a search."""
    cases = Cases({"a": case_markdown(summary="Mothers, police and trust.")})
    found = read(ScanEngine(cases.documents(), cases), make_request(typed), Language.of(vocabularies())).notices
    return [tuple(value for _, value in notice.values) for notice in found if notice.key == key]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("safety houses", [("safety houses", ("veiligheidshuis",))]),
        ("Veiligheidshuis", [("veiligheidshuis", ("safety house",))]),
        # Whatever contains P/CVE contains CVE.
        ("CVE", []),
        ("P/CVE", [("p cve", ("CVE",))]),
        ("police p/cve school", [("p cve", ("CVE",))]),
        ("Wien", [("wien", ("Vienna",))]),
        ("vienna", [("vienna", ("Wien",))]),
        ("österreich", [("osterreich", ("Austria",))]),
        ("hotlines", [("hotlines", ("Intelligence link",))]),
        ("intelligence link", []),
        ('"CVE"', []),
        ("city:wien", []),
        ("-CVE police", []),
        ("police", []),
    ],
)
def test_names_are_found_in_what_was_typed(typed: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert used(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("police OR mum", [("mum", ("mothers", "parents"))]),
        ("safety-house OR mum", [("safety house", ("veiligheidshuis",)), ("mum", ("mothers", "parents"))]),
        ("trust safety-house OR police", [("safety house", ("veiligheidshuis",))]),
        # Words on the two sides of an OR are no name together.
        ("safety OR house", []),
        ('"safety house" OR city:wien', []),
    ],
)
def test_names_are_found_among_alternatives(typed: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert notices(typed, "synonyms.searched") == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("police -mum", [("mum", ("mothers", "parents"))]),
        ("-safety-house", [("safety house", ("veiligheidshuis",))]),
        ('police -"safety house"', []),
        ("police -city:wien", []),
        ("mum -police", []),
    ],
)
def test_what_is_excluded_is_so_under_every_name(typed: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert notices(typed, "synonyms.excluded") == expected


def test_the_other_name_is_excluded_too_and_the_notice_says_so() -> None:
    summaries = {"a": "The Veiligheidshuis.", "b": "The house.", "c": "All of Austria."}
    cases = Cases({slug: case_markdown(summary=summary) for slug, summary in summaries.items()})

    result = search(ScanEngine(cases.documents(), cases), make_request("-safety-house"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["b", "c"]
    assert [in_words(notice) for notice in result.notices] == [
        "Cases with other names for “safety house” were left out too: “veiligheidshuis”."
    ]


def test_any_of_several_finds_what_each_finds_alone() -> None:
    summaries = {"a": "The Veiligheidshuis.", "b": "A safety house.", "c": "Falcons.", "d": "Nothing."}
    cases = Cases({slug: case_markdown(summary=summary) for slug, summary in summaries.items()})

    result = search(
        ScanEngine(cases.documents(), cases), make_request("falcons OR safety-house"), Language.of(vocabularies())
    )

    assert sorted(hit.slug for hit in result.hits) == ["a", "b", "c"]


def test_an_alias_stands_for_its_label_and_not_for_other_aliases() -> None:
    expanded = SYNONYMS.expand((Word("hotline"),)).clauses

    assert expanded == (Synonym(Word("hotline"), ((Phrase(("intelligence", "link"), any_form=True), OTHER_NAME),)),)


def test_a_name_of_two_words_counts_once_in_a_long_question() -> None:
    clauses = SYNONYMS.expand(clauses_of("which p/cve work reaches families")).clauses

    assert str(And(clauses)) == "(p cve) work reaches families"


def test_a_name_that_already_contains_the_typed_one_is_not_added() -> None:
    synonyms = Synonyms.of(vocabularies())
    grouped = replace(vocabularies(), synonyms=(("police", "police force", "constabulary"),))

    assert Synonyms.of(grouped).expand((Word("police"),)).used == (("police", ("constabulary",)),)
    assert synonyms.expand((Word("police"),)).used == ()


def test_the_other_name_finds_the_case_and_the_notice_says_so() -> None:
    cases = Cases({"a": case_markdown(summary="The Veiligheidshuis."), "b": case_markdown(summary="A house.")})

    result = search(ScanEngine(cases.documents(), cases), make_request("safety house"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["a"]
    expected = "Also searched for “veiligheidshuis” (other words for “safety house”)."
    assert [in_words(notice) for notice in result.notices] == [expected]


def test_a_case_that_contains_the_typed_name_comes_before_one_that_contains_another() -> None:
    cases = Cases({"a": case_markdown(summary="The Veiligheidshuis."), "b": case_markdown(summary="The safety house.")})

    result = search(ScanEngine(cases.documents(), cases), make_request("safety house"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["b", "a"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mum", [("mum", ("mothers", "parents"))]),
        ("mums", [("mums", ("mothers", "parents"))]),
        ("mother", []),
        ("people locked up", [("locked up", ("prison",))]),
        ("is he locked up", [("locked up", ("prison",))]),
        ('"mum"', []),
    ],
)
def test_everyday_words_find_the_words_of_cases_and_not_the_reverse(
    typed: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert used(typed) == expected


def test_everyday_words_work_for_every_equivalent_name() -> None:
    synonyms = Synonyms.of(
        replace(
            vocabularies(),
            synonyms=(("FTF", "foreign fighter"),),
            everyday_words=(("foreign fighter", ("returnees",)),),
        )
    )

    assert synonyms.expand((Word("ftf"),)).used == (("ftf", ("foreign fighter", "returnees")),)


def test_words_used_in_cases_count_less_than_the_typed_word() -> None:
    cases = Cases({"a": case_markdown(summary="Mothers met."), "b": case_markdown(summary="Mums met.")})

    result = search(ScanEngine(cases.documents(), cases), make_request("mum"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["b", "a"]
    assert [in_words(notice) for notice in result.notices] == [
        "Also searched for “mothers”, “parents” (other words for “mum”)."
    ]


def test_a_name_of_several_words_is_found_in_any_form() -> None:
    cases = Cases({"a": case_markdown(summary="All safety houses."), "b": case_markdown(summary="A house, safety.")})

    result = search(ScanEngine(cases.documents(), cases), make_request("Veiligheidshuis"), Language.of(vocabularies()))

    assert [hit.slug for hit in result.hits] == ["a"]
