"""What the form asks, step by step, filled in with what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from api.pages.contributing.form.answers import Answers, CityAnswer
from kb import CASE_SECTIONS, LANGUAGES, Guidance, SourceValues, Term, Vocabularies, next_source, slugify_heading

STEPS: Mapping[str, str] = {
    "what": "What it is",
    "who": "Who is at the table",
    "kind": "Arrangements and challenges",
    "sources": "Sources",
    "text": "The text",
    "known": "Results and questions",
    "finish": "Check and finish",
}
"""The steps of the form; the last one asks nothing."""

_WORDS = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True)
class Choice:
    """One of several answers."""

    value: str
    label: str
    description: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Question:
    """One thing to fill in. `kind` is how: line, box, select, radio or ticks."""

    name: str
    label: str
    value: str = ""
    kind: str = "line"
    hint: str = ""
    limit: int = 0
    """The most characters; 0 if there is no limit."""
    choices: tuple[Choice, ...] = ()
    list_id: str = ""
    """The list of names that are offered while typing."""
    rows: int = 2
    counts_words: bool = False
    guidance: tuple[str, ...] = ()
    is_first: bool = False
    """Whether it is to be filled in next: a row that was just added."""
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def count(self) -> str:
        """How long the answer is."""
        if self.counts_words:
            words = len(_WORDS.findall(self.value))
            return f"{words} word{'' if words == 1 else 's'}"
        return f"{len(self.value)} of {self.limit} characters" if self.limit else ""

    @property
    def described_by(self) -> str:
        """The ids of what describes it."""
        parts = (("hint", self.hint or self.guidance), ("count", self.count), ("problem", self.problems))
        return " ".join(f"{self.id}-{part}" for part, shown in parts if shown)


@dataclass(frozen=True)
class Group:
    """Questions that belong together."""

    name: str
    legend: str
    questions: tuple[Question, ...]
    hint: str = ""
    kind: str = "plain"
    """How it is shown: plain, row, or term (opened where something is said of the term)."""
    add: str = ""
    """What a button below it adds; empty if there is none."""
    add_label: str = ""
    is_removable: bool = False
    cites: bool = False
    """Whether sources can be cited in it."""
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def is_one_choice(self) -> bool:
        """Whether it is one question whose answers are ticked: its legend is the question."""
        return len(self.questions) == 1 and self.questions[0].kind in ("radio", "ticks")

    @property
    def is_open(self) -> bool:
        """Whether something has been filled in, or something is wrong."""
        return any(question.value or question.problems for question in self.questions) or bool(self.problems)


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    id: str
    title: str
    lead: str
    groups: tuple[Group, ...] = field(default=())


def id_of(name: str) -> str:
    """The id of an element for a name of the form.

    >>> id_of("sources.s1.title")
    'f-sources-s1-title'
    """
    return f"f-{name.replace('.', '-')}"


def steps_of(answers: Answers, vocabularies: Vocabularies, guidance: Guidance) -> tuple[Step, ...]:
    """All steps of the form, filled in."""
    maker = _Maker(answers, vocabularies, guidance)
    return (
        Step("what", STEPS["what"], "Start with what you know; everything can be changed later.",
             tuple(maker.what())),
        Step("who", STEPS["who"], "Name organisations or roles, never a person.", tuple(maker.who())),
        Step("kind", STEPS["kind"], "Open those that apply and say in one sentence why. One to three arrangements, and "
             "whatever was hard.", tuple(maker.kind())),
        Step("sources", STEPS["sources"], "What the case rests on: reports, articles and pages that anyone can find. "
             "In the next step you cite them.", tuple(maker.sources())),
        Step("text", STEPS["text"], "Short, plain sentences, 500 to 1,100 words in all. End each statement with the "
             "source it rests on.", tuple(maker.text())),
        Step("known", STEPS["known"], "What is known about results, and for whom this case is an answer.",
             tuple(maker.known())),
        Step("finish", STEPS["finish"], "What is left to do, and the finished file."),
    )  # fmt: skip


class _Maker:
    def __init__(self, answers: Answers, vocabularies: Vocabularies, guidance: Guidance) -> None:
        self._answers = answers
        self._values = answers.values
        self._vocabularies = vocabularies
        self._limits = guidance.limits
        self._guidance = guidance

    def what(self) -> Iterable[Group]:
        values, meaning = self._values, self._guidance.meanings
        yield Group("about", "The case", (
            Question("title", "Title", values.title, hint="A few words that say what it is.",
                     limit=self._limits["title"]),
            Question("summary", "Summary", values.summary, "box", meaning["summary"], self._limits["summary"], rows=3),
        ))  # fmt: skip
        cities = self._answers.cities or (CityAnswer(""),)
        if self._answers.do == "add-city":
            cities = (*cities, CityAnswer(""))
        yield Group("city", "Where", tuple(self._cities(cities)),
                    "The usual English name. If a city is new here, say in which country it is.", add="add-city",
                    add_label="Add another city")  # fmt: skip
        status = values.status or "unknown"
        yield Group("time", "When", (
            Question("started", "Year it began", values.started, hint="If it is only the first year that a source "
                     "mentions, say so under “Context”."),
            Question("ended", "Year it ended", values.ended,
                     hint="Leave it empty if it is still running, or nobody knows."),
            Question("status", "Is it still running?", status, "radio",
                     choices=_choices(self._vocabularies.statuses, [status])),
        ))  # fmt: skip
        yield self._ticks("extremism", "Kind of extremism, as the sources say", self._vocabularies.extremism,
                          values.extremism)  # fmt: skip
        yield self._ticks("audiences", "Who it is for", self._vocabularies.audiences, values.audiences)

    def _cities(self, cities: Sequence[CityAnswer]) -> Iterable[Question]:
        for number, city in enumerate(cities):
            suffix = f".{number}" if number else ""
            is_new = bool(number) and number == len(cities) - 1 and self._answers.do == "add-city"
            behind = f" {number + 1}" if number else ""
            yield Question(f"city{suffix}", f"City{behind}", city.name, list_id="known-cities", is_first=is_new)
            yield Question(f"country{suffix}", f"Country{behind}, if the city is new here", city.country,
                           list_id="known-countries")  # fmt: skip

    def _ticks(self, name: str, legend: str, terms: Iterable[Term], chosen: Sequence[str]) -> Group:
        return Group(name, legend, (Question(name, legend, "", "ticks", choices=_choices(terms, chosen)),))

    def who(self) -> Iterable[Group]:
        values, meaning = self._values, self._guidance.meanings
        yield from self._rows("lead", "Who leads it", "Add another lead organisation", values.lead)
        yield from self._rows("partners", "Who else is at the table", "Add another partner", values.partners)
        yield Group("more", "Resources and authors", (
            Question("resources", "What it takes", values.resources, "box", meaning["resources"] + " You may leave "
                     "this empty.", self._limits["reason"]),
            Question("contributors", "Who wrote this case", "\n".join(values.contributors), "box",
                     "Roles or organisations, no names of persons; one on each line."),
        ))  # fmt: skip

    def _rows(self, name: str, legend: str, add_label: str, rows: Sequence[tuple[str, str]]) -> Iterable[Group]:
        shown = list(rows) or [("", "")]
        is_added = self._answers.do == f"add-{name}"
        if is_added:
            shown.append(("", ""))
        for number, (who, sector) in enumerate(shown):
            is_last = number == len(shown) - 1
            sectors = (Choice("", "Choose"), *_choices(self._vocabularies.sectors, [sector]))
            yield Group(
                f"{name}.{number}.row", f"{legend} ({number + 1})" if len(shown) > 1 else legend,
                (Question(f"{name}.{number}", "Organisation or role", who, is_first=is_last and is_added),
                 Question(f"{name}.{number}.sector", "Sector", sector, "select", choices=sectors)),
                kind="row", add=f"add-{name}" if is_last else "", add_label=add_label, is_removable=bool(who or sector),
            )  # fmt: skip

    def kind(self) -> Iterable[Group]:
        values, limit = self._values, self._limits["reason"]
        reasons, experienced = dict(values.arrangements), dict(values.experienced_as)
        yield Group("arrangements", "Which arrangement is it?", (), "Open the ones that apply.")
        for term in self._vocabularies.arrangements:
            yield Group(f"arrangements.{term.id}.term", term.label, (
                Question(f"arrangements.{term.id}", f"Why this case is one: {term.label}", reasons.get(term.id, ""),
                         "box", limit=limit),
            ), term.description, kind="term")  # fmt: skip
        yield Group("challenges", "What was hard between those at the table?", (), "Open the ones that the sources "
                    "speak of.")  # fmt: skip
        said = {key: (showed, handled) for key, showed, handled in values.challenges}
        for challenge in self._vocabularies.challenges:
            showed, handled = said.get(challenge.id, ("", ""))
            name, label = f"challenges.{challenge.id}", challenge.label
            yield Group(f"{name}.term", label, (
                Question(f"{name}.showed", f"How it showed: {label}", showed, "box", limit=limit),
                Question(f"{name}.handled", f"What they did about it: {label}", handled, "box",
                         "Only where a source says what was done.", limit),
            ), challenge.description, kind="term")  # fmt: skip
        yield Group("experienced_as", "Did partners experience a different arrangement from the one announced?", (),
                    "You may leave all of these empty.")  # fmt: skip
        for term in self._vocabularies.arrangements:
            yield Group(f"experienced_as.{term.id}.term", term.label, (
                Question(f"experienced_as.{term.id}", f"Who felt what: {term.label}", experienced.get(term.id, ""),
                         "box", limit=limit),
            ), term.description, kind="term")  # fmt: skip

    def sources(self) -> Iterable[Group]:
        shown = list(self._values.sources)
        is_added = self._answers.do == "add-sources" or not shown
        if is_added:
            shown.append(SourceValues(next_source(source.id for source in shown)))
        for number, source in enumerate(shown):
            name, is_last = f"sources.{source.id}", number == len(shown) - 1
            languages = (Choice("", "English"), *(Choice(code, label, is_chosen=code == source.lang)
                                                 for code, label in LANGUAGES.items() if code != "en"))  # fmt: skip
            yield Group(
                f"{name}.row", f"Source {source.id}",
                (Question(f"{name}.title", "Title", source.title,
                          is_first=is_last and self._answers.do == "add-sources"),
                 Question(f"{name}.by", "Author or publisher", source.by),
                 Question(f"{name}.year", "Year", source.year, hint="The year it covers, or that of its publication."),
                 Question(f"{name}.url", "Web address", source.url, hint="The whole address, with https://, if it has "
                          "one."),
                 Question(f"{name}.lang", "Language", source.lang, "select", choices=languages)),
                kind="row", add="add-sources" if is_last else "", add_label="Add another source",
                is_removable=not source.is_empty,
            )  # fmt: skip

    def text(self) -> Iterable[Group]:
        for heading in CASE_SECTIONS:
            name = f"text.{slugify_heading(heading)}"
            guidance = self._guidance.sections.get(heading, ())
            question = Question(name, heading, self._values.section(heading), "box", rows=6, counts_words=True,
                                guidance=guidance)  # fmt: skip
            yield Group(f"{name}.part", heading, (question,), kind="bare", cites=True)

    def known(self) -> Iterable[Group]:
        values, meaning = self._values, self._guidance.meanings
        yield Group("evidence", "What is known about results", (
            Question("evidence.level", "How much is known", values.level, "radio",
                     choices=_choices(self._vocabularies.evidence, [values.level])),
            Question("evidence.note", "In one sentence", values.note, "box",
                     "What is known, and what that is based on.",
                     self._limits["reason"]),
        ))  # fmt: skip
        sources = (Choice("", "None"), *(Choice(source.id, f"{source.id}: {source.title}"[:70],
                                               is_chosen=source.id == values.reported_source)
                                        for source in values.sources))  # fmt: skip
        yield Group("last_reported", "If it is still running: the newest source that shows it", (
            Question("last_reported.source", "Source", values.reported_source, "select", choices=sources),
            Question("last_reported.year", "Year in which it was running", values.reported_year),
        ))  # fmt: skip
        yield Group("words", "Questions and language", (
            Question("questions", "Questions that this case answers", "\n".join(values.questions), "box",
                     f"{meaning['questions']} One on each line, each with a question mark.", rows=6),
            Question("language", "Language of this text", values.language or "en", "select",
                     choices=tuple(Choice(code, label, is_chosen=code == (values.language or "en"))
                                   for code, label in LANGUAGES.items())),
        ))  # fmt: skip


def _choices(terms: Iterable[Term], chosen: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(term.id, term.label, term.description, term.id in chosen) for term in terms)
