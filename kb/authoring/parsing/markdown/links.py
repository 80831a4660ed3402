"""Where links point: targets as written, definitions that others refer to, and addresses on this site."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from html.entities import html5
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import nh3

from kb.authoring.parsing.markdown.lines import Written
from kb.authoring.parsing.text_file import CONTROL
from kb.model.kinds import Kind

MOST_PARENTHESES = 8
"""How deeply parentheses may be nested in a target."""

LONGEST_LABEL = 999
"""Characters."""

SCHEMES = frozenset({"http", "https", "mailto"})

_SAFE_TARGET = re.compile(r"https?://|mailto:|#[\w-]+\Z", re.IGNORECASE)

_LABEL = re.compile(rf"\[((?:[^\[\]\\]|\\.){{1,{LONGEST_LABEL}}})\]", re.DOTALL)
_DEFINED = re.compile(_LABEL.pattern + r":[ \n]*", re.DOTALL)
_IN_ANGLES = re.compile(r"<((?:[^<>\n\\]|\\.)*)>")
_BARE = re.compile(r"(?:[^\\()\x00-\x20\x7f]|\\[^\x00-\x20\x7f])+|[()]|\\")
_TITLE = re.compile(r'"((?:[^"\\]|\\.)*)"|' r"'((?:[^'\\]|\\.)*)'|" r"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SPACE = re.compile(r"[ \n]*")
_LINE_END = re.compile(r" *(?:\n|\Z)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link points, as written."""

    address: str
    title: str
    start: int
    """Where the address begins."""
    end: int
    """The position after all of it."""


def content_address(target: str, folder: str) -> str | None:
    """The web address that a link to another content file stands for; None for any other link.

    Authors link as editors and code hosts do, from file to file; `folder` is that of the linking file.

    >>> content_address("../arrangements/intelligence-link.md", "cases")
    '/arrangements/intelligence-link'
    >>> content_address("oslo-salto.md#context", "cases")
    '/cases/oslo-salto#context'
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path.endswith(".md"):
        return None
    path = PurePosixPath(folder) / parts.path
    names: list[str] = []
    for name in path.parts:
        if name == ".." and names:
            names.pop()
        elif name != "..":
            names.append(name)
    kind = Kind.of_folder(names[0]) if len(names) == 2 else None
    if kind is None:
        return None
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return f"{kind.page(names[1].removesuffix('.md'))}{anchor}"


def web_address(target: str, folder: str) -> str | None:
    """The address that a page links to; None for a target that no page may link to."""
    if address := content_address(target, folder):
        return address
    return target if _SAFE_TARGET.match(target) and _is_let_through(target) else None


def _is_let_through(address: str) -> bool:
    """Whether the sanitiser can read an address."""
    escaped = address.replace("&", "&amp;").replace('"', "&quot;")
    clean = nh3.clean(f'<a href="{escaped}">', tags={"a"}, attributes={"a": {"href"}}, url_schemes=set(SCHEMES))
    return "href=" in clean


def read_target(text: str, start: int) -> Target | None:
    """The target of a link in parentheses that open at `start`; None if they contain anything else."""
    position = _behind_space(text, start + 1)
    address = _read_address(text, position)
    if address is None:
        return None
    written, behind = address
    title_at = _behind_space(text, behind)
    title = _TITLE.match(text, title_at) if title_at > behind else None
    end = _behind_space(text, title.end() if title else behind)
    if not text.startswith(")", end):
        return None
    first = position + text.startswith("<", position)
    return Target(unescaped(written), unescaped(_inside(title)) if title else "", first, end + 1)


def _read_address(text: str, start: int) -> tuple[str, int] | None:
    """An address as written, and the position after it."""
    if text.startswith("<", start):
        found = _IN_ANGLES.match(text, start)
        return (found.group(1), found.end()) if found else None
    position, depth = start, 0
    while piece := _BARE.match(text, position):
        if piece.group() == "(":
            depth += 1
            if depth > MOST_PARENTHESES:
                return None
        elif piece.group() == ")":
            if depth == 0:
                break
            depth -= 1
        position = piece.end()
    return (text[start:position], position) if depth == 0 else None


def _behind_space(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]  # it matches anything


def _inside(title: re.Match[str]) -> str:
    return next(group for group in title.groups() if group is not None)


def unescaped(text: str) -> str:
    """A text without the backslashes before punctuation, and with the characters that references stand for.

    >>> unescaped("A \\\\[note\\\\] &amp; more")
    'A [note] & more'
    """
    return _ESCAPE.sub(lambda found: found.group(1) or referenced(found.group(2)), text)


def referenced(reference: str) -> str:
    """The character that a reference such as `&amp;` or `&#38;` stands for; itself if there is none.

    Characters that a file may not contain are replaced.
    """
    name = reference[1:]
    if not name.startswith("#"):
        return html5.get(name, reference)
    number = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    character = chr(number) if 0 < number <= sys.maxunicode else _REPLACEMENT
    return CONTROL.sub(_REPLACEMENT, character)


class References:
    """The definitions of a text, such as `[report]: https://example.org`, by their labels."""

    def __init__(self, note: Callable[[Written, Target], object] = lambda written, target: None) -> None:
        self._targets: dict[str, Target] = {}
        self._note = note

    def get(self, label: str) -> Target | None:
        """Where a label points, if it is defined."""
        return self._targets.get(_normalised(label)) if len(label) <= LONGEST_LABEL else None

    def take_definitions(self, written: Written) -> Written:
        """Record the definitions at the start of a paragraph, and return what follows them."""
        position = 0
        while found := self._read(written, position):
            label, target = found
            if _normalised(label) not in self._targets:
                self._targets[_normalised(label)] = target
            self._note(written, target)
            position = target.end
        return written.part(position, len(written.text))

    def _read(self, written: Written, position: int) -> tuple[str, Target] | None:
        text = written.text
        label = _DEFINED.match(text, position)
        # `[@s1]: fact` is a citation, and `[^1]: note` a footnote.
        if not label or not label.group(1).strip() or label.group(1).lstrip().startswith(("@", "^")):
            return None
        address = _read_address(text, label.end())
        if address is None or address[1] == label.end():
            return None
        written_address, behind = address
        first = label.end() + text.startswith("<", label.end())
        title_at = _behind_space(text, behind)
        title = _TITLE.match(text, title_at) if title_at > behind else None
        if title and (line_end := _LINE_END.match(text, title.end())):
            return label.group(1), Target(unescaped(written_address), unescaped(_inside(title)), first, line_end.end())
        if line_end := _LINE_END.match(text, behind):
            return label.group(1), Target(unescaped(written_address), "", first, line_end.end())
        return None


def label_at(text: str, position: int) -> re.Match[str] | None:
    """A label in brackets that begins here, as in `[text][label]`."""
    return _LABEL.match(text, position)


def _normalised(label: str) -> str:
    return " ".join(label.split()).casefold()
