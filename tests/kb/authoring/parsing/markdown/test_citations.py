"""Citations: what is read as one, what it looks like, and what is reported about the rest."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.markdown.citations import NotACitation, read_citation
from kb.model.section import GENERAL
from tests.kb.authoring.parsing.markdown.reading import html, read
from tests.kb.authoring.parsing.markdown.test_safety import unsafe_parts


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("[@s1]", [("s1", "")]),
        ("[ @s1 ]", [("s1", "")]),
        ("[@s1; @s3]", [("s1", ""), ("s3", "")]),
        ("[@s1;@s3]", [("s1", ""), ("s3", "")]),
        ("[@s1;s3]", [("s1", ""), ("s3", "")]),
        ("[@s1, @s3]", [("s1", ""), ("s3", "")]),
        ("[@s1,@s3]", [("s1", ""), ("s3", "")]),
        ("[@s1,s3]", [("s1", ""), ("s3", "")]),
        ("[@s1, s3, we]", [("s1", ""), ("s3", ""), ("we", "")]),
        ("[@s1 @s3]", [("s1", ""), ("s3", "")]),
        ("[@s1;]", [("s1", "")]),
        ("[@s1, p. 4]", [("s1", "p. 4")]),
        ("[@s1 p. 4]", [("s1", "p. 4")]),
        ("[@s1, p. 4,\n  @s3]", [("s1", "p. 4"), ("s3", "")]),
        ("[@s1, p. 4, s3]", [("s1", "p. 4"), ("s3", "")]),
        ("[@s1, pp. 4, 7; @s3, ch. 2]", [("s1", "pp. 4, 7"), ("s3", "ch. 2")]),
        ("[@s1, by a@b.org]", [("s1", "by a@b.org")]),
        ("[@s1;\n@s3]", [("s1", ""), ("s3", "")]),
        ("[@crest-cr]", [("crest-cr", "")]),
        ("[@s9]", [("s9", "")]),
    ],
)
def test_plain_variants_are_read(written: str, cited: list[tuple[str, str]]) -> None:
    assert read_citation(written, {"s1", "s3", "we"}) == cited


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("[@]", "`@` is not a source key with an `@`"),
        ("[@ s1]", "`@ s1` is not a source key with an `@`"),
        ("[@;]", "`@` is not a source key with an `@`"),
        ("[@s1; other]", "`other` is not a source key with an `@`"),
        ("[@s1 and @s3]", "`and` after `@s1` is neither a page nor a source"),
        ("[@s1 see below]", "`see below` after `@s1` is neither a page nor a source"),
        ("[@s1: p. 4]", "`: p. 4` after `@s1` is neither a page nor a source"),
    ],
)
def test_anything_else_is_refused_with_a_reason(written: str, reason: str) -> None:
    with pytest.raises(NotACitation, match=f"^{re.escape(reason)}$"):
        read_citation(written, {"s1", "s3"})


@given(st.text(alphabet="@s13;, p.4\n-", max_size=20))
def test_anything_in_brackets_is_read_or_refused(inside: str) -> None:
    try:
        cited = read_citation(f"[@{inside}]", {"s1", "s3"})
    except NotACitation:
        return
    assert cited
    assert all(re.fullmatch(r"[A-Za-z0-9][\w-]*", key) for key, _ in cited)


def link(number: int, times: int = 1, locator: str = "") -> str:
    """The link of a citation, as it appears on a page."""
    more = f", {locator}" if locator else ""
    return (
        f'<a aria-label="Source {number}{more}" href="#source-s{number}" id="cite-s{number}-{times}">{number}{more}</a>'
    )


@pytest.mark.parametrize(
    ("markdown", "rendered"),
    [
        ("Fact [@s1].", f'<p>Fact.<sup class="citation">{link(1)}</sup></p>'),
        ("Fact [@s1] and", f'<p>Fact<sup class="citation">{link(1)}</sup> and</p>'),
        ("Fact\n[@s1]", f'<p>Fact<sup class="citation">{link(1)}</sup></p>'),
        ("*Fact* [@s1]!", f'<p><em>Fact</em>!<sup class="citation">{link(1)}</sup></p>'),
        ("Fact [@s1; @s2]", f'<p>Fact<sup class="citation">{link(1)}{link(2)}</sup></p>'),
        ("Fact [@s1;\n@s2]", f'<p>Fact<sup class="citation">{link(1)}{link(2)}</sup></p>'),
        ("Fact [@s2, p. 4]", f'<p>Fact<sup class="citation">{link(2, 1, "p. 4")}</sup></p>'),
        ("[@s1] [@s1]", f'<p><sup class="citation">{link(1)}{link(1, 2)}</sup></p>'),
        ("**Fact [@s1].**", f'<p><strong>Fact.<sup class="citation">{link(1)}</sup></strong></p>'),
        ("Fact [@s1](x)", f'<p>Fact<sup class="citation">{link(1)}</sup>(x)</p>'),
        ("Wow![@s1]", f'<p>Wow!<sup class="citation">{link(1)}</sup></p>'),
        ("Code `[@s1]`", "<p>Code <code>[@s1]</code></p>"),
        ("    [@s1]", "<pre><code>[@s1]\n</code></pre>"),
    ],
)
def test_citations_become_links_to_the_sources(markdown: str, rendered: str) -> None:
    assert html(markdown) == rendered
    assert set(read(markdown).rules) <= {"indented-text"}


@pytest.mark.parametrize("locator", ["`p. 4`", "p. \\*4\\*", "*p. 4*", "p. <b>", "a & b", 'the "end"'])
def test_a_locator_is_plain_words(locator: str) -> None:
    page = html(f"Fact [@s1, {locator}].")

    assert unsafe_parts(page) == []
    assert "<em>" not in page
    assert "<code>" not in page
    assert "\\" not in page


def test_citations_are_counted_in_the_order_of_reading() -> None:
    section = read("- One [@s1]\n  - Two [@s1]\n\n| a |\n|---|\n| [@s2, p. 4] [@s1] |").section

    assert [(citation.source, citation.time) for citation in section.citations] == [
        ("s1", 1),
        ("s1", 2),
        ("s2", 1),
        ("s1", 3),
    ]
    assert 'id="cite-s1-3"' in section.html


def test_general_knowledge_is_marked() -> None:
    section = read("Known [@general].", "arrangements", {"s1": 1, GENERAL: 0}).section

    assert section.html == (
        '<p>Known.<sup class="citation"><a aria-label="General professional knowledge" class="general" '
        'href="#source-general">[no source]</a></sup></p>'
    )


@pytest.mark.parametrize(
    ("markdown", "reported"),
    [
        (
            "Fact [@s9].",
            "1:6: error: `s9` is not listed under `sources`. The listed sources are: s1, s2. [unknown-source]",
        ),
        (
            "Fact [@s1; @s9].",
            "1:6: error: `s9` is not listed under `sources`. The listed sources are: s1, s2. [unknown-source]",
        ),
        (
            "- Fact\n  [@ s1].",
            "2:3: error: `[@ s1]` cannot be read as a citation. `@ s1` is not a source key with an `@`. "
            "Write `[@s1]`, `[@s1; @s2]` or `[@s1, p. 4]`. [bad-citation]",
        ),
        (
            "Fact [see @s1].",
            "1:6: error: `[see @s1]` cannot be read as a citation. "
            "Write `[@s1]`, `[@s1; @s2]` or `[@s1, p. 4]`. [bad-citation]",
        ),
        (
            "Fact \\[@s1\\].",
            "1:6: error: A backslash keeps `[@s1]` from being read as a citation. "
            "Write it without the backslash. [bad-citation]",
        ),
        ("Fact [@s1.", "1:6: error: The citation `[@s1.` is not closed. Write `[@s1]`. [bad-citation]"),
        (
            "A [fact [@s1]](https://b.example)",
            "1:3: error: There is a citation in the text of a link. Put it after the link. [bad-citation]",
        ),
    ],
)
def test_what_cannot_be_read_is_reported_where_it_is(markdown: str, reported: str) -> None:
    assert [str(problem).removeprefix("cases/a-case.md:") for problem in read(markdown).problems] == [reported]


@pytest.mark.parametrize(
    "markdown", ["Write to info@b.org.", "[a] and (b)", "[s1](https://b.example)", "[mail info@b.org]", "[@\n\ns1]"]
)
def test_other_text_is_not_a_citation(markdown: str) -> None:
    assert read(markdown).problems == ()
    assert read(markdown).section.citations == ()


CITED = st.sampled_from(
    ["[@s1]", "[@s1; @s2]", "[@s1, p. 4]", "[@s2 p. 1]", "[@s9]", "[see @s1]", "\\[@s1]", "[@s1", "[@]"]
)
AROUND = st.sampled_from(
    ["Fact ", "*", "**", "`", "\n- ", "\n\n> ", ".", "[", "](https://a.example)", "| a |\n|---|\n| "]
)


@given(st.lists(CITED | AROUND, max_size=8).map("".join))
def test_what_a_page_shows_as_cited_is_what_is_counted_and_nothing_is_left_raw(markdown: str) -> None:
    reading = read(markdown)

    assert reading.section.html.count('id="cite-') == len(reading.section.citations)
    words = re.sub(r"<code>.*?</code>", "", reading.section.html, flags=re.DOTALL)
    assert "[@" not in words or reading.problems
