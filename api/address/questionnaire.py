"""The answers to the question path as they stand in an address: read from it, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api.address import paths
from api.address.notices import unknown_names
from kb import Notice, Question, Vocabulary


@dataclass(frozen=True)
class Choices:
    """What was answered; questions that stay open are left out."""

    given: Mapping[str, str] = field(default_factory=dict)
    """The id of an answer by the id of its question."""
    notices: tuple[Notice, ...] = ()
    """What was wrong with the address."""

    def href(self) -> str:
        """The address of these answers.

        >>> Choices({"person": "yes"}).href()
        '/arrangements/which?person=yes'
        """
        return f"{paths.WHICH}?{urlencode(self.given)}" if self.given else paths.WHICH


def read_choices(given: Mapping[str, list[str]], questions: Vocabulary[Question]) -> Choices:
    """The answers that an address tells; `given` has all its parameters.

    What cannot be used is left out, and a notice says so: an old link must still lead somewhere.
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
    return Choices(known, tuple(notices))
