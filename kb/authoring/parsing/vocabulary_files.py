"""Turns the files in `content/vocabularies/` into `Vocabularies`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from kb.authoring.parsing.case_file import SLUG
from kb.authoring.parsing.fields import FieldReader, slug_of
from kb.authoring.parsing.text_file import CONTROL, decode
from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, Unreadable
from kb.authoring.parsing.yaml.recovery import read_yaml_or_what_can_be_read
from kb.authoring.problems import Problem, ProblemList
from kb.authoring.written import Place
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

    An entry with errors is left out, and so is whatever depends on it; all others are used. Raises ContentError with
    all problems if no entry is left of a vocabulary that a collection needs.
    """
    lists = {name: ProblemList(FOLDER / f"{name}.yaml") for name in VOCABULARY_FILES}
    roots = {name: _read(files.get(name, b""), lists[name]) for name in VOCABULARY_FILES}

    def terms(name: str, make: Callable[[_Basics, FieldReader], T]) -> Vocabulary[T]:
        return _vocabulary(name, roots[name], lists[name], make)

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
    _check_positions(vocabularies, roots["cities"], lists["cities"])
    problems = tuple(problem for found in lists.values() for problem in found.sorted())
    needed = (vocabularies.arrangements, vocabularies.challenges, vocabularies.cities, vocabularies.countries,
              vocabularies.evidence, vocabularies.statuses)  # fmt: skip
    if empty := [vocabulary.name for vocabulary in needed if not vocabulary and lists[vocabulary.name].has_errors]:
        files_empty = ", ".join(f"`{name}.yaml`" for name in empty)
        to_fix = counted(len(problems), "problem", "problems")
        message = f"The vocabularies cannot be used: {to_fix} to fix, and nothing is left of {files_empty}."
        raise ContentError(message, problems)
    return vocabularies, problems


_KEYS = (
    "label", "description", "aliases", "country", "continent", "countries", "latitude", "longitude", "purpose", "table",
    "flow", "flow_kind", "named_person", "decides_together", "looks_at", "answers", "fits", "note", "note_heading",
    "note_before",
)  # fmt: skip
"""The keys that lines of vocabularies begin with, other than ids."""


@dataclass(frozen=True)
class _Root:
    """What a vocabulary file consists of."""

    node: Node
    bad_lines: frozenset[int]
    """Lines with bytes or characters that no text contains: what they say is wrong."""
    lines: int
    """How many there are."""


def _read(data: bytes, problems: ProblemList) -> _Root:
    written = decode(data, problems)
    node = read_yaml_or_what_can_be_read(written.text, 1, problems, _KEYS)
    bad = frozenset() if written.is_sound else frozenset(_bad_lines(data))
    return _Root(node, bad, len(written.lines))


def _bad_lines(data: bytes) -> Iterable[int]:
    for number, line in enumerate(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), start=1):
        text = line.decode("utf-8", "replace")
        if "\N{REPLACEMENT CHARACTER}" in text or CONTROL.search(text):
            yield number


_HARMLESS = frozenset({"duplicate-alias", "duplicate-key", "unknown-key"})
"""Rules whose errors leave the rest of an entry usable."""


def _vocabulary(
    name: str, root: _Root, problems: ProblemList, make: Callable[[_Basics, FieldReader], T]
) -> Vocabulary[T]:
    """The terms of a file without errors, and the ids of the others."""
    if not isinstance(root.node, Mapping):
        if not isinstance(root.node, Unreadable):
            problems.add("wrong-type", "A vocabulary consists of `id:` lines, each with fields below it.")
        return Vocabulary(name, ())
    terms: list[T] = []
    unusable: list[str] = []
    owners: dict[str, str] = {}
    entries = list(FieldReader(root.node, problems).all_entries())
    ends = [*(entry.place.line for entry in entries[1:]), root.lines + 1]
    for entry, end in zip(entries, ends, strict=False):
        before = len(problems.found)
        term = _term_of(entry, owners, problems, make)
        found = problems.found[before:]
        is_legible = not root.bad_lines.intersection(range(entry.place.line, end))
        if term is None or not is_legible or any(p.blocks and p.rule not in _HARMLESS for p in found):
            unusable.append(entry.key)
        else:
            terms.append(term)
    return Vocabulary(name, tuple(terms), tuple(unusable))


def _term_of(
    entry: Entry, owners: dict[str, str], problems: ProblemList, make: Callable[[_Basics, FieldReader], T]
) -> T | None:
    at = entry.place
    if isinstance(entry.value, Unreadable):
        return None
    if not SLUG.fullmatch(entry.key):
        better = slug_of(entry.key)
        hint = f"Write `{better}`." if better else "Use lower-case letters, digits and hyphens."
        swap = (entry.key, better) if better else None
        problems.add("file-name", f"`{entry.key}` cannot be an id.", hint, place=at, swap=swap)
    if not isinstance(entry.value, Mapping):
        problems.add("wrong-type", f"`{entry.key}` has no fields.", "Add a `label:` below it.", place=at)
        return None
    fields = FieldReader(entry.value, problems, f"{entry.key}.")
    term = make(_basics(entry.key, fields, owners), fields)
    fields.finish()
    return term


def _check_positions(vocabularies: Vocabularies, root: _Root, problems: ProblemList) -> None:
    """Note cities that lie among the others of their continent only if latitude and longitude are swapped."""
    for city in vocabularies.cities:
        others = [
            (other.latitude, other.longitude)
            for other in vocabularies.cities
            if other.id != city.id and vocabularies.continents_of([other.id]) == vocabularies.continents_of([city.id])
        ]
        as_written = _nearest_kilometres((city.latitude, city.longitude), others)
        swapped = _nearest_kilometres((city.longitude, city.latitude), others)
        if others and as_written > 2_500 and swapped < 1_000:
            place = _place_of(root.node, city.id, "latitude")
            message = f"`{city.id}` lies {as_written:,.0f} km from any other city of its continent."
            hint = "Latitude and longitude are probably swapped."
            problems.add("swapped-coordinates", message, hint, place=place)


def _nearest_kilometres(place: tuple[float, float], others: Iterable[tuple[float, float]]) -> float:
    return min((_kilometres(place, other) for other in others), default=0.0)


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two places, given by latitude and longitude in degrees (haversine formula)."""
    (north, east), (other_north, other_east) = (map(math.radians, place) for place in (one, other))
    half = math.sin((north - other_north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin((east - other_east) / 2) ** 2
    return 12_742 * math.asin(math.sqrt(min(1.0, max(0.0, half))))


def _place_of(root: Node, key: str, inner: str) -> Place:
    value = root.get(key) if isinstance(root, Mapping) else None
    node = value.get(inner) if isinstance(value, Mapping) else None
    return node.place if node else root.place


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


def _synonyms(root: _Root, problems: ProblemList) -> tuple[tuple[str, ...], ...]:
    """The groups of words that mean the same; invalid groups are left out."""
    if not isinstance(root.node, Sequence):
        if not _is_nothing(root.node):
            problems.add("wrong-type", 'Synonyms are a list of groups such as `- ["CVE", "P/CVE"]`.')
        return ()
    groups: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for group in root.node.items:
        if isinstance(group, Unreadable) or root.bad_lines.intersection({group.place.line}):
            continue
        items = group.items if isinstance(group, Sequence) else ()
        words = [word for word in items if isinstance(word, Scalar) and word.text]
        if len(words) < 2:
            message = "A group of synonyms is a list of at least two words."
            at = group.place
            problems.add("wrong-type", message, 'Write `- ["CVE", "P/CVE"]`.', place=at)
            continue
        for word in words:
            if word.text.casefold() in seen:
                message = f"`{word.text}` is in two groups."
                at = word.place
                problems.add("duplicate-alias", message, "Merge the groups.", place=at)
        new = tuple(word.text for word in words if word.text.casefold() not in seen)
        seen.update(word.text.casefold() for word in words)
        if len(new) > 1:
            groups.append(new)
    return tuple(groups)


def _everyday_words(root: _Root, problems: ProblemList) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What people type, with the words of cases; a line that says nothing is left out."""
    if not isinstance(root.node, Mapping):
        if not _is_nothing(root.node):
            problems.add("wrong-type", 'Everyday words are lines such as `"mum": ["mothers", "parents"]`.')
        return ()
    fields = FieldReader(root.node, problems)
    lines = (
        (entry.key, tuple(word.value for word in fields.texts(entry.key, required=True)))
        for entry in fields.first_entries()
        if entry.place.line not in root.bad_lines
    )
    return tuple(line for line in lines if line[1])


def _is_nothing(root: Node) -> bool:
    """Whether a file is empty, or has been reported as a whole."""
    return isinstance(root, Unreadable) or (isinstance(root, Mapping) and not root.entries)
