"""Turns YAML text into a tree that knows the line and column of everything in it.

The libyaml parser produces events; this keeps only what authors' files need, so that a message can always
say where. Values stay text, and their type is never guessed: `no` is the word "no", as in YAML 1.2, and the
code that reads a field decides what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events

from kb.authoring.parsing.text_file import CONTROL
from kb.authoring.written import Place


@dataclass(frozen=True)
class Scalar:
    """A single value, as text on one line. Empty if the file leaves it empty (or says ``~`` or ``null``)."""

    text: str
    place: Place
    is_plain: bool = field(default=True, compare=False)
    """Whether it is written without quotation marks."""
    end: Place | None = field(default=None, compare=False)
    """Where it ends, if it is plain: the place of the first character after it."""


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place
    is_flow: bool = field(default=False, compare=False)
    """Whether it is written in brackets, with commas."""


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
    is_flow: bool = field(default=False, compare=False)
    """Whether it is written in braces, with commas."""

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


@dataclass(frozen=True)
class Unreadable:
    """A value that cannot be read, which has been reported where it is."""

    place: Place


Node = Scalar | Sequence | Mapping | Unreadable


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

_LINE_ENDS = re.compile(r"[\r\n]")

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
        raise YamlSyntaxError(message, _place_in(text, first_line, mark)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlSyntaxError("a character in it cannot be read", Place(first_line)) from error


def _place_in(text: str, first_line: int, mark: yaml.Mark | None) -> Place:
    """The place of a mark; what is missed after the last line is missing at its end."""
    lines = text.removesuffix("\n").split("\n")
    if mark is None:
        return Place(first_line)
    if mark.line >= len(lines):
        return Place(first_line + len(lines) - 1, len(lines[-1]) + 1)
    return Place(first_line + mark.line, mark.column + 1)


_UNCLOSED = {
    "while scanning a quoted scalar": "the quotation mark that opens here is not closed",
    "while parsing a flow sequence": "the list that opens here with `[` is not closed, or a comma is missing in it",
    "while parsing a flow mapping": "the mapping that opens here with `{` is not closed, or a comma is missing in it",
}

_IN_PLAIN_WORDS = (
    ("mapping values are not allowed", "text without quotes cannot contain a colon followed by a space"),
    ("did not find expected key", "no `key: value` line begins here; often something on the line above is not closed"),
    ("tab character", "a tab cannot be used to indent a line"),
    ("tabs", "a tab cannot be used to indent a line"),
    ("unknown escape character", "in double quotes, a backslash begins an escape code, and this is not one"),
    ("Unicode character escape", "in double quotes, a backslash begins an escape code, and this is not one"),
    ("expected hexdecimal number", "in double quotes, a backslash begins an escape code, and this is not one"),
    ("block sequence entries are not allowed", "a list of `- ` lines begins on the line below its key"),
    ("could not find expected ':'", "a line like this consists of a key, a colon, a space and a value"),
    ("did not find expected '-' indicator", "lines of one list begin in the same column, each with `- `"),
    ("block scalar", "after `|` or `>`, the text begins on the next line"),
    ("expected chomping", "after `|` or `>`, the text begins on the next line"),
    ("did not find expected alphabetic", "text without quotes cannot begin with this character"),
    ("document", "a line of three hyphens or dots ends the front matter"),
    ("directive", "text without quotes cannot begin with `%`"),
)  # fmt: skip
"""What the parser complains of, and what it means to authors."""


def _in_plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Any]:
    """The parser's complaint in plain words, and the position of its cause."""
    problem = str(error.problem or error.context)
    mark: Any = error.problem_mark or error.context_mark
    if error.context in _UNCLOSED and error.context_mark and "escape" not in problem and "hexdec" not in problem:
        # The parser points to the end of the text; what needs fixing is where it began.
        return _UNCLOSED[error.context], error.context_mark
    if problem == "found character that cannot start any token" and mark:
        character = text.split("\n")[mark.line][mark.column : mark.column + 1]
        is_visible = character.strip()
        return (
            f"text without quotes cannot begin with `{character}`"
            if is_visible
            else "a tab cannot be used to indent a line",
            mark,
        )
    words = (words for complaint, words in _IN_PLAIN_WORDS if complaint in problem)
    return next(words, "it is not a `key: value` line"), mark


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
            is_plain = not event.style
            return Scalar(self._text(event), place, is_plain, self._end(event) if is_plain else None)
        is_flow = bool(event.flow_style)
        if isinstance(event, events.SequenceStartEvent):
            return Sequence(tuple(self._node(item, depth + 1) for item in self._until_end()), place, is_flow)
        return Mapping(tuple(self._entry(key, depth + 1) for key in self._until_end()), place, is_flow)

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
        return " ".join(filter(None, map(str.strip, _LINE_ENDS.split(text))))

    def _end(self, event: Any) -> Place:
        mark = event.end_mark
        return Place(self._first_line + mark.line, mark.column + 1)

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._first_line + mark.line, mark.column + 1)
