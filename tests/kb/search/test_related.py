"""Cases to read next, in the real collection."""

from __future__ import annotations

import pytest

from kb import Case, Generation


@pytest.fixture(scope="module")
def case(collection: Generation) -> Case:
    found = collection.cases.case("birmingham-project-champion")
    assert found is not None
    return found


def test_three_kinds_are_shown_each_with_its_reason(collection: Generation, case: Case) -> None:
    reasons = {item.kind: item.reason.split(":")[0] for item in collection.related(case)}

    assert reasons == {
        "arrangement": "The same arrangement elsewhere",
        "challenge": "The same challenge in another arrangement",
        "content": "Similar case",
    }


def test_what_the_reason_says_is_true(collection: Generation) -> None:
    for slug in collection.cases.slugs():
        case = collection.cases.case(slug)
        assert case is not None
        for item in collection.related(case):
            other = collection.cases.case(item.slug)
            assert other is not None
            shared = {reason.id for reason in case.arrangements} & {reason.id for reason in other.arrangements}
            challenges = {reason.id for reason in case.challenges} & {reason.id for reason in other.challenges}
            if item.kind == "arrangement":
                assert shared
                assert not set(case.cities) & set(other.cities)
            elif item.kind == "challenge":
                assert challenges
                assert {reason.id for reason in other.arrangements} - {reason.id for reason in case.arrangements}


def test_no_case_is_shown_twice_or_next_to_itself(collection: Generation, case: Case) -> None:
    slugs = [item.slug for item in collection.related(case)]

    assert len(slugs) == len(set(slugs)) == 9
    assert case.slug not in slugs
