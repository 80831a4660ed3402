"""The sentences of the template, which must not be mistaken for a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kb.settings import case_template_path

_QUOTED = re.compile(r'"([^"]+)"')
_MAY_FILL = re.compile(r"lorem|tbd|todo|fixme|xxx|placeholder|insert text")
_PLACEHOLDER = re.compile(r"lorem ipsum|\b(?:tbd|todo|fixme|xxx)\b|^\W*(?:placeholder|insert text here)\W*$")
_CITATION = re.compile(r"\[@[^\[\]]*\]")


def is_of_template(text: str) -> bool:
    """Whether a value or sentence is one of the template's, or is there only to be replaced.

    >>> is_of_template("What it is, in at most 90 characters"), is_of_template("A door for concerns")
    (True, False)
    """
    plain = " ".join(text.split()).casefold()
    return plain in _texts() or bool(_MAY_FILL.search(plain) and _PLACEHOLDER.search(plain))


def template_lines(text: str) -> Iterator[int]:
    """The lines of a text, counted from 0, that are the template's or only there to be replaced."""
    for number, line in enumerate(text.split("\n")):
        if not line or line.startswith("#"):
            continue
        said = _CITATION.sub("", line) if "[@" in line else line
        if is_of_template(said.lstrip("- ").rstrip(" .") + "."):
            yield number


@cache
def _texts() -> frozenset[str]:
    try:
        template = case_template_path().read_text("utf-8")
    except (OSError, StopIteration):
        return frozenset()
    head, _, body = template.removeprefix("---\n").partition("\n---\n")
    lines = (_CITATION.sub("", line) for line in body.split("\n") if not line.startswith("#"))
    said = (line.lstrip("- ").rstrip(" .") + "." for line in lines)
    texts = [*_QUOTED.findall(head), "Your role or organisation", *said]
    # A date, an address or a single word may be right.
    return frozenset(" ".join(text.casefold().split()) for text in texts if " " in text and "example" not in text)


@cache
def template_keys() -> tuple[str, ...]:
    """The keys of the template in its order, those in comments included; none if there is no template."""
    try:
        head = case_template_path().read_text("utf-8").removeprefix("---\n").partition("\n---\n")[0]
    except (OSError, StopIteration):
        return ()
    return tuple(_KEY.findall(head))


_KEY = re.compile(r"^(?:# )?([a-z_]+):", re.MULTILINE)
