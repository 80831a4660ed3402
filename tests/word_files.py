"""Documents of a word processor, as small as they can be: a zip archive of XML."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_STYLES = {"Title": "Title", "H1": "heading 1", "H2": "heading 2", "H3": "heading 3"}
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def run(text: str, *, bold: bool = False) -> str:
    """Words."""
    marks = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{marks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text: str = "", style: str = "", *, bold: bool = False, inside: str = "") -> str:
    """A paragraph in a style, of these words and whatever else is inside it."""
    marks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{marks}{run(text, bold=bold) if text else ''}{inside}</w:p>"


def item(text: str, level: int = 0, numbering: int = 1) -> str:
    """An item of the list with bullets (1) or numbers (2)."""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr>{run(text)}</w:p>"


def table(*rows: Iterable[str]) -> str:
    """A table of words."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def link(text: str, link_id: str) -> str:
    """A link to one of the targets of the document."""
    return f'<w:hyperlink r:id="{link_id}">{run(text)}</w:hyperlink>'


def note(number: int) -> str:
    """A reference to a footnote."""
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def archive(parts: Mapping[str, str | bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts."""
    made = io.BytesIO()
    with ZipFile(made, "w", compression) as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return made.getvalue()


def document_xml(body: str) -> str:
    """The main part of a document."""
    return f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"


def word_file(*body: str, notes: Mapping[int, str] | None = None, links: Mapping[str, str] | None = None) -> bytes:
    """A `.docx` file with this body, footnotes and targets of links."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )
    lists = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{form}"/></w:lvl>' for level in range(4))
        + "</w:abstractNum>"
        for number, form in ((1, "bullet"), (2, "decimal"))
    )
    used = "".join(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (1, 2))
    footnotes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(text)}</w:footnote>' for number, text in (notes or {}).items()
    )
    targets = "".join(
        f'<Relationship Id="{key}" Type="{_LINK}" Target={quoteattr(target)} TargetMode="External"/>'
        for key, target in (links or {}).items()
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return archive({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "word/document.xml": document_xml("".join(body)),
        "word/styles.xml": f"<w:styles {_NAMESPACES}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_NAMESPACES}>{lists}{used}</w:numbering>",
        "word/footnotes.xml": f"<w:footnotes {_NAMESPACES}>{footnotes}</w:footnotes>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{targets}</Relationships>',
    })  # fmt: skip
