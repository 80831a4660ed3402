"""Two cases that differ as much as two can, always the same two."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from kb.model.case import Case
from kb.model.contrast import contrasting
from kb.model.vocabulary import Vocabulary
from tests.builders import case_markdown, make_case, vocabularies

PLAIN = make_case("plain")
REPORTED = make_case("reported", case_markdown(evidence="self-reported"))
HARD = make_case("hard", case_markdown(evidence="self-reported", challenges=["no-real-say"]))
MIXED = make_case(
    "a-mixed",
    case_markdown(
        evidence="self-reported",
        challenges=["no-real-say"],
        arrangements=["informing-and-intervening", "knowledge-exchange"],
    ),
)


def pair(*cases: Case) -> tuple[str, str]:
    found = contrasting(cases, vocabularies())
    assert found is not None
    return found.first.slug, found.second.slug


def test_the_two_cases_differ_as_much_as_possible() -> None:
    found = contrasting([PLAIN, REPORTED, HARD], vocabularies())

    assert found is not None
    assert (found.first, found.second) == (HARD, PLAIN)
    assert found.differences == (
        "evidence self-reported and described",
        "only the first names No real say",
        "only the second names Fragile trust",
    )


def test_the_order_in_which_cases_come_does_not_matter() -> None:
    assert {pair(*cases) for cases in permutations([PLAIN, REPORTED, HARD, MIXED])} == {("hard", "plain")}


def test_among_equals_those_with_fewer_arrangements_are_chosen() -> None:
    assert pair(MIXED, PLAIN) == ("a-mixed", "plain")
    assert pair(MIXED, PLAIN, HARD) == ("hard", "plain")


def test_different_continents_are_named() -> None:
    read = vocabularies()
    elsewhere = make_case("elsewhere", case_markdown(city="vienna"))
    countries = (replace(term, continent="Oceania") if term.id == "austria" else term for term in read.countries)
    moved = replace(read, countries=Vocabulary("countries", tuple(countries)))
    found = contrasting([PLAIN, elsewhere], moved)

    assert found is not None
    assert found.differences == ("one in Oceania, one in Europe",)


def test_one_case_alone_has_no_contrast() -> None:
    assert contrasting([PLAIN], vocabularies()) is None
    assert contrasting([], vocabularies()) is None
