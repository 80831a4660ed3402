"""Pages show what a code host shows: it and markdown-it, CommonMark's judge, see one structure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.allowances import without_allowances
from kb.authoring.parsing.front_matter import split_file
from kb.authoring.problems import ProblemList
from tests.kb.authoring.parsing.markdown.structure import commonmark, ours

CONTENT = Path(__file__).parents[5] / "content"
FILES = sorted(
    path.relative_to(CONTENT)
    for folder in ("cases", "arrangements", "challenges")
    for path in CONTENT.glob(f"{folder}/*")
)

CONSTRUCTS = {
    # Lists
    "a list right below a line of text": "Text\n- a\n- b",
    "a numbered list right below a line of text": "Text\n1. a\n2. b",
    "a year at the beginning of a line is no list": "In the autumn of\n2015. It ended",
    "a dash at the beginning of a line is no list": "Text\n-\nmore",
    "items nested by two spaces": "- a\n  - b\n    - c",
    "items nested by three spaces": "1. a\n   - b\n   - c",
    "items nested by two spaces below a number are not nested": "1. a\n  - b",
    "items nested by four spaces": "- a\n    - b",
    "items nested by a tab": "- a\n\t- b",
    "an item after a tab": "-\ta",
    "brackets after numbers": "1) a\n2) b",
    "another mark is another list": "* a\n+ b\n- c",
    "another mark after the number is another list": "1. a\n2) b",
    "numbers below dashes": "- a\n1. b",
    "the number that a list starts with": "3. a\n4. b",
    "a list that starts with nought": "0. a",
    "numbers in any order": "1. a\n1. b\n7. c",
    "digits of other scripts begin no list": "٣. a",
    "a number too long for a list": "1234567890. a",
    "an item over several lines": "- a\n  b\n- c",
    "an item whose second line is not indented": "- a\nb\n- c",
    "blank lines between items": "- a\n\n- b",
    "a blank line between two of three items": "- a\n- b\n\n- c",
    "two blank lines between items": "+ a\n\n\n+ b",
    "two paragraphs in an item": "- a\n\n  b\n- c",
    "a paragraph after the list": "- a\n\nb",
    "a paragraph in the second of nested items": "- a\n  - b\n\n    c\n  - d\n- e",
    "an empty item": "- a\n-\n- b",
    "an item that begins on the next line": "-\n  a",
    "an empty item and a blank line": "-\n\n  a",
    "code in an item": "- a\n\n      code",
    "an item that begins with code": "-     code",
    "a quote in an item": "- a\n  > b\n\n  c",
    "a heading in an item": "- ### a\n- b",
    "fenced code in an item": "- a\n  ```\n  b\n\n  c\n  ```\n- d",
    "a rule of dashes is no list": "- a\n- - -\n- b",
    # Emphasis
    "stress and stronger stress": "*a* **b** _c_ __d__ ***e***",
    "underscores within words": "snake_case_name and a__b__c",
    "asterisks within words": "un*frigging*believable and **bold**text",
    "asterisks next to punctuation": '**"a"**b, a**"b"** and **a.**b',
    "underscores next to punctuation": "_a_. (_b_) “_c_”",
    "stress in stress": "*a **b** c* and **a *b* c**",
    "stress that overlaps": "*a **b* c** and **a *b** c*",
    "stress over two lines": "*a\nb*",
    "stars that stress nothing": "5 * 3 * 2 and 5*3 and **",
    "stress around a link": "*[a](https://b.example)*",
    "runs whose lengths do not fit": "**a*b**c* and *a**b*",
    # Escapes and characters
    "escaped marks": "\\*a\\* \\_b\\_ \\# \\[x\\] \\<b\\> 1\\. \\\\",
    "a backslash before a letter": "C:\\new",
    "an escaped list": "\\- a\n\n1\\. b",
    "characters by name and number": "a &amp; b &copy; &#42;c&#42; &#x22; &nope; &",
    # Code
    "code spans": "`a` ``b`c`` ` d ` `` ` ``",
    "a code span over two lines": "`a\nb`",
    "code binds tighter than stress": "*a `b* c`",
    "code binds tighter than links": "[a `](https://b.example)`",
    "backticks without an end": "``a` b",
    "fenced code": "```\na\n\n  b\n```\nc",
    "fenced code with a language": "```python\na\n```",
    "code fenced by tildes": "~~~\na\n~~~",
    "code whose fence is longer": "````\n```\n````",
    "code without the end of its fence": "```\na\n\nb",
    "code indented by four spaces": "a\n\n    code\n\n      more\n\nb",
    "code indented by a tab": "\tcode",
    "an indented line of a paragraph is no code": "a\n    b",
    # Quotes
    "a quote": "> a\n> b",
    "a quote whose second line lacks the mark": "> a\nb",
    "two quotes": "> a\n\n> b",
    "two paragraphs in a quote": "> a\n>\n> b",
    "a quote in a quote": "> a\n> > b",
    "a list in a quote": "> - a\n> - b\nc",
    "blank lines between items in a quote": "> - a\n>\n> - b",
    "blank lines between paragraphs of a quote in an item": "- > a\n  >\n  > b\n- c",
    "a quote right below a line of text": "a\n> b",
    # Breaks, headings, rules
    "a break after two spaces": "a  \nb",
    "a break after a backslash": "a\\\nb",
    "no break at the end": "a  \n\nb\\",
    "headings": "### a\n#### b ####\nc",
    "a heading right below a line of text": "a\n### b",
    "hashes without a space": "#a\n###b",
    "underlined headings": "a\n===\nb\n---\nc\nd\n--",
    "rules": "***\n\n---\n\n_ _ _",
    "a rule right below a line of text": "a\n***\nb",
    # Links
    "links with titles": "[a](https://b.example 't') [c](<https://d.example> \"u\")",
    "brackets in links": "[a [b] c](https://d.example/(e))",
    "a link over two lines": "[a\nb](https://c.example)",
    "links in angle brackets": "<https://a.example/b?c=d&e> <a@b.example>",
    "references": "[a][b] [B][] [b]\n\n[b]: https://c.example 'd'",
    "a reference on three lines": "[a]\n\n[a]:\n  <https://b.example>\n  'c'",
    "a reference in a list": "- [a]: https://b.example\n\n[a]",
    "brackets that are no links": "[a] [b](c d) [e]\n(f) [g][h]",
    "a link in a link": "[a [b](https://c.example) d](https://e.example)",
    "stress in a link": "[*a* **b**](https://c.example)",
    # Tables
    "a table": "| a | b |\n|---|---|\n| *c* | d |",
    "a table right below a line of text": "Text\n| a | b |\n|---|---|\n| c | d |",
    "a table right above a line of text": "| a |\n|---|\n| b |\nc",
    "a table without bars at its edges": "a | b\n:--|--:\nc | d",
    "rows that are too short and too long": "|a|b|\n|-|-|\n|c|\n|d|e|f|",
    "bars in cells": "| a \\| b |\n|---|\n| `c \\| d` |",
    "a table of headings": "| a |\n|---|\n\nb",
    "a list right below a table": "| a |\n|---|\n| b |\n- c",
    "columns that do not fit": "| a | b |\n|---|\n| c |",
}


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_what_authors_write_looks_the_same_as_on_their_code_host(construct: str) -> None:
    text = CONSTRUCTS[construct]

    assert ours(text) == commonmark(text)


def test_the_table_is_not_trivial() -> None:
    assert len(CONSTRUCTS) >= 60
    assert len({str(commonmark(text)) for text in CONSTRUCTS.values()}) >= 60


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_text_in_the_collection_looks_the_same_as_on_its_code_host(path: Path) -> None:
    split = split_file((CONTENT / path).read_text("utf-8"), ProblemList(path))  # type: ignore[arg-type]  # for messages
    assert split
    body = without_allowances(split.body)

    shown = ours(body, path.parent.name, sources=dict.fromkeys(re.findall(r"@([\w-]+)", body)))

    assert len(shown) > 5
    assert shown == commonmark(body, path.parent.name)


DIFFERENCES = {
    "HTML is refused and shown as it is written: it would be shown to every reader of the site":
        ("a <b>b</b>", [("p", ["a <b>b</b>"])]),
    "pictures are refused: they would be fetched from elsewhere, and can expose people":
        ("![a](https://b.example/c.png)", [("p", ["![a](https://b.example/c.png)"])]),
    "links to anything but the web, mail and content files are refused":
        ("[a](javascript:b)", [("p", ["a"])]),
    "a citation is no link, whatever follows it":
        ("a [@s1](b)", [("p", ["a(b)"])]),
    "a citation is no definition of a link":
        ("[@s1]: a", [("p", [": a"])]),
    "a citation may follow a link by reference":
        ("[a][@s1]\n\n[a]: https://b.example", [("p", [("a", "https://b.example", "", ["a"])])]),
    "a citation or an address in a link is no link of its own, which HTML does not know":
        ("[a <https://b.example>](https://c.example)", [("p", [("a", "https://c.example", "", ["a https://b.example"])])]),
    "a line of hyphens below a line with a bar makes a heading, as on GitHub; markdown-it sees a table":
        ("| a |\n---", [("h2", ["| a |"])]),
    "a table does not begin in the line of an item, as on GitHub; markdown-it sees a table":
        ("- a | b\n--|--", [("ul", [("li", [("words", ["a | b --|--"])])])]),
    "the line below a definition may still belong to the item that contains it, as on GitHub":
        ("- [a]: https://b.example\nc", [("ul", [("li", [("words", ["c"])])])]),
    "nine brackets in one another are too many in the address of a link":
        (f"[a](https://b.example{'(' * 9}{')' * 9})", [("p", [f"[a](https://b.example{'(' * 9}{')' * 9})"])]),
}  # fmt: skip
"""Where pages differ from what markdown-it sees, and why; each with what pages show."""


@pytest.mark.parametrize("reason", DIFFERENCES)
def test_pages_differ_from_code_hosts_where_there_is_a_reason(reason: str) -> None:
    text, shown = DIFFERENCES[reason]

    assert ours(text) == shown
    assert ours(text) != commonmark(text)


# Whatever is generated from pieces of these kinds

WORDS = st.sampled_from("a bc 2015. é “d” e_f_g 3*4 & &amp; x.".split())
SIMPLE = WORDS | st.sampled_from(["`a b`", "`` ` ``", "\\*", "*", "**", "_"])
STRESSED = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        .map(" ".join)
        .flatmap(lambda text: st.sampled_from([f"*{text}*", f"**{text}**", f"_{text}_", f"({text})"]))
    ),
    max_leaves=6,
)
INLINE = (
    STRESSED
    | WORDS.map("[{}](https://c.example)".format)
    | st.sampled_from(["<https://a.example>", "[", "]", "**[a](https://b.example)**", "[*a* `b`](https://c.example)"])
)
LINE = st.lists(INLINE, min_size=1, max_size=4).map(" ".join).map(str.strip).filter(bool)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=3).flatmap(
    lambda lines: st.sampled_from(["\n", "  \n", "\\\n"]).map(lambda end: end.join(lines))
)
OTHER = st.sampled_from(
    ["### a", "***", "```\na\n\n- b\n```", "    code", "| a | b |\n|---|---|\n| c |", "a\n---", "> a\nb", "1) a\n2) b"]
)


def _indented(text: str, first: str, others: str) -> str:
    return "\n".join(f"{others if number else first}{line}" for number, line in enumerate(text.split("\n")))


def _within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blocks = st.tuples(inner, st.sampled_from(["\n", "\n\n"]), inner).map("".join) | inner
    item = st.tuples(blocks, st.sampled_from(["- ", "* ", "1. ", "2) ", "> ", "-   "])).map(
        lambda found: _indented(found[0], found[1], "> " if found[1] == "> " else " " * len(found[1]))
    )
    return st.lists(item, min_size=1, max_size=3).flatmap(
        lambda items: st.sampled_from(["\n", "\n\n"]).map(lambda between: between.join(items))
    )


TEXT = st.lists(st.recursive(PARAGRAPH | OTHER, _within, max_leaves=6), min_size=1, max_size=3).flatmap(
    lambda blocks: st.sampled_from(["\n", "\n\n"]).map(lambda between: between.join(blocks))
)


@given(TEXT)
def test_any_combination_of_these_looks_the_same_as_on_a_code_host(text: str) -> None:
    assert ours(text) == commonmark(text)
