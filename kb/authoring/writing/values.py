"""What a case file says, as plain texts: what somebody types into a form, and what a file contains.

Nothing here is checked: an empty or impossible value is written as it is, and the reader of files reports it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kb.authoring.parsing.body import read_body
from kb.authoring.parsing.case_file import CASE_KEYS
from kb.authoring.parsing.front_matter import SplitFile, read_head, split_file
from kb.authoring.parsing.sources import SOURCE_KEY
from kb.authoring.parsing.text_file import CONTROL, INVISIBLE, decode
from kb.authoring.parsing.yaml.nodes import Mapping, Node, Scalar, Sequence
from kb.authoring.problems import unread
from kb.authoring.writing.boxes import contained
from kb.authoring.written import Place
from kb.model.case import CASE_SECTIONS
from kb.model.section import GENERAL

Pair = tuple[str, str]


@dataclass(frozen=True)
class SourceValues:
    """A source, as typed."""

    id: str
    title: str = ""
    by: str = ""
    year: str = ""
    url: str = ""
    lang: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it."""
        return not (self.title or self.by or self.year or self.url or self.lang)


@dataclass(frozen=True)
class CaseValues:
    """What a case says, as typed. What only its file knows, such as who may see it, is not here."""

    title: str = ""
    summary: str = ""
    city: tuple[str, ...] = ()
    started: str = ""
    ended: str = ""
    status: str = ""
    arrangements: tuple[Pair, ...] = ()
    """Ids, each with the reason."""
    challenges: tuple[tuple[str, str, str], ...] = ()
    """Ids, each with how it showed and how it was handled."""
    extremism: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    lead: tuple[Pair, ...] = ()
    """Names, each with the sector."""
    partners: tuple[Pair, ...] = ()
    reported_year: str = ""
    reported_source: str = ""
    resources: str = ""
    questions: tuple[str, ...] = ()
    experienced_as: tuple[Pair, ...] = ()
    level: str = ""
    """Of the evidence."""
    note: str = ""
    """On the evidence."""
    language: str = ""
    contributors: tuple[str, ...] = ()
    sources: tuple[SourceValues, ...] = ()
    sections: tuple[Pair, ...] = ()
    """Headings of the template, each with the text below it."""

    def section(self, heading: str) -> str:
        """The text of a section; empty if there is none."""
        return dict(self.sections).get(heading, "")


def tidy(values: CaseValues) -> CaseValues:
    """The values as a file can say them: without control characters, empty rows and terms that are chosen twice.

    Texts of one line become one line; whatever is typed into the box of a section stays within that section.
    """
    boxes = {heading: contained(text) for heading, text in values.sections if heading in CASE_SECTIONS}
    tidied: dict[str, Any] = {name: line(getattr(values, name)) for name in _LINES}
    tidied |= {name: tuple(dict.fromkeys(_lines(getattr(values, name)))) for name in _IDS}
    tidied |= {name: tuple(_lines(getattr(values, name))) for name in ("questions", "contributors")}
    tidied |= {name: _rows(getattr(values, name)) for name in ("lead", "partners")}
    tidied |= {name: _reasons(getattr(values, name)) for name in ("arrangements", "challenges", "experienced_as")}
    sections = tuple((heading, boxes[heading]) for heading in CASE_SECTIONS if boxes.get(heading))
    return replace(values, **tidied, sources=tuple(_sources(values.sources)), sections=sections)


def in_order_of(before: CaseValues, values: CaseValues) -> CaseValues:
    """The values with terms in the order that they had before: a form lists them in its own."""
    kept: dict[str, Any] = {name: _sorted(getattr(before, name), getattr(values, name)) for name in _CHOSEN}
    return replace(values, **kept)


_CHOSEN = ("extremism", "audiences", "arrangements", "challenges", "experienced_as")


def _sorted(before: Collection[Any], rows: Collection[Any]) -> tuple[Any, ...]:
    places = {_id(row): number for number, row in enumerate(before)}
    return tuple(sorted(rows, key=lambda row: places.get(_id(row), len(places))))


def _id(row: Any) -> str:
    return row if isinstance(row, str) else str(row[0])


_LINES = (
    "title", "summary", "started", "ended", "status", "reported_year", "reported_source", "resources", "level", "note",
    "language",
)  # fmt: skip


_IDS = ("city", "extremism", "audiences")


def line(text: str) -> str:
    """A text as one line, without characters that nobody sees.

    >>> line(" The\\n\\u200bdoor\\u00a0 of\\x00 Aarhus")
    'The door of Aarhus'
    """
    return " ".join(INVISIBLE.sub("", CONTROL.sub(" ", text)).split())


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return filter(None, map(line, texts))


def _rows(rows: Iterable[Pair]) -> tuple[Pair, ...]:
    tidied = ((line(name), line(sector)) for name, sector in rows)
    return tuple(row for row in tidied if any(row))


def _reasons(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The terms of which something is said, each once."""
    tidied = (tuple(map(line, row)) for row in rows)
    return tuple({row[0]: row for row in tidied if row[0] and any(row[1:])}.values())


def _sources(sources: Iterable[SourceValues]) -> Iterator[SourceValues]:
    """The sources of which something is known, each with a key of its own."""
    taken: set[str] = set()
    for source in sources:
        kept = SourceValues(*map(line, (source.id, source.title, source.by, source.year, source.url, source.lang)))
        if kept.is_empty:
            continue
        key = kept.id
        if not SOURCE_KEY.fullmatch(key) or key == GENERAL or key in taken:
            key = next_source(taken | {other.id for other in sources})
        taken.add(key)
        yield replace(kept, id=key)


def next_source(taken: Iterable[str]) -> str:
    """A key for another source.

    >>> next_source(["s1", "s3"])
    's4'
    """
    numbers = [int(key[1:]) for key in taken if re.fullmatch(r"s[0-9]{1,6}", key)]
    return f"s{max(numbers, default=0) + 1}"


@dataclass(frozen=True)
class SectionLines:
    """Where a section is in a text: its heading, and the lines below it, from `start` to before `end`; from 0."""

    heading: str
    heading_line: int
    start: int
    end: int


def split(text: str) -> SplitFile:
    """The front matter and the text of a file."""
    return split_file(text, unread(), CASE_KEYS.names, CASE_SECTIONS)


def sections_of(text: str) -> tuple[SectionLines, ...]:
    """The sections of a file with the headings of the template, in the order of the file."""
    parts = split(text)
    body = read_body(parts.body, parts.body_line, CASE_SECTIONS, {}, "cases", unread(), knows_all_sources=False)
    lines = text.split("\n")
    starts = [section.line - 1 for section in body.written] + [len(lines)]
    found = []
    for section, end in zip(body.written, starts[1:], strict=True):
        at = section.line - 1
        is_underlined = not lines[at].lstrip().startswith("#") and at + 1 < end
        found.append(SectionLines(section.heading, at, at + 1 + is_underlined, end))
    return tuple(section for section in found if section.heading in CASE_SECTIONS)


def head_of(text: str) -> Mapping:
    """The front matter of a file as a tree; an empty one if it cannot be read."""
    tree = read_head(split(text), unread(), CASE_KEYS.names)
    return tree if isinstance(tree, Mapping) else Mapping((), tree.place)


def values_in(written: str) -> CaseValues:
    """What a file says, as far as it can be read; what a form has no field for is left out."""
    text = readable(written)
    head = head_of(text)
    evidence, reported = _mapping(head.get("evidence")), _mapping(head.get("last_reported"))
    lines = text.split("\n")
    sections: dict[str, str] = {}
    for section in sections_of(text):
        sections.setdefault(section.heading, "\n".join(lines[section.start : section.end]).strip("\n"))
    found: dict[str, Any] = {name: _text(head.get(name)) for name in _SCALARS}
    found |= {name: _texts(head.get(name)) for name in (*_IDS, "questions", "contributors")}
    found |= {name: _pairs(head.get(name)) for name in ("arrangements", "lead", "partners", "experienced_as")}
    return CaseValues(
        **found,
        challenges=tuple(_challenges(head.get("challenges"))),
        reported_year=_text(reported.get("year")),
        reported_source=_text(reported.get("source")),
        level=_text(evidence.get("level")),
        note=_text(evidence.get("note")),
        sources=tuple(
            SourceValues(entry.key, *(_text(_mapping(entry.value).get(key)) for key in _SOURCE_KEYS))
            for entry in _mapping(head.get("sources")).entries
        ),
        sections=tuple((heading, said) for heading, said in sections.items() if said),
    )


_SCALARS = ("title", "summary", "started", "ended", "status", "resources", "language")
_SOURCE_KEYS = ("title", "by", "year", "url", "lang")


def readable(written: str) -> str:
    """A text as the reader of files sees it; it has the same lines."""
    return decode(CONTROL.sub(" ", written).encode(), unread()).text


def _mapping(node: Node | None) -> Mapping:
    return node if isinstance(node, Mapping) else Mapping((), Place(1))


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(filter(None, map(_text, items)))


def _pairs(node: Node | None) -> tuple[Pair, ...]:
    """The entries of a mapping, or the names in a list, which is an earlier form."""
    if isinstance(node, Mapping):
        return tuple((entry.key, _text(entry.value)) for entry in node.entries)
    return tuple((name, "") for name in _texts(node))


def _challenges(node: Node | None) -> Iterator[tuple[str, str, str]]:
    for entry in _mapping(node).entries:
        parts = _mapping(entry.value)
        showed = _text(entry.value) or _text(parts.get("showed"))
        yield entry.key, showed, _text(parts.get("handled"))
