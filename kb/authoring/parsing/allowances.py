"""Comments in which an author allows what a guard has found, with a reason.

`# allow harm-name: a reason` in the front matter, `<!-- allow harm-name: a reason -->` in the text: on the line of the
finding, or on a line of its own before it. They do not appear on pages, only in the source file.
"""

from __future__ import annotations

import re

_REASON = r"(?:(?!-->)[^\n])*?\w(?:(?!-->)[^\n])*?"
ALLOWANCE = re.compile(rf"(?:#|<!--)\s*allow\s+(?P<rule>harm-[a-z-]+)\s*:\s*(?P<reason>{_REASON})\s*(?:-->|$)")
_BEGINNING, _END = "<!--", "-->"


def without_allowances(text: str) -> str:
    """A text without these comments, in which nothing else has moved.

    Spaces take their place, but not at the end of a line, where two of them would break it.

    >>> without_allowances("One <!-- allow harm-name: a city --> two. <!-- allow harm-phone: public -->").split()
    ['One', 'two.']
    """
    if _BEGINNING not in text:
        return text
    return "\n".join(_without(line) if _BEGINNING in line else line for line in text.split("\n"))


def _without(line: str) -> str:
    pieces = []
    position = 0
    while (start := line.find(_BEGINNING, position)) >= 0 and (end := line.find(_END, start)) >= 0:
        end += len(_END)
        is_allowance = ALLOWANCE.fullmatch(line, start, end) is not None
        pieces += [line[position:start], " " * (end - start) if is_allowance else line[start:end]]
        position = end
    written = "".join([*pieces, line[position:]])
    return written.rstrip() if written != line and line.rstrip().endswith(_END) else written
