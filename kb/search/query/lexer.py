"""A query line, cut into words, quotations, fields, operators and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from kb.search.fields import QUERY_FIELDS
from kb.search.query.years import YEARS, with_decimals
from kb.search.words.analysis import STOP_WORDS, words

DEEPEST = 10
"""Brackets within brackets. Deeper ones are punctuation."""

LONGEST_ACRONYM = 5
"""Letters: "USA OR UNDP" is a search for acronyms, "YOUTH WORKERS OR POLICE" a line in capitals."""

# All that phones, word processors and other languages make of quotation marks, hyphens and letters.
_QUOTES = "“”„‟«»"
_DASHES = "‐‑‒–—―−﹣"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
_FOLDED = str.maketrans({
    **_FULL_WIDTH, **dict.fromkeys(_QUOTES, '"'), **dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_INVISIBLE, ""),
})  # fmt: skip

FIELD_NAMES = (*QUERY_FIELDS, "year")
_PLURALS = {"titles": "title", "cities": "city", "countries": "country", "partners": "partner", "years": "year"}
_TOKEN = re.compile(
    rf"""
    "(?P<quoted>[^"]*)(?P<end>"?)
  | (?P<open>\()
  | (?P<not>(?<![^\s(:])(?:(?<!\d\ )|(?!-+\d))-+(?=[^\s-]))   # the hyphen of "2015 -2019" excludes nothing
  | (?P<known>{"|".join((*FIELD_NAMES, *_PLURALS))}):(?=[^\s:)])
  | (?P<unknown>[A-Za-z]+):(?=[\w"])
  | (?P<spaced>{"|".join(FIELD_NAMES)})\ ?:+\ ?
  | (?P<compared>year)\ ?(?:=\ ?(?=\d)|(?=(?:[<>]=?|[≤≥])\ ?\d))
  | (?P<word>(?:since|after|before|until|till)\ (?:19|20)\d\d(?![^\s)])|(?-i:OR|AND|NOT)(?=\()|[^\s"]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ACRONYMS_TOO = frozenset({"is", "it", "us", "who"})
"""Stop words that are acronyms in capitals."""

FEW_VALUES = 2
"""Words after "small city: " that still look like its value. More are the rest of a sentence."""

_BEFORE_A_COLON = STOP_WORDS | {"one", "two", "every", "each", "whole", "same", "new", "first", "other", "no"}
"""Words that show that a field's name after them is a noun: "in one city: …"."""


class Kind(Enum):
    """Kinds of tokens."""

    WORD = "word"
    QUOTED = "quoted"
    FIELD = "field"
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    DASH = "-"
    OPEN = "("
    CLOSE = ")"


_OPERATORS = {kind.value: kind for kind in (Kind.OR, Kind.AND, Kind.NOT)}


@dataclass(frozen=True)
class Token:
    """A piece of the line."""

    kind: Kind
    text: str
    """A word as it was typed, what is in quotation marks, or the name of a field."""
    is_whole: bool = True
    """False for a quotation without an end."""


def folded(text: str) -> str:
    """A line with all quotation marks, dashes and full-width signs as the plain ones, and without invisible ones."""
    return text.translate(_FOLDED)


def is_in_capitals(text: str) -> bool:
    """Whether a line is all in capitals, as pasted titles are. Acronyms alone are not.

    >>> is_in_capitals("NOT IN OUR TOWN"), is_in_capitals("UN OR EU"), is_in_capitals("NOT In Our Town")
    (True, False, False)
    """
    found = [word for word in re.findall(r"[^\W\d_]+", text) if word not in _OPERATORS]
    cased = [word for word in found if word.lower() != word.upper()]
    return all(map(str.isupper, cased)) and any(
        len(word) > LONGEST_ACRONYM or word.lower() in STOP_WORDS - _ACRONYMS_TOO for word in cased
    )


def cut(line: str, *, with_operators: bool) -> list[Token]:
    """The tokens of a folded line. Brackets in them are balanced; others are left out."""
    return list(_balanced(list(_cut(line, _OPERATORS if with_operators else {}))))


def _cut(line: str, operators: dict[str, Kind]) -> Iterator[Token]:
    position = 0
    before = ""
    while match := _next(line, position, before):
        position = match.end()
        token = _token(match, operators)
        if token.kind is Kind.WORD and (cut := _first_unopened(token.text)) is not None:
            word, position = token.text[:cut], match.start() + cut + 1
            if word:
                yield Token(operators.get(word, Kind.WORD), word)
            token = Token(Kind.CLOSE, ")")
        yield token
        before = token.text.lower() if token.kind is Kind.WORD else ""
        if token == Token(Kind.FIELD, "year") and (years := YEARS.match(with_decimals(line), position)):
            yield Token(Kind.WORD, with_decimals(years.group()))
            position = years.end()


def _next(line: str, position: int, before: str) -> re.Match[str] | None:
    """The next token, where a word with a colon in a sentence is a word."""
    match = _TOKEN.search(line, position)
    if match and match["spaced"] and not _is_field(match, before):
        end = match.end("spaced")
        return _TOKEN.search(line[:end], match.start())
    return match


def _is_field(match: re.Match[str], before: str) -> bool:
    """Whether the name of a field with a space beside its colon is one: in "one city: a model" it is not."""
    after = match.string[match.end() :]
    if match["spaced"].lower() == "year" and after and not YEARS.match(with_decimals(after).lstrip('"(')):
        return False
    following = words(after)
    goes_on = len(following) > FEW_VALUES or not STOP_WORDS.isdisjoint(following[:1])
    return before not in _BEFORE_A_COLON and not (before and goes_on)


def _token(match: re.Match[str], operators: dict[str, Kind]) -> Token:
    if match["quoted"] is not None:
        return Token(Kind.QUOTED, match["quoted"], is_whole=bool(match["end"]))
    if match["open"]:
        return Token(Kind.OPEN, "(")
    if match["not"]:
        return Token(Kind.DASH, "-")
    if name := match["known"] or match["spaced"] or match["compared"]:
        return Token(Kind.FIELD, _PLURALS.get(name.lower(), name.lower()))
    if name := match["unknown"]:
        return Token(Kind.FIELD, name)
    word = match["word"]
    return Token(operators.get(word, Kind.WORD), word)


def _first_unopened(word: str) -> int | None:
    """Where a word closes a bracket that was opened before it."""
    depth = 0
    for place, sign in enumerate(word):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return place
    return None


def _balanced(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens without brackets that have no partner, or are too deep."""
    opened: list[int] = []
    kept: set[int] = set()
    for place, token in enumerate(found):
        if token.kind is Kind.OPEN:
            opened.append(place)
        elif token.kind is Kind.CLOSE and opened:
            partner = opened.pop()
            if len(opened) < DEEPEST:
                kept |= {partner, place}
    for place, token in enumerate(found):
        if token.kind not in (Kind.OPEN, Kind.CLOSE) or place in kept:
            yield token
