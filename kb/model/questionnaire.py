"""From answers to the arrangements that fit them, and what does not fit about the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.model.vocabulary import Answer, Arrangement, Question


@dataclass(frozen=True)
class Point:
    """One answer compared with one arrangement."""

    question: Question
    answer: Answer
    fits: bool


@dataclass(frozen=True)
class Fit:
    """How an arrangement fits all that was answered."""

    arrangement: Arrangement
    points: tuple[Point, ...]

    @property
    def misses(self) -> int:
        """How many answers it does not fit."""
        return sum(not point.fits for point in self.points)


def choose(
    arrangements: Iterable[Arrangement], questions: Iterable[Question], given: Mapping[str, str]
) -> tuple[Fit, ...]:
    """All arrangements, those that fit best first, then in the order given.

    `given` maps the id of each question to the id of its answer; an answer that a question does not have is ignored.
    """
    asked = [(question, question.answer(given.get(question.id, ""))) for question in questions]
    answered = [(question, answer) for question, answer in asked if answer]
    fits = (
        Fit(
            arrangement,
            tuple(
                Point(question, answer, arrangement.says(question.looks_at) in answer.fits)
                for question, answer in answered
            ),
        )
        for arrangement in arrangements
    )
    return tuple(sorted(fits, key=lambda fit: fit.misses))
