"""Turns a text in markdown into blocks: Python-Markdown with our own processors, and their results as frozen values."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.util import Registry

from kb.authoring.parsing.markdown.blocks import BlockReader
from kb.authoring.parsing.markdown.inlines import InlineReader
from kb.authoring.parsing.markdown.limits import Effort, TooMuch
from kb.authoring.parsing.markdown.links import SCHEMES, References
from kb.authoring.parsing.markdown.notes import Notes, WrittenLink
from kb.authoring.parsing.text_file import CONTROL
from kb.authoring.problems import ProblemList
from kb.model.section import Block, BlockKind, Citation, Inline, Section, Span

log = logging.getLogger("kb")

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label", "class"},
    "sup": {"class"},
    "ol": {"start"},
}

_KINDS = {
    "p": BlockKind.PARAGRAPH,
    "pre": BlockKind.CODE,
    "hr": BlockKind.RULE,
    "blockquote": BlockKind.QUOTE,
    "ul": BlockKind.BULLETS,
    "ol": BlockKind.NUMBERS,
    "li": BlockKind.ITEM,
    "table": BlockKind.TABLE,
    "tr": BlockKind.ROW,
    "td": BlockKind.CELL,
} | {f"h{level}": BlockKind.HEADING for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text, read."""

    blocks: tuple[Block, ...]
    links: tuple[WrittenLink, ...]
    underlined: frozenset[int] = frozenset()
    """The lines of headings that a line of hyphens below makes headings."""
    failed: frozenset[int] = frozenset()
    """The lines with a citation that cannot be read."""
    is_cut_short: bool = False
    """Whether it is too long or too deeply nested to be read, which has been noted."""


def read_document(
    text: str,
    first_line: int,
    source_numbers: Mapping[str, int],
    folder: str,
    problems: ProblemList,
    *,
    knows_all_sources: bool = True,
) -> Document:
    """The blocks of a text that starts on this line of its file; what is wrong in it is noted.

    `source_numbers` are the numbers of the sources that it may cite, by their keys; if they are not all, citing another
    is not noted. `folder` is the content folder of the file. Citations are not yet counted (`count_citations`).
    """
    # Files contain no such characters (`decode`); other callers get the same page.
    harmless = CONTROL.sub("\N{REPLACEMENT CHARACTER}", text).replace("\r", " ")
    lines = harmless.removesuffix("\n").split("\n")
    effort = Effort()
    notes = Notes(lines, first_line, folder, problems, effort, knows_all_sources=knows_all_sources)
    reader = _own_reader()
    try:
        blocks = reader.read(lines, first_line, source_numbers, folder, notes, effort)
    except TooMuch as reason:
        problems.add(reason.rule, reason.message, reason.hint, line=reason.line)
        return Document((), tuple(notes.links), is_cut_short=True)
    return Document(blocks, tuple(notes.links), reader.underlined, frozenset(notes.failed))


class _Reader:
    """Python-Markdown, set up once."""

    def __init__(self) -> None:
        markdown = Markdown(extensions=[_Processors()])
        self._markdown = markdown
        self._blocks: BlockReader = markdown.parser  # type: ignore[assignment]  # the extension has put it there
        self._inlines: InlineReader = markdown.treeprocessors["inline"]  # type: ignore[assignment]  # the same

    def read(
        self,
        lines: Sequence[str],
        first_line: int,
        source_numbers: Mapping[str, int],
        folder: str,
        notes: Notes,
        effort: Effort,
    ) -> tuple[Block, ...]:
        self._blocks.begin(first_line, References(notes.check_target), effort)
        self._inlines.begin(notes, source_numbers, folder)
        root = self._blocks.parse(lines)
        for processor in self._markdown.treeprocessors:
            processor.run(root)
        return tuple(self._frozen(child) for child in root)

    @property
    def underlined(self) -> frozenset[int]:
        """The lines of the headings of the last text that a line of hyphens makes headings."""
        return frozenset(self._blocks.underlined)

    def _frozen(self, element: Element) -> Block:
        kind = _KINDS[element.tag]
        number = int(element.tag[1]) if kind is BlockKind.HEADING else int(element.get("start", "0"))
        return Block(
            kind,
            int(element.get("line", "0")),
            self._inlines.content.get(element, ()),
            tuple(map(self._frozen, element)),
            number,
            element.get("loose") is not None and kind is not BlockKind.ITEM,
        )


class _Processors(Extension):
    """Our processors in place of Python-Markdown's."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        md.parser = BlockReader(md)
        md.inlinePatterns = Registry()
        md.treeprocessors = Registry()
        md.treeprocessors.register(InlineReader(md, md.parser), "inline", 20)


_own = threading.local()


def _own_reader() -> _Reader:
    """The reader of this thread. Making one takes as long as reading a section."""
    if not hasattr(_own, "reader"):
        _own.reader = _Reader()
    made: _Reader = _own.reader
    return made


def count_citations(blocks: Sequence[Block], counted: Counter[str]) -> tuple[Block, ...]:
    """The blocks with each citation numbered among those of its source, continuing from those counted before."""
    return tuple(
        replace(block, content=_counted(block.content, counted), blocks=count_citations(block.blocks, counted))
        for block in blocks
    )


def _counted(content: Sequence[Inline], counted: Counter[str]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for inline in content:
        if isinstance(inline, Citation):
            counted[inline.source] += 1
            found.append(replace(inline, time=counted[inline.source]))
        elif isinstance(inline, Span):
            found.append(replace(inline, content=_counted(inline.content, counted)))
        else:
            found.append(inline)
    return tuple(found)


def secured(section: Section) -> Section:
    """The section unchanged if a sanitiser leaves its HTML unchanged; else its plain words, which can do no harm.

    This is the second safeguard on what reaches readers' browsers. If it is ever needed, that is a bug.
    """
    if _is_left_alone(section.html):
        return section
    log.error("`%s` is shown as plain text: the sanitiser would change its page. Please report this.", section.heading)
    plain = (Block(BlockKind.PARAGRAPH, block.line, (block.text,)) for block in section.statements)
    return replace(section, blocks=tuple(plain))


def _is_left_alone(html: str) -> bool:
    html = html.replace("&nbsp;", " ")  # no markup, and the sanitiser takes quadratic time for them
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None) == html
