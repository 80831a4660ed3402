"""The front matter of a case as a JSON Schema, for editors: what may be written, and what it means.

Keys, limits, patterns and what is required are those of the reader (`kb.authoring.parsing.case_file`), and ids those of
the vocabularies; only the words are written here. What depends on more than one field is left to `kb check`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from kb.authoring.parsing.case_file import (
    CASE_KEYS,
    CHALLENGE_KEYS,
    EVIDENCE_KEYS,
    QUESTION_LENGTH,
    REASON_LENGTH,
    REPORT_KEYS,
    REVIEW_KEYS,
    SLUG,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    parse_text,
)
from kb.authoring.parsing.fields import Keys
from kb.authoring.parsing.sources import SOURCE_KEY, SOURCE_KEYS
from kb.authoring.problems import ProblemList
from kb.model.case import Publication, ReviewState
from kb.model.languages import LANGUAGES
from kb.model.vocabulary import YEARS, Term, Vocabularies, Vocabulary

Schema = dict[str, Any]

_MEANINGS: Mapping[str, tuple[str, Any]] = {
    "title": ("What it is.", "The Info-house: one door for concerns"),
    "summary": ("One or two sentences that stand alone in a list of results. Say which city.",
                "Police and town hall in Aarhus share one door for concerns about radicalisation."),
    "city": ("Where it is: ids of `vocabularies/cities.yaml`, one or more. A new city is added there.", ["aarhus"]),
    "started": ("The year in which it began; if it is only the first documented one, say so under Context.", 2015),
    "ended": ("The year in which it ended, or empty.", 2019),
    "status": ("Whether it goes on.", "ongoing"),
    "arrangements": ("Which of the six arrangements it is, and why, in one sentence each. One to three of them.",
                     {"informing-and-intervening": "Police and town hall receive concerns and agree on help."}),
    "challenges": ("What was hard between those at the table: how it showed, and what they did about it.",
                   {"fragile-trust": {"showed": "Parents feared that what they said would reach the police."}}),
    "extremism": ("The kinds of extremism it is about, as its sources say.", ["far-right"]),
    "audiences": ("Whom it is for.", ["youth", "families"]),
    "lead": ("Who leads it: the name of each organisation or role, and its sector. Never a person's name.",
             {"Aarhus Municipality": "local-government"}),
    "partners": ("Who else is at the table: name and sector. Never a person's name.", {"Schools": "school"}),
    "last_reported": ("What `ongoing` is based on: the newest source that shows it running, and the year.",
                      {"year": 2024, "source": "s1"}),
    "resources": ("What it takes in staff or money, as a source says, in one sentence.",
                  "Two police officers work for it part-time."),
    "experienced_as": ("Arrangements that partners lived, where they differ from the one announced.",
                       {"intelligence-link": "Youth workers felt that what they said went to the police."}),
    "evidence": ("What is known about results.", {"level": "described", "note": "Nobody has measured results."}),
    "language": ("The language of this text.", "en"),
    "contributors": ("Who wrote it: roles or organisations, no names of persons.", ["Editorial team"]),
    "publication": ("Who may see it. Only what is published is shown anywhere.", "draft"),
    "review": ("Whether the city has checked it: `{state: reviewed, date: 2026-03-31, by: the mayor's office}`.",
               {"state": "unreviewed"}),
    "questions": ("What the case answers, in the words of those who might look for it. Six to ten.",
                  ["Where can a worried neighbour turn?"]),
    "aliases": ("Earlier file names of this case, the first one first; they redirect.", ["aarhus-door"]),
    "sources": ("The publications that the text cites as `[@s1]`.",
                {"s1": {"title": "Annual report", "by": "A city", "year": 2024, "url": "https://example.org/report"}}),
}  # fmt: skip
"""What each key means, and an example."""

_PARTS = {
    "title": "The title of the publication.", "by": "Author or publisher.",
    "year": "The year for which a source speaks, or in which it was published.",
    "url": "Its whole address.", "lang": "Its language, where it is not English.", "source": "The key of the source.",
    "level": "How much is known.", "note": "What is known, and what that is based on.",
    "state": "Whether the city has checked it.", "date": "The day of the review: YYYY-MM-DD.",
    "by_role": "The role of the person who reviewed it, never a name.",
    "showed": "How it showed here, in one sentence.",
    "handled": "What they did about it, in one sentence; only where a source says so.",
}  # fmt: skip
"""The same for the keys within others."""


def meanings() -> dict[str, str]:
    """What each key means, as a sentence."""
    return {key: meaning for key, (meaning, _) in _MEANINGS.items()}


def case_schema(vocabularies: Vocabularies) -> Schema:
    """The JSON Schema (draft 7, as editors read it) of the front matter of a case.

    >>> case_schema(_NO_VOCABULARIES)["properties"]["title"]["maxLength"]
    90
    """
    shapes = _shapes(vocabularies)
    required = _required()
    properties = {}
    for key in CASE_KEYS.names:
        meaning, example = _MEANINGS[key]
        shape = shapes[key] if key in required else _or_nothing(shapes[key])
        properties[key] = {"description": meaning, **shape, "examples": [example]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Front matter of a case",
        "description": "What is between the two lines of hyphens. `kb check` knows more, such as what must be cited.",
        "type": "object",
        "properties": properties,
        "required": [key for key in CASE_KEYS.names if key in required],
        "additionalProperties": False,
    }


def schema_text(vocabularies: Vocabularies) -> str:
    """The same as the text of a file."""
    return json.dumps(case_schema(vocabularies), ensure_ascii=False, indent=2) + "\n"


def _shapes(vocabularies: Vocabularies) -> dict[str, Schema]:
    reasons = _mapping_of({term.id: _text(REASON_LENGTH, term) for term in vocabularies.arrangements}, least=1)
    names = {"type": "object", "propertyNames": {"pattern": r"\S"}, "minProperties": 1,
             "additionalProperties": _ids(vocabularies.sectors)}  # fmt: skip
    return {
        "title": _text(TITLE_LENGTH),
        "summary": _text(SUMMARY_LENGTH),
        "city": _list(_ids(vocabularies.cities), least=1),
        "started": _YEAR,
        "ended": _YEAR,
        "status": _ids(vocabularies.statuses),
        "arrangements": reasons,
        "challenges": _mapping_of({term.id: _challenge(term) for term in vocabularies.challenges}, least=1),
        "extremism": _list(_ids(vocabularies.extremism)),
        "audiences": _list(_ids(vocabularies.audiences)),
        "lead": names,
        "partners": names | {"minProperties": 0},
        "last_reported": _record(REPORT_KEYS, {"year": _YEAR, "source": _KEY_OF_SOURCE}, REPORT_KEYS.names),
        "resources": _text(REASON_LENGTH),
        "experienced_as": reasons | {"minProperties": 0},
        "evidence": _record(
            EVIDENCE_KEYS, {"level": _ids(vocabularies.evidence), "note": _text(REASON_LENGTH)}, EVIDENCE_KEYS.names
        ),
        "language": _LANGUAGE,
        "contributors": _list(_text(), least=1) | {"uniqueItems": False},
        "publication": _one_of(Publication),
        "review": _review(),
        "questions": _list(_text(QUESTION_LENGTH)) | {"uniqueItems": False},
        "aliases": _list({"type": "string", "pattern": f"^{SLUG.pattern}$"}),
        "sources": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{SOURCE_KEY.pattern}$", "not": {"const": "general"}},
            "additionalProperties": _source(),
        },
    }


@cache
def _required() -> frozenset[str]:
    """The keys that the reader misses in a file that has none."""
    problems = ProblemList(PurePosixPath("cases/a-case.md"))
    parse_text("a-case", "---\n---\n", _NO_VOCABULARIES, problems)
    missing = {problem.paste for problem in problems.found if problem.rule == "missing-key"}
    return frozenset(key for key, lines in CASE_KEYS.lines if lines in missing)


def _nothing(name: str) -> Vocabulary[Any]:
    return Vocabulary(name, ())


_NO_VOCABULARIES = Vocabularies(
    **{
        name: _nothing(name)
        for name in (
            "arrangements", "challenges", "cities", "countries", "regions", "audiences", "sectors", "extremism",
            "evidence", "statuses", "questions",
        )
    },
    synonyms=(),
    everyday_words=(),
)  # fmt: skip

_YEAR: Schema = {
    "type": ["integer", "string"],
    "minimum": YEARS[0],
    "maximum": YEARS[-1],
    "pattern": "^(1[89]|20)[0-9]{2}$|^2100$",
}
_LANGUAGE: Schema = {"type": "string", "enum": list(LANGUAGES), "enumDescriptions": list(LANGUAGES.values())}
_KEY_OF_SOURCE: Schema = {"type": "string", "pattern": f"^{SOURCE_KEY.pattern}$"}


def _text(longest: int | None = None, term: Term | None = None) -> Schema:
    shape: Schema = {"type": "string", "pattern": r"\S"}
    if longest:
        shape["maxLength"] = longest
    return _described(shape, term)


def _challenge(term: Term) -> Schema:
    parts = {key: _or_nothing(_text(REASON_LENGTH)) for key in CHALLENGE_KEYS.names}
    shape = _record(CHALLENGE_KEYS, parts)
    said = [{"required": [key], "properties": {key: {"type": "string"}}} for key in CHALLENGE_KEYS.names]
    return _described(shape | {"anyOf": said}, term)


def _review() -> Schema:
    date = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    parts = {"state": _one_of(ReviewState), "date": _or_nothing(date), "by": _or_nothing(_text())}
    shape = _record(REVIEW_KEYS, parts, ("state",))
    shape["properties"]["by"]["description"] = _PARTS["by_role"]
    said = {"required": list(REVIEW_KEYS.names), "properties": {"date": date, "by": _text()}}
    return shape | {"if": {"properties": {"state": {"const": ReviewState.REVIEWED.value}}}, "then": said}


def _source() -> Schema:
    parts = {
        "title": _text(),
        "by": _text(),
        "year": _or_nothing(_YEAR),
        "url": _or_nothing({"type": "string", "pattern": r"^https?://[^\s/?#@:\[\]]+(:[0-9]+)?([/?#]\S*)?$"}),
        "lang": _or_nothing(_LANGUAGE),
    }
    return _record(SOURCE_KEYS, parts, ("title", "by"))


def _record(keys: Keys, parts: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys, in the order in which the reader lists them."""
    properties = {key: {"description": _PARTS[key], **parts[key]} for key in keys.names}
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {})


def _mapping_of(properties: Mapping[str, Schema], *, least: int = 0) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": least}


def _list(items: Schema, *, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": True}


def _ids(vocabulary: Vocabulary[Any]) -> Schema:
    # A validator ignores `enumDescriptions`; editors show them beside the ids.
    meanings = [f"{term.label}: {term.description}" if term.description else term.label for term in vocabulary]
    return {"type": "string", "enum": [term.id for term in vocabulary], "enumDescriptions": meanings}


def _one_of(words: type[StrEnum]) -> Schema:
    return {"type": "string", "enum": [word.value for word in words]}


def _described(shape: Schema, term: Term | None) -> Schema:
    return {"description": f"{term.label}: {term.description}", **shape} if term else shape


def _or_nothing(shape: Schema) -> Schema:
    """The same, or empty."""
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    nullable = shape | {"type": [*kinds, "null"]}
    if "enum" in nullable:
        nullable["enum"] = [*nullable["enum"], None]
    return nullable
