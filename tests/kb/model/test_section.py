"""A section: what is read from it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from kb.model.case import Guide
from kb.model.section import Block, BlockKind, Citation, Section, Span, Style
from tests.builders import section_of
from tests.kb.authoring.parsing.markdown.reading import read

TEXT = """\
One *thing*. Another
thing [@s1, p. 4]. A third\\
one.

- [First](a.md): "It is slow." It takes years.
  - Second
- Third: who pays? You?

| a | b |
|---|---|
| c | d. E |

    code. More
"""


@pytest.fixture
def section() -> Section:
    return read(TEXT).section


def test_points_are_the_first_sentence_of_each_statement(section: Section) -> None:
    assert section.points == (
        "One thing.",
        'First: "It is slow."',
        "Second",
        "Third: who pays?",
        "a b",
        "c d.",
        "code.",
    )


def test_a_guide_has_the_points_of_its_sections() -> None:
    guide = Guide(
        "challenge", "fragile-trust", (), (section_of("pitfalls", "Pitfalls", "It is slow. It takes years."),)
    )

    assert guide.points("pitfalls") == ("It is slow.",)
    assert guide.points("purpose") == ()


def test_sentences_have_their_lines(section: Section) -> None:
    found = [sentence for block in section.statements for sentence in block.sentences]

    assert found[:4] == [(1, "One thing."), (1, "Another thing."), (2, "A third"), (3, "one.")]
    assert found[4:6] == [(5, 'First: "It is slow."'), (5, "It takes years.")]


def test_citations_come_in_order_however_deep() -> None:
    section = read("*a **b [@s1]*** [c](d.md) [@s2, p. 4]\n\n> - e [@s1]").section

    assert section.citations == (
        Citation("s1", 1, 1),
        Citation("s2", 2, 1, "p. 4"),
        Citation("s1", 1, 2),
    )


def test_words_are_marked_as_the_page_asks(section: Section) -> None:
    shown = section.to_html(words=str.upper)

    assert "<p>ONE <em>THING</em>. ANOTHER\nTHING." in shown
    assert ">1, p. 4</a>" in shown
    assert '<a href="/cases/a">FIRST</a>' in shown


def test_on_another_page_links_point_back_and_there_are_no_anchors() -> None:
    section = read("a [b](#context) [c](https://d.example) [@s2]").section

    assert section.to_html(page="/cases/oslo-salto") == (
        '<p>a <a href="/cases/oslo-salto#context">b</a> <a href="https://d.example">c</a><sup class="citation">'
        '<a aria-label="Source 2" href="/cases/oslo-salto#source-s2">2</a></sup></p>'
    )


def test_a_section_survives_being_stored(section: Section) -> None:
    stored = TypeAdapter(Section)
    data = stored.dump_json(section, exclude_defaults=True)

    assert stored.validate_json(data) == section
    assert len(data) < 3 * len(section.html)


def test_a_section_is_a_value(section: Section) -> None:
    assert hash(section) == hash(read(TEXT).section)
    with pytest.raises(AttributeError):
        section.heading = "Another"  # type: ignore[misc]  # that is the point


def test_escaped_text_stays_escaped() -> None:
    link = Span(Style.LINK, ("<&\xa0>",), href='https://a.example/"<&', title='"')
    section = Section("a", "A", (Block(BlockKind.PARAGRAPH, 1, (link, Citation("s1", 1, 1, '"<b>'))),))

    assert section.html == (
        '<p><a href="https://a.example/&quot;&lt;&amp;" title="&quot;">&lt;&amp;&nbsp;&gt;</a><sup class="citation">'
        '<a aria-label="Source 1, &quot;&lt;b&gt;" href="#source-s1" id="cite-s1-1">1, "&lt;b&gt;</a></sup></p>'
    )


@pytest.mark.parametrize(("text", "point"), [
    ("They say this themselves [@s1].\n\n- Coffee helped [@s1]. Tea too.\n- More.", "Coffee helped."),
    ("1. First.\n2. Second.", "First."),
    ("One. Two.", "One."),
    ("### Money\n\nIt was short. So was time.", "It was short."),
    ("- *Trust*: they [came](https://example.org) back. Often.", "Trust: they came back."),
    ("    code only", ""),
    ("", ""),
])  # fmt: skip
def test_the_first_point_is_that_of_a_list_or_of_the_text(text: str, point: str) -> None:
    assert read(text).section.first_point == point
