"""A few questions that point to arrangements and to cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.questionnaire import Answers
from api.address.search_state import SearchParams
from api.pages.parts.contrast import ContrastView, contrast_view
from api.pages.parts.notices import NoticeLine, notice_lines
from api.pages.parts.page import Link, Page
from kb import Arrangement, Fit, Generation, Note, Point, cases_in_words, choose, gettext, gettext_noop, ngettext


@dataclass(frozen=True)
class AnswerView:
    """One possible answer."""

    value: str
    label: str
    is_selected: bool


@dataclass(frozen=True)
class QuestionView:
    """A question with its answers."""

    name: str
    label: str
    description: str
    answers: tuple[AnswerView, ...]
    is_open: bool
    """Whether it is unanswered."""


@dataclass(frozen=True)
class PointView:
    """How an arrangement relates to one answer."""

    says: str
    fits: bool
    answer: str


@dataclass(frozen=True)
class FitView:
    """An arrangement, and how it fits the answers."""

    term: Arrangement
    href: str
    points: tuple[PointView, ...]


@dataclass(frozen=True)
class NearestView(FitView):
    """One of the best fits, with what helps to decide and links to continue."""

    worksheet_href: str
    fits_when: tuple[str, ...]
    does_not_fit_when: tuple[str, ...]
    cases: Link
    contrast: ContrastView | None


@dataclass(frozen=True)
class WhichPage(Page):
    """`/arrangements/which`."""

    questions: tuple[QuestionView, ...]
    notices: tuple[NoticeLine, ...]
    notes: tuple[Note, ...]
    """What anyone who gives this answer must read first."""
    warnings: tuple[str, ...]
    """The line above the questions if no answer has such a note."""
    is_answered: bool
    heading: str
    nearest: tuple[NearestView, ...]
    """The arrangements that fit all answers, or else the most answers."""
    others: tuple[FitView, ...]
    start_again: str


def which_page(answers: Answers, generation: Generation) -> WhichPage:
    """The questionnaire, with the arrangements that the answers point to."""
    vocabularies = generation.vocabularies
    fits = choose(vocabularies.arrangements, vocabularies.questions, answers.given)
    fewest = min((fit.misses for fit in fits), default=0)
    found = generation.counts["arrangement"]
    nearest = tuple(
        _nearest_view(fit, found.get(fit.arrangement.id, 0), generation)
        for fit in fits
        if answers.given and fit.misses == fewest
    )
    given = (question.answer(answers.given.get(question.id, "")) for question in vocabularies.questions)
    notes = tuple(answer.note for answer in given if answer and answer.note)
    return WhichPage(
        title=_heading(nearest, fewest) if answers.given else gettext("Which arrangement fits?"),
        path=answers.href(),
        questions=_questions(answers, generation),
        notices=notice_lines(answers.notices),
        notes=notes,
        warnings=() if notes else _warnings(generation),
        is_answered=bool(answers.given),
        heading=_heading(nearest, fewest),
        nearest=nearest,
        others=tuple(_fit_view(fit) for fit in fits if fit.misses > fewest),
        start_again=paths.WHICH,
    )


def _warnings(generation: Generation) -> tuple[str, ...]:
    answers = (answer for question in generation.vocabularies.questions for answer in question.answers)
    return tuple(dict.fromkeys(answer.note.before for answer in answers if answer.note))


def _questions(answers: Answers, generation: Generation) -> tuple[QuestionView, ...]:
    return tuple(
        QuestionView(
            question.id,
            question.label,
            question.description,
            tuple(
                AnswerView(answer.id, answer.label, answers.given.get(question.id) == answer.id)
                for answer in question.answers
            ),
            question.id not in answers.given,
        )
        for question in generation.vocabularies.questions
    )


def _heading(nearest: Sequence[NearestView], misses: int) -> str:
    count = len(nearest)
    if misses == 0:
        return ngettext("{count} arrangement fits", "{count} arrangements fit", count).format(count=_number(count))
    near = ngettext("{count} comes nearest", "{count} come nearest", count).format(count=_number(count))
    return " ".join((gettext("No arrangement fits all your answers."), near))


_NUMBERS = tuple(map(gettext_noop, ("No", "One", "Two", "Three", "Four", "Five", "Six")))


def _number(count: int) -> str:
    return gettext(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)


def _fit_view(fit: Fit) -> FitView:
    term = fit.arrangement
    points = tuple(PointView(_says(point, term), point.fits, point.answer.label) for point in fit.points)
    return FitView(term, paths.arrangement(term.id), points)


def _nearest_view(fit: Fit, count: int, generation: Generation) -> NearestView:
    nearest = _fit_view(fit)
    term = nearest.term
    guide = generation.cases.guide("arrangement", term.id)
    return NearestView(
        term,
        nearest.href,
        nearest.points,
        worksheet_href=paths.worksheet(term.id),
        fits_when=guide.points("fits-when") if guide else (),
        does_not_fit_when=guide.points("does-not-fit-when") if guide else (),
        cases=Link(cases_in_words(count), SearchParams().with_filter("arrangement", term.id).href()),
        contrast=contrast_view(term.id, generation),
    )


def _says(point: Point, term: Arrangement) -> str:
    """The line of the arrangement that the question looks at."""
    match point.question.looks_at:
        case "named_person":
            return (
                gettext("a named person is discussed.")
                if term.named_person
                else gettext("no named person is discussed.")
            )
        case "decides_together":
            return gettext("whether the group decides together. {answer}").format(answer=term.decides_together)
    return gettext("the way information goes. {flow}").format(flow=term.flow)
