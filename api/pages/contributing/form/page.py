"""The form with its answers, what is left to do, the page that comes of it, and the finished file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode

from api.address import paths
from api.address.repository import NewFileLink, new_file_link
from api.address.site import Site
from api.pages.case import CasePage, page_of
from api.pages.contributing.form.answers import Answers, NewEntry, city_named, new_entries
from api.pages.contributing.form.questions import STEPS, Choice, Group, Question, Step, id_of, steps_of
from api.pages.contributing.form.telling import told
from api.pages.parts.page import Page
from kb import (
    CaseValues,
    DiffLine,
    Finding,
    Generation,
    Kind,
    StoredCase,
    Vocabularies,
    case_guidance,
    changed_passages,
    corrected,
    findings_in,
    gettext,
    in_order_of,
    read_draft,
    slug_for,
    tidy,
    values_in,
    written,
)


@dataclass(frozen=True)
class ToDo:
    """Something that is left to do, and where."""

    href: str
    step: str
    label: str
    text: str
    must: bool
    """Whether the case cannot be published before."""


@dataclass(frozen=True)
class StepLink:
    """A step in the list of all."""

    id: str
    number: int
    title: str
    to_do: int
    """How much of it is left to do."""
    is_current: bool


@dataclass(frozen=True)
class FinishedFile:
    """The file that comes of the form, and the ways to hand it in."""

    name: str
    text: str
    mail_href: str | None
    link: NewFileLink | None
    edit_href: str | None
    """Where the file of a correction is edited at the host of the repository."""


@dataclass(frozen=True)
class CaseFormPage(Page):
    """`/contribute/new`."""

    answers: Answers
    heading: str
    back: str
    """The page of the case that is corrected; empty for a new one."""
    steps: tuple[Step, ...]
    current: str
    is_checked: bool
    step_links: tuple[StepLink, ...]
    before: str
    """The step before; empty if this is the first one."""
    after: str
    to_do: tuple[ToDo, ...]
    notices: tuple[str, ...]
    cited: tuple[Choice, ...]
    """The sources that can be cited."""
    words: int
    known_cities: tuple[Choice, ...]
    known_countries: tuple[Choice, ...]
    live: CasePage
    """The case as its page will show it."""
    is_blank: bool
    """Whether there is nothing to show yet."""
    entries: tuple[NewEntry, ...]
    changes: tuple[tuple[DiffLine, ...], ...]
    file: FinishedFile


@dataclass(frozen=True)
class Written:
    """The file that comes of a form."""

    slug: str
    text: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.slug}.md"


def written_file(answers: Answers, base: str, generation: Generation) -> Written:
    """The file that comes of these answers; `base` is the text of the case that is corrected."""
    return _file(replace(answers, values=tidy(answers.values)), base, generation)


def _file(answers: Answers, base: str, generation: Generation) -> Written:
    if answers.case:
        values = in_order_of(values_in(base), answers.values)
        return Written(answers.case, corrected(base, values, is_tidy=True))
    slug = slug_for(answers.values.title, next(iter(answers.values.city), "")) or "new-case"
    number, free = 2, slug
    while generation.cases.contains(free):
        free, number = f"{slug}-{number}", number + 1
    return Written(free, written(answers.values, is_tidy=True))


def case_form_page(
    answers: Answers, base: str, generation: Generation, site: Site, *, is_sent: bool, is_outdated: bool = False
) -> CaseFormPage:
    """The form. `base` is the text of the case that is corrected; `is_sent` is whether anything has been answered."""
    vocabularies = generation.vocabularies
    answers = replace(answers, values=tidy(answers.values))
    file = _file(answers, base, generation)
    values = answers.values
    entries = new_entries(answers, vocabularies)
    draft = read_draft(PurePosixPath(Kind.CASE.file(file.slug)), file.text.encode(errors="replace"), vocabularies)
    is_checked = answers.is_checked or answers.step == "finish"
    findings = [
        finding
        for finding in findings_in(draft)
        if not _is_new_city(finding) and (is_checked or finding.problem.rule not in _EMPTINESS)
    ]
    placed = _Placed(steps_of(answers, vocabularies, case_guidance()), findings, _of_cities(answers, vocabularies))
    shows = is_sent or bool(answers.case)
    order = list(STEPS)
    current = answers.step if answers.step in STEPS else order[0]
    at = order.index(current)
    to_do = placed.to_do
    changes = changed_passages(base, file.text) if answers.case else ()
    title = gettext("Correct a case") if answers.case else gettext("Write a case")
    return CaseFormPage(
        title=title,
        path=paths.correct(answers.case) if answers.case else paths.NEW_CASE,
        answers=answers,
        heading=f"{title}: {draft.case.title}" if answers.case and draft.case.title else title,
        back=paths.case(answers.case) if answers.case else "",
        steps=placed.steps if shows else placed.unanswered,
        current=current,
        is_checked=is_checked,
        step_links=tuple(
            StepLink(
                step, number, gettext(label), sum(each.step == step for each in to_do) if shows else 0, step == current
            )
            for number, (step, label) in enumerate(STEPS.items(), 1)
        ),
        before=order[at - 1] if at else "",
        after=order[at + 1] if at + 1 < len(order) else "",
        to_do=to_do,
        notices=tuple(_notices(is_outdated=is_outdated)),
        cited=tuple(Choice(source.id, source.title or source.by or source.url) for source in values.sources),
        words=sum(len(text.split()) for _, text in values.sections),
        known_cities=tuple(
            Choice(city.label, vocabularies.countries.label(city.country)) for city in vocabularies.cities
        ),
        known_countries=tuple(Choice(country.label, country.label) for country in vocabularies.countries),
        live=page_of(StoredCase(draft.case, datetime.now(UTC).isoformat(), file.text), vocabularies, site),
        is_blank=values == tidy(CaseValues(status=values.status, language=values.language)),
        entries=entries,
        changes=changes,
        file=_finished(file, answers, entries, site),
    )


_EMPTINESS = frozenset({"missing-key", "missing-section", "no-text", "empty-section", "uncited-source"})
"""Rules that say what is still missing: no news to somebody who has not come to it yet."""


def _notices(*, is_outdated: bool) -> Sequence[str]:
    if not is_outdated:
        return ()
    text = gettext(
        "The case has been changed on this site since you began. Your answers are compared with its present text: look "
        "at the list of changes before you hand it in."
    )
    return (text,)


def _is_new_city(finding: Finding) -> bool:
    """Whether a finding says that a city is not known, which the form says in its own way."""
    return finding.field[:1] == ("city",) and finding.problem.rule == "unknown-term"


def _of_cities(answers: Answers, vocabularies: Vocabularies) -> dict[str, str]:
    """What is missing of cities that are new, by the id of the question."""
    found = {}
    for number, city in enumerate(answers.cities):
        name = "country"
        if not city.name:
            name, text = "city", gettext("You named a country but no city. Name the city.")
        elif city_named(city.name, vocabularies):
            continue
        elif not new_entries(replace(answers, cities=(city,)), vocabularies):
            name = "city"
            text = gettext("“{city}” has no letters for an address. Write the English name.").format(city=city.name)
        elif not city.country:
            text = gettext(
                "“{city}” is not in the list of cities. If it is spelled right, it is new: name its country."
            )
            text = text.format(city=city.name)
        else:
            continue
        found[id_of(f"{name}.{number}" if number else name)] = text
    return found


class _Placed:
    """The steps with every problem at its question."""

    def __init__(self, steps: Sequence[Step], findings: Sequence[Finding], others: Mapping[str, str]) -> None:
        self.unanswered = tuple(steps)
        self._where: dict[str, tuple[str, str, str]] = {}  # id: step, label, answer
        for step in steps:
            for group in step.groups:
                self._where[group.id] = (step.id, group.legend, "")
                in_row = f"{group.legend}: " if group.kind == "row" else ""
                self._where |= {q.id: (step.id, f"{in_row}{q.label}", q.value) for q in group.questions}
        at = {place: [text] for place, text in others.items()}
        to_do = [ToDo(f"#{place}", *self._where[place][:2], text, must=True) for place, text in others.items()]
        for finding in findings:
            place = self._place(finding.field)
            step_id, label, answer = self._where.get(place, ("finish", gettext("The file"), ""))
            text = told(finding, label, answer)
            if text not in at.setdefault(place, []):
                at[place].append(text)
                to_do.append(ToDo(f"#{place}", step_id, label, text, must=finding.problem.blocks))
        order = list(STEPS)
        self.to_do = tuple(sorted(to_do, key=lambda each: (order.index(each.step), not each.must)))
        self.steps = tuple(
            replace(step, groups=tuple(self._with_problems(group, at) for group in step.groups)) for step in steps
        )

    def _with_problems(self, group: Group, at: Mapping[str, Sequence[str]]) -> Group:
        questions = tuple(
            replace(question, problems=tuple(at.get(question.id, ()))) for question in group.questions
        )  # fmt: skip
        own = () if any(question.id == group.id for question in questions) else tuple(at.get(group.id, ()))
        return replace(group, questions=questions, problems=own)

    def _place(self, field: Sequence[str]) -> str:
        """The id of the question that a value belongs to, or of the group, or of the form."""
        for length in range(len(field), 0, -1):
            name = ".".join(field[:length])
            for candidate in (name, f"{name}.title", f"{name}.showed", f"{name}.0", f"{name}.s1.title"):
                if (found := id_of(candidate)) in self._where:
                    return found
        return "f-form"


def _finished(file: Written, answers: Answers, entries: Sequence[NewEntry], site: Site) -> FinishedFile:
    link, edit = None, None
    if answers.case:
        edit = site.edit_url(Kind.CASE.file(answers.case))
    elif site.repository_url:
        link = new_file_link(site.repository_url, "cases", file.name, file.text)
    return FinishedFile(file.name, file.text, _mail(file, answers, entries, site), link, edit)


def _mail(file: Written, answers: Answers, entries: Sequence[NewEntry], site: Site) -> str | None:
    """A link that begins a mail, to which the file has to be added by hand."""
    if not site.contact:
        return None
    what = gettext("Correction") if answers.case else gettext("New case")
    lines = [
        gettext("The file {name} is attached.").format(name=file.name),
        gettext("(Please attach it: a link cannot do that.)"),
        "",
        gettext("Who I am:"),
        "",
    ]
    for entry in entries:
        lines += [gettext("New in {file}:").format(file=f"vocabularies/{entry.vocabulary}.yaml"), entry.lines, ""]
    subject = f"{what}: {answers.values.title[:80] or file.slug}"
    query = urlencode({"subject": subject, "body": "\n".join(lines)[:1500]}, quote_via=quote)
    return f"mailto:{site.contact}?{query}"


__all__ = ["CaseFormPage", "Question", "case_form_page", "written_file"]
