"""Documents for word processors (`.docx`), made of a few kinds of blocks. The only place that knows python-docx.

They can be read aloud and navigated: headings are headings, lists are lists, the first row of a table is its head, the
language is set, and the document has a title.
"""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from api.formats.xml_text import xml_text
from kb import check

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

LONGEST_NAME = 80
"""Characters of the name of a file."""


@dataclass(frozen=True)
class Words:
    """Words that are more than plain."""

    text: str
    href: str = ""
    """Where they lead: a whole address."""
    language: str = ""
    """The ISO 639-1 code, if it is not that of the document."""
    is_strong: bool = False


Inline = str | Words


@dataclass(frozen=True)
class Heading:
    """A heading; level 0 is the title of the document."""

    text: str
    level: int = 1
    on_new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    content: tuple[Inline, ...]
    is_small: bool = False
    """For what is only looked up: sources, addresses."""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[tuple[Inline, ...], ...]
    is_numbered: bool = False
    is_small: bool = False


@dataclass(frozen=True)
class Table:
    """A table; a cell may be empty, for somebody to fill in."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    """No row for it if it is empty."""
    row_height: int = 0
    """How high a row is at least, in millimetres: room to write by hand."""


Block = Heading | Paragraph | Items | Table


def word_document(title: str, blocks: Iterable[Block], *, footer: str = "", author: str = "") -> bytes:
    """A document of these blocks as the bytes of a `.docx` file; the footer is followed by the number of the page.

    Characters that XML forbids are left out.

    >>> word_document("For Monday", [Heading("For Monday", 0), Paragraph(("A case.",))])[:2]
    b'PK'
    """
    writer = _Writer()
    writer.describe(title, author)
    writer.footer(footer)
    for block in blocks:
        check()
        writer.write(block)
    return writer.whole()


def attachment(name: str, extension: str) -> str:
    """The header `Content-Disposition` for a file that is saved under a name, in whatever letters (RFC 6266).

    >>> attachment("For Monday", ".docx")
    'attachment; filename="For-Monday.docx"'
    >>> attachment("Für Montag", ".docx")
    'attachment; filename="Fur-Montag.docx"; filename*=UTF-8\\'\\'F%C3%BCr-Montag.docx'
    """
    whole = _file_name(name) or "list"
    plain = _file_name(unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()) or "list"
    others = f"; filename*=UTF-8''{quote(whole + extension, safe='')}" if plain != whole else ""
    return f'attachment; filename="{plain}{extension}"{others}'


def _file_name(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name)[:LONGEST_NAME].strip("-")


@cache
def _docx() -> Any:
    """The library with lxml, loaded when the first document is asked for: most workers never need it."""
    import docx

    return docx


class _Writer:
    """A document while it is written."""

    def __init__(self) -> None:
        self._document: Document = _docx().Document()
        self._set_paper()
        self._set_styles()

    def describe(self, title: str, author: str) -> None:
        about = self._document.core_properties
        about.title, about.author, about.last_modified_by = _clean(title)[:255], author, author
        about.comments, about.language = "", "en-GB"
        about.created = about.modified = datetime.datetime.now(UTC).replace(tzinfo=None, microsecond=0)

    def footer(self, text: str) -> None:
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.add_run(f"{_clean(text)} · " if text else "")
        self._add_field(paragraph, "PAGE")

    def write(self, block: Block) -> None:
        match block:
            case Heading():
                paragraph = self._document.add_heading(_clean(block.text), block.level)
                paragraph.paragraph_format.page_break_before = block.on_new_page or None
            case Paragraph():
                style = "Small" if block.is_small else "Normal"
                self._fill(self._document.add_paragraph(style=style), block.content)
            case Items():
                self._list(block)
            case Table():
                self._table(block)

    def whole(self) -> bytes:
        written = io.BytesIO()
        self._document.save(written)
        return written.getvalue()

    def _list(self, block: Items) -> None:
        style = self._document.styles["List Number" if block.is_numbered else "List Bullet"]
        numbering = self._new_numbering(style) if block.is_numbered and block.items else None
        for item in block.items:
            check()
            paragraph = self._document.add_paragraph(style=style)
            if numbering is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = numbering
            self._fill(paragraph, item, small=block.is_small)

    def _new_numbering(self, style: Any) -> int:
        """A numbering in the manner of a style that begins at 1, which Word would otherwise continue."""
        numbering = self._document.part.numbering_part.element
        like = numbering.num_having_numId(style.element.pPr.numPr.numId.val)
        made = numbering.add_num(like.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def _table(self, block: Table) -> None:
        rows = (block.head, *block.rows) if block.head else block.rows
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        table = self._document.add_table(rows=len(rows), cols=columns, style="Table Grid")
        for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
            is_head = bool(block.head) and number == 0
            if is_head:
                row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
            elif block.row_height:
                row.height = _docx().shared.Mm(block.row_height)
            for cell, text in zip(row.cells, texts, strict=False):
                self._cell(cell, text, is_head=is_head)
        # Word joins tables that follow each other.
        self._document.add_paragraph(style="Small")

    def _cell(self, cell: _Cell, text: str, *, is_head: bool) -> None:
        cell.paragraphs[0].add_run(_clean(text)).bold = is_head or None

    def _fill(self, paragraph: WordParagraph, content: tuple[Inline, ...], *, small: bool = False) -> None:
        for inline in content:
            words = Words(inline) if isinstance(inline, str) else inline
            run = paragraph.add_run(_clean(words.text))
            run.bold = words.is_strong or None
            if small:
                run.font.size = _docx().shared.Pt(9)
            if words.language:
                run._r.get_or_add_rPr().append(_element("w:lang", val=_clean(words.language)))
            if words.href:
                self._link(paragraph, run, words.href)

    def _link(self, paragraph: WordParagraph, run: Any, href: str) -> None:
        relation = paragraph.part.relate_to(_clean(href), _HYPERLINK, is_external=True)
        run.style = "Hyperlink"
        link = _element("w:hyperlink")
        link.set(_docx().oxml.ns.qn("r:id"), relation)
        run._r.addprevious(link)
        link.append(run._r)

    def _add_field(self, paragraph: WordParagraph, name: str) -> None:
        field = _element("w:fldSimple", instr=name)
        paragraph._p.append(field)
        run = paragraph.add_run("1")
        field.append(run._r)

    def _set_paper(self) -> None:
        millimetres = _docx().shared.Mm
        section = self._document.sections[0]
        section.page_width, section.page_height = millimetres(210), millimetres(297)
        section.left_margin = section.right_margin = millimetres(22)
        section.top_margin = section.bottom_margin = millimetres(20)

    def _set_styles(self) -> None:
        points, colour = _docx().shared.Pt, _docx().shared.RGBColor
        styles = self._document.styles
        for language in styles.element.xpath("w:docDefaults//w:lang"):
            language.set(_docx().oxml.ns.qn("w:val"), "en-GB")
        for name, size in (("Normal", 11), ("Title", 26), ("Heading 1", 16), ("Heading 2", 12), ("Heading 3", 11)):
            style = styles[name]
            style.font.size = points(size)
            self._set_font(style)
            if name != "Normal":
                style.font.color.rgb = colour(0x0B, 0x55, 0x63)
        paragraph, character = _docx().enum.style.WD_STYLE_TYPE.PARAGRAPH, _docx().enum.style.WD_STYLE_TYPE.CHARACTER
        small = styles.add_style("Small", paragraph)
        small.base_style = styles["Normal"]
        small.font.size = points(9)
        link = styles.add_style("Hyperlink", character)
        link.font.underline = True
        link.font.color.rgb = colour(0x0B, 0x55, 0x63)

    def _set_font(self, style: Any) -> None:
        """Sets one font that every word processor has; the theme of the template names others for headings."""
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        style.font.name = "Arial"


_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def _element(name: str, **attributes: str) -> Any:
    element = _docx().oxml.OxmlElement(name)
    for key, value in attributes.items():
        element.set(_docx().oxml.ns.qn(f"w:{key}"), value)
    return element


def _clean(text: str) -> str:
    return xml_text(text, "")
