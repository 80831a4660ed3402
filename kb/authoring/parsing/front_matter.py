"""The front matter of a content file: found, parsed, and read field by field.

The caller states what each field must be. Every failure becomes a problem with its line, and reading continues,
so that an author sees all problems together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from kb.authoring.parsing.text_file import Place
from kb.authoring.parsing.yaml_nodes import Entry, Mapping, Node, Scalar, Sequence, YamlSyntaxError, read_yaml
from kb.authoring.problems import ProblemList
from kb.hints import nearest
from kb.model.vocabulary import YEARS, Vocabulary

_FENCE = "---"

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class SplitFile:
    """A file split into front matter and body."""

    head: str
    body: str
    body_line: int
    """The line of the file on which the body starts."""


def split_file(text: str, problems: ProblemList) -> SplitFile | None:
    """Split a file at its two lines of three hyphens, or return None and note a problem."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        problems.add(
            "no-front-matter",
            "The file does not start with a line of three hyphens.",
            "Copy the front matter of `content/TEMPLATE.md`.",
        )
        return None
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == _FENCE:
            return SplitFile("\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1)
    problems.add(
        "no-front-matter",
        "The front matter is not closed.",
        "Add a line of three hyphens after its last key.",
        line=len(lines),
    )
    return None


def read_head(head: str, problems: ProblemList) -> Mapping | None:
    """Parse front matter into a tree, or return None and note a problem."""
    try:
        node = read_yaml(head, first_line=2)
    except YamlSyntaxError as error:
        problems.add(
            "yaml-syntax",
            f"The front matter cannot be read here: {error}.",
            "Text with a colon, a quote or a # in it needs double quotes around it.",
            line=error.place.line,
            column=error.place.column,
        )
        return None
    if not isinstance(node, Mapping):
        problems.add("yaml-syntax", "The front matter does not consist of `key: value` lines.", line=2)
        return None
    return node


_ANY_MAPPING = "`key: value` pairs"


@dataclass(frozen=True)
class Text:
    """A text value and its position."""

    value: str
    place: Place


class FieldReader:
    """Reads the fields of one mapping and notes what is wrong with them."""

    def __init__(self, mapping: Mapping, problems: ProblemList, within: str = "") -> None:
        self._mapping = mapping
        self._problems = problems
        self._within = within
        self._asked: set[str] = set()
        for entry in mapping.repeated():
            self.note(
                "duplicate-key",
                f"The key `{within}{entry.key}` appears here a second time.",
                "Keep one of the two.",
                entry.place,
            )

    @property
    def is_empty(self) -> bool:
        """Whether there is no field to read."""
        return not self._mapping.entries

    def text(self, key: str, *, required: bool = True, longest: int | None = None) -> str:
        """A single text; empty if it is missing."""
        node = self._value(key, required)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self._wrong_type(key, "a single text", node.place)
            return ""
        if longest:
            self.check_length(key, node.text, longest, node.place)
        return node.text

    def check_length(self, key: str, text: str, longest: int, place: Place) -> None:
        """Note a text of more than `longest` characters."""
        if len(text) > longest:
            message = f"`{self._within}{key}` has {len(text)} characters; the limit is {longest}."
            self.note("too-long", message, "Shorten it.", place)

    def year(self, key: str, *, required: bool = True) -> int | None:
        """A year; None if it is missing or wrong."""
        text = self.text(key, required=required)
        if not text:
            return None
        if re.fullmatch(r"\d{4}", text) and int(text) in YEARS:
            return int(text)
        self.note("bad-year", f"`{self._within}{key}: {text}` is not a year.", "Write four digits.", self.place(key))
        return None

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A date in ISO format; None if it is missing or wrong."""
        text = self.text(key, required=required)
        if not text:
            return None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            with suppress(ValueError):
                return date.fromisoformat(text)
        hint = "Write it as 2026-03-31."
        self.note("bad-date", f"`{self._within}{key}: {text}` is not a date.", hint, self.place(key))
        return None

    def choice(self, key: str, choices: Iterable[str], *, default: str = "", required: bool = True) -> str:
        """One of a few fixed words; `default` if it is missing or wrong."""
        text = self.text(key, required=required)
        allowed = tuple(choices)
        return text if text and self._allowed(key, Text(text, self.place(key)), allowed) else default

    def state(self, key: str, default: E, *, required: bool = True) -> E:
        """A member of the same enumeration as `default`; `default` if it is missing or wrong."""
        states = type(default)
        return states(self.choice(key, states, default=default, required=required))

    def words(self, key: str, choices: Iterable[str]) -> tuple[str, ...]:
        """A list of words from a fixed set; any other word is noted and left out."""
        allowed = tuple(choices)
        return tuple(text.value for text in self.texts(key, required=True) if self._allowed(key, text, allowed))

    def _allowed(self, key: str, text: Text, allowed: tuple[str, ...]) -> bool:
        if text.value in allowed:
            return True
        hint = f"Write one of: {', '.join(allowed)}."
        self.note("unknown-term", f"`{self._within}{key}` cannot be `{text.value}`.", hint, text.place)
        return False

    def is_list(self, key: str) -> bool:
        """Whether the value of a key is a list."""
        return isinstance(self._mapping.get(key), Sequence)

    def texts(self, key: str, *, required: bool = False) -> tuple[Text, ...]:
        """A list of texts, empty ones left out."""
        node = self._value(key, required)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self._wrong_type(key, "a list such as `[one, two]`", node.place)
            return ()
        found = []
        for item in node.items:
            if not isinstance(item, Scalar):
                self._wrong_type(key, "a list of texts", item.place)
            elif item.text:
                found.append(Text(item.text, item.place))
        return tuple(found)

    def terms(self, key: str, vocabulary: Vocabulary[Any], *, required: bool = False) -> tuple[str, ...]:
        """A list of ids of a vocabulary; unknown and repeated ones are noted and left out."""
        return self._known(self.texts(key, required=required), vocabulary)

    def term(self, key: str, vocabulary: Vocabulary[Any], *, required: bool = True) -> str:
        """One id of a vocabulary; empty if it is missing or unknown."""
        text = self.text(key, required=required)
        known = self._known((Text(text, self.place(key)),), vocabulary) if text else ()
        return known[0] if known else ""

    def entries(self, key: str, *, required: bool = False, shape: str = _ANY_MAPPING) -> tuple[Entry, ...]:
        """The entries of a mapping; repeated keys are noted and left out."""
        return tuple(self.inside(key, required=required, shape=shape).first_entries())

    def first_entries(self) -> Iterable[Entry]:
        """All entries, each key once."""
        seen: set[str] = set()
        for entry in self._mapping.entries:
            if entry.key not in seen:
                seen.add(entry.key)
                yield entry

    def inside(self, key: str, *, required: bool = False, shape: str = _ANY_MAPPING) -> FieldReader:
        """A reader for the mapping under `key`; an empty one if it is missing."""
        node = self._value(key, required)
        if node is not None and not isinstance(node, Mapping):
            self._wrong_type(key, shape, node.place)
            node = None
        return FieldReader(node or Mapping((), self.place(key)), self._problems, f"{self._within}{key}.")

    def finish(self) -> None:
        """Note the keys that were never read."""
        known = sorted(self._asked)
        vocabulary = tuple(known)
        for entry in self.first_entries():
            if entry.key not in self._asked:
                near = nearest(entry.key, vocabulary)
                hint = f"Did you mean `{near}`?" if near else f"The keys are: {', '.join(known)}."
                self.note("unknown-key", f"There is no key `{self._within}{entry.key}`.", hint, entry.place)

    def _value(self, key: str, required: bool) -> Node | None:
        """The value of a key; None if it is missing or empty, with a problem if it is required."""
        self._asked.add(key)
        node = self._mapping.get(key)
        empty = node is None or (isinstance(node, Scalar) and not node.text)
        empty = empty or (isinstance(node, Sequence) and all(item == Scalar("", item.place) for item in node.items))
        empty = empty or (isinstance(node, Mapping) and not node.entries)
        if empty and required:
            missing = "is missing" if node is None else "is empty"
            self.note("missing-key", f"`{self._within}{key}` {missing}.", "Every file needs it.", self.place(key))
        return None if empty else node

    def _known(self, texts: Iterable[Text], vocabulary: Vocabulary[Any]) -> tuple[str, ...]:
        found: list[str] = []
        for text in texts:
            if text.value in found:
                self.note("duplicate-key", f"`{text.value}` appears here a second time.", "Keep one.", text.place)
            elif self.known(text, vocabulary):
                found.append(text.value)
        return tuple(found)

    def known(self, text: Text, vocabulary: Vocabulary[Any]) -> bool:
        """Whether a text is an id of a vocabulary; if not, a problem is noted."""
        if text.value in vocabulary:
            return True
        near = vocabulary.nearest(text.value)
        hint = f"Did you mean `{near.id}`? " if near else ""
        if len(vocabulary) <= 12:
            hint += f"The known ones are: {', '.join(term.id for term in vocabulary)}."
        else:
            hint += f"All of them are in `vocabularies/{vocabulary.name}.yaml`; add new ones there."
        message = f"`{text.value}` is not in the vocabulary `{vocabulary.name}`."
        self.note("unknown-term", message, hint, text.place)
        return False

    def place(self, key: str) -> Place:
        """The position of a key's value; the start of the mapping if there is none."""
        node = self._mapping.get(key)
        return node.place if node else self._mapping.place

    def _wrong_type(self, key: str, wanted: str, place: Place) -> None:
        self.note("wrong-type", f"`{self._within}{key}` must be {wanted}.", "See `content/TEMPLATE.md`.", place)

    def note(self, rule: str, message: str, hint: str, place: Place) -> None:
        """Note a problem at a place."""
        self._problems.add(rule, message, hint, line=place.line, column=place.column)
