"""Turns YAML text into a tree that knows the line and column of everything in it.

The libyaml parser produces events; this keeps only what authors' files need, so that a message can always
say where. Values stay text, and their type is never guessed: `no` is the word "no", as in YAML 1.2, and the
code that reads a field decides what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import events

from kb.authoring.parsing.text_file import CONTROL, Place


@dataclass(frozen=True)
class Scalar:
    """A single value, as text on one line. Empty if the file leaves it empty (or says ``~`` or ``null``)."""

    text: str
    place: Place


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Entry:
    """A key and its value."""

    key: str
    place: Place
    value: Node


@dataclass(frozen=True)
class Mapping:
    """Keys and values in the order of the file; a key written twice appears twice."""

    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of the first entry with this key."""
        return next((entry.value for entry in self.entries if entry.key == key), None)

    def repeated(self) -> Iterator[Entry]:
        """The entries whose key has appeared before."""
        seen: set[str] = set()
        for entry in self.entries:
            if entry.key in seen:
                yield entry
            seen.add(entry.key)


Node = Scalar | Sequence | Mapping


class YamlSyntaxError(Exception):
    """The text is not YAML 1.2 of the kind that content files use."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


MAX_DEPTH = 8
"""Content files are nested three levels deep at most; more is a mistake or an attack."""

_QUOTE = "put double quotes around text that starts with this character"

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
"""What stands for no value when unquoted (YAML 1.2, section 10.3.2)."""

_END = (events.MappingEndEvent, events.SequenceEndEvent)


def read_yaml(text: str, first_line: int = 1) -> Node:
    """Read one YAML document.

    `first_line` is the line of the file on which `text` starts.
    Raises YamlSyntaxError for anything that cannot be read. Anchors (`&name`), aliases (`*name`) and tags
    (`!name`) are rejected: they let small files expand without limit, and swallow words that were meant as text.
    """
    try:
        return _Reader(text, first_line).document()
    except yaml.MarkedYAMLError as error:
        message, mark = _in_plain_words(error, text)
        place = Place(first_line + mark.line, mark.column + 1) if mark else Place(first_line)
        raise YamlSyntaxError(message, place) from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlSyntaxError(str(error).splitlines()[0], Place(first_line)) from error


_UNCLOSED = {
    "while scanning a quoted scalar": "the quotation mark that opens here is not closed",
    "while parsing a flow sequence": "the list that opens here with `[` is not closed, or a comma is missing in it",
    "while parsing a flow mapping": "the mapping that opens here with `{` is not closed, or a comma is missing in it",
}


def _in_plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Any]:
    """The parser's complaint in plain words, and the position of its cause."""
    problem, mark = str(error.problem or error.context), error.problem_mark or error.context_mark
    if error.context in _UNCLOSED and error.context_mark and "escape" not in problem:
        # The parser points to the end of the text; what needs fixing is where it began.
        return _UNCLOSED[error.context], error.context_mark
    if problem.startswith("mapping values are not allowed"):
        return "text without quotes cannot contain a colon followed by a space", mark
    if problem == "did not find expected key":
        return "no `key: value` line begins here; often a quotation mark on the line above is not closed", mark
    if "tab character" in problem:
        return "a tab cannot be used to indent a line", mark
    if problem == "found character that cannot start any token" and mark:
        character = text.split("\n")[mark.line][mark.column : mark.column + 1]
        return (
            f"text without quotes cannot begin with `{character}`"
            if character.strip()
            else "a tab cannot be used to indent a line",
            mark,
        )
    return problem, mark


class _Reader:
    """Consumes the parser's events one by one."""

    def __init__(self, text: str, first_line: int) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._first_line = first_line

    def document(self) -> Node:
        """The only document of the text; an empty mapping if there is none."""
        next(self._events)  # the stream starts
        if not isinstance(next(self._events), events.DocumentStartEvent):
            return Mapping((), Place(self._first_line))
        root = self._node(next(self._events), depth=0)
        next(self._events)  # the document ends
        after = next(self._events)
        if isinstance(after, events.DocumentStartEvent):
            raise YamlSyntaxError("expected one document, but found another document", self._place(after))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        """The node that begins with `event`."""
        place = self._place(event)
        if depth > MAX_DEPTH:
            raise YamlSyntaxError("this is nested too deeply", place)
        if isinstance(event, events.AliasEvent):
            raise YamlSyntaxError(f"YAML aliases (`*{event.anchor}`) are not used here; {_QUOTE}", place)
        if event.anchor:
            raise YamlSyntaxError(f"YAML anchors (`&{event.anchor}`) are not used here; {_QUOTE}", place)
        if event.tag:
            raise YamlSyntaxError(f"YAML tags (`{event.tag}`) are not used here; {_QUOTE}", place)
        if isinstance(event, events.ScalarEvent):
            return Scalar(self._text(event), place)
        if isinstance(event, events.SequenceStartEvent):
            return Sequence(tuple(self._node(item, depth + 1) for item in self._until_end()), place)
        return Mapping(tuple(self._entry(key, depth + 1) for key in self._until_end()), place)

    def _until_end(self) -> Iterator[Any]:
        """The first event of each child of the collection that has just begun."""
        while not isinstance(event := next(self._events), _END):
            yield event

    def _entry(self, event: Any, depth: int) -> Entry:
        """The key that begins with `event`, and its value."""
        key = self._node(event, depth)
        if not isinstance(key, Scalar):
            raise YamlSyntaxError("a key must be plain text", key.place)
        value = self._node(next(self._events), depth)
        if isinstance(value, Scalar) and not value.text:
            # An empty value has no position of its own; the parser reports that of whatever comes next.
            return Entry(key.text, key.place, Scalar("", key.place))
        return Entry(key.text, key.place, value)

    def _text(self, event: Any) -> str:
        text = str(event.value)
        if event.implicit[0] and text in _NOTHING:
            return ""
        # In double quotes, YAML has escapes (`"\\0"`) for characters that the file itself may not contain.
        if control := CONTROL.search(text):
            raise YamlSyntaxError(
                f"a control character (U+{ord(control.group()):04X}) is not allowed", self._place(event)
            )
        return re.sub(r"\s*[\r\n]\s*", " ", text.strip())

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._first_line + mark.line, mark.column + 1)
