"""Blocks and their HTML, lines and words."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.markdown.document import count_citations
from tests.kb.authoring.parsing.markdown.reading import html, read
from tests.kb.authoring.parsing.markdown.test_safety import MARKDOWN


@pytest.mark.parametrize(
    ("markdown", "rendered"),
    [
        ("A **bold** and *calm* `word`.", "<p>A <strong>bold</strong> and <em>calm</em> <code>word</code>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("1) one", "<ol>\n<li>one</li>\n</ol>"),
        ("- one\n\n- two", "<ul>\n<li>\n<p>one</p>\n</li>\n<li>\n<p>two</p>\n</li>\n</ul>"),
        ("- one\n  - two", "<ul>\n<li>one\n<ul>\n<li>two</li>\n</ul>\n</li>\n</ul>"),
        ("- # one\n- ", "<ul>\n<li>\n<h1>one</h1>\n</li>\n<li></li>\n</ul>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        (">", "<blockquote>\n</blockquote>"),
        ("### A part", "<h3>A part</h3>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("```\na\n\nb\n```", "<pre><code>a\n\nb\n</code></pre>"),
        ("| a |\n|---|\n| b |", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n"
                               "<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("a <b>tag</b>", "<p>a &lt;b&gt;tag&lt;/b&gt;</p>"),
        ("[x](https://example.org 'T')", '<p><a href="https://example.org" title="T">x</a></p>'),
        ("<https://example.org>", '<p><a href="https://example.org">https://example.org</a></p>'),
        ("[x](mailto:a@example.org)", '<p><a href="mailto:a@example.org">x</a></p>'),
        ("[x](#what-helped)", '<p><a href="#what-helped">x</a></p>'),
        ("", ""),
        ("\n \n", ""),
    ],
)  # fmt: skip
def test_plain_markdown_is_rendered(markdown: str, rendered: str) -> None:
    assert html(markdown) == rendered


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("It *began* [@s1].", "It began."),
        ("It began [@s1, p. 4; @s2] in 2007.", "It began in 2007."),
        ("One.\n\nTwo\nlines.\n\n- Three\n- Four", "One.\nTwo lines.\nThree\nFour"),
        ("### Part\n\nText", "Part\nText"),
        ("| a | b |\n|---|---|\n| c | d |", "a b\nc d"),
        ("a  \nb", "a b"),
        ("1 < 2 &amp; 3", "1 < 2 & 3"),
        ("a <b>tag</b>", "a <b>tag</b>"),
        ("[Oslo](oslo.md) helped", "Oslo helped"),
        ("> - a\n>   - b\n\n***", "a\nb"),
        ("```\na\nb\n```", "a b"),
        ("[@s1]", ""),
        ("", ""),
    ],
)
def test_plain_text_has_a_line_per_statement_and_no_citations(markdown: str, text: str) -> None:
    assert read(markdown).section.text == text


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("\n\na\nb\n\nc", [3, 6]),
        ("- a\n\n  b\n- c\n  > d", [1, 3, 4, 5]),
        ("> a\nb\n> - c", [1, 3]),
        ("[a]: https://b.example\nc", [2]),
        ("a\n| b |\n|---|\n| c |", [1, 2, 4]),
        ("```\na\n```\n\n    b", [2, 5]),
        ("### a\nb\n===", [1, 2]),
    ],
)
def test_statements_know_their_lines(markdown: str, lines: list[int]) -> None:
    assert [block.line for block in read(markdown).section.statements] == lines


def test_a_definition_in_one_section_is_known_in_the_next() -> None:
    section = read("## One\n\n[a]: https://b.example\n\n## Two\n\n[a]").section

    assert section.html.endswith('<p><a href="https://b.example">a</a></p>')


@given(MARKDOWN | st.text(max_size=60))
def test_any_text_is_read_with_positions_inside_it(markdown: str) -> None:
    reading = read(markdown)

    lines = markdown.split("\n")
    places = [(problem.line, problem.column) for problem in reading.problems]
    places += [(link.line, link.column) for link in reading.links]
    assert all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in places)
    assert all(1 <= block.line <= len(lines) for block in reading.section.statements)


def test_citation_counts_continue_from_one_section_to_the_next() -> None:
    counted: Counter[str] = Counter(s1=4)

    (block,) = count_citations(read("*Fact [@s1; @s2].*").section.blocks, counted)

    assert [(citation.source, citation.time) for citation in block.citations] == [("s1", 5), ("s2", 1)]
    assert counted == {"s1": 5, "s2": 1}
