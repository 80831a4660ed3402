"""Reads front matter that is not valid YAML: only entries that are wrong are lost, all others are read.

A text that cannot be read as a whole is cut into its entries by their indent, and these into theirs. What then cannot
be read is one line or a few. The line that was probably meant (`kb.authoring.parsing.yaml.repairs`) is reported and
read instead, so that it is checked as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from kb.authoring.parsing.yaml.nodes import (
    MAX_DEPTH,
    Entry,
    Mapping,
    Node,
    Scalar,
    Unreadable,
    YamlSyntaxError,
    read_yaml,
)
from kb.authoring.parsing.yaml.nodes import Sequence as YamlSequence
from kb.authoring.parsing.yaml.repairs import NAMES, repairs
from kb.authoring.problems import ProblemList
from kb.authoring.written import Place

MOST_LINES = 2_000
"""Front matter with more, or with a longer line, is not read entry by entry: none is as long."""

MOST_LINES_OF_ENTRY = 20
LONGEST_ENTRY = 3_000
"""Lines and characters of an entry that is repaired: no text in front matter is as long."""

_HEADER = re.compile(r"\s*(?:\"[^\"]*\"|'[^']*'|[^\s:\"'#\[\]{}-][^:]*?) *:\s*(?:#.*)?$")
_ENTRY_KEY = re.compile(r"\s*(?:- +)?[\"'“]?([^\s\"'“”:：\[\]{}#-][^\"'“”:：=]*?)[\"'”]?\s*[:：=]")
_LOOKS_LIKE_ENTRY = re.compile(r"\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+): *\S")
_LOOKS_LIKE_NAME = re.compile(r"\s*[^\s:\"'#\[{-][^:]*: +[\w-]+\s*$")
_COMMENT = re.compile(r"\s*(?://|/\*|;|<!--|--(?!-)|%)\s?(.*?)\s*(?:\*/|-->)?$")
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: |$)")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def says_nothing(self) -> bool:
        """Whether it is blank or a comment."""
        return not self.text.strip() or self.text.lstrip().startswith("#")

    @property
    def is_item(self) -> bool:
        return bool(re.match(r"\s*-(?: |$)", self.text))


_Chunk = list[_Line]


def read_yaml_or_what_can_be_read(text: str, first_line: int, problems: ProblemList, known: Collection[str]) -> Node:
    """The tree of a text in YAML; what cannot be read of it is reported, and is `Unreadable` in the tree.

    `known` are the keys with which its lines may begin.
    """
    lines = [_Line(first_line + index, line) for index, line in enumerate(text.split("\n"))]
    lines = _without_conflicts(lines, problems)
    try:
        return _parsed(lines)
    except YamlSyntaxError as error:
        if len(lines) > MOST_LINES or any(len(line.text) > LONGEST_ENTRY for line in lines):
            _report(problems, error)
            return Unreadable(error.place)
    recovery = _Recovery(problems, known)
    node = recovery.node(recovery.without_tabs(lines), 0)
    recovery.note_tabs()
    return node


def without_conflicts(text: str, first_line: int, problems: ProblemList) -> str:
    """A text with only the first of every two versions that a git merge has left; each pair is reported."""
    lines = [_Line(first_line + index, line) for index, line in enumerate(text.split("\n"))]
    return "\n".join(line.text for line in _without_conflicts(lines, problems))


def _without_conflicts(lines: _Chunk, problems: ProblemList) -> _Chunk:
    kept, is_second = [], False
    starts = any(line.text.startswith("<" * 7) and _CONFLICT.match(line.text) for line in lines)
    for line in lines:
        mark = _CONFLICT.match(line.text) if starts else None
        if mark and mark[1][0] == "<":
            message = "There are two versions here: a git merge has left its markers."
            hint = "Keep the lines of one version, and delete the other lines and the markers."
            problems.add("merge-conflict", message, hint, line=line.number)
        if mark:
            is_second = mark[1][0] in "|="
        kept.append(_Line(line.number, "") if mark or is_second else line)
    return kept


def _parsed(lines: Sequence[_Line]) -> Node:
    return read_yaml("\n".join(line.text for line in lines), lines[0].number)


def _report(problems: ProblemList, error: YamlSyntaxError) -> None:
    message = f"This cannot be read: {error}."
    problems.add("yaml-syntax", message, place=error.place)


class _Recovery:
    def __init__(self, problems: ProblemList, known: Collection[str]) -> None:
        self._problems = problems
        self._known = known
        self._within = [""]
        """The keys that the lines now read are below; the innermost last."""
        self._tabbed: list[_Line] = []
        """The lines that are indented with a tab, as written."""
        self._dedented: dict[int, str] = {}
        """Lines that are indented by mistake, as they should read, by their number."""

    def _note(self, message: str, hint: str, line: _Line, column: int, fix: str = "") -> None:
        self._problems.add("yaml-syntax", message, hint, line=line.number, column=column, fix=fix)

    def without_tabs(self, lines: _Chunk) -> _Chunk:
        """The lines with a space for each tab that indents them, so that columns stay."""
        found: _Chunk = []
        for line in lines:
            said = line.text.lstrip()
            indent = line.text[: len(line.text) - len(said)]
            if "\t" in indent and not line.says_nothing:
                self._tabbed.append(line)
            found.append(replace(line, text=indent.replace("\t", " ") + said))
        return found

    def note_tabs(self) -> None:
        """Note the lines that are indented with tabs, once."""
        if not self._tabbed:
            return
        first, *others = self._tabbed
        more = f" (so {'is' if len(others) == 1 else 'are'} {len(others)} more)" if others else ""
        said = first.text.lstrip()
        indent = first.text[: len(first.text) - len(said)].replace("\t", "  ")
        is_dedented = first.number in self._dedented
        hint = "Begin it at the start of the line." if is_dedented else "Use two spaces instead."
        message = f"This line is indented with a tab{more}."
        fix = self._dedented.get(first.number, f"{indent}{said}")
        self._note(message, hint, first, first.text.index("\t") + 1, fix)

    def node(self, lines: _Chunk, depth: int) -> Node:
        """The mapping or list that these lines are."""
        place = Place(lines[0].number)
        if depth > MAX_DEPTH:
            self._note("This is nested too deeply.", "", lines[0], lines[0].indent + 1)
            return Unreadable(place)
        base = 0 if depth == 0 and any(line.indent == 0 and not line.says_nothing for line in lines) else None
        chunks = list(self._chunks(lines, base))
        entries: list[Entry] = []
        items: list[Node] = []
        first_item: _Line | None = None
        for chunk in chunks:
            node = self._chunk(chunk, depth)
            if isinstance(node, Mapping):
                entries += node.entries
            elif isinstance(node, YamlSequence):
                first_item = first_item or chunk[0]
                items += node.items
        if not entries and first_item:
            return YamlSequence(tuple(items), place)
        if first_item:
            fix = re.sub(r"^(\s*)- +", r"\1", first_item.text)
            message = "This line begins with `- `, among lines that do not."
            self._note(message, "Delete the hyphen, or indent the line below its key.", first_item, 1, fix)
            entries += [entry for item in items if isinstance(item, Mapping) for entry in item.entries]
        return Mapping(tuple(entries), place)

    def _chunks(self, lines: _Chunk, base: int | None) -> Iterator[_Chunk]:
        """The lines of each entry, which begin in the column `base`; by default that of the first."""
        chunk: _Chunk = []
        is_list: bool | None = None
        for line in lines:
            if line.says_nothing:
                chunk.append(line) if chunk else None
                continue
            base = line.indent if base is None else base
            if chunk and (line.indent > base or self._continues(chunk, line)):
                chunk.append(line)
                continue
            if chunk:
                yield chunk
            is_list = line.is_item if is_list is None else is_list
            chunk = [self._aligned(line, base, is_noted=line.is_item and not is_list)]
        if chunk:
            yield chunk

    def _aligned(self, line: _Line, base: int, *, is_noted: bool) -> _Line:
        """The first line of an entry, indented as the others are. A different indent is noted, unless something else
        is."""
        if line.indent == base:
            return line
        aligned = replace(line, text=" " * base + line.text.lstrip())
        self._dedented[line.number] = aligned.text
        if not is_noted and line.number not in {tabbed.number for tabbed in self._tabbed}:
            is_less = line.indent < base
            message = f"This line is indented {'less' if is_less else 'further'} than the other entries beside it."
            hint = "Indent it as far as they are." if base else "Begin it at the start of the line."
            self._note(message, hint, line, line.indent + 1, aligned.text)
        return aligned if line.indent > base else line

    def _continues(self, chunk: _Chunk, line: _Line) -> bool:
        """Whether a line that is not indented further still belongs to the entry above."""
        first = chunk[0]
        if line.is_item and not first.is_item and _HEADER.match(first.text):
            return True
        if line.text.lstrip()[:1] in ("]", "}"):
            return True
        written = "".join(each.text for each in chunk[:MOST_LINES_OF_ENTRY])
        is_open = written.count("[") > written.count("]") or written.count("{") > written.count("}")
        key = _ENTRY_KEY.match(line.text)
        return len(chunk) < MOST_LINES_OF_ENTRY and is_open and not (key and (key[1] in self._known or line.indent > 0))

    def _chunk(self, chunk: _Chunk, depth: int) -> Node:
        """The entry or item that these lines are, as a mapping or list of one."""
        first, below = chunk[0], [line for line in chunk[1:] if not line.says_nothing]
        try:
            return self._checked(_parsed(chunk), chunk)
        except YamlSyntaxError as error:
            problem = error
        if below and _HEADER.match(first.text) and not first.is_item:
            return self._with_header(first, chunk[1:], depth)
        if below and first.is_item and not re.match(r"\s*- *$", first.text):
            inner = [replace(first, text=first.text.replace("-", " ", 1)), *chunk[1:]]
            return YamlSequence((self.node(inner, depth + 1),), Place(first.number, first.indent + 1))
        if below and (split := self._indented_by_mistake(chunk)):
            return self.node(split, depth + 1)
        return self._repaired(chunk, problem)

    def _checked(self, node: Node, chunk: _Chunk) -> Node:
        """The node if it is an entry or item; anything else counts as unreadable."""
        if isinstance(node, Mapping) or (isinstance(node, YamlSequence) and chunk[0].is_item):
            return node
        raise YamlSyntaxError("it is not a `key: value` line", Place(chunk[0].number, chunk[0].indent + 1))

    def _with_header(self, first: _Line, below: _Chunk, depth: int) -> Node:
        try:
            header = _parsed([first])
        except YamlSyntaxError as problem:
            return self._unreadable([first, *below], problem)
        if not isinstance(header, Mapping) or not header.entries:
            return Mapping((), Place(first.number))
        entry = header.entries[0]
        self._within.append(entry.key)
        value = self.node(below, depth + 1)
        self._within.pop()
        return Mapping((replace(entry, value=value),), entry.place)

    def _indented_by_mistake(self, chunk: _Chunk) -> _Chunk | None:
        """The lines, with those corrected that look like entries below one that has its value already."""
        first = chunk[0]
        entry = _LOOKS_LIKE_NAME if self._within[-1] in NAMES else _LOOKS_LIKE_ENTRY
        if not entry.match(first.text) or first.text.rstrip().endswith(("|", ">")):
            return None
        said = [line for line in chunk if not line.says_nothing]
        wrong = [line for line in said[1:] if line.indent > first.indent and entry.match(line.text)]
        if len(wrong) != len(said) - 1:
            return None
        fix = " " * first.indent + wrong[0].text.lstrip()
        self._dedented[wrong[0].number] = fix
        if wrong[0].number not in {line.number for line in self._tabbed}:
            message = "This line is indented further than the one above, which has a value already."
            self._note(message, "Indent both as far.", wrong[0], wrong[0].indent + 1, fix)
        return [
            replace(line, text=" " * first.indent + line.text.lstrip()) if line in wrong else line for line in chunk
        ]

    def _repaired(self, chunk: _Chunk, problem: YamlSyntaxError) -> Node:
        """What was probably meant by the lines of an entry; if that cannot be said, its value is unreadable."""
        if sum(len(line.text) for line in chunk) > LONGEST_ENTRY or len(chunk) > MOST_LINES_OF_ENTRY:
            return self._unreadable(chunk, problem)
        for index, line in enumerate(chunk):
            if line.says_nothing:
                continue
            for repair in repairs(line.text, self._known, self._within[-1]):
                mended = [*chunk[:index], replace(line, text=repair.line), *chunk[index + 1 :]]
                try:
                    node = self._checked(_parsed(mended), chunk)
                except YamlSyntaxError:
                    continue
                self._note(repair.message, repair.hint, line, repair.column, repair.line)
                return _moved(node, line.number, repair.column)
        return self._unreadable(chunk, problem)

    def _unreadable(self, chunk: _Chunk, problem: YamlSyntaxError) -> Node:
        first = chunk[0]
        key = _ENTRY_KEY.match(first.text)
        comment = _COMMENT.match(first.text)
        if comment and len(chunk) == 1:
            fix = f"# {comment[1]}"
            self._note("Comments begin with `#`.", "Write one, or delete the line.", first, first.indent + 1, fix)
        elif not re.search(r"\w", first.text) and len(chunk) == 1:
            self._note("This line means nothing here.", "Delete it.", first, first.indent + 1)
        elif not key and len(chunk) == 1 and not first.text.strip().startswith(("-", "[", "{", '"', "'")):
            message = "This line has no key, and does not continue the one above."
            hint = "Write `key: value`; indent the line by two spaces if it continues the text above."
            fix = f"  {first.text}" if first.text.lstrip()[:1].isalnum() else ""
            self._note(message, hint, first, first.indent + 1, fix)
        else:
            _report(self._problems, problem)
        place = Place(first.number, first.indent + 1)
        if first.is_item:
            return YamlSequence((Unreadable(place),), place)
        return Mapping((Entry(key[1], place, Unreadable(place)),) if key else (), place)


def _moved(node: Node, line: int, column: int) -> Node:
    """The node, with places after the column of a corrected line set to it: they do not exist in the file."""

    def moved(place: Place) -> Place:
        return Place(line, column) if place.line == line and place.column > column else place

    if isinstance(node, Scalar):
        return replace(node, place=moved(node.place), end=None)
    if isinstance(node, YamlSequence):
        return replace(node, place=moved(node.place), items=tuple(_moved(item, line, column) for item in node.items))
    if isinstance(node, Mapping):
        entries = tuple(
            Entry(entry.key, moved(entry.place), _moved(entry.value, line, column)) for entry in node.entries
        )
        return replace(node, place=moved(node.place), entries=entries)
    return node
