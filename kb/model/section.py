"""What an author wrote under a heading, as a tree: blocks contain blocks or a line of words; words may be
emphasised, linked or cited.

Everything that is shown, searched or checked of a text is read from this tree; nothing is read back from its HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby

from kb.model.sentences import sentence_spans

GENERAL = "general"
"""The reserved key by which guide pages mark what rests on general professional knowledge."""

LINE_END = "\u2028"
"""In plain words, a line break that the author asked for."""

Words = Callable[[str], str]
"""How plain words are written into HTML: escaped, perhaps marked."""


def escape_words(text: str) -> str:
    """Plain words as HTML, written as the sanitiser writes them.

    >>> escape_words("Q&A: 5 < 6")
    'Q&amp;A: 5 &lt; 6'
    """
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


class Style(StrEnum):
    """What words are that are more than plain; the values are the tags of HTML."""

    EMPHASIS = "em"
    STRONG = "strong"
    CODE = "code"
    LINK = "a"
    LINE_BREAK = "br"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a statement rests on."""

    source: str
    """Its id: ``s1``; `GENERAL` for general professional knowledge."""
    number: int
    """Its number in the list of sources, from 1; 0 for general knowledge."""
    time: int
    """Which of the citations of this source on the page it is, from 1."""
    locator: str = ""
    """Where in the source: ``p. 4``."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are more than plain."""

    style: Style
    content: tuple[str | Span | Citation, ...] = ()
    href: str = ""
    """Where a link points: an address, a path on the site, or an anchor on the page."""
    title: str = ""
    """What a link says of itself when it is pointed at."""


Inline = str | Span | Citation


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    RULE = "rule"
    QUOTE = "quote"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, a list, an item of a list …"""

    kind: BlockKind
    line: int
    """The line of the file on which it starts, from 1."""
    content: tuple[str | Span | Citation, ...] = ()
    """The words of a paragraph, a heading, code or a cell."""
    blocks: tuple[Block, ...] = ()
    """The items of a list, the rows of a table (the first is its head), the blocks of an item or a quote."""
    number: int = 0
    """The level of a heading; the number that a numbered list starts with."""
    is_loose: bool = False
    """For a list, whether its items are set apart by blank lines."""

    @property
    def text(self) -> str:
        """Its words on one line, without citations; the cells of a row and the blocks in it one after another."""
        own = "".join(_plain(self.content)).split()
        return " ".join([*own, *(block.text for block in self.blocks if block.text)])

    @property
    def statements(self) -> Iterator[Block]:
        """The blocks in it that say something, in order: paragraphs, headings, code and the rows of tables."""
        if self.content or self.kind is BlockKind.ROW:
            yield self
        else:
            for block in self.blocks:
                yield from block.statements

    @property
    def citations(self) -> Iterator[Citation]:
        """What it cites, in order."""
        yield from _cited(self.content)
        for block in self.blocks:
            yield from block.citations

    @property
    def sentences(self) -> Iterator[tuple[int, str]]:
        """Its sentences, each with the line of the file on which it starts."""
        written = "".join(_plain(self.content)) or self.text
        line, counted = self.line, 0
        for start, end in sentence_spans(written):
            line, counted = line + written.count("\n", counted, start), start
            yield line, " ".join(written[start:end].split())


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page under its heading."""

    id: str
    """The anchor: ``what-helped``."""
    heading: str
    blocks: tuple[Block, ...]

    @property
    def statements(self) -> Iterator[Block]:
        """Its paragraphs, headings, code and rows of tables, in order, however deep in lists and quotes."""
        for block in self.blocks:
            yield from block.statements

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of each of its statements, without markup and citations."""
        return tuple(text for text in (block.text for block in self.statements) if text)

    @property
    def text(self) -> str:
        """The same as one text, a line for each."""
        return "\n".join(self.texts)

    @property
    def points(self) -> tuple[str, ...]:
        """The first sentence of each statement: what it says, before it explains.

        >>> Section("pitfalls", "Pitfalls", (Block(BlockKind.PARAGRAPH, 1, ("It is slow. It takes years.",)),)).points
        ('It is slow.',)
        """
        firsts = (next(block.sentences, None) for block in self.statements)
        return tuple(first[1] for first in firsts if first)

    @property
    def first_point(self) -> str:
        """The first sentence of its first list or, without a list, of its first paragraph; empty if it has neither.

        Before a list, authors say where its points come from. What they are comes in it.
        """
        points = self._key_part.points
        return points[0] if points else ""

    @property
    def key_texts(self) -> tuple[str, ...]:
        """The words of the statements in its lists or, without a list, of its paragraphs.

        Each is whole, as one sentence of it may say little.
        """
        return self._key_part.texts

    @property
    def _key_part(self) -> Section:
        lists = tuple(block for block in self.blocks if block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS))
        paragraphs = tuple(block for block in self.blocks if block.kind is BlockKind.PARAGRAPH)
        return Section(self.id, self.heading, lists or paragraphs)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What it cites, in order."""
        return tuple(citation for block in self.blocks for citation in block.citations)

    @property
    def html(self) -> str:
        """The section without its heading as HTML, for the page it belongs to."""
        return self.to_html()

    def to_html(self, words: Words = escape_words, page: str = "", site: str = "") -> str:
        """HTML that is safe to put into a page unchanged.

        `words` writes plain words. `page` is the path of the page that the section belongs to, if it is shown on
        another one: then links to anchors lead there, and it has no anchors itself. `site` is the address of the site,
        if it is shown outside of it: links to other pages of the site begin with it.
        """
        return _Writer(words, page, site).blocks(self.blocks)


def _plain(content: tuple[Inline, ...]) -> Iterator[str]:
    for inline in content:
        if isinstance(inline, str):
            yield inline
        elif isinstance(inline, Span):
            yield from _plain(inline.content) if inline.style is not Style.LINE_BREAK else LINE_END


def _cited(content: tuple[Inline, ...]) -> Iterator[Citation]:
    for inline in content:
        if isinstance(inline, Citation):
            yield inline
        elif isinstance(inline, Span):
            yield from _cited(inline.content)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes blocks as HTML."""

    words: Words
    page: str
    site: str

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return "\n".join(map(self._block, blocks))

    def _block(self, block: Block) -> str:
        match block.kind:
            case BlockKind.PARAGRAPH:
                return f"<p>{self._inline(block.content)}</p>"
            case BlockKind.HEADING:
                return f"<h{block.number}>{self._inline(block.content)}</h{block.number}>"
            case BlockKind.CODE:
                return f"<pre><code>{self._inline(block.content)}</code></pre>"
            case BlockKind.RULE:
                return "<hr>"
            case BlockKind.QUOTE:
                return _around("blockquote", self.blocks(block.blocks))
            case BlockKind.TABLE:
                return self._table(block)
            case _:
                return self._list(block)

    def _list(self, block: Block) -> str:
        item = self._loose_item if block.is_loose else self._tight_item
        items = "\n".join(map(item, block.blocks))
        if block.kind is BlockKind.BULLETS:
            return _around("ul", items)
        start = f' start="{block.number}"' if block.number != 1 else ""
        return f"<ol{start}>\n{items}\n</ol>"

    def _loose_item(self, item: Block) -> str:
        return _around("li", self.blocks(item.blocks)) if item.blocks else "<li></li>"

    def _tight_item(self, item: Block) -> str:
        pieces = [self._inline(block.content) if _is_words(block) else self._block(block) for block in item.blocks]
        if item.blocks and not _is_words(item.blocks[0]):
            pieces.insert(0, "")
        if item.blocks and not _is_words(item.blocks[-1]):
            pieces.append("")
        content = "\n".join(pieces)
        return f"<li>{content}</li>"

    def _table(self, table: Block) -> str:
        head, *body = table.blocks
        pieces = [_around("thead", self._row(head, "th"))]
        if body:
            pieces.append(_around("tbody", "\n".join(self._row(row, "td") for row in body)))
        return _around("table", "\n".join(pieces))

    def _row(self, row: Block, tag: str) -> str:
        return _around("tr", "\n".join(f"<{tag}>{self._inline(cell.content)}</{tag}>" for cell in row.blocks))

    def _inline(self, content: tuple[Inline, ...]) -> str:
        pieces = []
        for are_citations, group in groupby(content, lambda inline: isinstance(inline, Citation)):
            written = "".join(map(self._piece, group))
            pieces.append(f'<sup class="citation">{written}</sup>' if are_citations else written)
        return "".join(pieces)

    def _piece(self, inline: Inline) -> str:
        if isinstance(inline, str):
            return self.words(inline)
        if isinstance(inline, Citation):
            return self._citation(inline)
        if inline.style is Style.LINE_BREAK:
            return "<br>"
        content = self._inline(inline.content)
        if inline.style is Style.LINK:
            title = f' title="{_attribute(inline.title)}"' if inline.title else ""
            return f'<a href="{self._href(inline.href)}"{title}>{content}</a>'
        return f"<{inline.style}>{content}</{inline.style}>"

    def _citation(self, citation: Citation) -> str:
        href = self._href(f"#source-{citation.source}")
        if citation.source == GENERAL:
            return f'<a aria-label="General professional knowledge" class="general" href="{href}">[no source]</a>'
        words = f"{citation.number}, {citation.locator}" if citation.locator else str(citation.number)
        anchor = "" if self.page else f' id="cite-{citation.source}-{citation.time}"'
        label = _attribute(f"Source {words}")
        return f'<a aria-label="{label}" href="{href}"{anchor}>{escape_words(words)}</a>'

    def _href(self, address: str) -> str:
        if address.startswith("#"):
            return _attribute(f"{self.page}{address}")
        return _attribute(f"{self.site}{address}" if _is_local(address) else address)


def _is_local(address: str) -> bool:
    """Whether an address is the path of a page on this site; two slashes begin the name of another host."""
    return address.startswith("/") and not address.startswith("//")


def _is_words(block: Block) -> bool:
    """Whether a block is in an item of a tight list and has no tag of its own."""
    return block.kind is BlockKind.PARAGRAPH


def _around(tag: str, content: str) -> str:
    return f"<{tag}>\n{content}\n</{tag}>" if content else f"<{tag}>\n</{tag}>"


def _attribute(value: str) -> str:
    return escape_words(value).replace('"', "&quot;")
