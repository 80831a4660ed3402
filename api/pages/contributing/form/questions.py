"""What the form asks, step by step, filled in with what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from api.pages.contributing.form.answers import Answers, CityAnswer
from kb import (
    CASE_SECTIONS,
    LANGUAGES,
    Guidance,
    SourceValues,
    Term,
    Vocabularies,
    gettext,
    gettext_noop,
    next_source,
    ngettext,
    slugify_heading,
)

STEPS: Mapping[str, str] = {
    "what": gettext_noop("What it is"),
    "who": gettext_noop("Who is at the table"),
    "kind": gettext_noop("Arrangements and challenges"),
    "sources": gettext_noop("Sources"),
    "text": gettext_noop("The text"),
    "known": gettext_noop("Results and questions"),
    "finish": gettext_noop("Check and finish"),
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
            return ngettext("{count} word", "{count} words", words).format(count=words)
        text = gettext("{count} of {limit} characters")
        return text.format(count=len(self.value), limit=self.limit) if self.limit else ""

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
        Step(
            "what",
            gettext(STEPS["what"]),
            gettext("Start with what you know; everything can be changed later."),
            tuple(maker.what()),
        ),
        Step("who", gettext(STEPS["who"]), gettext("Name organisations or roles, never a person."), tuple(maker.who())),
        Step(
            "kind",
            gettext(STEPS["kind"]),
            gettext(
                "Open those that apply and say in one sentence why. One to three arrangements, and whatever was hard."
            ),
            tuple(maker.kind()),
        ),
        Step(
            "sources",
            gettext(STEPS["sources"]),
            gettext(
                "What the case rests on: reports, articles and pages that anyone can find. "
                "In the next step you cite them."
            ),
            tuple(maker.sources()),
        ),
        Step(
            "text",
            gettext(STEPS["text"]),
            gettext(
                "Short, plain sentences, 500 to 1,100 words in all. End each statement with the source it rests on."
            ),
            tuple(maker.text()),
        ),
        Step(
            "known",
            gettext(STEPS["known"]),
            gettext("What is known about results, and for whom this case is an answer."),
            tuple(maker.known()),
        ),
        Step("finish", gettext(STEPS["finish"]), gettext("What is left to do, and the finished file.")),
    )


class _Maker:
    def __init__(self, answers: Answers, vocabularies: Vocabularies, guidance: Guidance) -> None:
        self._answers = answers
        self._values = answers.values
        self._vocabularies = vocabularies
        self._limits = guidance.limits
        self._guidance = guidance

    def what(self) -> Iterable[Group]:
        values, meaning = self._values, self._guidance.meanings
        yield Group(
            "about",
            gettext("The case"),
            (
                Question(
                    "title",
                    gettext("Title"),
                    values.title,
                    hint=gettext("A few words that say what it is."),
                    limit=self._limits["title"],
                ),
                Question(
                    "summary",
                    gettext("Summary"),
                    values.summary,
                    "box",
                    meaning["summary"],
                    self._limits["summary"],
                    rows=3,
                ),
            ),
        )
        cities = self._answers.cities or (CityAnswer(""),)
        if self._answers.do == "add-city":
            cities = (*cities, CityAnswer(""))
        yield Group(
            "city",
            gettext("Where"),
            tuple(self._cities(cities)),
            gettext("The usual English name. If a city is new here, say in which country it is."),
            add="add-city",
            add_label=gettext("Add another city"),
        )
        status = values.status or "unknown"
        yield Group(
            "time",
            gettext("When"),
            (
                Question(
                    "started",
                    gettext("Year it began"),
                    values.started,
                    hint=gettext("If it is only the first year that a source mentions, say so under “Context”."),
                ),
                Question(
                    "ended",
                    gettext("Year it ended"),
                    values.ended,
                    hint=gettext("Leave it empty if it is still running, or nobody knows."),
                ),
                Question(
                    "status",
                    gettext("Is it still running?"),
                    status,
                    "radio",
                    choices=_choices(self._vocabularies.statuses, [status]),
                ),
            ),
        )
        yield self._ticks(
            "extremism",
            gettext("Kind of extremism, as the sources say"),
            self._vocabularies.extremism,
            values.extremism,
        )
        yield self._ticks("audiences", gettext("Who it is for"), self._vocabularies.audiences, values.audiences)

    def _cities(self, cities: Sequence[CityAnswer]) -> Iterable[Question]:
        for number, city in enumerate(cities):
            suffix = f".{number}" if number else ""
            is_new = bool(number) and number == len(cities) - 1 and self._answers.do == "add-city"
            behind = f" {number + 1}" if number else ""
            yield Question(
                f"city{suffix}",
                gettext("City{number}").format(number=behind),
                city.name,
                list_id="known-cities",
                is_first=is_new,
            )
            yield Question(
                f"country{suffix}",
                gettext("Country{number}, if the city is new here").format(number=behind),
                city.country,
                list_id="known-countries",
            )

    def _ticks(self, name: str, legend: str, terms: Iterable[Term], chosen: Sequence[str]) -> Group:
        return Group(name, legend, (Question(name, legend, "", "ticks", choices=_choices(terms, chosen)),))

    def who(self) -> Iterable[Group]:
        values, meaning = self._values, self._guidance.meanings
        yield from self._rows("lead", gettext("Who leads it"), gettext("Add another lead organisation"), values.lead)
        yield from self._rows(
            "partners", gettext("Who else is at the table"), gettext("Add another partner"), values.partners
        )
        yield Group(
            "more",
            gettext("Resources and authors"),
            (
                Question(
                    "resources",
                    gettext("What it takes"),
                    values.resources,
                    "box",
                    meaning["resources"] + " " + gettext("You may leave this empty."),
                    self._limits["reason"],
                ),
                Question(
                    "contributors",
                    gettext("Who wrote this case"),
                    "\n".join(values.contributors),
                    "box",
                    gettext("Roles or organisations, no names of persons; one on each line."),
                ),
            ),
        )

    def _rows(self, name: str, legend: str, add_label: str, rows: Sequence[tuple[str, str]]) -> Iterable[Group]:
        shown = list(rows) or [("", "")]
        is_added = self._answers.do == f"add-{name}"
        if is_added:
            shown.append(("", ""))
        for number, (who, sector) in enumerate(shown):
            is_last = number == len(shown) - 1
            sectors = (Choice("", gettext("Choose")), *_choices(self._vocabularies.sectors, [sector]))
            yield Group(
                f"{name}.{number}.row",
                f"{legend} ({number + 1})" if len(shown) > 1 else legend,
                (
                    Question(f"{name}.{number}", gettext("Organisation or role"), who, is_first=is_last and is_added),
                    Question(f"{name}.{number}.sector", gettext("Sector"), sector, "select", choices=sectors),
                ),
                kind="row",
                add=f"add-{name}" if is_last else "",
                add_label=add_label,
                is_removable=bool(who or sector),
            )

    def kind(self) -> Iterable[Group]:
        values, limit = self._values, self._limits["reason"]
        reasons, experienced = dict(values.arrangements), dict(values.experienced_as)
        yield Group("arrangements", gettext("Which arrangement is it?"), (), gettext("Open the ones that apply."))
        for term in self._vocabularies.arrangements:
            yield Group(
                f"arrangements.{term.id}.term",
                term.label,
                (
                    Question(
                        f"arrangements.{term.id}",
                        gettext("Why this case is one: {term}").format(term=term.label),
                        reasons.get(term.id, ""),
                        "box",
                        limit=limit,
                    ),
                ),
                term.description,
                kind="term",
            )
        yield Group(
            "challenges",
            gettext("What was hard between those at the table?"),
            (),
            gettext("Open the ones that the sources speak of."),
        )
        said = {key: (showed, handled) for key, showed, handled in values.challenges}
        for challenge in self._vocabularies.challenges:
            showed, handled = said.get(challenge.id, ("", ""))
            name, label = f"challenges.{challenge.id}", challenge.label
            yield Group(
                f"{name}.term",
                label,
                (
                    Question(
                        f"{name}.showed",
                        gettext("How it showed: {term}").format(term=label),
                        showed,
                        "box",
                        limit=limit,
                    ),
                    Question(
                        f"{name}.handled",
                        gettext("What they did about it: {term}").format(term=label),
                        handled,
                        "box",
                        gettext("Only where a source says what was done."),
                        limit,
                    ),
                ),
                challenge.description,
                kind="term",
            )
        yield Group(
            "experienced_as",
            gettext("Did partners experience a different arrangement from the one announced?"),
            (),
            gettext("You may leave all of these empty."),
        )
        for term in self._vocabularies.arrangements:
            yield Group(
                f"experienced_as.{term.id}.term",
                term.label,
                (
                    Question(
                        f"experienced_as.{term.id}",
                        gettext("Who felt what: {term}").format(term=term.label),
                        experienced.get(term.id, ""),
                        "box",
                        limit=limit,
                    ),
                ),
                term.description,
                kind="term",
            )

    def sources(self) -> Iterable[Group]:
        shown = list(self._values.sources)
        is_added = self._answers.do == "add-sources" or not shown
        if is_added:
            shown.append(SourceValues(next_source(source.id for source in shown)))
        for number, source in enumerate(shown):
            name, is_last = f"sources.{source.id}", number == len(shown) - 1
            languages = (
                Choice("", gettext("English")),
                *(
                    Choice(code, label, is_chosen=code == source.lang)
                    for code, label in LANGUAGES.items()
                    if code != "en"
                ),
            )
            yield Group(
                f"{name}.row",
                gettext("Source {id}").format(id=source.id),
                (
                    Question(
                        f"{name}.title",
                        gettext("Title"),
                        source.title,
                        is_first=is_last and self._answers.do == "add-sources",
                    ),
                    Question(f"{name}.by", gettext("Author or publisher"), source.by),
                    Question(
                        f"{name}.year",
                        gettext("Year"),
                        source.year,
                        hint=gettext("The year it covers, or that of its publication."),
                    ),
                    Question(
                        f"{name}.url",
                        gettext("Web address"),
                        source.url,
                        hint=gettext("The whole address, with https://, if it has one."),
                    ),
                    Question(f"{name}.lang", gettext("Language"), source.lang, "select", choices=languages),
                ),
                kind="row",
                add="add-sources" if is_last else "",
                add_label=gettext("Add another source"),
                is_removable=not source.is_empty,
            )

    def text(self) -> Iterable[Group]:
        for heading in CASE_SECTIONS:
            name = f"text.{slugify_heading(heading)}"
            guidance = self._guidance.sections.get(heading, ())
            question = Question(
                name, heading, self._values.section(heading), "box", rows=6, counts_words=True, guidance=guidance
            )
            yield Group(f"{name}.part", heading, (question,), kind="bare", cites=True)

    def known(self) -> Iterable[Group]:
        values, meaning = self._values, self._guidance.meanings
        yield Group(
            "evidence",
            gettext("What is known about results"),
            (
                Question(
                    "evidence.level",
                    gettext("How much is known"),
                    values.level,
                    "radio",
                    choices=_choices(self._vocabularies.evidence, [values.level]),
                ),
                Question(
                    "evidence.note",
                    gettext("In one sentence"),
                    values.note,
                    "box",
                    gettext("What is known, and what that is based on."),
                    self._limits["reason"],
                ),
            ),
        )
        sources = (
            Choice("", gettext("None")),
            *(
                Choice(source.id, f"{source.id}: {source.title}"[:70], is_chosen=source.id == values.reported_source)
                for source in values.sources
            ),
        )
        yield Group(
            "last_reported",
            gettext("If it is still running: the newest source that shows it"),
            (
                Question("last_reported.source", gettext("Source"), values.reported_source, "select", choices=sources),
                Question("last_reported.year", gettext("Year in which it was running"), values.reported_year),
            ),
        )
        yield Group(
            "words",
            gettext("Questions and language"),
            (
                Question(
                    "questions",
                    gettext("Questions that this case answers"),
                    "\n".join(values.questions),
                    "box",
                    meaning["questions"] + " " + gettext("One on each line, each with a question mark."),
                    rows=6,
                ),
                Question(
                    "language",
                    gettext("Language of this text"),
                    values.language or "en",
                    "select",
                    choices=tuple(
                        Choice(code, label, is_chosen=code == (values.language or "en"))
                        for code, label in LANGUAGES.items()
                    ),
                ),
            ),
        )


def _choices(terms: Iterable[Term], chosen: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(term.id, term.label, term.description, term.id in chosen) for term in terms)
