"""Which lines are a paragraph, a heading, a list …: block processors for Python-Markdown that read as CommonMark does.

Python-Markdown's own processors get a text in pieces between blank lines, and do not know where in the file they are.
These get lines (`kb.authoring.parsing.markdown.lines`), take the first ones, and leave the rest. What they make
is an element tree: `p`, `h3`, `pre`, `hr`, `blockquote`, `ul`, `ol`, `li`, `table`, `tr` and `td`, each with the
attribute `line`; lists that are loose have the attribute `loose`. The words within are read later.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

from kb.authoring.parsing.markdown.limits import Effort
from kb.authoring.parsing.markdown.lines import INDENT, FileLines, ItemLines, Line, Lines, QuoteLines, Written
from kb.authoring.parsing.markdown.links import References
from kb.authoring.parsing.markdown.tables import is_table, split_row

_QUOTE = re.compile(r" {0,3}>")
_HEADING = re.compile(r" {0,3}(#{1,6})(?: |$)")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_MARKER = re.compile(r" {0,3}(?:(?P<bullet>[-+*])|(?P<number>[0-9]{1,9})(?P<behind>[.)]))(?= |$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+) *$")

_MAY_BEGIN_A_BLOCK = frozenset("#>`~-+*_=|:0123456789")
"""Characters that some block other than a paragraph begins with."""


class BlockReader(BlockParser):
    """Python-Markdown's block parser, given lines instead of pieces of text."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        # Whatever is indented as code is only code, a rule such as `* * *` is not a list, and the rest is paragraphs.
        self._processors: tuple[_LineProcessor, ...] = (
            _Blank(self), _Code(self), _Quote(self), _Heading(self), _Fence(self), _Rule(self), _List(self),
            _Paragraph(self),
        )  # fmt: skip
        for priority, processor in enumerate(reversed(self._processors)):
            self.blockprocessors.register(processor, type(processor).__name__, priority)
        self.begin(1, References(), Effort())

    def begin(self, first_number: int, references: References, effort: Effort) -> None:
        """Get ready for a text whose first line has this number in its file."""
        self.first_number = first_number
        self.references = references
        self.effort = effort
        self.written: dict[Element, Written] = {}
        """The words of each block that has any."""
        self.underlined: set[int] = set()
        """The lines of headings that a line of hyphens below makes headings."""
        self.state.clear()

    def parse(self, lines: Sequence[str]) -> Element:
        """The tree of blocks of a text."""
        root = Element(self.md.doc_tag)
        self.read(root, FileLines(lines, self.first_number, self.effort))
        return root

    def read(self, parent: Element, lines: Lines) -> None:
        """Make the blocks of `parent` from its lines.

        Raises TooMuch if quotes and lists are nested far too deeply.
        """
        self.state.set(parent.tag)
        if lines:
            self.effort.nest(len(self.state), lines[0].number)
        self.parseBlocks(parent, lines)  # type: ignore[arg-type]  # it asks whether there are any, and for the first
        self.state.reset()

    def add(self, parent: Element, tag: str, line: int, written: Written | None = None) -> Element:
        """A new block at the end of another one."""
        self.effort.spend(line)
        element = SubElement(parent, tag, line=str(line))
        if written is not None:
            self.written[element] = written
        return element

    def is_begun_by(self, line: Line, *, within_paragraph: bool) -> bool:
        """Whether a block other than a paragraph begins with this line."""
        if line.indent >= INDENT or line.text[line.indent] not in _MAY_BEGIN_A_BLOCK:
            return False
        return any(processor.interrupts(line, within_paragraph=within_paragraph) for processor in self._processors)


class _LineProcessor(BlockProcessor):
    """A block processor that reads lines. Python-Markdown calls `test` and `run`."""

    parser: BlockReader
    may_interrupt = False
    """Whether such a block may begin right below a line of a paragraph or a table."""

    def test(self, parent: Element, line: Line) -> bool:  # type: ignore[override]  # a line, not a piece of text
        return self.begins_with(line)

    def run(self, parent: Element, lines: Lines) -> None:  # type: ignore[override]  # lines, not pieces of text
        if parent.tag == "li" and len(parent) and lines.is_after_blank and not lines[0].is_blank:
            parent.set("loose", "")
        self.read(parent, lines)

    @abstractmethod
    def begins_with(self, line: Line) -> bool:
        """Whether such a block begins with this line."""

    @abstractmethod
    def read(self, parent: Element, lines: Lines) -> None:
        """Take the lines of the block and add it to `parent`."""

    def interrupts(self, line: Line, *, within_paragraph: bool) -> bool:
        """Whether such a block begins with this line, right below another line; less often so within a paragraph."""
        return self.may_interrupt and self.begins_with(line)


class _Blank(_LineProcessor):
    """Blank lines between blocks."""

    def begins_with(self, line: Line) -> bool:
        return line.is_blank

    def read(self, parent: Element, lines: Lines) -> None:
        while lines and lines[0].is_blank:
            lines.take()


class _Code(_LineProcessor):
    """Lines indented by four columns or more."""

    def begins_with(self, line: Line) -> bool:
        return line.indent >= INDENT

    def read(self, parent: Element, lines: Lines) -> None:
        taken: list[Line] = []
        while lines and (lines[0].is_blank or lines[0].indent >= INDENT):
            taken.append(lines.take().without(INDENT))
        while taken[-1].is_blank:
            taken.pop()
        _add_code(self.parser, parent, taken, taken[0].number)
        parent[-1].set("indented", "")


class _Quote(_LineProcessor):
    """Lines that begin with `>`."""

    may_interrupt = True

    def begins_with(self, line: Line) -> bool:
        return bool(_QUOTE.match(line.text))

    def read(self, parent: Element, lines: Lines) -> None:
        quote = self.parser.add(parent, "blockquote", lines[0].number)
        self.parser.read(quote, QuoteLines(lines))


class _Heading(_LineProcessor):
    """A line that begins with hashes."""

    may_interrupt = True

    def begins_with(self, line: Line) -> bool:
        return bool(_HEADING.match(line.text))

    def read(self, parent: Element, lines: Lines) -> None:
        line = lines.take()
        hashes = _HEADING.match(line.text)
        assert hashes  # noqa: S101  # `begins_with` has found them
        title = line.without(hashes.end())
        closing = _CLOSING_HASHES.search(title.text)
        written = Written.of([title]).part(0, closing.start() if closing else len(title.text))
        self.parser.add(parent, f"h{len(hashes.group(1))}", line.number, written)


class _Fence(_LineProcessor):
    """Code between lines of three backticks or tildes."""

    may_interrupt = True

    def begins_with(self, line: Line) -> bool:
        return bool(_FENCE.match(line.text))

    def read(self, parent: Element, lines: Lines) -> None:
        opening = lines.take()
        found = _FENCE.match(opening.text)
        assert found  # noqa: S101  # `begins_with` has found it
        fence = found.group(1)
        taken: list[Line] = []
        while lines and not _closes(lines[0], fence):
            line = lines.take()
            taken.append(line.without(min(line.indent, opening.indent)))
        if lines:
            lines.take()
        lines.forget_blank()  # a blank line at the end of code sets nothing apart
        _add_code(self.parser, parent, taken, opening.number)


def _closes(line: Line, fence: str) -> bool:
    text = line.text.strip(" ")
    return line.indent < INDENT and len(text) >= len(fence) and text == fence[0] * len(text)


def _add_code(parser: BlockReader, parent: Element, lines: list[Line], line: int) -> None:
    written = Written.of(lines)
    text = f"{written.text}\n" if lines else ""
    parser.add(parent, "pre", lines[0].number if lines else line, Written(text, written.places))


class _Rule(_LineProcessor):
    """A line of three or more of the same: hyphens, asterisks or underscores."""

    may_interrupt = True

    def begins_with(self, line: Line) -> bool:
        return _is_rule(line)

    def read(self, parent: Element, lines: Lines) -> None:
        self.parser.add(parent, "hr", lines.take().number)


def _is_rule(line: Line) -> bool:
    marks = "".join(line.text.split())
    return line.indent < INDENT and len(marks) >= 3 and marks[0] in "-*_" and marks == marks[0] * len(marks)


class _List(_LineProcessor):
    """Items that begin with the same kind of mark: `-`, `*`, `+`, `1.` or `1)`."""

    def begins_with(self, line: Line) -> bool:
        return bool(_MARKER.match(line.text))

    def interrupts(self, line: Line, *, within_paragraph: bool) -> bool:
        mark = _MARKER.match(line.text)
        if not mark or not within_paragraph:
            return bool(mark)
        # In a paragraph, a line may well begin with a year and a full stop, or with a dash.
        is_empty = line.without(mark.end()).is_blank
        return not is_empty and (mark["number"] is None or int(mark["number"]) == 1)

    def read(self, parent: Element, lines: Lines) -> None:
        mark = _MARKER.match(lines[0].text)
        assert mark  # noqa: S101  # `begins_with` has found it
        kind = mark["bullet"] or mark["behind"]
        items = self.parser.add(parent, "ul" if mark["bullet"] else "ol", lines[0].number)
        if mark["number"]:
            items.set("start", str(int(mark["number"])))
        while mark and (mark["bullet"] or mark["behind"]) == kind:
            self._read_item(items, lines, mark.end())
            while lines and lines[0].is_blank:  # after an empty item, a blank line ends the item but not the list
                lines.take()
            goes_on = lines and not _is_rule(lines[0])
            mark = _MARKER.match(lines[0].text) if goes_on else None

    def _read_item(self, items: Element, lines: Lines, behind_mark: int) -> None:
        line = lines[0]
        if len(items) and lines.is_after_blank:
            items.set("loose", "")
        item = self.parser.add(items, "li", line.number)
        indent = behind_mark + _space_behind_mark(line.without(behind_mark))
        self.parser.read(item, ItemLines(lines, line.without(indent), indent))
        if item.get("loose") is not None:
            items.set("loose", "")


def _space_behind_mark(rest: Line) -> int:
    """How much of it is not part of the item: if indented further, the item begins with code."""
    return 1 if rest.is_blank or rest.indent > INDENT else rest.indent


class _Paragraph(_LineProcessor):
    """Anything else, including what only shows on its second line: underlined headings and tables."""

    def begins_with(self, line: Line) -> bool:
        return True

    def read(self, parent: Element, lines: Lines) -> None:
        taken = [lines.take()]
        while (line := lines.peek()) is not None and not line.is_blank:
            if not line.is_lazy and line.indent < INDENT:
                if underline := _UNDERLINE.match(line.text):
                    is_hyphens = underline.group(1)[0] == "-"
                    if self._add(parent, taken, "h2" if is_hyphens else "h1"):
                        lines.take()
                        if is_hyphens:
                            self.parser.underlined.add(int(parent[-1].get("line", "0")))
                        return
                elif is_table(taken[-1], line):
                    header = taken.pop()
                    if taken:
                        self._add(parent, taken, "p")
                    self._read_table(parent, header, lines)
                    return
            if self.parser.is_begun_by(line, within_paragraph=not line.is_lazy):
                break
            taken.append(lines.take())
        self._add(parent, taken, "p")

    def _add(self, parent: Element, taken: list[Line], tag: str) -> bool:
        """Add the lines, and return whether they contained anything but link definitions."""
        written = Written.of([line.without(line.indent) for line in taken])
        written = self.parser.references.take_definitions(written)
        if written.text:
            self.parser.add(parent, tag, written.place(0)[0], written)
        return bool(written.text)

    def _read_table(self, parent: Element, header: Line, lines: Lines) -> None:
        table = self.parser.add(parent, "table", header.number)
        cells = split_row(header)
        self._add_row(table, header, cells, len(cells))
        lines.take()
        while lines and not lines[0].is_blank and lines[0].indent < INDENT:
            if self.parser.is_begun_by(lines[0], within_paragraph=False):
                break
            row = lines.take()
            self._add_row(table, row, split_row(row), len(cells))

    def _add_row(self, table: Element, line: Line, cells: list[Written], columns: int) -> None:
        row = self.parser.add(table, "tr", line.number)
        empty = Written.of([line.without(len(line.text))])
        for cell in (cells + [empty] * columns)[:columns]:
            self.parser.add(row, "td", line.number, cell)
