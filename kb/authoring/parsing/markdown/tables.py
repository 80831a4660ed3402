"""Tables as GitHub reads them: a row of headings, a row of hyphens, and rows below."""

from __future__ import annotations

import re

from kb.authoring.parsing.markdown.lines import INDENT, Line, Place, Written

_HYPHENS = re.compile(r":?-+:?")
_EDGE = re.compile(r"(?<!\\)\|")
_MAY_BE_HYPHENS = re.compile(r" {0,3}(?:[|:][-:| ]|-[-:|])[-:| ]*$")


def is_table(header: Line, hyphens: Line) -> bool:
    """Whether two lines are the beginning of a table: as many headings as columns of hyphens."""
    if header.indent >= INDENT or "|" not in header.text or not _MAY_BE_HYPHENS.match(hyphens.text):
        return False
    columns = [cell.strip(" ") for cell in hyphens.text.strip(" ").split("|")]
    columns = columns[not columns[0] : len(columns) - (not columns[-1])]
    return bool(columns) and all(map(_HYPHENS.fullmatch, columns)) and len(columns) == len(split_row(header))


def split_row(line: Line) -> list[Written]:
    """The cells of a row. A bar after a backslash is not an edge but part of a cell.

    >>> [cell.text for cell in split_row(Line("| a | b \\\\| c |", 1, 0))]
    ['a', 'b | c']
    """
    text = line.text.strip(" ")
    if not text:
        return []
    start = line.column + line.indent
    edges = [bar.start() for bar in _EDGE.finditer(text)]
    starts = [0, *(edge + 1 for edge in edges)]
    ends = [*edges, len(text)]
    cells = [_cell(text[first:last], line.number, start + first) for first, last in zip(starts, ends, strict=True)]
    if ends[0] == 0:
        cells = cells[1:]
    if cells and starts[-1] == len(text):
        cells = cells[:-1]
    return cells


def _cell(text: str, number: int, column: int) -> Written:
    """The words of a cell; each bar in it had a backslash before it."""
    first, *others = text.split("\\|")
    places = [Place(0, number, column)]
    offset, column = len(first), column + len(first)
    for piece in others:
        column += 1
        places.append(Place(offset, number, column))
        offset, column = offset + 1 + len(piece), column + 1 + len(piece)
    whole = "|".join((first, *others))
    return Written(whole, tuple(places)).part(0, len(whole))
