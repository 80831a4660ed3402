"""What is needed of a `.docx` file, which is a zip archive of XML: by whomever, and however, it was made.

Nothing of it is believed: names, sizes and depths are counted here, before anything else reads it, and only the parts
that contain text are passed on. Pictures, macros, other files and whatever lies elsewhere are never opened.
"""

from __future__ import annotations

import io
import re
import zlib
from xml.parsers import expat  # every declaration that could expand or lead elsewhere is refused  # nosec B407
from xml.sax.saxutils import escape, quoteattr  # nothing is parsed with it  # nosec B406
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kb.deadline import check
from kb.errors import ContentError

MOST_ENTRIES = 1000
"""Files in the archive. A document with fifty pictures has about eighty."""

MOST_BYTES = 2 * 1024 * 1024
"""Bytes of all parts that are read, once they are expanded: twenty pages take some 500,000."""

MOST_EXPANSION = 150
"""How many times as large a part may become, from a size that matters; XML becomes ten to fifty times as large."""

EXPANSION_FROM = 64 * 1024
"""Bytes. Smaller parts may expand as they like."""

MOST_ELEMENTS = 60_000
"""XML elements of all parts together. Two thousand words, each with a format of its own, have some 30,000."""

MOST_TAKEN = 12_000
"""Those of them that say more than how something looks: the same words have some 10,000."""

MOST_ATTRIBUTES = 100
"""Of one element. The first one of a document has about forty."""

DEEPEST = 60
"""Levels of XML. A table in a table has about thirty."""

_PARTS = re.compile(r"_rels/\.rels|word/(?:_rels/)?(?:document|styles|numbering|footnotes|endnotes)\d?\.xml(?:\.rels)?")
_LOOKS = frozenset(
    f"w:{name}"
    for name in (
        "adjustRightInd autoSpaceDE autoSpaceDN bCs bookmarkEnd bookmarkStart color contextualSpacing docDefaults "
        "drawing highlight iCs ind jc keepLines keepNext kern lang lastRenderedPageBreak latentStyles noProof object "
        "pBdr proofErr rFonts rsids sectPr shd snapToGrid spacing sz szCs tabs tblBorders tblCellMar tblGrid tblLayout "
        "tblLook tblStylePr tblW tcBorders tcMar tcW u vAlign widowControl"
    ).split()
)
"""Elements that say how something looks, and pictures."""

_ENCRYPTED = 0x1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WHAT_ELSE = {
    _OLE: "It is an old .doc file, or is protected by a password.",
    b"%PDF": "It is a PDF: go back to the document that it was made from.",
    b"{\\rtf": "It is an .rtf file.",
}
_AGAIN = "Open it in the word processor, save it as .docx without a password, and try again."


def is_archive(data: bytes) -> bool:
    """Whether a file is, or claims to be, one of a word processor or another program, rather than a text."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", *_WHAT_ELSE))


def plain_archive(data: bytes) -> bytes:
    """An archive with the parts that contain text, and nothing that could do harm.

    Raises ContentError, with a sentence for people, if the file is no `.docx`, is encrypted, or is beyond a limit; and
    OutOfTime at the deadline.
    """
    for start, what in _WHAT_ELSE.items():
        if data.startswith(start):
            raise ContentError(f"This file cannot be read here. {what} {_AGAIN}")
    try:
        parts = _parts(data)
    except (BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ContentError(f"This file is damaged, or is no .docx file. {_AGAIN}") from error
    if not any(name.startswith("word/document") for name in parts):
        raise ContentError(f"This archive is no .docx file. {_AGAIN}")
    return _packed(_without_looks(parts))


def _parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise ContentError(f"This archive has more than {MOST_ENTRIES:,} files in it: it is no document.")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise ContentError(f"This file is protected by a password. {_AGAIN}")
        left = MOST_BYTES
        parts: dict[str, bytes] = {}
        # Names are only compared with those of the parts, so one that leads elsewhere leads nowhere.
        for entry in entries:
            if _PARTS.fullmatch(entry.filename) and entry.filename not in parts:
                parts[entry.filename] = _expanded(archive, entry, left)
                left -= len(parts[entry.filename])
        return parts


def _expanded(archive: ZipFile, entry: ZipInfo, left: int) -> bytes:
    check()
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ContentError(f"This file is compressed in a way that no word processor uses. {_AGAIN}")
    # What the archive says about sizes may be wrong: what comes out is counted.
    with archive.open(entry) as part:
        text = part.read(left + 1)
    is_bomb = len(text) > EXPANSION_FROM and len(text) > MOST_EXPANSION * max(entry.compress_size, 1)
    if len(text) > left or is_bomb:
        raise ContentError("This document is too large once it is unpacked. Copy the text of the case into a new one.")
    return text


def _without_looks(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts without what only says how they look: most of what a word processor writes."""
    counted = _Counted()
    try:
        return {name: counted.read(text) for name, text in parts.items()}
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise ContentError(f"This file is damaged, or is no .docx file. {_AGAIN}") from error


class _Counted:
    """Writes XML anew, counts elements and levels, and refuses declarations: no word processor writes any."""

    def __init__(self) -> None:
        self._elements = 0
        self._taken = 0
        self._depth = 0
        self._left_out = 0
        """The level of the element that is being left out; 0 if none is."""
        self._written: list[str] = []

    def read(self, text: bytes) -> bytes:
        """The same in UTF-8, without the elements that are left out."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        self._depth = self._left_out = 0
        self._written = []
        parser.Parse(text, True)
        return "".join(self._written).encode()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        check()
        self._elements += 1
        self._depth += 1
        if not self._left_out and name in _LOOKS:
            self._left_out = self._depth
        is_taken = not self._left_out
        self._taken += is_taken
        if len(attributes) > MOST_ATTRIBUTES:
            raise ContentError(f"This file is damaged, or is no .docx file. {_AGAIN}")
        if self._elements > MOST_ELEMENTS or self._taken > MOST_TAKEN:
            raise ContentError("This document is too long. Copy the text of the case into a new one, as plain text.")
        if self._depth > DEEPEST:
            raise ContentError("Something in this document is nested too deeply, such as tables in tables.")
        if is_taken:
            pairs = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
            self._written.append(f"<{name}{pairs}>")

    def _end(self, name: str) -> None:
        if not self._left_out:
            self._written.append(f"</{name}>")
        elif self._left_out == self._depth:
            self._left_out = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if not self._left_out:
            self._written.append(escape(text))

    def _refuse(self, *_: object) -> None:
        raise ContentError("This document declares entities, as no word processor does, so it is not read.")


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()
