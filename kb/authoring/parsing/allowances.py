"""Comments in which an author allows what a guard has found, with a reason.

`# allow harm-name: a reason` in the front matter, `<!-- allow harm-name: a reason -->` in the text: on the line of the
finding, or on a line of its own before it. Nothing of them is shown on a page; the source file shows them.
"""

from __future__ import annotations

import re

_REASON = r"(?:(?!-->)[^\n])*?\w(?:(?!-->)[^\n])*?"
ALLOWANCE = re.compile(rf"(?:#|<!--)\s*allow\s+(?P<rule>harm-[a-z-]+)\s*:\s*(?P<reason>{_REASON})\s*(?:-->|$)")
_IN_A_TEXT = re.compile(rf"<!--\s*allow\s+harm-[a-z-]+\s*:{_REASON}-->")
_AT_ITS_END = re.compile(rf"(?<![ \t])[ \t]*+{_IN_A_TEXT.pattern}[ \t]*$", re.MULTILINE)


def without_allowances(text: str) -> str:
    """A text without these comments, in which nothing else has moved.

    Spaces take their place, but not at the end of a line, where two of them would break it.

    >>> without_allowances("One <!-- allow harm-name: a city --> two. <!-- allow harm-phone: public -->").split()
    ['One', 'two.']
    """
    return _IN_A_TEXT.sub(lambda comment: " " * len(comment.group()), _AT_ITS_END.sub("", text))
