"""The problems of a case that is being written, each at the value it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.authoring.draft import Draft
from kb.authoring.parsing.yaml.nodes import Mapping, Node
from kb.authoring.problems import Problem
from kb.authoring.writing.edits import spans_of
from kb.authoring.writing.values import head_of, readable, split
from kb.model.case import CASE_SECTIONS, slugify_heading

Field = tuple[str, ...]
"""Where a value is: `("title",)`, `("sources", "s1", "year")`, `("lead", "0")` for the first row, and for the text of a
section `("text", "context")`."""


@dataclass(frozen=True)
class Finding:
    """A problem, and the value it is about."""

    field: Field
    """Empty if it is about the file as a whole."""
    problem: Problem
    excerpt: str
    """The line that it is about, in the text of a section; empty elsewhere."""


def findings_in(draft: Draft) -> tuple[Finding, ...]:
    """The problems of the file of a case, whatever its text, in its order."""
    fields = _fields_by_line(draft.text)
    lines = draft.text.split("\n")
    return tuple(_finding(problem, fields, lines) for problem in draft.problems)


def _finding(problem: Problem, fields: list[Field], lines: list[str]) -> Finding:
    number = problem.line - 1
    if problem.rule == "missing-section":
        heading = problem.paste.removeprefix("## ")
        return Finding(("text", slugify_heading(heading)), problem, "")
    if problem.rule == "no-text":
        return Finding(("text", slugify_heading(CASE_SECTIONS[0])), problem, "")
    field = fields[number] if 0 <= number < len(fields) else ()
    return Finding(field, problem, lines[number].strip() if field[:1] == ("text",) else "")


def _fields_by_line(text: str) -> list[Field]:
    """The value that each line is about."""
    read = readable(text)
    found: list[Field] = [()] * (text.count("\n") + 1)
    parts = split(read)
    end = parts.head_line - 1 + parts.head.count("\n") + 1
    for field, start, stop in _spans(head_of(read), end, ()):
        found[start:stop] = [field] * (stop - start)
    section: Field = ()
    for number, line in enumerate(read.split("\n")):
        if number >= parts.body_line - 1:
            section = _SECTIONS.get(line.rstrip(), section)
            found[number] = section
    return found


_SECTIONS = {f"## {heading}": ("text", slugify_heading(heading)) for heading in CASE_SECTIONS}

_DEEP = {"arrangements": 1, "experienced_as": 1, "challenges": 2, "sources": 2, "evidence": 1, "last_reported": 1}
"""How many levels of keys below a key have a value of their own."""

_ROWS = frozenset({"lead", "partners"})
"""Keys whose entries are rows, known by their number."""


def _spans(node: Node | None, end: int, above: Field) -> Iterator[tuple[Field, int, int]]:
    """Each value with its lines; an outer one comes before those within it."""
    if not isinstance(node, Mapping):
        return
    for number, (entry, start, stop) in enumerate(spans_of(node, end)):
        in_rows = above[-1:] and above[0] in _ROWS
        field = (*above, str(number) if in_rows else entry.key)
        yield field, start, max(stop, start + 1)
        if len(above) < (1 if field[0] in _ROWS else _DEEP.get(field[0], 0)):
            yield from _spans(entry.value, stop, field)
