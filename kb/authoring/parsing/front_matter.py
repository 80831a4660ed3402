"""The front matter of a content file: found, and parsed as far as it can be read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Unreadable
from kb.authoring.parsing.yaml.recovery import read_yaml_or_what_can_be_read
from kb.authoring.problems import ProblemList
from kb.authoring.written import Place

_FENCE = "---"

_NEARLY_A_FENCE = re.compile(
    r"\s*(?:-{2,}|(?:- ){2,}-|[—–―‐‑−]{1,4}|-[—–]|[—–]-|\*{3,}|_{3,}|={3,}|\.{3}|~{3,}|`{3,}[\w-]*)\s*"
)
_OTHER_FORMATS = {"+++": "TOML", ";;;": "JSON", "{": "JSON", "<?xml": "XML"}
_ENTRY = re.compile(r"[\"']?(\w+)[\"']?\s*:(?:\s|$)")
_HEADING = re.compile(r"#{1,6} +(.+?)[ #]*")


@dataclass(frozen=True)
class SplitFile:
    """A file split into front matter and body."""

    head: str
    body: str
    body_line: int
    """The line of the file on which the body starts."""
    head_line: int = 2
    """The line on which the front matter starts."""
    has_head: bool = True
    """Whether there is front matter that can be read."""


def split_file(
    text: str, problems: ProblemList, keys: Collection[str] = (), headings: Collection[str] = ()
) -> SplitFile:
    """Split a file at its two lines of three hyphens.

    If one is missing or misspelt, that is noted, and the file is split where it was probably meant: `keys` are those
    that the front matter may have, `headings` those of the sections.
    """
    lines = text.split("\n")
    start = _start_of_head(lines, keys, problems)
    if start is None:
        return _without_head(lines, headings)
    end = _end_of_head(lines, start, headings, problems)
    if end is None:
        return _joined(lines, start, len(lines), len(lines))
    is_fence = not _heading(lines[end], headings)
    return _joined(lines, start, end, end + is_fence)


def _joined(lines: Sequence[str], start: int, end: int, body: int) -> SplitFile:
    head_line = min(start + 1, len(lines))
    return SplitFile("\n".join(lines[start:end]), "\n".join(lines[body:]), body + 1, head_line)


def _without_head(lines: Sequence[str], headings: Collection[str]) -> SplitFile:
    """A file of which only the sections can be read."""
    first = next((index for index, line in enumerate(lines) if _heading(line, headings)), len(lines))
    return SplitFile("", "\n".join(lines[first:]), first + 1, 1, has_head=False)


def _start_of_head(lines: Sequence[str], keys: Collection[str], problems: ProblemList) -> int | None:
    """The index of the first line of the front matter; None if there is none that can be read."""
    if lines[0].rstrip() == _FENCE:
        return 1 + _note_second_fence(lines, keys, problems)
    message = "The file does not start with a line of three hyphens."
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    line = lines[first]
    at = Place(first + 1, len(line) - len(line.lstrip()) + 1)
    for sign, name in _OTHER_FORMATS.items():
        if line.strip().startswith(sign):
            hint = f"Write it as in `content/TEMPLATE.md`, not as {name}."
            problems.add("no-front-matter", f"The front matter is written in {name}, not in YAML.", hint, place=at)
            return None
    if line.strip() == _FENCE and first > 0:
        hint = "Delete what is above them." if line.rstrip() == _FENCE else "Write them alone, on the first line."
        problems.add("no-front-matter", message, hint)
        return first + 1
    if _NEARLY_A_FENCE.fullmatch(line) and any(_is_entry(below, keys) for below in lines[first + 1 : first + 4]):
        is_fenced = lines[first + 1].rstrip() == _FENCE
        hint = "Delete this line." if is_fenced else "Write three hyphens: `---`."
        problems.add("no-front-matter", message, hint, place=at, fix="" if is_fenced else _FENCE)
        return first + 1 + is_fenced
    if line.strip().startswith("```") and lines[first + 1 : first + 2] == [_FENCE]:
        problems.add("no-front-matter", message, "Delete this line.", place=at)
        return first + 2
    if _is_entry(line, keys):
        problems.add("no-front-matter", message, "Add a line `---` above.", place=at, fix=f"{_FENCE}\n{line}")
        return first
    later = next((index for index, each in enumerate(lines[:20]) if each.rstrip() == _FENCE), None)
    if later is not None and any(_is_entry(below, keys) for below in lines[later + 1 : later + 3]):
        problems.add("no-front-matter", message, f"Delete what is above line {later + 1}.")
        return later + 1
    problems.add("no-front-matter", message, "Copy the front matter of `content/TEMPLATE.md`.")
    return None


def _note_second_fence(lines: Sequence[str], keys: Collection[str], problems: ProblemList) -> int:
    """How many lines above the first key are blank or a second fence, which is then noted."""
    following = next((index for index, line in enumerate(lines[1:], start=1) if line.strip()), 0)
    is_second = following and lines[following].rstrip() == _FENCE
    if is_second and any(_is_entry(below, keys) for below in lines[following + 1 : following + 3]):
        message = "The line of three hyphens appears twice, which ends the front matter before it begins."
        problems.add("no-front-matter", message, "Delete this line.", line=following + 1)
        return following
    return 0


def _end_of_head(lines: Sequence[str], start: int, headings: Collection[str], problems: ProblemList) -> int | None:
    """The index of the line that ends the front matter: a fence, or a heading where that is missing."""
    nearly = None
    for index in range(start, len(lines)):
        line = lines[index]
        if line.rstrip() == _FENCE:
            return index
        if nearly is None and _NEARLY_A_FENCE.fullmatch(line) and len(line.strip()) > 1:
            nearly = index
        if _heading(line, headings):
            return _note_open(lines, nearly if nearly is not None else index, problems)
    message = "The front matter is not closed."
    if nearly is not None:
        return _note_open(lines, nearly, problems)
    hint = "Add a line of three hyphens after its last key."
    problems.add("no-front-matter", message, hint, line=len(lines), paste=_FENCE)
    return None


def _note_open(lines: Sequence[str], index: int, problems: ProblemList) -> int:
    message, line = "The front matter is not closed.", lines[index]
    if _NEARLY_A_FENCE.fullmatch(line):
        problems.add("no-front-matter", message, "Write three hyphens here: `---`.", line=index + 1, fix=_FENCE)
    else:
        fix = f"{_FENCE}\n\n{line}"
        problems.add("no-front-matter", message, "Add a line of three hyphens above.", line=index + 1, fix=fix)
    return index


def _heading(line: str, headings: Collection[str]) -> bool:
    found = _HEADING.fullmatch(line.rstrip())
    return bool(found) and found.group(1).strip("*_: ").casefold() in {heading.casefold() for heading in headings}  # type: ignore[union-attr]  # it matches


def _is_entry(line: str, keys: Collection[str]) -> bool:
    found = _ENTRY.match(line)
    return bool(found) and found.group(1).casefold() in keys  # type: ignore[union-attr]  # it matches


def read_head(split: SplitFile, problems: ProblemList, keys: Collection[str] = ()) -> Mapping | Unreadable:
    """Parse front matter into a tree. What cannot be read of it is noted, and is `Unreadable` in the tree."""
    place = Place(split.head_line)
    if not split.has_head:
        return Unreadable(place)
    node = read_yaml_or_what_can_be_read(split.head, split.head_line, problems, keys)
    if isinstance(node, Mapping):
        return _lifted(node, keys, problems)
    if not isinstance(node, Unreadable):
        message = "The front matter does not consist of `key: value` lines."
        problems.add("yaml-syntax", message, line=split.head_line)
    return Unreadable(place)


def _lifted(mapping: Mapping, keys: Collection[str], problems: ProblemList) -> Mapping:
    """The mapping with those keys on their own level that an indent has put below another, as in an empty `ended:`."""
    present = {entry.key for entry in mapping.entries}
    entries: list[Entry] = []
    for entry in mapping.entries:
        below = entry.value
        is_block = isinstance(below, Mapping) and not below.is_flow
        moved = [
            inner
            for inner in (below.entries if is_block and isinstance(below, Mapping) else ())
            if inner.key in keys and inner.key not in present and inner.key not in _INNER_KEYS
        ]
        if not moved or not isinstance(below, Mapping):
            entries.append(entry)
            continue
        left = tuple(inner for inner in below.entries if inner not in moved)
        for inner in moved:
            message = f"`{inner.key}` is indented, and therefore belongs to `{entry.key}`."
            fix = problems.line(inner.place.line).lstrip()
            at = inner.place
            problems.add("yaml-syntax", message, "Begin it at the start of the line.", place=at, fix=fix)
        value = Mapping(left, below.place) if left else Unreadable(below.place)
        entries += [Entry(entry.key, entry.place, value), *moved]
    return Mapping(tuple(entries), mapping.place, mapping.is_flow)


_INNER_KEYS = frozenset({"title"})
"""Keys that belong to sources as well."""
