"""What can be mended in front matter beyond single lines that the check shows: tabs, old forms, the order of keys."""

from __future__ import annotations

import re
from collections.abc import Mapping as Edits
from itertools import pairwise

from kb.authoring.parsing.case_file import CASE_KEYS
from kb.authoring.parsing.front_matter import SplitFile
from kb.authoring.parsing.template import template_keys
from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Scalar, Sequence, YamlSyntaxError, read_yaml
from kb.authoring.parsing.yaml.repairs import NAMES


def without_tabs(split: SplitFile) -> Edits[int, str]:
    """Two spaces for each tab that indents a line."""
    edits = {}
    for number, line in enumerate(split.head.split("\n"), start=split.head_line):
        said = line.lstrip(" \t")
        indent = line[: len(line) - len(said)]
        if "\t" in indent and said:
            edits[number] = indent.replace("\t", "  ") + said
    return edits


def new_forms(split: SplitFile) -> Edits[int, str]:
    """Challenges as one sentence below `showed:`, and names in a list as the keys of a mapping."""
    tree = _tree(split)
    if tree is None:
        return {}
    lines = dict(enumerate(split.head.split("\n"), start=split.head_line))
    return _challenges(tree, lines) | _names(tree, lines)


def in_order(split: SplitFile) -> str | None:
    """The front matter with its keys in the order of the template, each with the comments above it.

    None if they are, or if it cannot be read. A key that the template does not have stays behind the one before it.
    """
    tree = _tree(split)
    if tree is None or not tree.entries or any(entry.place.column != 1 for entry in tree.entries):
        return None
    starts = [entry.place.line - split.head_line for entry in tree.entries]
    if len(set(starts)) < len(starts):
        return None
    lines = split.head.split("\n")
    bounds = [0, *(_first_comment_above(lines, start) for start in starts[1:]), len(lines)]
    end = _first_comment_above(lines, len(lines))
    chunks = [lines[start : min(stop, end)] for start, stop in pairwise(bounds)]
    places: list[int] = []
    order = template_keys() or CASE_KEYS.names
    for entry in tree.entries:
        places.append(order.index(entry.key) if entry.key in order else (places or [-1])[-1])
    sequence = sorted(range(len(chunks)), key=lambda number: (places[number], number))
    if sequence == list(range(len(chunks))):
        return None
    return "\n".join([line for number in sequence for line in chunks[number]] + lines[end:])


def _tree(split: SplitFile) -> Mapping | None:
    try:
        tree = read_yaml(split.head, split.head_line)
    except YamlSyntaxError:
        return None
    return tree if isinstance(tree, Mapping) and not tree.is_flow else None


def _first_comment_above(lines: list[str], start: int) -> int:
    """The index of the first of the comments and blank lines right above a line; its own if there are none."""
    while start > 0 and (not lines[start - 1].strip() or lines[start - 1].startswith("#")):
        start -= 1
    return start


def _challenges(tree: Mapping, lines: dict[int, str]) -> dict[int, str]:
    challenges = tree.get("challenges")
    if not isinstance(challenges, Mapping) or challenges.is_flow:
        return {}
    edits: dict[int, str] = {}
    for entry in challenges.entries:
        if isinstance(entry.value, Scalar) and entry.value.text:
            edits |= _under_showed(entry, entry.value, lines)
    return edits


def _under_showed(entry: Entry, value: Scalar, lines: dict[int, str]) -> dict[int, str]:
    """The lines of a challenge that is one sentence, with the sentence below `showed:`."""
    first, at = entry.place.line, value.place
    indent = " " * (entry.place.column + 1)
    key, said = lines[at.line][: at.column - 1], lines[at.line][at.column - 1 :]
    edits = {at.line: f"{key.rstrip()}\n{indent}showed: {said}" if at.line == first else f"{indent}showed: {said}"}
    for number in range(at.line + 1, max(lines) + 1):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip(" ")) < entry.place.column:
            break
        if line.strip():
            edits[number] = f"  {line}"
    return edits


_ITEM = re.compile(r"\s*- +(?=\S)")


def _names(tree: Mapping, lines: dict[int, str]) -> dict[int, str]:
    """`- name: sector` without the hyphen."""
    edits = {}
    for key in NAMES:
        names = tree.get(key)
        items = names.items if isinstance(names, Sequence) and not names.is_flow else ()
        mappings = [item for item in items if isinstance(item, Mapping) and not item.is_flow]
        if mappings and len(mappings) == len(items):
            for entry in (entry for mapping in mappings for entry in mapping.entries):
                line = lines[entry.place.line]
                edits[entry.place.line] = "  " + _ITEM.sub("", line, count=1).lstrip()
    return edits
