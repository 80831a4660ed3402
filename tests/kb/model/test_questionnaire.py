"""From answers to arrangements: what fits comes first, and nothing is left out."""

from __future__ import annotations

from kb.model.questionnaire import choose
from tests.builders import vocabularies


def chosen(**given: str) -> list[tuple[str, int]]:
    """The arrangements with how many answers they do not fit."""
    read = vocabularies()
    return [(fit.arrangement.id, fit.misses) for fit in choose(read.arrangements, read.questions, given)]


def test_what_fits_comes_first_and_equals_keep_their_order() -> None:
    assert chosen(person="no", together="no") == [
        ("knowledge-exchange", 0),
        ("intelligence-link", 1),
        ("informing-and-intervening", 2),
    ]
    assert chosen(person="yes") == [
        ("informing-and-intervening", 0),
        ("intelligence-link", 0),
        ("knowledge-exchange", 1),
    ]


def test_if_nothing_fits_all_are_listed_with_what_does_not_fit() -> None:
    read = vocabularies()
    nearest, *_ = choose(read.arrangements, read.questions, {"person": "no", "together": "yes"})

    assert nearest.arrangement.id == "informing-and-intervening"
    assert [(point.question.id, point.answer.id, point.fits) for point in nearest.points] == [
        ("person", "no", False),
        ("together", "yes", True),
    ]


def test_what_was_not_answered_does_not_count() -> None:
    read = vocabularies()
    fits = choose(read.arrangements, read.questions, {"person": "perhaps", "colour": "red"})

    assert [fit.arrangement.id for fit in fits] == [term.id for term in read.arrangements]
    assert all(fit.points == () for fit in fits)
