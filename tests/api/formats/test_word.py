"""Documents for word processors, read back by the library, and by the one that reads what people send us."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import mammoth
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.formats.word import Block, Heading, Items, Paragraph, Table, Words, attachment, word_document

LINK = "https://example.org/a?b=1&c=2"


def html_of(*blocks: Block) -> str:
    return str(mammoth.convert_to_html(io.BytesIO(word_document("Title", blocks))).value)


def part_of(document: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as opened:
        return opened.read(name).decode()


def test_headings_paragraphs_and_links_are_what_they_look_like() -> None:
    html = html_of(Heading("One", 1), Heading("Two", 2), Paragraph(("See ", Words("this", LINK), ".")))

    assert html == f'<h1>One</h1><h2>Two</h2><p>See <a href="{LINK.replace("&", "&amp;")}">this</a>.</p>'


def test_lists_are_lists_and_each_numbered_one_begins_at_one() -> None:
    numbers = [Items(((letter,),), is_numbered=True) for letter in "ac"]
    blocks: list[Block] = [numbers[0], Paragraph(("between",)), numbers[1]]
    html = html_of(*blocks, Items((("d",),)))

    assert html == "<ol><li>a</li></ol><p>between</p><ol><li>c</li></ol><ul><li>d</li></ul>"
    numbering = part_of(word_document("T", blocks), "word/numbering.xml")
    assert len(re.findall("startOverride", numbering)) == 2


def test_a_table_has_a_head_and_empty_cells_to_fill_in() -> None:
    made = word_document("T", [Table((("a", ""), ("", "")), head=("Who", "What"), row_height=20)])
    (table,) = docx.Document(io.BytesIO(made)).tables

    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Who", "What"], ["a", ""], ["", ""]]
    assert "w:tblHeader" in part_of(made, "word/document.xml")
    height = table.rows[1].height
    assert height is not None
    assert round(height.mm) == 20


@pytest.mark.parametrize("table", [Table(()), Table(((),)), Table((("a",), ("b", "c")))])
def test_tables_of_any_shape_can_be_opened(table: Table) -> None:
    docx.Document(io.BytesIO(word_document("T", [table])))


def test_a_document_says_what_it_is_to_those_who_cannot_see_it() -> None:
    made = word_document("For Monday", [Heading("For Monday", 0)], footer="crossing.example", author="Us")
    opened = docx.Document(io.BytesIO(made))

    assert (opened.core_properties.title, opened.core_properties.author) == ("For Monday", "Us")
    assert "python-docx" not in part_of(made, "docProps/core.xml")
    assert 'w:lang w:val="en-GB"' in part_of(made, "word/styles.xml")
    assert opened.sections[0].footer.paragraphs[0].text.startswith("crossing.example")
    assert round((opened.sections[0].page_width or 0) / 36000) == 210


def test_words_in_another_language_say_so() -> None:
    made = word_document("T", [Paragraph((Words("Bedre forebyggelse", LINK, "da"),))])

    assert '<w:lang w:val="da"/>' in part_of(made, "word/document.xml")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_can_be_written_and_read_back(text: str, title: str) -> None:
    made = word_document(title, [Heading(text), Paragraph((Words(text, LINK),)), Items(((text,),)), Table(((text,),))])

    assert docx.Document(io.BytesIO(made)).tables


@given(st.text(max_size=120))
def test_any_name_makes_a_header_that_can_be_sent(name: str) -> None:
    header = attachment(name, ".docx")

    header.encode("ascii")
    assert re.fullmatch(r"""attachment; filename="[A-Za-z0-9-]+\.docx"(; filename\*=UTF-8''[\w.%~-]+)?""", header)
