"""Turns a case file into a `Case`, or into a list of what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from kb.authoring.parsing import old_forms
from kb.authoring.parsing import sources as source_list
from kb.authoring.parsing.body import Body, read_body, uncited_statements
from kb.authoring.parsing.fields import FieldReader, Keys, Text, slug_of
from kb.authoring.parsing.front_matter import read_head, split_file
from kb.authoring.parsing.markdown.notes import WrittenLink
from kb.authoring.parsing.publication import Decision, Fate, decide
from kb.authoring.parsing.template import is_of_template
from kb.authoring.parsing.text_file import decode, legible
from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Scalar
from kb.authoring.parsing.yaml.repairs import quoted
from kb.authoring.problems import Problem, ProblemList
from kb.model.case import (
    CASE_SECTIONS,
    Case,
    Challenge,
    Evidence,
    LastReported,
    Partner,
    Publication,
    Reason,
    Review,
    ReviewState,
    Source,
    Status,
)
from kb.model.section import Section
from kb.model.vocabulary import Term, Vocabularies, Vocabulary

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_OWN_VOICE = re.compile(r"\b(?:[Ww]e|[Oo]ur|us|(?:This|The) case)\b")

TITLE_LENGTH = 90
SUMMARY_LENGTH = 320
REASON_LENGTH = 400
QUESTION_LENGTH = 160

_LINES = {
    "title": 'title: "What it is, in at most 90 characters"',
    "summary": 'summary: "One or two sentences that stand alone in a list of results."',
    "city": "city: [aarhus]",
    "started": "started: 2015",
    "ended": "ended:",
    "status": "status: unknown",
    "arrangements": 'arrangements:\n  informing-and-intervening: "Why this case is one, in one sentence."',
    "challenges": 'challenges:\n  fragile-trust:\n    showed: "How it showed here, in one sentence."',
    "extremism": "extremism: []",
    "audiences": "audiences: []",
    "lead": 'lead:\n  "The organisation that leads it": local-government',
    "partners": 'partners:\n  "An organisation at the table": youth-work',
    "last_reported": "last_reported: {year: 2024, source: s1}",
    "resources": 'resources: "What it takes, as a source says, in one sentence."',
    "experienced_as": 'experienced_as:\n  intelligence-link: "Who felt what, in one sentence."',
    "evidence": 'evidence:\n  level: described\n  note: "What is known about results, and on what that rests."',
    "language": "language: en",
    "contributors": "contributors: [Your role or organisation]",
    "publication": "publication: draft",
    "review": "review: {state: unreviewed}",
    "questions": 'questions:\n  - "What would a teacher ask that this case answers?"',
    "aliases": "aliases: []",
    "sources": 'sources:\n  s1:\n    title: "Title of the publication"\n    by: "Author or publisher"\n    year: 2024\n'
    '    url: "https://example.org/the-publication"',
}  # fmt: skip
CASE_KEYS = Keys(tuple(_LINES), tuple(_LINES.items()))
"""The keys of a case file, and how each is written."""

EVIDENCE_KEYS = Keys(("level", "note"))
REVIEW_KEYS = Keys(("state", "date", "by"))
REPORT_KEYS = Keys(("year", "source"))
CHALLENGE_KEYS = Keys(("showed", "handled"))

_QUESTION_MARKS = "?？؟;;՞፧⁇⁈⁉‽"
_BEHIND_MARK = " \"'”’»)]*_"


@dataclass(frozen=True)
class CaseFile:
    """What was read from a case file."""

    path: str
    slug: str
    decision: Decision
    """What happens to its page."""
    case: Case | None
    """The complete case; None if an error keeps the file from being published."""
    problems: tuple[Problem, ...]
    text: str
    """The file as written; empty if it is not text."""
    links: tuple[WrittenLink, ...] = ()
    """The links in its text, even if it cannot be published."""

    @property
    def is_published(self) -> bool:
        """Whether this is a complete case that its author has published."""
        return self.decision.fate is Fate.ONLINE


def parse_case_file(path: PurePosixPath, data: bytes, vocabularies: Vocabularies) -> CaseFile:
    """Read one case file. Never raises for anything an author can write.

    `path` is relative to the content folder.
    """
    return parse_draft_file(path, data, vocabularies)[0]


def parse_draft_file(path: PurePosixPath, data: bytes, vocabularies: Vocabularies) -> tuple[CaseFile, Case]:
    """The same, with the case as far as it can be read, even if it cannot be published."""
    problems = ProblemList(path)
    slug = path.name.removesuffix(".md")
    if not SLUG.fullmatch(slug):
        better = slug_of(slug) or "aarhus-info-house"
        hint = f"Use lower-case letters, digits and hyphens: `{better}.md`."
        problems.add("file-name", f"`{path.name}` cannot be used as an address.", hint)
    written = decode(data, problems)
    case, publication, links = parse_text(slug, written.text, vocabularies, problems)
    is_valid = not problems.has_errors
    decision = decide(legible(data), is_valid=is_valid, declared=publication)
    if publication in (Publication.DRAFT, Publication.WITHDRAWN):
        problems.judge_as_draft()
    text = written.written if written.is_sound else ""
    file = CaseFile(str(path), slug, decision, case if is_valid else None, problems.sorted(), text, links)
    return file, case


def unreadable_case_file(path: PurePosixPath, problems: ProblemList) -> CaseFile:
    """A case file that cannot be read at all; `problems` say why."""
    decision = decide(None, is_valid=False, declared=None)
    return CaseFile(str(path), path.stem, decision, None, problems.sorted(), "")


def parse_text(
    slug: str, text: str, vocabularies: Vocabularies, problems: ProblemList
) -> tuple[Case, str, tuple[WrittenLink, ...]]:
    """The case as far as it can be read, what the file declares under `publication`, and its links.

    What cannot be read is empty in the case, and noted.
    """
    split = split_file(text, problems, CASE_KEYS.names, CASE_SECTIONS)
    fields = FieldReader(read_head(split, problems, CASE_KEYS.names), problems, keys=CASE_KEYS)
    publication = fields.choice("publication", Publication)
    sources = source_list.read_sources(fields, problems)
    body = read_body(
        split.body, split.body_line, CASE_SECTIONS, sources.numbers, "cases", problems,
        knows_all_sources=sources.is_complete,
    )  # fmt: skip
    if sources.is_complete:
        _check_statements(body, problems)
    is_text_read = body.is_complete
    cited = source_list.count_citations(sources.listed, body.citations, problems, is_text_read=is_text_read)
    case = _read_case(slug, fields, cited, body.sections, vocabularies)
    _check_case(case, fields)
    fields.finish()
    return case, publication, body.links


def _read_case(
    slug: str,
    fields: FieldReader,
    sources: tuple[Source, ...],
    sections: tuple[Section, ...],
    vocabularies: Vocabularies,
) -> Case:
    """The case as far as it can be read; `fields` notes what cannot, which is left empty."""
    evidence = fields.inside(
        "evidence",
        required=True,
        keys=EVIDENCE_KEYS,
        shape="`level:` and `note:`",
        fix='{level: described, note: "What is known about results."}',
    )
    review = fields.inside(
        "review",
        required=True,
        keys=REVIEW_KEYS,
        shape="a mapping such as `{state: unreviewed}`",
        fix="{state: unreviewed}",
    )
    case = Case(
        slug=slug,
        title=fields.text("title", longest=TITLE_LENGTH),
        summary=fields.text("summary", longest=SUMMARY_LENGTH),
        cities=fields.terms("city", vocabularies.cities, required=True),
        started=fields.year("started") or 0,
        ended=fields.year("ended", required=False),
        status=fields.state("status", Status.UNKNOWN),
        arrangements=_reasons(fields, "arrangements", vocabularies.arrangements, required=True),
        challenges=_challenges(fields, vocabularies.challenges),
        extremism=fields.terms("extremism", vocabularies.extremism),
        audiences=fields.terms("audiences", vocabularies.audiences),
        lead=_partners(fields, "lead", vocabularies.sectors, required=True),
        partners=_partners(fields, "partners", vocabularies.sectors),
        last_reported=_last_reported(fields, sources),
        resources=fields.text("resources", required=False, longest=REASON_LENGTH) or None,
        experienced_as=_reasons(fields, "experienced_as", vocabularies.arrangements, required=False),
        evidence=Evidence(
            level=evidence.term("level", vocabularies.evidence), note=evidence.text("note", longest=REASON_LENGTH)
        ),
        language=source_list.language_code(fields, "language", required=True),
        contributors=_values(fields.texts("contributors", required=True, free=True)),
        review=Review(
            state=review.state("state", ReviewState.UNREVIEWED),
            date=review.day("date", required=False),
            by=_reviewer(review),
        ),
        questions=_questions(fields),
        aliases=_values(fields.texts("aliases")),
        sources=sources,
        sections=sections,
    )
    if case.review.state is ReviewState.REVIEWED and not (review.has("date") and review.has("by")):
        hint = "Add `date: 2026-03-31` and `by: the city's prevention coordinator`."
        fields.note(
            "review-incomplete", "A reviewed case says when it was reviewed, and by whom.", hint, fields.place("review")
        )
    evidence.finish()
    review.finish()
    return case


def _reviewer(review: FieldReader) -> str | None:
    return review.text("by", required=False, free=True) or None


def _reasons(fields: FieldReader, key: str, vocabulary: Vocabulary[Any], *, required: bool) -> tuple[Reason, ...]:
    shape = "a mapping such as `intelligence-link: why this case is one`"
    found = []
    for entry in fields.entries(key, required=required, shape=shape):
        is_known = fields.known(Text(entry.key, entry.place), vocabulary)
        if not isinstance(entry.value, Scalar) or not entry.value.text:
            fields.note("missing-key", f"`{key}.{entry.key}` needs a reason.", "Write one sentence.", entry.place)
        elif is_known:
            fields.check_length(f"{key}.{entry.key}", entry.value.text, REASON_LENGTH, entry.place)
            fields.check_words(f"{key}.{entry.key}", entry.value)
            found.append(Reason(entry.key, entry.value.text))
    return tuple(found)


def _challenges(fields: FieldReader, vocabulary: Vocabulary[Term]) -> tuple[Challenge, ...]:
    shape = "a mapping such as `fragile-trust: {showed: how it showed here, handled: what they did about it}`"
    challenges = fields.inside("challenges", required=True, shape=shape)
    known = (
        entry for entry in challenges.first_entries() if challenges.known(Text(entry.key, entry.place), vocabulary)
    )
    return tuple(filter(None, (_challenge(entry, challenges) for entry in known)))


def _challenge(entry: Entry, challenges: FieldReader) -> Challenge | None:
    if isinstance(entry.value, Scalar) and entry.value.text:
        challenges.check_length(entry.key, entry.value.text, REASON_LENGTH, entry.value.place)
        challenges.check_words(entry.key, entry.value)
        return old_forms.one_sentence(entry.key, entry.value, challenges)
    shape = "`showed:` and `handled:`, or one of them"
    parts = challenges.inside(entry.key, shape=shape, keys=CHALLENGE_KEYS)
    showed, handled = (parts.text(key, required=False, longest=REASON_LENGTH) or None for key in ("showed", "handled"))
    parts.finish()
    if showed or handled:
        return Challenge(entry.key, showed, handled)
    if challenges.has(entry.key) and not parts.is_readable:
        return None  # its value is of another kind, which has been reported
    hint = "Write how it showed here, or what they did about it, in one sentence."
    challenges.note("missing-key", f"`challenges.{entry.key}` needs `showed` or `handled`.", hint, entry.place)
    return None


def _partners(
    fields: FieldReader, key: str, sectors: Vocabulary[Term], *, required: bool = False
) -> tuple[Partner, ...]:
    if fields.is_list(key) and any(isinstance(item, Mapping) for item in fields.items(key)):
        return _partners_in_list(fields, key, sectors)
    if fields.is_list(key):
        return old_forms.list_of_names(key, fields.texts(key, required=required), fields)
    named = fields.inside(key, required=required, shape="a mapping such as `City Police: police`")
    return tuple(_partner(entry, named, sectors) for entry in named.first_entries())


def _partners_in_list(fields: FieldReader, key: str, sectors: Vocabulary[Term]) -> tuple[Partner, ...]:
    """`- name: sector` lines, which are reported once and read as if they had no hyphens."""
    items = [item for item in fields.items(key) if isinstance(item, Mapping)]
    entries = tuple(entry for item in items for entry in item.entries)
    message = f"`{key}` must be a mapping such as `City Police: police`, not a list."
    lines = [f"  {quoted(e.key)}: {e.value.text}" for e in entries if isinstance(e.value, Scalar)]
    hint, paste = "Write these lines without hyphens.", "\n".join([f"{key}:", *lines])
    fields.problems.add("wrong-type", message, hint, place=fields.place(key), paste=paste)
    named = FieldReader(Mapping(entries, fields.place(key)), fields.problems, f"{key}.")
    return tuple(_partner(entry, named, sectors) for entry in named.first_entries())


def _partner(entry: Entry, named: FieldReader, sectors: Vocabulary[Term]) -> Partner:
    sector = named.term(entry.key, sectors, required=False)
    if is_of_template(entry.key):
        message = f"`{entry.key}` is what the template says."
        named.note("template-text", message, "Write the name of an organisation or a role.", entry.place)
    elif not entry.key:
        named.note("missing-key", "A name is missing here.", "Write `name: sector`.", entry.place)
    elif isinstance(entry.value, Scalar) and not entry.value.text:
        hint = "Write an id from `vocabularies/sectors.yaml` after the name."
        named.note("missing-key", f"`{entry.key}` needs a sector.", hint, entry.place)
    return Partner(entry.key, sector or None)


def _last_reported(fields: FieldReader, sources: tuple[Source, ...]) -> LastReported | None:
    shape = "a mapping such as `{year: 2024, source: s1}`"
    reported = fields.inside("last_reported", shape=shape, keys=REPORT_KEYS)
    if reported.is_empty:
        return None
    year, source_id = reported.year("year"), reported.text("source")
    reported.finish()
    source = next((source for source in sources if source.id == source_id), None)
    if source_id and source is None:
        hint = f"The sources are: {', '.join(source.id for source in sources)}." if sources else "There are none."
        reported.note("unknown-source", f"There is no source `{source_id}`.", hint, reported.place("source"))
    if source and source.year and year and year > source.year:
        message = f"A source from {source.year} cannot report on {year}."
        hint = "Write the year for which the source shows the practice running."
        reported.note("last-reported", message, hint, reported.place("year"))
    return LastReported(year, source_id) if year and source else None


def _questions(fields: FieldReader) -> tuple[str, ...]:
    texts = fields.texts("questions", free=True)
    for text in texts:
        fields.check_length("questions", text.value, QUESTION_LENGTH, text.place)
        if not text.value.rstrip(_BEHIND_MARK).endswith(tuple(_QUESTION_MARKS)):
            message = f"`{text.value[:60]}` is not a question."
            fields.note(
                "not-a-question", message, "Write what a reader would ask, and end it with a question mark.", text.place
            )
    return _values(texts)


def _values(texts: tuple[Text, ...]) -> tuple[str, ...]:
    return tuple(text.value for text in texts)


def _check_case(case: Case, fields: FieldReader) -> None:
    """Check what depends on more than one field."""
    if case.ended is not None and case.started and case.ended < case.started:
        hint = f"It started in {case.started}."
        fields.note("bad-year", f"`ended: {case.ended}` is before the case started.", hint, fields.place("ended"))
    if case.ended is not None and case.status is not Status.ENDED:
        hint = "Write `status: ended`, or leave `ended` empty."
        fields.note(
            "status-and-end", "The case has an end year, but its status says otherwise.", hint, fields.place("status")
        )
    if case.last_reported and case.status is not Status.ONGOING:
        message = "`last_reported` is for ongoing practices, and this one is not ongoing."
        hint = "Write `status: ongoing`, or remove `last_reported`."
        fields.note("last-reported", message, hint, fields.place("last_reported"))
    if case.last_reported and case.last_reported.year < case.started:
        hint = f"It started in {case.started}."
        message = f"`last_reported.year: {case.last_reported.year}` is before the case started."
        fields.note("bad-year", message, hint, fields.place("last_reported"))
    announced = {reason.id for reason in case.arrangements}
    for reason in case.experienced_as:
        if reason.id in announced:
            message = f"`{reason.id}` is listed under `arrangements` as well."
            hint = "Name the arrangement that partners experienced instead."
            fields.note("same-experience", message, hint, fields.place("experienced_as"))
    for alias in case.aliases:
        if not SLUG.fullmatch(alias) or alias == case.slug:
            hint = "Write an earlier slug of this case."
            fields.note("bad-alias", f"`{alias}` cannot be an earlier address.", hint, fields.place("aliases"))


def _check_statements(body: Body, problems: ProblemList) -> None:
    """Note the statements that cite no source.

    Lessons are the authors' own reading, and where authors speak of themselves or of the case file ("We found
    no …", "This case is …") there is nothing to cite.
    """
    tried = body.failed | {problem.line for problem in problems.found if problem.rule in _FAILED_CITATIONS}
    for section in body.written:
        if section.heading not in CASE_SECTIONS[:-1]:
            continue
        for statement, lines in uncited_statements(section):
            if not _OWN_VOICE.search(statement.text) and not tried.intersection(lines):
                hint = "End it with the source it rests on, such as `[@s1]`."
                problems.add("uncited-statement", "This statement cites no source.", hint, line=statement.line)


_FAILED_CITATIONS = frozenset(
    {
        "bad-citation",
        "unknown-source",
        "footnote",
        "image",
        "merge-conflict",
        "indented-text",
        "other-markup",
        "template-text",
    }
)
"""Rules whose problems are the reason why a statement cites nothing that can be read."""
