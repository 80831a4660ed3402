"""A content file as text: as written, and as read, without invisible characters.

Whatever is wrong with its characters is noted, and reading goes on, so that an author sees all problems together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kb.authoring.problems import ProblemList
from kb.authoring.written import Place, WrittenText

# Line feeds and tabs are text; other control characters break both YAML and XML feeds, surrogates cannot be
# saved, and line separators end lines only in YAML, so that programs would disagree about line numbers.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

INVISIBLE = re.compile(r"[\u00ad\u180e\u200b\u2060\ufeff]")
"""Invisible characters that prevent words from being found. Joiners are not among them: some scripts need them."""

_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Characters that reverse the direction of the text after them."""

_SPACE = r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_ODD_SPACE = re.compile(_SPACE)

_ODD_START = re.compile(rf"[ \t>]*(?:(?:[-*+]|#+|[0-9]{{1,9}}[.)])?[ \t]*{_SPACE}+)(?:[ \t]|{_SPACE})*")
"""Odd spaces at the start of a line, or right after a mark that it begins with."""

_ODD_BEHIND_COLON = re.compile(rf"[\w\"' -]+:(?=[ \t]*{_SPACE})(?:[ \t]|{_SPACE})+")
"""Odd spaces between a key and its value."""

# UTF-8 read as Windows-1252: the first byte of a sequence becomes one of these letters, the others signs.
_GARBLED = re.compile(r"[Â-ô][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]+")

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def decode(data: bytes, problems: ProblemList) -> WrittenText:
    """The text of a file. What is wrong with its characters is noted, and replaced so that the rest can be read."""
    written, is_sound = _decoded(data, problems)
    written = written.replace("\r\n", "\n").replace("\r", "\n")
    if is_sound and (control := CONTROL.search(written)):
        is_sound = False
        message = f"There is an invisible control character here (U+{ord(control.group()):04X})."
        hint = "Delete it; it often comes with text pasted from another program."
        _note(problems, "not-utf-8", message, hint, Place.at(control.start(), written))
    readable = CONTROL.sub(" ", written)
    text, removed = _visible(readable) if not readable.isascii() else (readable, {})
    found = WrittenText(written, text, removed, is_sound)
    problems.written = found
    if not readable.isascii():
        _check_characters(readable, found, problems)
    return found


def legible(data: bytes) -> str:
    """The text of a file of any encoding: letters may be wrong, but what it says about publication is right."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def character_name(character: str) -> str:
    """What a character is called, for a message.

    >>> character_name("\\u00a0"), character_name("：")
    ('no-break space (U+00A0)', 'fullwidth colon (U+FF1A)')
    """
    name = unicodedata.name(character, "character without a name").lower()
    return f"{name.replace('zero width', 'zero-width')} (U+{ord(character):04X})"


def _decoded(data: bytes, problems: ProblemList) -> tuple[str, bool]:
    if encoding := _utf_16(data):
        message = "The file is saved as UTF-16 (“Unicode” in some editors)."
        problems.add("not-utf-8", message, "Save it again as UTF-8.")
        return data.decode(encoding, "replace").removeprefix("\ufeff"), False
    try:
        return data.decode("utf-8-sig"), True
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        message = "The file is not UTF-8 text from here on."
        _note(problems, "not-utf-8", message, "Save it again as UTF-8.", Place.at(len(before), before))
    try:
        return data.decode("cp1252"), False
    except UnicodeDecodeError:
        return data.decode("latin-1"), False


def _utf_16(data: bytes) -> str | None:
    """The kind of UTF-16 that a file is in, if it is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    starts = {b"-\x00-\x00": "utf-16-le", b"\x00-\x00-": "utf-16-be"}
    return starts.get(data[:4])


def _visible(text: str) -> tuple[str, dict[int, tuple[int, ...]]]:
    """The text as it is read, and where characters were removed."""
    lines = text.split("\n")
    removed: dict[int, tuple[int, ...]] = {}
    for index, line in enumerate(lines):
        if line.isascii():
            continue
        if gone := [found.start() for found in INVISIBLE.finditer(line)]:
            # The column that follows the first one removed moves by one, the next by two, and so on.
            removed[index + 1] = tuple(position + 1 - earlier for earlier, position in enumerate(gone))
            line = INVISIBLE.sub("", line)
        lines[index] = _with_plain_spaces(line)
    return "\n".join(lines), removed


def _with_plain_spaces(line: str) -> str:
    """The line with spaces for the odd ones where they would hide its structure; as long as before."""
    for pattern in (_ODD_START, _ODD_BEHIND_COLON):
        if found := pattern.match(line):
            line = _ODD_SPACE.sub(" ", found.group()) + line[found.end() :]
    return _ODD_SPACE.sub(" ", line) if line.startswith("#") or not _ODD_SPACE.sub("", line).strip() else line


def _check_characters(readable: str, found: WrittenText, problems: ProblemList) -> None:
    """Note the characters that readers or searches would stumble over, once a line for each kind."""
    pairs = zip(readable.split("\n"), found.text.split("\n"), strict=True)
    for number, (written, read) in enumerate(pairs, start=1):
        if written.isascii():
            continue
        if gone := INVISIBLE.search(written):
            message = f"There is an invisible {character_name(gone.group())} here."
            hint = "Delete it: it splits the word for some programs."
            _note(problems, "invisible-character", message, hint, Place(number, gone.start() + 1), read, raw=True)
        visible = INVISIBLE.sub("", written)
        if (position := _first_difference(visible, read)) is not None:
            message = f"There is a {character_name(visible[position])} here, which looks like a space but is not one."
            hint = "Type a space instead."
            _note(problems, "odd-space", message, hint, Place(number, position + 1), read.rstrip())
        if turned := _DIRECTION.search(read):
            message = f"There is an invisible {character_name(turned.group())} here, which reverses the text."
            fix = _DIRECTION.sub("", read)
            _note(problems, "direction-mark", message, "Delete it.", Place(number, turned.start() + 1), fix)
        if garbled := next(_garbled(read), None):
            position, as_shown, meant = garbled
            message = f"`{as_shown}` was probably `{meant}` before it was saved with a wrong encoding."
            _note(problems, "mojibake", message, "Correct it.", Place(number, position + 1), ungarbled(read))
        elif found.is_sound and REPLACEMENT in read:
            message = "A letter has been lost here (U+FFFD), by a program that read it in a wrong encoding."
            _note(problems, "mojibake", message, "Correct it.", Place(number, read.index(REPLACEMENT) + 1))


def _first_difference(before: str, after: str) -> int | None:
    return next((place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other), None)


def _garbled(line: str) -> Iterator[tuple[int, str, str]]:
    for found in _GARBLED.finditer(line):
        meant = _ungarbled(found)
        if meant != found.group():
            yield found.start(), found.group(), meant


def ungarbled(text: str) -> str:
    """The text with UTF-8 that was read as Windows-1252 put right.

    >>> ungarbled("Itâ€™s a cafÃ© in Århus")
    'It’s a café in Århus'
    """
    return _GARBLED.sub(_ungarbled, text)


def _ungarbled(found: re.Match[str]) -> str:
    try:
        # Windows-1252 has no sign for some bytes: these became control characters with the same number.
        data = b"".join(
            char.encode("latin-1") if "\x80" <= char <= "\x9f" else char.encode("cp1252") for char in found.group()
        )
        return data.decode()
    except UnicodeError:
        return found.group()


def _note(
    problems: ProblemList, rule: str, message: str, hint: str, place: Place, fix: str = "", *, raw: bool = False
) -> None:
    problems.add(rule, message, hint, place=place, fix=fix, is_written=raw)
