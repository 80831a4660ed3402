"""The answers to the questionnaire in an address: parsed, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api.address import paths
from api.address.notices import unknown_names
from kb import Notice, Question, Vocabulary


@dataclass(frozen=True)
class Answers:
    """The answers given; unanswered questions are left out."""

    given: Mapping[str, str] = field(default_factory=dict)
    """The id of an answer by the id of its question."""
    notices: tuple[Notice, ...] = ()
    """Problems with the address."""

    def href(self) -> str:
        """The address of these answers.

        >>> Answers({"person": "yes"}).href()
        '/arrangements/which?person=yes'
        """
        return f"{paths.WHICH}?{urlencode(self.given)}" if self.given else paths.WHICH


def read_answers(given: Mapping[str, list[str]], questions: Vocabulary[Question]) -> Answers:
    """The answers in an address; `given` contains all its parameters.

    What cannot be used is left out, with a notice: an old link must still work.
    """
    known: dict[str, str] = {}
    notices: list[Notice] = []
    for question in questions:
        for value in filter(None, given.get(question.id, ())[-1:]):
            if question.answer(value):
                known[question.id] = value
            else:
                text = f"“{value[:60]}” is no answer to “{question.label}”; the question stays open."
                notices.append(Notice("unknown-value", text))
    notices.extend(unknown_names(given, [question.id for question in questions]))
    if given and not known and not notices:
        notices.append(Notice("nothing-answered", "No question has been answered yet. One answer is enough to begin."))
    return Answers(known, tuple(notices))
