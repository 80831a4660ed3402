"""Turns the files in `content/vocabularies/` into `Vocabularies`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from kb.authoring.parsing.case_file import SLUG
from kb.authoring.parsing.front_matter import FieldReader
from kb.authoring.parsing.text_file import decode
from kb.authoring.parsing.yaml_nodes import Mapping, Node, Scalar, Sequence, YamlSyntaxError, read_yaml
from kb.authoring.problems import Problem, ProblemList
from kb.errors import ContentError
from kb.model.case import Status
from kb.model.vocabulary import (
    ASPECTS,
    DECIDES,
    FLOW_KINDS,
    Answer,
    Arrangement,
    City,
    Country,
    Note,
    Question,
    Region,
    Term,
    Vocabularies,
    Vocabulary,
    first_word,
)
from kb.wording import counted

VOCABULARY_FILES = (
    "arrangements", "challenges", "cities", "countries", "regions", "audiences", "sectors", "extremism", "evidence",
    "statuses", "questions", "synonyms", "everyday_words",
)  # fmt: skip

OPTIONAL_FILES = frozenset({"everyday_words", "questions", "sectors", "extremism", "regions"})
"""A collection works without these, only less well."""

FOLDER = PurePosixPath("vocabularies")

T = TypeVar("T", bound=Term)


@dataclass(frozen=True)
class _Basics:
    """The fields that every kind of term has."""

    id: str
    label: str
    description: str
    aliases: tuple[str, ...]


def parse_vocabularies(files: dict[str, bytes]) -> tuple[Vocabularies, tuple[Problem, ...]]:
    """Read all vocabularies; `files` maps each name in `VOCABULARY_FILES` to its bytes; optional ones may be missing.

    Raises ContentError with all problems if any of them is an error: nothing can be checked
    against a broken vocabulary. The problems returned are warnings.
    """
    lists = {name: ProblemList(FOLDER / f"{name}.yaml") for name in VOCABULARY_FILES}
    roots = {name: _read(files.get(name, b""), lists[name]) for name in VOCABULARY_FILES}

    def terms(name: str, make: Callable[[_Basics, FieldReader], T]) -> Vocabulary[T]:
        return Vocabulary(name, tuple(_terms(roots[name], lists[name], make)))

    countries = terms("countries", _country)

    def city(basics: _Basics, fields: FieldReader) -> City:
        return _city(basics, fields, countries)

    def region(basics: _Basics, fields: FieldReader) -> Region:
        members = fields.terms("countries", countries, required=True)
        return Region(basics.id, basics.label, basics.description, basics.aliases, members, _adjectives(fields))

    arrangements = terms("arrangements", _arrangement)

    def question(basics: _Basics, fields: FieldReader) -> Question:
        return _question(basics, fields, arrangements)

    vocabularies = Vocabularies(
        arrangements=arrangements,
        challenges=terms("challenges", _term),
        cities=terms("cities", city),
        countries=countries,
        regions=terms("regions", region),
        audiences=terms("audiences", _term),
        sectors=terms("sectors", _term),
        extremism=terms("extremism", _term),
        evidence=terms("evidence", _term),
        statuses=terms("statuses", _status),
        questions=terms("questions", question),
        synonyms=_synonyms(roots["synonyms"], lists["synonyms"]),
        everyday_words=_everyday_words(roots["everyday_words"], lists["everyday_words"]),
    )
    problems = tuple(problem for found in lists.values() for problem in found.sorted())
    if any(found.has_errors for found in lists.values()):
        raise ContentError(
            f"The vocabularies cannot be used: {counted(len(problems), 'problem', 'problems')} to fix.", problems
        )
    return vocabularies, problems


def _read(data: bytes, problems: ProblemList) -> Node:
    text = decode(data, problems)
    try:
        return read_yaml(text or "")
    except YamlSyntaxError as error:
        hint = "Text with a colon, a quote or a # in it needs double quotes around it."
        message = f"The file cannot be read here: {error}."
        problems.add("yaml-syntax", message, hint, line=error.place.line, column=error.place.column)
        return Mapping((), error.place)


def _terms(root: Node, problems: ProblemList, make: Callable[[_Basics, FieldReader], T]) -> Iterable[T]:
    if not isinstance(root, Mapping):
        problems.add("wrong-type", "A vocabulary consists of `id:` lines, each with fields below it.")
        return
    owners: dict[str, str] = {}
    for entry in FieldReader(root, problems).first_entries():
        if not SLUG.fullmatch(entry.key):
            hint = "Use lower-case letters, digits and hyphens."
            problems.add(
                "file-name", f"`{entry.key}` cannot be an id.", hint, line=entry.place.line, column=entry.place.column
            )
        if not isinstance(entry.value, Mapping):
            problems.add(
                "wrong-type",
                f"`{entry.key}` has no fields.",
                "Add a `label:` below it.",
                line=entry.place.line,
                column=entry.place.column,
            )
            continue
        fields = FieldReader(entry.value, problems, f"{entry.key}.")
        term = make(_basics(entry.key, fields, owners), fields)
        fields.finish()
        yield term


def _basics(term_id: str, fields: FieldReader, owners: dict[str, str]) -> _Basics:
    aliases = fields.texts("aliases")
    for alias in aliases:
        owner = owners.setdefault(alias.value.casefold(), term_id)
        if owner != term_id:
            message = f"`{alias.value}` is an alias of `{owner}` as well."
            fields.note("duplicate-alias", message, "Keep it in one of the two.", alias.place)
    return _Basics(
        term_id,
        fields.text("label"),
        fields.text("description", required=False),
        tuple(alias.value for alias in aliases),
    )


def _term(basics: _Basics, fields: FieldReader) -> Term:
    return Term(basics.id, basics.label, basics.description, basics.aliases)


def _status(basics: _Basics, fields: FieldReader) -> Term:
    if basics.id not in set(Status):
        hint = f"The statuses are: {', '.join(Status)}; the software knows no others."
        fields.note("unknown-term", f"`{basics.id}` is not a status.", hint, fields.place("label"))
    return _term(basics, fields)


def _arrangement(basics: _Basics, fields: FieldReader) -> Arrangement:
    return Arrangement(
        basics.id,
        basics.label,
        basics.description,
        basics.aliases,
        purpose=fields.text("purpose"),
        table=fields.text("table"),
        flow=fields.text("flow"),
        flow_kind=fields.choice("flow_kind", FLOW_KINDS, default=FLOW_KINDS[0]),
        named_person=fields.choice("named_person", ("yes", "no"), default="no") == "yes",
        decides_together=_decides(fields),
    )


def _decides(fields: FieldReader) -> str:
    text = fields.text("decides_together")
    if text and first_word(text) not in DECIDES:
        message = f"`decides_together` cannot begin with `{first_word(text)}`."
        hint = f"Begin with one of: {', '.join(DECIDES)}."
        fields.note("unknown-term", message, hint, fields.place("decides_together"))
    return text


def _question(basics: _Basics, fields: FieldReader, arrangements: Vocabulary[Arrangement]) -> Question:
    looks_at = fields.choice("looks_at", ASPECTS, default=ASPECTS[0])
    answers = fields.inside("answers", required=True)
    question = Question(
        basics.id,
        basics.label,
        basics.description,
        basics.aliases,
        looks_at=looks_at,
        answers=tuple(_answer(entry.key, answers, looks_at) for entry in answers.first_entries()),
    )
    for term in arrangements:
        if not any(term.says(looks_at) in answer.fits for answer in question.answers):
            message = f"No answer fits `{term.id}`, which says `{term.says(looks_at)}`."
            fields.note("no-answer", message, "Add the word to the `fits` of an answer.", fields.place("answers"))
    return question


_WORDS = {"named_person": ("yes", "no"), "decides_together": DECIDES, "flow_kind": FLOW_KINDS}
"""What an arrangement may say on each of `ASPECTS`."""


def _answer(answer_id: str, answers: FieldReader, looks_at: str) -> Answer:
    if not SLUG.fullmatch(answer_id):
        hint = "Use lower-case letters, digits and hyphens."
        answers.note("file-name", f"`{answer_id}` cannot be an id.", hint, answers.place(answer_id))
    fields = answers.inside(answer_id, required=True)
    answer = Answer(
        answer_id,
        fields.text("label"),
        fields.words("fits", _WORDS[looks_at]),
        _note(fields),
    )
    fields.finish()
    return answer


NOTE_HEADING = "Read this first"
"""The heading of a note that has none of its own."""


def _note(fields: FieldReader) -> Note | None:
    heading = fields.text("note_heading", required=False)
    before = fields.text("note_before", required=False)
    text = fields.text("note", required=bool(heading or before))
    return Note(heading or NOTE_HEADING, text, before or text) if text else None


def _country(basics: _Basics, fields: FieldReader) -> Country:
    return Country(
        basics.id,
        basics.label,
        basics.description,
        basics.aliases,
        continent=fields.text("continent"),
        adjectives=_adjectives(fields),
    )


def _adjectives(fields: FieldReader) -> tuple[str, ...]:
    return tuple(adjective.value for adjective in fields.texts("adjectives"))


def _city(basics: _Basics, fields: FieldReader, countries: Vocabulary[Country]) -> City:
    return City(
        basics.id,
        basics.label,
        basics.description,
        basics.aliases,
        country=fields.term("country", countries),
        latitude=_degrees(fields, "latitude", 90),
        longitude=_degrees(fields, "longitude", 180),
    )


def _degrees(fields: FieldReader, key: str, limit: int) -> float:
    text = fields.text(key)
    try:
        degrees = float(text or "nan")
    except ValueError:
        degrees = float("nan")
    if text and not -limit <= degrees <= limit:
        hint = f"Write decimal degrees from -{limit} to {limit}, such as 56.16."
        fields.note("bad-coordinates", f"`{key}: {text}` is not a valid coordinate.", hint, fields.place(key))
    return degrees


def _synonyms(root: Node, problems: ProblemList) -> tuple[tuple[str, ...], ...]:
    groups: list[tuple[str, ...]] = []
    seen: set[str] = set()
    items = root.items if isinstance(root, Sequence) else ()
    if not isinstance(root, Sequence):
        problems.add("wrong-type", 'Synonyms are a list of groups such as `- ["CVE", "P/CVE"]`.')
    for group in items:
        words = (
            [word for word in group.items if isinstance(word, Scalar) and word.text]
            if isinstance(group, Sequence)
            else []
        )
        if len(words) < 2:
            message = "A group of synonyms is a list of at least two words."
            problems.add(
                "wrong-type", message, 'Write `- ["CVE", "P/CVE"]`.', line=group.place.line, column=group.place.column
            )
        for word in words:
            if word.text.casefold() in seen:
                message = f"`{word.text}` is in two groups."
                problems.add(
                    "duplicate-alias", message, "Merge the groups.", line=word.place.line, column=word.place.column
                )
            seen.add(word.text.casefold())
        groups.append(tuple(word.text for word in words))
    return tuple(groups)


def _everyday_words(root: Node, problems: ProblemList) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(root, Mapping):
        problems.add("wrong-type", 'Everyday words are lines such as `"mum": ["mothers", "parents"]`.')
        return ()
    fields = FieldReader(root, problems)
    return tuple(
        (entry.key, tuple(word.value for word in fields.texts(entry.key, required=True)))
        for entry in fields.first_entries()
    )
