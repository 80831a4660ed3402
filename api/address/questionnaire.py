"""The answers to the questionnaire in an address: parsed, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api.address import paths
from api.address.notices import unknown_names
from kb import Answer, Notice, Question, Vocabulary, plain_name, term_named


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
    asked = _by_question(given, questions)
    known: dict[str, str] = {}
    notices: list[Notice] = []
    for question in questions:
        for value in filter(str.strip, asked.get(question.id, ())[-1:]):
            if answer := _answer_named(value, question):
                known[question.id] = answer.id
            else:
                notices.append(Notice.of("unknown-value.answer", value=value[:60], question=question.label))
    notices.extend(unknown.notice for unknown in unknown_names(asked, [question.id for question in questions]))
    if given and not known and not notices:
        notices.append(Notice.of("nothing-answered"))
    return Answers(known, tuple(notices))


def _by_question(given: Mapping[str, list[str]], questions: Vocabulary[Question]) -> Mapping[str, list[str]]:
    """The parameters by the ids of the questions that they name, and by their own names where they name none."""
    asked: dict[str, list[str]] = {}
    for name, values in given.items():
        question = term_named(questions, name)
        asked.setdefault(question.id if question else name, []).extend(values)
    return asked


def _answer_named(text: str, question: Question) -> Answer | None:
    """The answer that a text names by id or label, however it is spelled."""
    named = plain_name(text)
    return next((answer for answer in question.answers if named in map(plain_name, (answer.id, answer.label))), None)
