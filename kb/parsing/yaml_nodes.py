"""YAML 1.2 text to a tree that knows the line and column of everything in it.

ruamel.yaml does the reading; this keeps only what authors' files need, so that a message can always
say where. Values stay text: `no` is the word "no", and whoever reads a field decides what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from kb.parsing.text_file import CONTROL, Place


@dataclass(frozen=True)
class Scalar:
    """A single value, as text on one line. Empty where the file leaves it empty (or says ``~`` or ``null``)."""

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
    """Keys and values in the order of the file; a key written twice is there twice."""

    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of the first entry with this key."""
        return next((entry.value for entry in self.entries if entry.key == key), None)

    def repeated(self) -> Iterator[Entry]:
        """The entries whose key has stood before."""
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
"""Nesting in content files ends at three; more is a mistake or an attack."""

_QUOTE = "put text that starts with a sign between double quotes"


def read_yaml(text: str, first_line: int = 1) -> Node:
    """Read one YAML document.

    `first_line` is the line of the file on which `text` starts.
    Raises YamlSyntaxError for anything that cannot be read. Anchors (`&name`), aliases (`*name`) and tags
    (`!name`) are not: they make small files expand without limit, and swallow words of authors who meant text.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(first_line + mark.line, mark.column + 1) if mark else Place(first_line)
        raise YamlSyntaxError(str(error.problem or error.context), place) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlSyntaxError(str(error).splitlines()[0], Place(first_line)) from error
    if root is None:
        return Mapping((), Place(first_line))
    return _Converter(first_line).node(root, depth=0)


class _Converter:
    """Turns ruamel's nodes into ours."""

    def __init__(self, first_line: int) -> None:
        self._first_line = first_line

    def node(self, node: object, depth: int) -> Node:
        place = self._place(node)
        if depth > MAX_DEPTH:
            raise YamlSyntaxError("This is nested too deeply", place)
        if anchor := getattr(node, "anchor", None):
            raise YamlSyntaxError(f"YAML anchors (`&{anchor}`) are not used here; {_QUOTE}", place)
        tag = str(getattr(node, "tag", ""))
        if not tag.startswith("tag:yaml.org,2002:"):
            raise YamlSyntaxError(f"YAML tags (`{tag}`) are not used here; {_QUOTE}", place)
        if isinstance(node, ScalarNode):
            return Scalar(self._text(node), place)
        if isinstance(node, SequenceNode):
            return Sequence(tuple(self.node(item, depth + 1) for item in node.value), place)
        if isinstance(node, MappingNode):
            return Mapping(tuple(self._entry(key, value, depth + 1) for key, value in node.value), place)
        raise YamlSyntaxError("This kind of YAML value is not used here", place)

    def _entry(self, key: object, value: object, depth: int) -> Entry:
        if not isinstance(key, ScalarNode):
            raise YamlSyntaxError("A key is a single word", self._place(key))
        place = self._place(key)
        if isinstance(value, ScalarNode) and not value.value:
            # YAML has no place of its own for nothing; ruamel gives that of the next key.
            return Entry(self._text(key), place, Scalar("", place))
        return Entry(self._text(key), place, self.node(value, depth))

    def _text(self, node: ScalarNode) -> str:
        if str(node.tag).endswith(":null"):
            return ""
        text = str(node.value)
        # In double quotes YAML knows escapes (`"\\0"`) for what a file itself may not hold.
        if control := CONTROL.search(text):
            raise YamlSyntaxError(f"A control character (U+{ord(control.group()):04X}) is no text", self._place(node))
        return re.sub(r"\s*[\r\n]\s*", " ", text.strip())

    def _place(self, node: object) -> Place:
        mark = getattr(node, "start_mark", None)
        if mark is None:
            return Place(self._first_line)
        return Place(self._first_line + mark.line, mark.column + 1)
