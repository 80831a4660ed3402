"""How statements cite: `[@s1]`, `[@s1; @s3]`, `[@s1, p. 4]`, as in Pandoc.

Plain variants are read too: `[@s1, @s3]`, `[@s1;s3]`, `[@s1 p. 4]`. Anything else in brackets with an `@` is a problem,
so that no reader sees it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

CITATION = re.compile(r"\[\s*@[^\[\]]*\]")
"""A citation, or an attempt at one."""

UNCLOSED = re.compile(r"\[\s*@[A-Za-z0-9]")
"""The beginning of one."""

ESCAPED = re.compile(r"\\\[\s*@[A-Za-z0-9][^\[\]\n]{0,40}\]?")
"""One that a backslash keeps from being read."""

WITHIN_BRACKETS = re.compile(r"(?<![^\s,;(])@[A-Za-z0-9]")
"""A key in brackets that begin with something else, as in `[see @s1]`; not a mail address."""

_KEY = re.compile(r"@([A-Za-z0-9][\w-]*)(.*)", re.DOTALL)
_BETWEEN_SOURCES = re.compile(r"\s*;\s*|[\s,]+(?=@)")
_NUMBER = re.compile(r"\d")


class Cited(NamedTuple):
    """A source, and where in it."""

    key: str
    locator: str


class NotACitation(ValueError):
    """The text in brackets cannot be read as a citation; the message says why."""


def read_citation(written: str, keys: Container[str]) -> list[Cited]:
    """The sources that a citation names, in order. Raises NotACitation.

    `keys` are those of the listed sources: one of them is read as a source even if its `@` was forgotten.

    >>> read_citation("[@s1, p. 4; @s3]", {"s1", "s3"})
    [Cited(key='s1', locator='p. 4'), Cited(key='s3', locator='')]
    >>> read_citation("[@s1,s3]", {"s1", "s3"})
    [Cited(key='s1', locator=''), Cited(key='s3', locator='')]
    """
    inside = written[1:-1].strip()
    cited = [found for part in _BETWEEN_SOURCES.split(inside) if part for found in _read_source(part, keys)]
    if not cited:
        raise NotACitation("It names no source")
    return cited


def _read_source(part: str, keys: Container[str]) -> Iterator[Cited]:
    """The source that a part names, with its locator, and those listed after it without their `@`."""
    if part in keys:
        yield Cited(part, "")
        return
    found = _KEY.fullmatch(part)
    if not found:
        raise NotACitation(f"`{_short(part)}` is not a source key with an `@`")
    key, rest = found.groups()
    comma, *behind = rest.split(",")
    if comma and not (comma[0].isspace() and _NUMBER.search(comma)):
        raise NotACitation(f"`{_short(rest.strip())}` after `@{key}` is neither a page nor a source")
    others: list[str] = []
    while behind and behind[-1].strip() in keys:
        others.insert(0, behind.pop().strip())
    yield Cited(key, " ".join(",".join((comma, *behind)).strip(" ,\n").split()))
    yield from (Cited(other, "") for other in others)


def _short(text: str) -> str:
    return " ".join(text.split())[:40]
