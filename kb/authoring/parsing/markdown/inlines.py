"""The words of a block: what is emphasised, linked, cited, code, or escaped. Read once, from left to right.

Python-Markdown's own patterns rewrite the text one after another: positions in it are lost, and the time they take
grows with the square of its length. This tree processor takes their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from kb.authoring.parsing.markdown.blocks import BlockReader
from kb.authoring.parsing.markdown.citations import (
    CITATION,
    ESCAPED,
    UNCLOSED,
    WITHIN_BRACKETS,
    NotACitation,
    read_citation,
)
from kb.authoring.parsing.markdown.code_spans import Backticks
from kb.authoring.parsing.markdown.emphasis import Run, stressed
from kb.authoring.parsing.markdown.habits import check_block
from kb.authoring.parsing.markdown.lines import Written
from kb.authoring.parsing.markdown.links import (
    Target,
    label_at,
    read_target,
    referenced,
    unescaped,
    web_address,
)
from kb.authoring.parsing.markdown.notes import Notes
from kb.hints import nearest
from kb.model.section import GENERAL, Citation, Inline, Span, Style

_SPECIAL = re.compile(r"[\\`*_\[\]<&!\n]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ADDRESS = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*)>")
_MAIL = re.compile(
    r"<([\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*)>", re.ASCII
)
_TAG = re.compile(
    r"<(?!https?://|mailto:)(?:/?[A-Za-z][A-Za-z0-9-]*(?:[\s/][^<>]{0,500})?>|!--|[!?][A-Za-z]|"
    r"/?(?:script|style|iframe|img|video|audio|object|embed|svg|form|input)\b[^<>]{0,40})",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\]")
_REFERENCE_LINE = re.compile(r":\s*<?https?://")
_STOP = re.compile(r"[.,;:!?]")
"""Authors write `fact [@s1].`; on the page the number comes after the full stop."""


@dataclass(slots=True)
class _Bracket:
    """An opening bracket that may be the beginning of a link."""

    piece: int
    """The number of the piece that it is."""
    position: int
    is_image: bool
    has_inner: bool = False
    """Whether another bracket opens inside it: then its content is not a label."""


class InlineReader(Treeprocessor):
    """Reads the words of all blocks."""

    def __init__(self, md: Markdown, blocks: BlockReader) -> None:
        super().__init__(md)
        self._blocks = blocks
        self.content: dict[Element, tuple[Inline, ...]] = {}
        """The content of each block with words."""

    def begin(self, notes: Notes, numbers: Mapping[str, int], folder: str) -> None:
        """Prepare to read a text."""
        self._notes, self._numbers, self._folder = notes, numbers, folder
        self.content = {}

    def run(self, root: Element) -> None:
        """Read the words of every block that has any."""
        for block, written in self._blocks.written.items():
            check_block(block, written, self._notes, self._numbers)
            if block.tag == "pre":
                self.content[block] = (written.text,) if written.text else ()
            else:
                scan = _Scan(written, self._blocks, self._notes, self._numbers, self._folder)
                self.content[block] = scan.content()


@dataclass
class _Scan:
    """One pass over the words of a block, from the first character to the last."""

    written: Written
    blocks: BlockReader
    notes: Notes
    numbers: Mapping[str, int]
    folder: str
    pieces: list[Inline | Run] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = self.written.text
        self.backticks = Backticks(self.text)
        self.linked = 0
        """How many of the open brackets contain a link: links cannot be nested."""

    def content(self) -> tuple[Inline, ...]:
        """The words as inline content."""
        position, first_line = 0, self.line_at(0)
        while special := _SPECIAL.search(self.text, position):
            self.blocks.effort.spend(first_line)
            start = special.start()
            self.pieces.append(self.text[position:start])
            position = _READERS[special.group()](self, start)
        self.pieces.append(self.text[position:])
        return stressed(self.pieces, self.blocks.effort)

    def line_at(self, position: int) -> int:
        return self.written.place(position)[0]

    def note(self, position: int, rule: str, message: str, hint: str, swap: tuple[str, str] | None = None) -> None:
        self.notes.add(self.written, position, rule, message, hint, swap=swap)

    # Each of these reads what begins at a position, and returns the position after it.

    def plain(self, start: int) -> int:
        """A character with no special meaning here."""
        self.pieces.append(self.text[start])
        return start + 1

    def backslash(self, start: int) -> int:
        """An escaped character, or a line break."""
        following = self.text[start + 1 : start + 2]
        if following == "\n":
            self.pieces += (Span(Style.LINE_BREAK), "\n")
            return start + 2
        if following not in _PUNCTUATION:
            return self.plain(start)
        if citation := ESCAPED.match(self.text, start):
            written = citation.group().replace("\\", "")
            message = f"A backslash keeps `{_short(written)}` from being read as a citation."
            self.note(start, "bad-citation", message, "Write it without the backslash.", (citation.group(), written))
        self.pieces.append(following)
        return start + 2

    def line_end(self, start: int) -> int:
        """The end of a line; after two spaces, a line break."""
        before = self.pieces[-1]
        kept = before.rstrip(" ") if isinstance(before, str) else ""
        if isinstance(before, str):
            self.pieces[-1] = kept
            if len(before) - len(kept) >= 2:
                self.pieces.append(Span(Style.LINE_BREAK))
        self.pieces.append("\n")
        return start + 1

    def code(self, start: int) -> int:
        """Words between two runs of backticks of the same length."""
        opening, closing = self.backticks.pair(start)
        if closing is None:
            self.pieces.append(self.text[start:opening])
            return opening
        code = self.text[opening : closing[0]].replace("\n", " ")
        if code.startswith(" ") and code.endswith(" ") and code.strip(" "):
            code = code[1:-1]
        self.pieces.append(Span(Style.CODE, (code,)))
        return closing[1]

    def reference(self, start: int) -> int:
        """A character by its name or number."""
        found = _REFERENCE.match(self.text, start)
        if not found:
            return self.plain(start)
        self.pieces.append(referenced(found.group()))
        return found.end()

    def run(self, start: int) -> int:
        """Asterisks or underscores, which may emphasise words."""
        run = Run.at(self.text, start, self.line_at(start))
        self.pieces.append(run)
        return start + run.length

    def angle(self, start: int) -> int:
        """An address or a mail address; anything else that looks like a tag is one."""
        if address := _ADDRESS.match(self.text, start):
            target = Target(address.group(1), "", start + 1, address.end())
            self._add_link((address.group(1),), target, self._checked(target))
            return address.end()
        if mail := _MAIL.match(self.text, start):
            target = Target(f"mailto:{mail.group(1)}", "", start + 1, mail.end())
            self._add_link((mail.group(1),), target, target.address)
            return mail.end()
        if tag := _TAG.match(self.text, start):
            message = f"There is an HTML tag here: `{_short(tag.group())}`."
            hint = "Write markdown: `**bold**`, `*emphasis*`, `[text](address)`; for the character itself, `\\<`."
            self.note(start, "raw-html", message, hint)
        return self.plain(start)

    def exclamation(self, start: int) -> int:
        """The mark before an image, or one of those that end a sentence."""
        if not self.text.startswith("[", start + 1) or CITATION.match(self.text, start + 1):
            return self.plain(start)
        self._open(start, "![", is_image=True)
        return start + 2

    def opening(self, start: int) -> int:
        """The beginning of a citation or of a link."""
        if citation := CITATION.match(self.text, start):
            if self._is_link_about(citation):
                self._open(start, "[", is_image=False)
                return start + 1
            return self._cite(start, citation.group())
        if _FOOTNOTE.match(self.text, start):
            self.notes.footnote(self.written, start)
        if UNCLOSED.match(self.text, start):
            message = f"The citation `{_short(self.text[start : start + 20])}` is not closed."
            self.note(start, "bad-citation", message, "Write `[@s1]`.")
        self._open(start, "[", is_image=False)
        return start + 1

    def _is_link_about(self, citation: re.Match[str]) -> bool:
        """Whether brackets that begin with an `@` are a link, as in `[@handle](https://example.org)`."""
        names = re.findall(r"@([\w-]+)", citation.group())
        is_link = self.text.startswith("(", citation.end()) and read_target(self.text, citation.end()) is not None
        return is_link and not any(name in self.numbers for name in names)

    def closing(self, start: int) -> int:
        """The end of a link, or of anything else in brackets."""
        if not self.brackets:
            return self.plain(start)
        bracket = self.brackets.pop()
        has_link = len(self.brackets) < self.linked
        self.linked = min(self.linked, len(self.brackets))
        target, is_here, end = self._target_of(bracket, start)
        if bracket.is_image and (target or self.text[start + 1 : start + 2] in ("(", "[")):
            self.note(bracket.position, "image", "There is an image here.", "Describe it in words.")
        elif target and not bracket.is_image and not has_link:
            address = self._checked(target) if is_here else web_address(target.address, self.folder)
            self._link(bracket, target, address)
            return end
        else:
            self._check_brackets(bracket, start)
        return self.plain(start)

    def _open(self, start: int, written: str, *, is_image: bool) -> None:
        if self.brackets:
            self.brackets[-1].has_inner = True
        self.brackets.append(_Bracket(len(self.pieces), start, is_image))
        self.pieces.append(written)

    def _target_of(self, bracket: _Bracket, end: int) -> tuple[Target | None, bool, int]:
        """The target of a link whose text ends here, whether it is written here, and the position after it."""
        behind = end + 1
        if self.text.startswith("(", behind) and (target := read_target(self.text, behind)):
            return target, True, target.end
        references = self.blocks.references
        # `[report][@s1]` is a link and a citation.
        if (label := label_at(self.text, behind)) and not CITATION.match(self.text, behind):
            return references.get(label.group(1)), False, label.end()
        text = self.text[bracket.position + 1 + bracket.is_image : end] if not bracket.has_inner else ""
        if self.text.startswith("[]", behind):
            behind += 2
        return references.get(text) if text.strip() else None, False, behind

    def _link(self, bracket: _Bracket, target: Target, address: str | None) -> None:
        content = stressed(self.pieces[bracket.piece + 1 :], self.blocks.effort)
        del self.pieces[bracket.piece :]
        if any(isinstance(inline, Citation) for inline in _flat(content)):
            message = "There is a citation in the text of a link."
            self.note(bracket.position, "bad-citation", message, "Put it after the link.")
        self._add_link(_without_links(content), target, address)
        self.linked = len(self.brackets)

    def _checked(self, target: Target) -> str | None:
        """The address of a target written here; None, with a problem, if no page may link to it."""
        return self.notes.check_target(self.written, target)

    def _add_link(self, content: tuple[Inline, ...], target: Target, address: str | None) -> None:
        if address is None:
            self.pieces += content
        else:
            self.pieces.append(Span(Style.LINK, content, address, target.title))

    def _check_brackets(self, bracket: _Bracket, end: int) -> None:
        """Note a citation in brackets that begin with something else."""
        if bracket.has_inner:
            return
        inside = self.text[bracket.position : end + 1]
        keys = [key.strip() for key in re.split("[;,]", inside[1:-1])]
        if all(key in self.numbers for key in keys) and not bracket.is_image:
            meant = f"[{'; '.join(f'@{key}' for key in keys)}]"
            message = f"`{_short(inside)}` is not a citation without an `@`."
            self.note(bracket.position, "bad-citation", message, f"Write `{meant}`.", (inside, meant))
        elif WITHIN_BRACKETS.search(inside):
            message = f"`{_short(inside)}` cannot be read as a citation."
            self.note(bracket.position, "bad-citation", message, _HOW_TO_CITE)

    def _cite(self, start: int, written: str) -> int:
        """A citation, moved after the punctuation that follows it."""
        end = start + len(written)
        if not start and _REFERENCE_LINE.match(self.text, end):
            message = f"`{_short(written)}:` does not list a source."
            self.note(start, "bad-citation", message, "List it under `sources` in the front matter, with its `url:`.")
            self.pieces.append(written)
            return end
        if self.text.startswith(("(http", "(<http"), end):
            message = f"`{_short(written)}` is a citation and cannot be a link."
            self.note(start, "bad-citation", message, "Write the address under `sources`, with its `url:`.")
        try:
            cited = read_citation(written, self.numbers)
        except NotACitation as reason:
            message = f"`{_short(written)}` cannot be read as a citation. {reason}."
            self.note(start, "bad-citation", message, _HOW_TO_CITE)
            self.pieces.append(written)
            return end
        if unknown := next((key for key, _ in cited if key not in self.numbers), None):
            self._note_unknown(start, unknown)
            self.pieces.append(written)
            return end
        while self.pieces and isinstance(before := self.pieces[-1], str):
            self.pieces[-1] = before.rstrip()
            if self.pieces[-1]:
                break
            self.pieces.pop()
        if stop := _STOP.match(self.text, end):
            self.pieces.append(stop.group())
            end = stop.end()
        self.pieces += (Citation(key, self.numbers[key], 0, unescaped(locator)) for key, locator in cited)
        return end

    def _note_unknown(self, start: int, unknown: str) -> None:
        if not self.notes.knows_all_sources:
            return  # it may be one that cannot be read, which has been noted there
        known = [key for key in self.numbers if key != GENERAL]
        near = next((key for key in known if key.casefold() == unknown.casefold()), None)
        near = near or (nearest(unknown, known) if len(unknown) > 4 else None)
        hint = f"Did you mean `{near}`?" if near else f"The listed sources are: {', '.join(known) or 'none'}."
        self.notes.unknown_source(self.written, start, unknown, hint)


_HOW_TO_CITE = "Write `[@s1]`, `[@s1; @s2]` or `[@s1, p. 4]`."

_READERS: Mapping[str, Callable[[_Scan, int], int]] = {
    "\\": _Scan.backslash,
    "`": _Scan.code,
    "*": _Scan.run,
    "_": _Scan.run,
    "[": _Scan.opening,
    "]": _Scan.closing,
    "<": _Scan.angle,
    "&": _Scan.reference,
    "!": _Scan.exclamation,
    "\n": _Scan.line_end,
}


def _flat(content: Sequence[Inline]) -> list[Inline]:
    """All pieces, and the pieces in them."""
    found = list(content)
    for inline in content:
        if isinstance(inline, Span):
            found += _flat(inline.content)
    return found


def _without_links(content: Sequence[Inline]) -> tuple[Inline, ...]:
    """The text of a link, which cannot contain another link, nor the number of a source, which is one."""
    found: list[Inline] = []
    for inline in content:
        if isinstance(inline, Citation):
            continue
        if not isinstance(inline, Span):
            found.append(inline)
        elif inline.style is Style.LINK:
            found += _without_links(inline.content)
        else:
            found.append(Span(inline.style, _without_links(inline.content)))
    return tuple(found)


def _short(text: str) -> str:
    return " ".join(text.split())[:40]
