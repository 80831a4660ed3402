"""Changes front matter line by line: what stays the same, comments and unknown keys are not touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence
from kb.authoring.parsing.yaml.repairs import quoted


class Word(str):
    """A value such as an id or a year: written without quotation marks where they are not needed."""

    __slots__ = ()


@dataclass(frozen=True)
class Items:
    """A list; of words on one line, or of sentences on a line each."""

    items: tuple[str, ...]
    is_one_line: bool = True


@dataclass(frozen=True)
class Entries:
    """What a mapping says; None where a key must not be there."""

    entries: tuple[tuple[str, Value | None], ...]
    is_whole: bool = True
    """Whether other keys must not be there; if not, they are left alone."""


Value = str | Items | Entries

UNTOUCHED = Entries((), is_whole=False)
"""Says nothing about a key, and marks its place among the others."""

_PLAIN = re.compile(r"[^\W_](?:[\w -]*\w)?")
_EMPTY = frozenset({"null"})
_LONGEST_KEY = 200
"""Characters. YAML needs another form for keys of more than 1,024."""


@dataclass(frozen=True)
class Edit:
    """Lines to write in place of those from `start` to before `end`; from 0."""

    start: int
    end: int
    lines: tuple[str, ...]


def edited(lines: list[str], edits: list[Edit]) -> list[str]:
    """The lines after these edits, no two of which overlap."""
    result = list(lines)
    # Of those that begin on one line, what is inserted comes before what is replaced.
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        result[edit.start : edit.end] = edit.lines
    return result


def rendered(key: str, value: Value, indent: int = 0) -> list[str]:
    """The lines of an entry.

    >>> rendered("city", Items((Word("aarhus"), Word("the-hague")))), rendered("title", 'A "door"')
    (['city: [aarhus, the-hague]'], ['title: "A \\\\"door\\\\""'])
    """
    start = f"{' ' * indent}{_key(key, indent)}:"
    if isinstance(value, Entries):
        said = [(inner, held) for inner, held in value.entries if held is not None]
        below = [line for inner, held in said for line in rendered(inner, held, indent + 2)]
        return [start, *below] if below else [f"{start} {{}}"]
    if isinstance(value, Items):
        if value.is_one_line or not value.items:
            return [f"{start} [{', '.join(map(_scalar, value.items))}]"]
        return [start, *(_item(text, indent + 2) for text in value.items)]
    return [f"{start} {_scalar(value)}" if value else start]


def _item(text: str, indent: int) -> str:
    return f"{' ' * indent}- {_scalar(text)}"


def _scalar(text: str) -> str:
    return text if isinstance(text, Word) and _is_plain(text) else quoted(text)


def _key(key: str, indent: int) -> str:
    written = key if _is_plain(key) else quoted(key)
    return written if len(written) <= _LONGEST_KEY else f"? {written}\n{' ' * indent}"


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.casefold() not in _EMPTY and " -" not in text


class CannotEdit(Exception):
    """A mapping cannot be changed line by line: it is written on one line, say, or in another order."""


def edits_of(node: Mapping, wanted: Entries, lines: list[str], end: int) -> list[Edit]:
    """What makes a mapping, the last line of which is before `end`, say what is wanted.

    Places in the tree count lines from 1, as those of `lines`. Raises CannotEdit where that is impossible.
    """
    return _Editor(lines).edits(node, wanted, end)


class _Editor:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def edits(self, node: Mapping, wanted: Entries, end: int) -> list[Edit]:
        entries = node.entries
        self._check(node, wanted)
        starts = [entry.place.line - 1 for entry in entries]
        indent = entries[0].place.column - 1
        spans = {
            entry.key: (start, self._last(start, stop, indent))
            for entry, start, stop in zip(entries, starts, [*starts[1:], end], strict=True)
        }
        by_key = {entry.key: entry for entry in entries}
        found: list[Edit] = []
        at = starts[0]
        for key, value in wanted.entries:
            if key not in by_key:
                if value is not None:
                    found.append(Edit(at, at, tuple(_split(rendered(key, value, indent)))))
                continue
            start, at = spans[key]
            if value is None:
                found.append(Edit(start, at, ()))
            elif value is not UNTOUCHED:
                found += self._entry(by_key[key], value, start, at, indent)
        if wanted.is_whole:
            known = dict(wanted.entries)
            found += [Edit(*spans[key], ()) for key in by_key if key not in known]
        return _merged(found)

    def _check(self, node: Mapping, wanted: Entries) -> None:
        written, keys = [entry.key for entry in node.entries], [key for key, _ in wanted.entries]
        lines = [entry.place.line for entry in node.entries]
        columns = {entry.place.column for entry in node.entries}
        if node.is_flow or not written or len(columns) > 1 or len(set(lines)) < len(lines):
            raise CannotEdit
        if len(set(written)) < len(written) or len(set(keys)) < len(keys):
            raise CannotEdit
        if any(self._lines[line - 1].lstrip().startswith(("?", "- ")) for line in lines):
            raise CannotEdit
        common = [key for key in keys if key in written]
        if wanted.is_whole and common != [key for key in written if key in keys]:
            raise CannotEdit

    def _last(self, start: int, stop: int, indent: int) -> int:
        """Where an entry ends: before the blank lines and comments that belong to what follows."""
        while stop > start + 1:
            line = self._lines[stop - 1]
            is_comment = line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent
            if line.strip() and not is_comment:
                break
            stop -= 1
        return stop

    def _entry(self, entry: Entry, value: Value, start: int, end: int, indent: int) -> list[Edit]:
        node = entry.value
        if isinstance(value, Entries) and isinstance(node, Mapping):
            try:
                return self.edits(node, value, end)
            except CannotEdit:
                pass
        if says(node, value):
            return []
        if isinstance(value, Items) and isinstance(node, Sequence) and not node.is_flow and value.items:
            edits = self._items(node, value, end)
            if edits is not None:
                return edits
        lines = _split(rendered(entry.key, value, indent))
        if comment := self._comment(start, entry):
            column = self._lines[start].rindex(comment)
            lines[0] = f"{lines[0]:<{column - 1}} {comment}"
        return [Edit(start, end, tuple(lines))]

    def _items(self, node: Sequence, value: Items, end: int) -> list[Edit] | None:
        """The lines of those items of a list that are others now."""
        if not all(isinstance(item, Scalar) for item in node.items):
            return None
        starts = [item.place.line - 1 for item in node.items]
        dashes = {self._lines[start].find("-") for start in starts}
        if len(dashes) > 1 or any(not self._lines[start].lstrip().startswith("- ") for start in starts):
            return None
        indent = dashes.pop()
        bounds = [*starts, self._last(starts[-1], end, indent)]
        texts = [item.text for item in node.items if isinstance(item, Scalar)]
        edits = []
        for kind, first, last, begin, stop in SequenceMatcher(None, texts, value.items, autojunk=False).get_opcodes():
            if kind != "equal":
                lines = tuple(_item(text, indent) for text in value.items[begin:stop])
                to = self._last(bounds[last - 1], bounds[last], indent) if last > first else bounds[first]
                edits.append(Edit(bounds[first], to, lines))
        return edits

    def _comment(self, line: int, entry: Entry) -> str:
        """The comment behind the value on the first line of an entry."""
        text = self._lines[line]
        at, quote = entry.place.column - 1, ""
        while at < len(text):
            sign = text[at]
            if quote:
                at += quote == '"' and sign == "\\"
                quote = "" if sign == quote else quote
            elif sign in "\"'" and text[:at].rstrip(" ")[-1:] in ("", ":", "[", ",", "{"):
                quote = sign
            elif sign == "#" and text[at - 1] in " \t":
                return text[at:].rstrip()
            at += 1
        return ""


def says(node: Node | None, value: Value) -> bool:
    """Whether a node of the tree says this value already."""
    if isinstance(value, Entries):
        said = tuple((key, held) for key, held in value.entries if held is not None)
        if not isinstance(node, Mapping):
            return not said and isinstance(node, Scalar) and not node.text
        return len(said) == len(node.entries) and all(
            entry.key == key and says(entry.value, held) for entry, (key, held) in zip(node.entries, said, strict=True)
        )
    if isinstance(value, Items):
        if not isinstance(node, Sequence):
            return False
        return [item.text if isinstance(item, Scalar) else None for item in node.items] == [*value.items]
    return isinstance(node, Scalar) and node.text == value


def _split(lines: list[str]) -> list[str]:
    """The lines, of which a long key has two in one."""
    return [part for line in lines for part in line.split("\n")]


def _merged(edits: list[Edit]) -> list[Edit]:
    """The edits with everything that is inserted at one place in one of them, in this order."""
    inserted: dict[int, tuple[str, ...]] = {}
    others = []
    for edit in edits:
        if edit.start == edit.end:
            inserted[edit.start] = (*inserted.get(edit.start, ()), *edit.lines)
        else:
            others.append(edit)
    return [*(Edit(at, at, lines) for at, lines in inserted.items()), *others]


def spans_of(node: Mapping, end: int) -> Iterator[tuple[Entry, int, int]]:
    """Each entry of a mapping with its lines, from 0, up to the next entry or to `end`."""
    for entry, after in zip_longest(node.entries, node.entries[1:]):
        yield entry, entry.place.line - 1, after.place.line - 1 if after else end
