"""Lines that people type and that are not YAML: what is wrong, and the line that was probably meant.

Each repair looks at one line and proposes others; only one that can be read is ever shown or used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from kb.authoring.parsing.dates_and_years import years_in
from kb.authoring.parsing.text_file import character_name
from kb.hints import nearest


class Repair(NamedTuple):
    """A line as it was probably meant."""

    column: int
    """Where in the line the cause is, from 1."""
    message: str
    hint: str
    line: str


_KEY = r"[^\W\d][\w-]*"
_LEAD = r"(?P<lead>\s*(?:- +)?)"
_ENTRY = re.compile(rf"{_LEAD}(?P<key>\"[^\"]*\"|'[^']*'|[^\s:\"'\[\]{{}}#,][^:]*?)(?P<colon> *: +)(?P<value>.*\S)\s*$")
_ITEM = re.compile(r"(?P<lead>\s*- +)(?P<value>.*\S)\s*$")
_WIDE_COLONS = "：﹕︓꞉∶ː"
_WIDE_COLON = re.compile(rf"{_LEAD}(?P<key>[\w -]+?)\s*(?P<colon>[{_WIDE_COLONS}])\s*(?P<value>.*)$")
_NO_SPACE = re.compile(rf"{_LEAD}(?P<key>{_KEY}):(?P<value>[^\s/].*)$")
_EQUALS = re.compile(rf"{_LEAD}(?P<key>{_KEY})\s*:?=\s*(?P<value>.*)$")
_NO_COLON = re.compile(rf"{_LEAD}(?P<key>{_KEY})(?:(?P<gap>[ ;,.]+)(?P<value>.*))?$")
_COMMENT = re.compile(r"\s+#(?: .*)?$")
CLOSING_QUOTES = {
    "“": "”",
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "’": "’",
    "「": "」",
}
_LISTS = frozenset({"city", "audiences", "extremism", "contributors", "questions", "aliases", "fits", "countries"})
NAMES = ("lead", "partners")
"""Keys of mappings from names to ids."""

_REASONS = ("arrangements", "challenges", "experienced_as")
_INNER = ("level", "note", "state", "date", "by", "year", "source", "title", "url", "lang", "showed", "handled")
_BARE_START = "@`%&*!|>?{}[],-"
_BAD_ESCAPE = re.compile(r'\\(?![0abtnvfre "/\\N_LP]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})')
_INNER_QUOTE = re.compile(r'(?<!\\)"')
_COLON = re.compile(r":(?=\s|$)")


def repairs(line: str, known: Collection[str], within: str = "") -> Iterator[Repair]:
    """The lines that may have been meant, the most likely first.

    `known` are the keys that a file may have; `within` is the key that the line is below.
    """
    if within in NAMES:
        yield from _colon_in_name(line)
    for repair in _REPAIRS:
        yield from repair(line, known)


def as_entry(line: str, column: int) -> Repair | None:
    """The `name: value` line that the text from a column on was meant to be, with the missing space or quotes."""
    if column != len(line) - len(line.lstrip()) + 1:
        return None
    if found := re.fullmatch(r"(\s*[^\s:\"'#][^:\"'#]*):([^\s:/].*)", line):
        message = f"There is no space after the colon of `{found[1].strip()}`."
        return Repair(found.start(2) + 1, message, "Put a space there.", f"{found[1]}: {found[2]}")
    return next(_hash_in_key(line, ()), None)


def quoted(text: str) -> str:
    """Text in double quotes, as YAML reads it whatever it contains.

    >>> print(quoted('The "Info" house: one door'))
    "The \\"Info\\" house: one door"
    """
    return json.dumps(text, ensure_ascii=False)


def _wide_colon(line: str, known: Collection[str]) -> Iterator[Repair]:
    if found := _WIDE_COLON.match(line):
        key = found["key"].strip()
        message = f"The colon after `{key}` is a {character_name(found['colon'])}."
        mended = f"{found['lead']}{key}: {found['value']}".rstrip()
        yield Repair(found.start("colon") + 1, message, "Type a plain colon and a space.", mended)


def _no_space(line: str, known: Collection[str]) -> Iterator[Repair]:
    found = _NO_SPACE.match(line)
    if found and not _COLON.search(line):
        message = f"There is no space after the colon of `{found['key']}`."
        mended = f"{found['lead']}{found['key']}: {found['value']}"
        yield Repair(found.start("value"), message, "Put a space there.", mended)


def _equals(line: str, known: Collection[str]) -> Iterator[Repair]:
    if found := _EQUALS.match(line):
        message = f"There is an equals sign after `{found['key']}` in place of a colon."
        mended = f"{found['lead']}{found['key']}: {found['value']}".rstrip()
        yield Repair(found.end("key") + 1, message, "Write `key: value`.", mended)


def _no_colon(line: str, known: Collection[str]) -> Iterator[Repair]:
    found = _NO_COLON.match(line)
    if not found or _COLON.search(line):
        return
    key = found["key"]
    meant = key if key in known else nearest(key, known)
    if meant and (key in known or len(key) > 3):
        value = found["value"] or ""
        message = f"There is no colon after `{key}`."
        mended = f"{found['lead']}{meant}: {value}".rstrip()
        yield Repair(found.end("key") + 1, message, "Write `key: value`.", mended)
        if value and not value.startswith(("'", '"')):
            yield Repair(
                found.end("key") + 1, message, "Write `key: value`.", f"{found['lead']}{meant}: {quoted(value)}"
            )


def _colon_in_name(line: str) -> Iterator[Repair]:
    """`City: Police: police` among names and their sectors."""
    if found := re.match(r"(\s*)([^\s\"'#].*: .*): +([\w-]+)\s*$", line):
        message = "A name without quotes cannot contain a colon followed by a space."
        mended = f"{found[1]}{quoted(found[2])}: {found[3]}"
        yield Repair(line.index(": ") + 1, message, "Put the name in double quotes.", mended)


def _mapping_in_line(line: str, known: Collection[str]) -> Iterator[Repair]:
    """`lead: City Police: police` for a mapping."""
    found = _ENTRY.match(line)
    inner = re.fullmatch(r"([^\s\"'{\[].*?): +(.+)", found["value"]) if found else None
    if found and inner and found["key"] in (*NAMES, *_REASONS):
        value = inner[2] if re.fullmatch(r"[\w-]+", inner[2]) else quoted(inner[2])
        message = f"A `name: value` cannot follow `{found['key']}:` without braces."
        hint = "Put it in braces, or on a line of its own below, indented by two spaces."
        mended = f"{_before(found)}{{{quoted(inner[1])}: {value}}}"
        yield Repair(found.start("value") + 1, message, hint, mended)


def _missing_comma(line: str, known: Collection[str]) -> Iterator[Repair]:
    """`{level: described note: x}`."""
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        gap = re.search(rf"(?<![,{{]) +(?=(?:{'|'.join(_INNER)}): )", value) if value[:1] == "{" else None
        if gap:
            message = "There is no comma here."
            mended = f"{_before(found)}{value[: gap.start()]}, {value[gap.end() :]}{behind}"
            yield Repair(found.start("value") + gap.start() + 1, message, "Put one between two entries.", mended)


def _list_in_line(line: str, known: Collection[str]) -> Iterator[Repair]:
    found = _ENTRY.match(line)
    if found and found["value"].startswith("- ") and found["key"] in _LISTS:
        items = ", ".join(item.strip() for item in re.split(r"(?:^|\s)- ", found["value"]) if item.strip())
        message = f"A list with `-` cannot begin on the line of `{found['key']}:`."
        hint = "Write it in square brackets, or put each item on a line of its own below."
        yield Repair(found.start("value") + 1, message, hint, f"{_before(found)}[{items}]")


def _values(line: str) -> Iterator[re.Match[str]]:
    if found := _ENTRY.match(line) or _ITEM.match(line):
        yield found


def _curly_quotes(line: str, known: Collection[str]) -> Iterator[Repair]:
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        if value[:1] in CLOSING_QUOTES:
            closing = value[-1] if len(value) > 1 and value[-1] in CLOSING_QUOTES[value[0]] + '"”’“' else ""
            inside = value[1 : len(value) - len(closing)]
            message = f"The quotation mark {value[0]} does not begin a value: only straight ones do."
            hint = 'Type straight quotation marks, " and ".'
            column = found.start("value") + 1
            yield Repair(column, message, hint, f"{_before(found)}{quoted(_unquoted(inside))}{behind}")


def _double_quotes(line: str, known: Collection[str]) -> Iterator[Repair]:
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        if not value.startswith('"'):
            continue
        column, before = found.start("value") + 1, _before(found)
        is_closed = len(value) > 1 and value.endswith('"')
        if is_closed and (bad := _BAD_ESCAPE.search(value)):
            message = "In double quotes, a backslash begins an escape code, and this is not one."
            mended = _BAD_ESCAPE.sub(lambda _: "", value) if value[bad.end()] in "'$#[]()*_-" else ""
            for line_meant in filter(None, (mended, _BAD_ESCAPE.sub(r"\\\\", value))):
                hint = "Leave it out, or write two backslashes for one."
                yield Repair(column + bad.start(), message, hint, f"{before}{line_meant}{behind}")
        inner = value[1:-1] if is_closed else value[1:]
        if stray := _INNER_QUOTE.search(inner):
            message = "The text continues after its closing quotation mark."
            hint = 'Write \\" for a quotation mark in the text.'
            meant = inner if is_closed else value
            whole = _INNER_QUOTE.sub(r'\\"', meant)
            yield Repair(column + 1 + stray.start(), message, hint, f'{before}"{whole}"{behind}')
        else:
            message = "The quotation mark that opens here is not closed."
            yield Repair(column, message, "Close it at the end of the text.", f'{before}{value}"{behind}')


def _single_quotes(line: str, known: Collection[str]) -> Iterator[Repair]:
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        if not value.startswith("'"):
            continue
        column, before = found.start("value") + 1, _before(found)
        if len(value) > 1 and value.endswith("'"):
            message = "An apostrophe ends the text here, as it began with one."
            position = re.search(r"(?<!')'(?!')", value[1:])
            text = value[1:-1].replace("\\'", "'").replace("''", "'")
            place = column + 1 + (position.start() if position else 0)
            yield Repair(place, message, "Put the text in double quotes.", f"{before}{quoted(text)}{behind}")
        elif re.fullmatch(r"'[0-9]{2}", value):
            year = years_in(value)[0]
            message = f"`{value}` is not a year."
            yield Repair(column, message, f"Write all four digits: `{year}`.", f"{before}{year}{behind}")
        elif re.match(r"'[snt]\b", value):
            message = "Text without quotes cannot begin with an apostrophe."
            yield Repair(column, message, "Put the text in double quotes.", f"{before}{quoted(value)}{behind}")
        else:
            message = "The quotation mark that opens here is not closed."
            mended = quoted(value[1:].replace("''", "'"))
            yield Repair(column, message, "Close it at the end of the text.", f"{before}{mended}{behind}")


def _open_brackets(line: str, known: Collection[str]) -> Iterator[Repair]:
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        for opening, closing, kind in (("[", "]", "list"), ("{", "}", "mapping")):
            if value.startswith(opening) and value.count(opening) > value.count(closing):
                message = f"The {kind} that opens here with `{opening}` is not closed."
                trimmed = value.rstrip(" ,")
                mended = f"{_before(found)}{trimmed}{closing}{behind}"
                yield Repair(found.start("value") + 1, message, f"Close it with `{closing}`.", mended)
            elif value.count(opening) > value.count(closing) and value[0] in "[{" and value[-1] in "]}":
                column = found.start("value") + value.rindex(opening) + 1
                message = f"The {kind} that opens here with `{opening}` is not closed."
                mended = f"{_before(found)}{value[:-1]}{closing}{value[-1]}{behind}"
                yield Repair(column, message, f"Close it with `{closing}`.", mended)
            if value.startswith(opening) and value.count(closing) > value.count(opening):
                message = f"There is one `{closing}` too many."
                column = found.start("value") + len(value)
                yield Repair(column, message, "Delete it.", f"{_before(found)}{value[:-1]}{behind}")


def _double_comma(line: str, known: Collection[str]) -> Iterator[Repair]:
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        comma = re.search(r",\s*(?=,)|(?<=[\[{])\s*,", value)
        if comma and value[0] in "[{":
            message = "There is a comma too many."
            mended = re.sub(r",(?:\s*,)+", ",", re.sub(r"([\[{])\s*,\s*", r"\1", value))
            column = found.start("value") + comma.start() + 1
            yield Repair(column, message, "Delete it.", f"{_before(found)}{mended}{behind}")


def _in_brackets(line: str, known: Collection[str]) -> Iterator[Repair]:
    """A text in brackets that needs quotes, such as `{note: Two things: tea, cake}`."""
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        if value[:1] + value[-1:] not in ("[]", "{}"):
            continue
        pieces = [_quoted_piece(piece, value[0] == "{") for piece in _split_at_commas(value[1:-1])]
        message = "A text in these brackets contains a character that ends it."
        hint = "Put that text in double quotes."
        changed = next((place for place, old, new in pieces if old != new), None)
        if changed is not None:
            inside = ",".join(new for _, _, new in pieces)
            mended = f"{_before(found)}{value[0]}{inside}{value[-1]}{behind}"
            yield Repair(found.start("value") + 2 + changed, message, hint, mended)


def _split_at_commas(text: str) -> Iterator[tuple[int, str]]:
    """The pieces between commas outside quotes and brackets, each with its position."""
    depth, quote, start = 0, "", 0
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and text[start:position].strip(" [{").endswith(("", ":")):
            is_opening = not text[start:position].strip() or text[start:position].rstrip()[-1:] in ":[{,"
            quote = character if is_opening else ""
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "," and depth <= 0:
            yield start, text[start:position]
            start = position + 1
    yield start, text[start:]


def _quoted_piece(piece: tuple[int, str], is_mapping: bool) -> tuple[int, str, str]:
    start, text = piece
    lead = text[: len(text) - len(text.lstrip())]
    if not is_mapping:
        value = text.strip()
        return start, text, f"{lead}{_if_needed(value)}"
    key, colon, value = text.partition(": ")
    return start + len(key) + 2, text, f"{key}{colon}{_if_needed(value.strip())}" if colon else text


def _if_needed(value: str) -> str:
    """The text in quotes if it needs them within brackets."""
    if value[:1] in ("'", '"', "[", "{", ""):
        return value
    needs = _COLON.search(value) or " #" in value or value[0] in _BARE_START or any(char in value for char in "[]{}")
    return quoted(value) if needs else value


def _bare_text(line: str, known: Collection[str]) -> Iterator[Repair]:
    for found in _values(line):
        value, behind = _without_comment(found["value"])
        before, column = _before(found), found.start("value") + 1
        if value[:1] in "[{" and not re.search(r"[\]}][^\]}]*[^\]}\s]$", value):
            continue  # a list or mapping, not a text such as `[Draft] A door`
        if value[:1] in _BARE_START:
            what = value.split()[0] if value[0] in "*&!" and len(value.split()[0]) > 1 else value[:1]
            sign = "a backtick" if what == "`" else f"`{what[:20]}`"
            message = f"Text without quotes cannot begin with {sign}."
        elif colon := _COLON.search(value):
            message = "Text without quotes cannot contain a colon followed by a space."
            column += colon.start()
        else:
            message = "This text cannot be read without quotes."
        hint = "Put the text in double quotes."
        yield Repair(column, message, hint, f"{before}{quoted(value)}{behind}")


def _hash_in_key(line: str, known: Collection[str]) -> Iterator[Repair]:
    """A name with a number sign, such as `Team #1: police`."""
    if found := re.match(r"(\s*)([^\s:\"'#][^:\"']*? #[^:\"']*?): +(\S.*)$", line):
        message = "A `#` after a space begins a comment, which hides the rest of the line."
        mended = f"{found[1]}{quoted(found[2])}: {found[3]}"
        yield Repair(line.index(" #") + 2, message, "Put the name in double quotes.", mended)


def _stray_sign(line: str, known: Collection[str]) -> Iterator[Repair]:
    """A comma or semicolon at the end, a backslash or markdown's emphasis around the key."""
    if found := re.match(rf"(\s*)(?:\*\*|__|`|\\)({_KEY})(?:\*\*|__|`)?:?(?:\*\*|__|`)?:? *(.*)$", line):
        message = f"There are signs around the key `{found[2]}`."
        yield Repair(len(found[1]) + 1, message, "Write the key alone.", f"{found[1]}{found[2]}: {found[3]}".rstrip())
    if found := re.match(r"(\s*[\"']?[\w -]+[\"']?: +[\"'\[{].*[\"'\]}])[,;.]\s*$", line):
        message = "The line ends with a character that has no meaning there."
        yield Repair(len(found[1]) + 1, message, "Delete it.", found[1])


def _before(found: re.Match[str]) -> str:
    return found.string[: found.start("value")]


def _without_comment(value: str) -> tuple[str, str]:
    """A value, and the comment after it."""
    comment = _COMMENT.search(value)
    return (value[: comment.start()], comment.group()) if comment else (value, "")


def _unquoted(text: str) -> str:
    return text.strip().replace('\\"', '"')


_REPAIRS: tuple[Callable[[str, Collection[str]], Iterator[Repair]], ...] = (
    _wide_colon, _no_space, _equals, _stray_sign, _no_colon, _list_in_line, _curly_quotes, _double_quotes,
    _single_quotes, _mapping_in_line, _open_brackets, _missing_comma, _double_comma, _in_brackets, _hash_in_key,
    _bare_text,
)  # fmt: skip
