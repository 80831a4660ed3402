"""What a word processor's document says, as the beginning of a case file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kb.authoring.fixing.fix import fix
from kb.authoring.new_case import NewCase, text_of
from kb.authoring.parsing.fields import slug_of
from kb.authoring.parsing.yaml.repairs import quoted
from kb.authoring.word.document import Piece, read_document
from kb.model.case import CASE_SECTIONS
from kb.model.vocabulary import Vocabularies

LONGEST_LABEL = 40

_SECTIONS = {slug_of(name): name for name in CASE_SECTIONS}
_SOURCES = frozenset({"sources", "references", "source", "literature", "bibliography"})

_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "name", "name-of-the-practice"),
    "summary": ("summary", "abstract", "in-short", "in-brief"),
    "city": ("city", "cities", "town", "place", "location", "municipality"),
    "started": ("started", "start", "since", "start-year", "began", "year"),
    "ended": ("ended", "end", "end-year", "until"),
    "status": ("status",),
    "arrangements": ("arrangements", "arrangement", "type-of-arrangement", "arrangement-type"),
    "challenges": ("challenges", "challenge"),
    "extremism": ("extremism", "kind-of-extremism", "kinds-of-extremism", "type-of-extremism"),
    "audiences": ("audiences", "audience", "target-group", "target-groups", "target-audience"),
    "lead": ("lead", "leads", "who-leads", "led-by", "lead-organisation", "lead-organization"),
    "partners": ("partners", "partner", "partner-organisations", "partner-organizations"),
    "resources": ("resources", "what-it-takes"),
    "questions": ("questions",),
    "evidence": ("evidence", "evidence-level", "level-of-evidence"),
    "language": ("language",),
    "contributors": ("contributors", "contributor", "drafted-by", "written-by", "author", "authors"),
}
"""What people call each key of the front matter, as slugs."""

_KEY_OF = {name: key for key, names in _KEYS.items() for name in names}
_LABELLED = re.compile(rf"(?:\*\*)?([^\W\d_][^:：*\n]{{0,{LONGEST_LABEL}}})[:：](?:\*\*)?[ \t]*(.*)")
_ADDRESS = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)\)|(https?://[^\s<>()\"]+)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PLAIN_VALUE = re.compile(r"[^\W\d_][\w-]*(?: [\w-]+)*")
_REFERENCE = re.compile(r"\s*([.!?]?)\s*((?:\x02[^\x03]*\x03\s*)+)")
_NUMBERED = re.compile(r"\s*([.!?]?)\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\](?!\()")


@dataclass
class _Read:
    """A document, sorted by what becomes of its parts."""

    head: dict[str, list[str]] = field(default_factory=dict)
    """The lines of each value, by key."""
    body: list[Piece] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    """The list of sources at its end."""
    notes: dict[str, str] = field(default_factory=dict)
    """Footnotes and endnotes, by name."""


def case_from_word(data: bytes, vocabularies: Vocabularies) -> str:
    """The text of a case file that says what a `.docx` file says: a draft, to go on with.

    Headings named as the sections of the template become these; a heading of another name stays, for the check to
    name. A title, and a table or lines such as `City: Aarhus` before the first section, become front matter; footnotes
    and a list under “Sources” become sources; everything else is as in the template, to be filled in.

    Raises ContentError with a sentence for people if the file cannot be read; OutOfTime at the deadline.
    """
    read = _sorted(read_document(data))
    sources = _Sources(read.listed, read.notes)
    body = _body(read.body, sources)
    return fix(_with_head(read.head, sources.lines()) + body, vocabularies).text


def _sorted(pieces: list[Piece]) -> _Read:
    read = _Read()
    read.notes = {piece.name: piece.text for piece in pieces if piece.kind == "note"}
    rest = [_as_heading(piece) for piece in pieces if piece.kind != "note"]
    first = next((n for n, piece in enumerate(rest) if _is_section(piece) or _is_sources(piece)), len(rest))
    before = [piece for piece in rest[:first] if not _is_title(piece, read)]
    intro = _without_values(before, read)
    is_source = False
    text: list[Piece] = []
    for piece in rest[first:]:
        if piece.kind == "heading":
            is_source = _is_sources(piece)
            if is_source:
                continue
        if is_source:
            read.listed += piece.text.split("\n") if piece.kind == "paragraph" else [piece.text]
        else:
            text.append(piece)
    read.body = _with_intro(intro, text)
    return read


def _as_heading(piece: Piece) -> Piece:
    """A paragraph with no other words than the name of a section is its heading, whatever it looks like."""
    name = slug_of(re.sub(r"^\W*\d*[.)]?\s*", "", piece.plain))
    if piece.kind in ("paragraph", "item") and "\n" not in piece.text:
        is_named = name in _SECTIONS or (name in _SOURCES and piece.is_bold)
        return Piece("heading", _SECTIONS.get(name, piece.plain), 2) if is_named else piece
    if piece.kind == "heading" and name in _SECTIONS:
        return Piece("heading", _SECTIONS[name], piece.level)
    return piece


def _is_section(piece: Piece) -> bool:
    return piece.kind == "heading" and piece.text in CASE_SECTIONS


def _is_sources(piece: Piece) -> bool:
    return piece.kind == "heading" and slug_of(piece.text.strip(": ")) in _SOURCES


def _is_title(piece: Piece, read: _Read) -> bool:
    """Take the first heading before the sections as the title."""
    if piece.kind != "heading" or piece.level > 1 or "title" in read.head:
        return False
    read.head["title"] = [piece.plain]
    return True


def _without_values(pieces: Iterable[Piece], read: _Read) -> list[Piece]:
    """The pieces before the first section, without those that are values of the front matter."""
    left = []
    key = ""
    for piece in pieces:
        if piece.kind == "item" and key:
            read.head[key].append(_unescaped(piece.text))
            continue
        key = ""
        if piece.kind == "table" and all(len(row) == 2 and _key_of(row[0]) for row in piece.rows):
            for row in piece.rows:
                read.head.setdefault(_key_of(row[0]), [_unescaped(line) for line in row[1].split("\n")])
            continue
        lines = [_labelled(line) for line in piece.text.split("\n")] if piece.kind == "paragraph" else []
        if not lines or not all(named for named, _ in lines):
            left.append(piece)
            continue
        for key, value in lines:
            read.head.setdefault(key, [_unescaped(value)] if value else [])
    return left


def _labelled(line: str) -> tuple[str, str]:
    """The key and the value of a line such as `City: Aarhus`; no key if it is none."""
    found = _LABELLED.fullmatch(line)
    return (_key_of(found[1]), found[2]) if found else ("", "")


def _key_of(label: str) -> str:
    return _KEY_OF.get(slug_of(label.strip("*: ")), "")


def _with_intro(intro: list[Piece], text: list[Piece]) -> list[Piece]:
    """Nothing is lost: what is before the first section becomes part of the context."""
    if not intro:
        return text
    if text and text[0].text == CASE_SECTIONS[0]:
        return [text[0], *intro, *text[1:]]
    if intro[0].kind == "heading":
        return [*intro, *text]
    return [Piece("heading", CASE_SECTIONS[0], _level(text)), *intro, *text]


def _level(pieces: Iterable[Piece]) -> int:
    """The level of headings that is that of sections."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    named = [piece.level for piece in headings if _is_section(piece)]
    return min(named or [piece.level for piece in headings], default=1)


class _Sources:
    """Numbers sources: those of a list first, as they are numbered there, then those in notes."""

    def __init__(self, listed: Iterable[str], notes: Mapping[str, str]) -> None:
        listed = [re.sub(r"^\\?\[?s?\d{1,2}\\?[\].):]*\s+", "", line) for line in listed]
        self._texts = [line for line in listed if line]
        self._listed = len(self._texts)
        self._notes = notes
        self._ids: dict[str, str] = {}

    def cited(self, text: str) -> str:
        """A text with citations in place of its references, each before the end of its sentence."""
        text = _REFERENCE.sub(self._of_notes, text)
        return _NUMBERED.sub(self._of_list, text) if self._listed else text

    def _of_notes(self, found: re.Match[str]) -> str:
        names = re.findall(r"\x02([^\x03]*)\x03", found[2])
        return _citation(found, list(dict.fromkeys(self._id(self._notes.get(name, "")) for name in names)))

    def _id(self, text: str) -> str:
        """The id of the source in a note; the same one for the same words."""
        if text not in self._ids:
            self._texts.append(text)
            self._ids[text] = f"s{len(self._texts)}"
        return self._ids[text]

    def _of_list(self, found: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", found[2])
        if not all(0 < int(number) <= self._listed for number in numbers):
            return found[0]
        return _citation(found, [f"s{int(number)}" for number in numbers])

    def lines(self) -> list[str]:
        """The entries of `sources`; none if there are no sources."""
        return [line for number, text in enumerate(self._texts, 1) for line in _source(f"s{number}", text)]


def _citation(found: re.Match[str], ids: list[str]) -> str:
    behind = " " if found[0].endswith((" ", "\n")) else ""
    return f" [{'; '.join(f'@{each}' for each in ids)}]{found[1]}{behind}"


def _source(source_id: str, text: str) -> list[str]:
    address = _ADDRESS.search(text)
    url = (address[2] or address[3]).rstrip(".,;") if address else ""
    title = _ADDRESS.sub(lambda found: found[1] if found[1] and "://" not in found[1] else "", text)
    title = " ".join(_unescaped(title).split()).strip(" .,;:<>")
    years = _YEAR.findall(title)
    lines = [f"  {source_id}:", f"    title: {quoted(title)}", '    by: "Author or publisher"']
    lines += [f"    year: {years[-1]}"] if years else ["    year:"]
    return [*lines, f"    url: {quoted(url)}"] if url else lines


def _body(pieces: list[Piece], sources: _Sources) -> str:
    level = _level(pieces)
    lines: list[str] = []
    previous = ""
    indents: list[int] = []
    for piece in pieces:
        indents = indents[: piece.level] if piece.kind == "item" else []
        text = piece.text if piece.kind == "heading" else sources.cited(piece.text)
        match piece.kind:
            case "heading":
                new = f"{'##' if piece.level <= level else '###'} {text}"
            case "item":
                new = f"{' ' * sum(indents)}{piece.mark} {text}"
                indents.append(len(piece.mark) + 1)
            case _:
                new = text
        if not (piece.kind == previous == "item"):
            lines.append("")
        lines.append(new)
        previous = piece.kind
    return "\n".join(lines) + "\n"


def _with_head(values: Mapping[str, list[str]], sources: list[str]) -> str:
    """The front matter of the template with these values, and without its sections."""
    title = " ".join(values.get("title", []))
    text = text_of(NewCase("a-case", title, (), (), ()))
    head = text[: text.index("\n---\n") + 5]
    for key, lines in values.items():
        if key != "title" and any(lines):
            head = _with_entry(head, key, _WRITTEN[key](key, [line for line in lines if line]))
    return _with_entry(head, "sources", "\n".join(["sources:", *sources])) if sources else head


def _with_entry(head: str, key: str, entry: str) -> str:
    """The front matter with another entry in place of that of a key, also if that one is a comment."""
    return re.sub(rf"^(?:# )?{key}:.*\n(?:[ #] .*\n)*", lambda _: f"{entry}\n", head, count=1, flags=re.MULTILINE)


def _one(key: str, lines: list[str]) -> str:
    return f"{key}: {quoted(' '.join(lines))}"


def _word(key: str, lines: list[str]) -> str:
    """A year, or an id that people write in capitals."""
    text = " ".join(lines).strip(". ")
    return f"{key}: {text if text.isdigit() else _plain(text.lower())}"


def _several(key: str, lines: list[str]) -> str:
    return f"{key}: [{', '.join(map(_plain, _items(lines, commas=True)))}]"


def _question_lines(key: str, lines: list[str]) -> str:
    items = [item for line in lines for item in re.split(r"(?<=\?)\s+", line)]
    return "\n".join([f"{key}:", *(f"  - {quoted(item)}" for item in items)])


def _reasons(key: str, lines: list[str]) -> str:
    found = [_split(item, ":") for item in _items(lines, commas=False)]
    return "\n".join([f"{key}:", *(f"  {_plain(name)}: {quoted(why)}" for name, why in found)])


def _showed(key: str, lines: list[str]) -> str:
    found = [_split(item, ":") for item in _items(lines, commas=False)]
    entries = [f"  {_plain(name)}:\n    showed: {quoted(how)}" for name, how in found]
    return "\n".join([f"{key}:", *entries])


def _organisations(key: str, lines: list[str]) -> str:
    found = [_named(item) for item in _items(lines, commas=True)]
    return "\n".join([f"{key}:", *(f"  {quoted(name)}: {_plain(sector)}".rstrip() for name, sector in found)])


def _evidence(key: str, lines: list[str]) -> str:
    level, note = _split(" ".join(lines), ":")
    return f"{key}:\n  level: {_plain(slug_of(level))}\n  note: {quoted(note)}"


_WRITTEN: Mapping[str, Callable[[str, list[str]], str]] = {
    "summary": _one,
    "city": _several,
    "started": _word,
    "ended": _word,
    "status": _word,
    "arrangements": _reasons,
    "challenges": _showed,
    "extremism": _several,
    "audiences": _several,
    "lead": _organisations,
    "partners": _organisations,
    "resources": _one,
    "questions": _question_lines,
    "evidence": _evidence,
    "language": _word,
    "contributors": _several,
}
"""How the lines of each value are written, but for the title."""


def _items(lines: Iterable[str], *, commas: bool) -> list[str]:
    """What is on these lines, or between semicolons, or else between commas that are not in brackets."""
    found = [item.strip() for line in lines for item in line.split(";")]
    if commas and len(found) == 1:
        found = [item.strip() for item in _IN_BRACKETS_OR_COMMA.sub(_at_commas, found[0]).split("\n")]
    return [item.rstrip(",") for item in found if item]


_IN_BRACKETS_OR_COMMA = re.compile(r"\([^()]*\)|,\s")


def _at_commas(found: re.Match[str]) -> str:
    return "\n" if found[0].startswith(",") else found[0]


def _split(text: str, sign: str) -> tuple[str, str]:
    before, _, behind = text.partition(sign)
    return before.strip(), behind.strip()


def _named(item: str) -> tuple[str, str]:
    """An organisation and its sector: `Police (police)` or `Police: police`."""
    if found := re.fullmatch(r"(.+?)\s*\(([^()]+)\)", item):
        return found[1], found[2]
    return _split(item, ":")


def _plain(text: str) -> str:
    """A value, in quotes unless nobody could mistake it."""
    return text if not text or _PLAIN_VALUE.fullmatch(text) else quoted(text)


def _unescaped(text: str) -> str:
    """Words of the front matter, which knows no markdown."""
    text = re.sub(r"\*\*([^*]*)\*\*", r"\1", text)
    text = re.sub(r"\x02[^\x03]*\x03", "", text)
    return re.sub(r"\\([*`<|~_\\#>=+.)-])", r"\1", text).strip()
