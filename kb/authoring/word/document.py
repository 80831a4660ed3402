"""The text of a word processor's document as blocks of markdown: headings, paragraphs, lists and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import quote, urlsplit

import mammoth

from kb.authoring.parsing.text_file import CONTROL
from kb.authoring.word.archive import plain_archive
from kb.deadline import check
from kb.errors import ContentError

_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"

_MARKED = {"strong": "**", "em": "*"}
_SPECIAL = re.compile(r"[*`<|~]|(?<!\w)_|_(?!\w)|\\(?=[!-/:-@\[-`{-~])")
_BOLD = re.compile(r"\*\*([^*]+)\*\*:?")
_BULLET = re.compile(r"(?:[-–—•·▪◦*o]|\\\*)[ \t\u00a0]+(?=\S)")
_NUMBER = re.compile(r"\d{1,2}[.)][ \t\u00a0]+(?=\S)")
_NOTE = re.compile(r"#((?:foot|end)note-\d+)")
_SAFE = "/:?#@!$&'*+,;=%~-._"


@dataclass
class Piece:
    """A piece of a document."""

    kind: str
    """One of: "heading", "paragraph", "item", "table", "note"."""
    text: str
    """In markdown, without the mark it begins with; the lines of a table."""
    level: int = 0
    """Of a heading from 1, 0 for the title; of an item from 0."""
    mark: str = "-"
    """What an item begins with."""
    name: str = ""
    """Of a note: what refers to it."""
    rows: list[list[str]] = field(default_factory=list)
    """The cells of a table."""

    @property
    def plain(self) -> str:
        """The words, without what makes them bold."""
        return _BOLD.sub(r"\1", self.text).strip()

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold, as by somebody who knows no styles of headings."""
        return bool(_BOLD.fullmatch(self.text.strip()))


def read_document(data: bytes) -> list[Piece]:
    """The pieces of a `.docx` file, in their order. A reference to a note is `\\x02name\\x03` in its text.

    Raises ContentError with a sentence for people if it cannot be read; OutOfTime at the deadline.
    """
    archive = plain_archive(data)
    try:
        html = mammoth.convert_to_html(
            BytesIO(archive),
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=lambda _image: [],
        ).value
    except Exception as error:  # of any kind: the document says what its author, or an attacker, wants
        raise ContentError(
            "This document cannot be read. Copy its text into a new document, or paste it here as text."
        ) from error
    check()
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [piece for piece in reader.pieces if piece.text.strip()]


class _Reader(HTMLParser):
    """Reads the HTML that mammoth writes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._words: list[str] = []
        self._links: list[tuple[int, str]] = []
        """Where the words of each open link begin, and its target."""
        self._marked: list[int] = []
        self._lists: list[str] = []
        self._heading = 0
        self._is_item = False
        self._note = ""
        self._tables = 0
        self._rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        check()
        given = {name: value or "" for name, value in attrs}
        if tag in _MARKED:
            self._marked.append(len(self._words))
        elif tag == "a":
            self._links.append((len(self._words), given.get("href", "")))
        elif tag == "br":
            self._words.append("\n")
        elif tag in ("ul", "ol"):
            self._end_piece()
            self._lists.append(tag)
        elif tag == "li":
            self._end_piece()
            self._is_item = True
            if re.fullmatch(r"(?:foot|end)note-\d+", given.get("id", "")):
                self._note = given["id"]
        elif tag in ("p", "table", "tr", "td", "th") or re.fullmatch(r"h[1-6]", tag):
            self._start_block(tag, given.get("class", ""))

    def _start_block(self, tag: str, style: str) -> None:
        if self._tables:
            self._words.append("\n" if tag == "p" else " ")
        elif tag != "p" or not self._is_item:
            self._end_piece()
        if tag == "table":
            self._tables += 1
        elif tag == "tr" and self._tables == 1:
            self._rows.append([])
        elif tag in ("td", "th") and self._tables == 1:
            self._words.clear()
        elif tag.startswith("h"):
            self._heading = int(tag[1]) if style != "title" else -1

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKED and self._marked:
            self._mark(self._marked.pop(), _MARKED[tag])
        elif tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in ("td", "th") and self._tables == 1 and self._rows:
            self._rows[-1].append(self._taken())
        elif tag == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                self._end_table()
        elif tag in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6") and not self._tables:
            self._end_piece()
            if tag == "li":
                self._is_item, self._note = False, ""
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(_SPECIAL.sub(r"\\\g<0>", CONTROL.sub(" ", data)))

    def _mark(self, start: int, mark: str) -> None:
        text = "".join(self._words[start:])
        words = text.strip()
        if not words or "\n" in words:
            return
        before, _, after = text.partition(words)
        self._words[start:] = [f"{before}{mark}{words}{mark}{after}"]

    def _link(self, start: int, target: str) -> None:
        if not target:
            return
        text = "".join(self._words[start:])
        if note := _NOTE.fullmatch(target):
            self._words[start:] = [f"\x02{note[1]}\x03"]
        elif re.fullmatch(r"#(?:foot|end)note-ref-\d+", target):
            del self._words[start:]
        elif _leads_somewhere(target) and text.strip():
            shown = " ".join(text.split()).replace("[", "(").replace("]", ")")
            self._words[start:] = [f"[{shown}]({quote(target, _SAFE)})"]

    def _taken(self) -> str:
        text = "\n".join(" ".join(line.split()) for line in "".join(self._words).split("\n"))
        self._words.clear()
        self._marked.clear()
        self._links.clear()
        return re.sub(r"\n{2,}", "\n", text).strip()

    def _end_piece(self) -> None:
        text = self._taken()
        heading, self._heading = self._heading, 0
        if not text:
            return
        if self._note:
            self.pieces.append(Piece("note", text.replace("\n", " "), name=self._note))
        elif heading:
            self.pieces.append(Piece("heading", _BOLD.sub(r"\1", text.replace("\n", " ")), max(heading, 0)))
        elif self._is_item and self._lists:
            mark = "1." if self._lists[-1] == "ol" else "-"
            self.pieces.append(Piece("item", text.replace("\n", " "), len(self._lists) - 1, mark))
            # Another paragraph of the same item is a paragraph.
            self._is_item = False
        else:
            self._add_lines(text)

    def _add_lines(self, text: str) -> None:
        """A paragraph; or items, if its lines begin with signs for them."""
        lines = text.split("\n")
        for mark, sign in (("-", _BULLET), ("1.", _NUMBER)):
            if all(sign.match(line) for line in lines):
                self.pieces += [Piece("item", sign.sub("", line, count=1), 0, mark) for line in lines]
                return
        self.pieces.append(Piece("paragraph", "\n".join(map(_as_words, lines))))

    def _end_table(self) -> None:
        rows, self._rows = [row for row in self._rows if any(row)], []
        width = max(map(len, rows), default=0)
        self._words.clear()
        if width == 1:
            for row in rows:
                self._add_lines(row[0])
        elif rows:
            padded = [row + [""] * (width - len(row)) for row in rows]
            lines = [f"| {' | '.join(cell.replace(chr(10), ' ') for cell in row)} |" for row in padded]
            lines.insert(1, f"|{' --- |' * width}")
            self.pieces.append(Piece("table", "\n".join(lines), rows=padded))


def _as_words(line: str) -> str:
    """A line that begins with no mark of markdown."""
    line = re.sub(r"^(?=[-+>#]|=+$|:?-+:?$)", r"\\", line)
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", line)


def _leads_somewhere(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return (parts.scheme in ("http", "https") and bool(parts.netloc)) or parts.scheme == "mailto"
