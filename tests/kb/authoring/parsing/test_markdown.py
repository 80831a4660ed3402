"""Markdown to HTML that is safe in every reader's browser, with citations and links between files."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.markdown import NestedTooDeeply, Renderer, cited_keys, content_address, plain_text
from tests.builders import case_markdown, vocabularies

SAFE_TAGS = frozenset(
    "a blockquote br code em h3 h4 hr li ol p pre strong sup table tbody td th thead tr ul".split()
)  # fmt: skip
SAFE_ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label", "class"},
    "sup": {"class"},
    "ol": {"start"},
    "li": {"id"},
}
SAFE_SCHEMES = {"http", "https", "mailto"}


def html(markdown: str, folder: str = "cases") -> str:
    """The HTML of a text that may cite s1 and s2."""
    return Renderer({"s1": 1, "s2": 2}, folder).html(markdown)


class UnsafeParts(HTMLParser):
    """Collects everything in a page that may not be there, seen as a browser sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SAFE_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in SAFE_ATTRIBUTES.get(tag, set()):
                self.found.append(f"<{tag} {name}>")
            if name in {"href", "src"} and not self._is_safe_address(value or ""):
                self.found.append(f"{name} {value}")

    def _is_safe_address(self, address: str) -> bool:
        # Browsers strip control characters and spaces around an address, and line ends and tabs inside.
        address = re.sub(r"[\t\r\n]", "", re.sub(r"^[\x00-\x20]+", "", address))
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", address)
        return scheme is None or scheme.group(1).lower() in SAFE_SCHEMES

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}]>")


def unsafe_parts(page: str) -> list[str]:
    parser = UnsafeParts()
    parser.feed(page)
    parser.close()
    return parser.found


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>fine <a href='https://example.org' title='x'>y</a></p>", []),
        ("<a href='/cases/x#y'>", []),
        ("<script>alert(1)</script>", ["<script>"]),
        ("<p onclick='x'>", ["<p onclick>"]),
        ("<a href=' &#1;java&#9;SCRIPT:alert(1)'>", ["href  java\tSCRIPT:alert(1)"]),
        ("<a href='data:text/html,x'>", ["href data:text/html,x"]),
        ("<!-- x -->", ["<!-- x -->"]),
        ("<!DOCTYPE html>", ["<!DOCTYPE html>"]),
        ("<?php x>", ["<?php x>"]),
    ],
)
def test_the_parser_of_these_tests_sees_what_is_unsafe(page: str, found: list[str]) -> None:
    assert unsafe_parts(page) == found


RAW_HTML = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<script\nsrc='https://evil.example/x.js'>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "text <img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe src='https://evil.example'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data='javascript:alert(1)'></object>",
    "<form action='https://evil.example'><input name=a></form>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href='https://evil.example/'>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "<p style='position:fixed'>x</p>",
    "<b onmouseover=alert(1)>x</b>",
    "<!-- <script>alert(1)</script> -->",
    "<!--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE html>",
    "<?php echo 1 ?>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "- item\n\n    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "`<script>alert(1)</script>`",
    "``` <script>alert(1)</script>\n\n<script>alert(2)</script>\n```",
    "    <script>alert(1)</script>",
    "*<script>*alert(1)*</script>*",
    "[@s1, <script>alert(1)</script>]",
    '[@s1, "><script>alert(1)</script>]',
    "[@s1, x\" onmouseover=\"alert(1)]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "\x02wzxhzdk:0\x03<script>alert(1)</script>",
    "\x02klzzwxh:0000\x03",
    "### <script>alert(1)</script>",
]  # fmt: skip

LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java\tscript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\njavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](java\x00script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](javascript&#x3a;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](java&#9;script:alert(1))",
    "[x](java&#1;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](javascript://example.org/%0aalert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](DATA:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](ftp://example.org)",
    "[x](blob:https://example.org/x)",
    "[x](intent://x#Intent;scheme=http;end)",
    "[x](view-source:javascript:alert(1))",
    "[x](feed:javascript:alert(1))",
    '[x](https://example.org "t\\" onclick=alert(1) x=\\"")',
    "[x](https://example.org' onclick='alert(1))",
    '[x](https://example.org"onclick="alert(1))',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[y]\n\n[y]: JAVASCRIPT:alert(1)",
    "[y][]\n\n[y]:\n  javascript:alert(1)",
    "[x][@s9]\n\n[@s9]: javascript:alert(1)",
    "- [y]: javascript:alert(1)\n\n[y]",
    "> [y]: javascript:alert(1)\n\n[y]",
    "<javascript:alert(1)>",
    "<JavaScript:alert(1)>",
    "<data:text/html,x>",
    "<ftp://example.org>",
    "[a [b] c](javascript:alert(1))",
    "[[@s1]](javascript:alert(1))",
    "[**x**](javascript:alert(1))",
    "**[x](javascript:alert(1))**",
    "### [x](javascript:alert(1))",
    "| a |\n|---|\n| [x](javascript:alert(1)) |",
    "`code` [x](javascript:alert(1)) `code`",
    "``\n\n[x](javascript:alert(1))\n\n``",
    "~~~\n[x](javascript:alert(1))\n~~~",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.gif)",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "![x][y]\n\n[y]: data:image/svg+xml,<svg/onload=alert(1)>",
]


@pytest.mark.parametrize("attack", RAW_HTML + LINKS)
def test_nothing_unsafe_is_rendered(attack: str) -> None:
    assert unsafe_parts(html(attack)) == []


@pytest.mark.parametrize("attack", RAW_HTML + LINKS)
def test_a_case_with_an_attack_is_reported_or_safe(attack: str) -> None:
    text = case_markdown(body={"What helped": attack})
    file = parse_case_file(PurePosixPath("cases/a-case.md"), text.encode(), vocabularies())

    assert file.case is None or unsafe_parts("".join(section.html for section in file.case.sections)) == []


FRAGMENTS = [
    *RAW_HTML, *LINKS, "[", "]", "(", ")", "<", ">", "!", "`", "```\n", "*", "_", "\\", "&", ";", "#", ":", "|", "\n",
    "\n\n", "    ", "\t", "- ", "1. ", "> ", "## ", "---\n", "| a | b |\n|---|---|\n| ", "[@s1]", "[@s1; @s2, p. 4]",
    "[@s9]", "[x](", "[x]: ", "<a href='", "javascript:", "data:", "onclick=", "http://", "https://example.org",
    "mailto:a@example.org", "../cases/a.md", "//", "http://[", "&#", "&Tab;", "\x00", "\x02", "\x03", "\u2028", "é",
]  # fmt: skip

MARKDOWN = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=12).map("".join)


@given(MARKDOWN)
def test_any_markdown_renders_to_nothing_unsafe(markdown: str) -> None:
    page = html(markdown)

    assert unsafe_parts(page) == []
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)


@pytest.mark.parametrize(
    ("markdown", "rendered"),
    [
        ("A **bold** and *calm* `word`.", "<p>A <strong>bold</strong> and <em>calm</em> <code>word</code>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("### A part", "<h3>A part</h3>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("a <b>tag</b>", "<p>a &lt;b&gt;tag&lt;/b&gt;</p>"),
        ("[x](https://example.org 'T')", '<p><a href="https://example.org" title="T">x</a></p>'),
        ("<https://example.org>", '<p><a href="https://example.org">https://example.org</a></p>'),
        ("[x](mailto:a@example.org)", '<p><a href="mailto:a@example.org">x</a></p>'),
        ("[x](#what-helped)", '<p><a href="#what-helped">x</a></p>'),
        ("", ""),
    ],
)
def test_plain_markdown_is_rendered(markdown: str, rendered: str) -> None:
    assert html(markdown) == rendered


@pytest.mark.parametrize("markdown", ["- " * 1000 + "a", "\n".join("    " * i + "- a" for i in range(300))])
def test_lists_without_end_are_refused_and_do_not_crash(markdown: str) -> None:
    with pytest.raises(NestedTooDeeply):
        html(markdown)


@pytest.mark.parametrize("reference", ["&#1;", "&#27;", "&#x7f;", "&#8232;"])
def test_a_character_reference_brings_no_control_character(reference: str) -> None:
    assert html(reference) == "<p>\N{REPLACEMENT CHARACTER}</p>"


# Citations


@pytest.mark.parametrize(
    ("markdown", "keys"),
    [
        ("Fact [@s1].", ["s1"]),
        ("Fact [@s1; @s3].", ["s1", "s3"]),
        ("Fact [@s1;@s3].", ["s1", "s3"]),
        ("Fact [@s1, p. 4].", ["s1"]),
        ("Fact [@s1, p. 4; @s1, p. 9] [@s2].", ["s1", "s1", "s2"]),
        ("Fact [@s1, by a@b.org].", ["s1"]),
        ("Fact [@crest-cr].", ["crest-cr"]),
        ("Fact [@s1;\n@s2].", ["s1", "s2"]),
        ("Write to a@b.org [s1] @s2 [@ s3] [@].", []),
    ],
)
def test_citations_are_found(markdown: str, keys: list[str]) -> None:
    assert cited_keys(markdown) == keys


def link(number: int, times: int = 1, locator: str = "") -> str:
    """The link of a citation, as it stands on a page."""
    more = f", {locator}" if locator else ""
    return (
        f'<a aria-label="Source {number}{more}" href="#source-s{number}" id="cite-s{number}-{times}">{number}{more}</a>'
    )


@pytest.mark.parametrize(
    ("markdown", "rendered"),
    [
        ("Fact [@s1].", f'<p>Fact.<sup class="citation">{link(1)}</sup></p>'),
        ("Fact [@s1] and", f'<p>Fact<sup class="citation">{link(1)}</sup> and</p>'),
        ("Fact [@s1; @s2]", f'<p>Fact<sup class="citation">{link(1)}{link(2)}</sup></p>'),
        ("Fact [@s1;\n@s2]", f'<p>Fact<sup class="citation">{link(1)}{link(2)}</sup></p>'),
        ("Fact [@s2, p. 4]", f'<p>Fact<sup class="citation">{link(2, 1, "p. 4")}</sup></p>'),
        ("[@s1] [@s1]", f'<p><sup class="citation">{link(1)}</sup><sup class="citation">{link(1, 2)}</sup></p>'),
        ("Fact [@s1](x)", f'<p>Fact<sup class="citation">{link(1)}</sup>(x)</p>'),
        ("Fact [@s9]", "<p>Fact [@s9]</p>"),
        ("Fact [@s1; @s9]", "<p>Fact [@s1; @s9]</p>"),
        ("Code `[@s1]`", "<p>Code <code>[@s1]</code></p>"),
        ("    [@s1]", "<pre><code>[@s1]\n</code></pre>"),
        ("A \\[@s1]", "<p>A [@s1]</p>"),
    ],
)  # fmt: skip
def test_citations_become_links_to_the_sources(markdown: str, rendered: str) -> None:
    assert html(markdown) == rendered


@pytest.mark.parametrize("locator", ["`p. 4`", "p. \\*4\\*", "*p. 4*", "p. <b>", "a & b", 'the "end"'])
def test_a_locator_is_read_aloud_without_markup_of_the_renderer(locator: str) -> None:
    page = html(f"Fact [@s1, {locator}].")

    assert unsafe_parts(page) == []
    assert "klzzwxh" not in page
    assert not re.search(r"[\x00-\x08]", page)


def test_citations_are_counted_through_all_sections() -> None:
    renderer = Renderer({"s1": 1, "s2": 2}, "cases")
    renderer.html("One [@s1] and `[@s1]`.")
    page = renderer.html("- Two [@s1]\n\n| a |\n|---|\n| [@s2, p. 4] |")

    assert renderer.citations == {"s1": 2, "s2": 1}
    assert 'id="cite-s1-2"' in page


def test_general_knowledge_is_marked_and_not_counted() -> None:
    renderer = Renderer({"s1": 1, "general": 0}, "arrangements")

    assert '<a aria-label="General professional knowledge" class="general" href="#source-general">pk</a>' in (
        renderer.html("Known [@general].")
    )
    assert renderer.citations == {}


def test_a_reference_of_one_section_is_unknown_in_the_next() -> None:
    renderer = Renderer({}, "cases")
    renderer.html("[x]: https://example.org\n\n[x]")

    assert renderer.html("[x]") == "<p>[x]</p>"


# Links between content files


@pytest.mark.parametrize(
    ("target", "folder", "address"),
    [
        ("oslo-salto.md", "cases", "/cases/oslo-salto"),
        ("./oslo-salto.md", "cases", "/cases/oslo-salto"),
        ("oslo-salto.md#context", "cases", "/cases/oslo-salto#context"),
        ("../cases/oslo-salto.md", "challenges", "/cases/oslo-salto"),
        ("../arrangements/intelligence-link.md", "cases", "/arrangements/intelligence-link"),
        ("../challenges/fragile-trust.md", "arrangements", "/challenges/fragile-trust"),
        ("../vocabularies/cities.md", "cases", None),
        ("../LICENSE.md", "cases", None),
        ("deeper/oslo-salto.md", "cases", None),
        ("/cases/oslo-salto.md", "cases", None),
        ("oslo-salto", "cases", None),
        ("oslo-salto.html", "cases", None),
        ("https://example.org/oslo.md", "cases", None),
        ("//example.org/oslo.md", "cases", None),
        ("javascript:x.md", "cases", None),
        ("http://[oslo.md", "cases", None),
        ("#context", "cases", None),
        ("", "cases", None),
    ],
)
def test_a_link_to_a_content_file_has_a_web_address(target: str, folder: str, address: str | None) -> None:
    assert content_address(target, folder) == address


@given(st.text(max_size=30) | MARKDOWN, st.sampled_from(["cases", "arrangements", "challenges"]))
def test_any_target_has_an_address_inside_the_site_or_none(target: str, folder: str) -> None:
    address = content_address(target, folder)

    assert address is None or address.startswith(("/cases/", "/arrangements/", "/challenges/"))


@pytest.mark.parametrize("markdown", ["[x](../cases/a.md#what-helped)", "[x][y]\n\n[y]: ../cases/a.md#what-helped"])
def test_links_between_content_files_are_rewritten(markdown: str) -> None:
    assert html(markdown, "challenges") == '<p><a href="/cases/a#what-helped">x</a></p>'


def test_a_link_in_code_is_left_alone() -> None:
    assert html("`[x](a.md)`") == "<p><code>[x](a.md)</code></p>"


# Text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("It *began* [@s1].", "It began."),
        ("It began [@s1, p. 4; @s2] in 2007.", "It began in 2007."),
        ("One.\n\nTwo\nlines.\n\n- Three\n- Four", "One.\nTwo lines.\nThree\nFour"),
        ("### Part\n\nText", "Part\nText"),
        ("| a | b |\n|---|---|\n| c | d |", "a b\nc d"),
        ("a  \nb", "a\nb"),
        ("1 < 2 &amp; 3", "1 < 2 & 3"),
        ("a <b>tag</b>", "a <b>tag</b>"),
        ("[Oslo](oslo.md) helped", "Oslo helped"),
        ("", ""),
    ],
)
def test_plain_text_has_a_line_per_block_and_no_citations(markdown: str, text: str) -> None:
    assert plain_text(html(markdown)) == text
