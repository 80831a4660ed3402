"""Whether a case file puts its page online: people's safety can depend on it, so when in doubt the page is offline.

- The file is valid and says ``publication: published``: online.
- It has errors elsewhere, exactly one line says ``publication: published``, and nothing reads as a draft or a
  withdrawal: the last good version stays online.
- It says anything else, or nothing, or says it twice, or cannot be read, or is empty: offline.

A file that cannot be parsed is read line by line here. What takes a page offline is read generously (any case, any
colon, other languages, typing errors in the key), what keeps it online strictly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from kb.model.case import Publication

KEY = "publication"


class Fate(StrEnum):
    """What happens to the page of a case file."""

    ONLINE = "online"
    LAST_GOOD = "last-good"
    """The last good version stays online, if there is one."""
    OFFLINE = "offline"
    WITHDRAWN = "withdrawn"
    """Offline, and its address says that the case was withdrawn."""


@dataclass(frozen=True)
class Decision:
    """What happens to a page, and why."""

    fate: Fate
    reason: str
    """As the end of a sentence: "it says `publication` twice"."""
    line: int = 1
    """The line of the file on which the decision rests."""


@dataclass(frozen=True)
class _Statement:
    """A line that may say something about publication: `key: value`, or a word alone."""

    line: int
    text: str
    """As written."""
    key: str
    """Normalised: without case, accents, spaces or invisible characters; empty for a word alone."""
    value: str


_EXACT = re.compile(r"""publication[ \t]*:[ \t]+(?:published|"published"|'published')[ \t]*(?:[ \t]#.*)?""")
_COLONS = ":=：﹕︓꞉∶ː׃᛬⁚"
_QUOTES = "\"'`“”„‘’"
_STATEMENT = re.compile(
    rf"^[\s>*{{,-]*+[{_QUOTES}]*+([^\s{_COLONS}{_QUOTES}][^{_COLONS}]{{0,40}}?)[{_QUOTES}]*+\s*+[{_COLONS}](.*)$"
)
_IN_FLOW = re.compile(rf"""[{{,]\s*+["']?([\w -]{{1,40}}?)["']?\s*+[{_COLONS}]\s*+([^,}}]*+)""")
# The quantifiers are possessive: a long line is gone through once, and not from each of its characters.

_NEAR_KEYS = frozenset({
    "publicatie", "publicaties", "publikation", "publikasjon", "publicering", "publisering", "veroffentlichung",
    "pubblicazione", "publicacion", "publicacao", "publikacja", "julkaisu", "yayin", "yayinlama", "publikasi",
    "uchapishaji",
})  # fmt: skip
"""How authors may write the key in other languages; errors of up to two letters are recognised as well."""

_STATE_KEYS = frozenset({"status", "state", "stage", "visibility", "review", "statut", "estado", "stato", "tilstand"})
"""Keys whose value may say that a page is a draft."""

_OFFLINE_WORDS = frozenset(
    """
    draft drafts drafted concept concepts withdrawn withdraw unpublished unpublish hidden private offline retracted
    removed deleted embargo embargoed confidential entwurf brouillon borrador bozza rascunho kladde udkast utkast
    luonnos taslak konsep rasimu ontwerp ingetrokken zuruckgezogen retire retiree retirado retirada ritirato ritirata
    tilbagetrukket tilbakekalt tillbakadragen unveroffentlicht ongepubliceerd مسودة খসড়া
    """.split()
)
"""Words by which a file says that its page must not be seen."""

_ONLINE_KEYS = frozenset({
    "published", "publish", "ispublished", "online", "public", "live", "visible", "gepubliceerd", "publie", "publicado",
    "publiziert", "pubblicato", "publicerad", "publiceret", "publisert",
})  # fmt: skip
"""Keys that take a page offline when their value is no."""

_NO = frozenset({
    "", "~", "null", "false", "no", "off", "0", "n", "f", "nee", "nein", "nej", "nei", "non", "not", "never", "none",
})  # fmt: skip


def decide(text: str | None, *, is_valid: bool, declared: str | None) -> Decision:
    """What happens to the page of a file.

    `text` is the file as far as it can be decoded, None if it cannot be read at all; `declared` is what a valid
    file says under `publication`.
    """
    if text is None:
        return Decision(Fate.OFFLINE, "it cannot be read")
    if not text.strip():
        return Decision(Fate.OFFLINE, "it is empty")
    if is_valid:
        return _of_valid(declared)
    return _of_broken(text)


def _of_valid(declared: str | None) -> Decision:
    if declared == Publication.PUBLISHED:
        return Decision(Fate.ONLINE, f"it says `{KEY}: {Publication.PUBLISHED}`")
    if declared == Publication.WITHDRAWN:
        return Decision(Fate.WITHDRAWN, f"it says `{KEY}: {Publication.WITHDRAWN}`")
    return Decision(Fate.OFFLINE, f"it says `{KEY}: {declared}`")


def _of_broken(text: str) -> Decision:
    lines = list(_head(text))
    against = [statement for statement in _statements(lines) if _is_against(statement)]
    if against:
        first = against[0]
        written = " ".join(first.text.partition(" #")[0].split()) or first.text
        reason = f"line {first.line} reads as not published: `{written[:60]}`"
        is_withdrawn = any(_words(statement.value) == [Publication.WITHDRAWN] for statement in against)
        return Decision(Fate.WITHDRAWN if is_withdrawn else Fate.OFFLINE, reason, first.line)
    published = [number for number, line in lines if _EXACT.fullmatch(line.rstrip())]
    if len(published) > 1:
        return Decision(Fate.OFFLINE, f"it says `{KEY}` more than once", published[1])
    if not published:
        return Decision(Fate.OFFLINE, f"no line says `{KEY}: {Publication.PUBLISHED}`")
    reason = f"it has errors, and line {published[0]} says `{KEY}: {Publication.PUBLISHED}`"
    return Decision(Fate.LAST_GOOD, reason, published[0])


def _head(text: str) -> Iterator[tuple[int, str]]:
    """The lines of the front matter with their numbers; all lines if its two fences cannot be found."""
    lines = text.removeprefix("\ufeff").splitlines()
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(fences) > 1 and not any(line.strip() for line in lines[: fences[0]]):
        yield from enumerate(lines[fences[0] + 1 : fences[1]], start=fences[0] + 2)
    else:
        yield from enumerate(lines, start=1)


def _statements(lines: list[tuple[int, str]]) -> Iterator[_Statement]:
    for number, line in lines:
        plain = _visible(line)
        if plain.lstrip().startswith("#"):
            continue
        if found := _STATEMENT.match(plain):
            yield _Statement(number, line, _key(found.group(1)), _value(found.group(2)))
        elif plain.strip():
            yield _Statement(number, line, "", _value(plain))
        for inner in _IN_FLOW.finditer(plain):
            yield _Statement(number, line, _key(inner.group(1)), _value(inner.group(2)))


def _is_against(statement: _Statement) -> bool:
    """Whether a statement says, in whatever way, that the page is not to be seen."""
    key, value = statement.key, statement.value
    words = _words(value)
    if not key:
        return len(words) == 1 and words[0] in _OFFLINE_WORDS
    if _is_near(key):
        return value != Publication.PUBLISHED
    if key in _OFFLINE_WORDS:
        return value == "" or value not in _NO
    if key in _ONLINE_KEYS:
        return value in _NO or bool(_OFFLINE_WORDS.intersection(words))
    return key in _STATE_KEYS and bool(_OFFLINE_WORDS.intersection(words))


def _is_near(key: str) -> bool:
    """Whether a key is `publication`, or was probably meant to be."""
    if key in _ONLINE_KEYS:
        return False
    return key.startswith(KEY) or key in _NEAR_KEYS or OSA.distance(key, KEY) <= 2


def _visible(line: str) -> str:
    """A line without invisible characters, and with full-width characters as ordinary ones."""
    normal = unicodedata.normalize("NFKC", line)
    return "".join(char for char in normal if unicodedata.category(char) not in {"Cf", "Cc"} or char == "\t")


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, _fold(text)))


def _value(text: str) -> str:
    """A value without its comment, brackets and quotes."""
    return _fold(re.split(r"(?:^|\s)#", text, maxsplit=1)[0]).strip(f" \t\r\n{_QUOTES}[]{{}}(),;.!*_->")


def _words(value: str) -> list[str]:
    return re.findall(r"[^\W_]+", value)


def _fold(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()
