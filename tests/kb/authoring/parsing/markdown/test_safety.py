"""Whatever is written, what reaches a reader's browser is harmless."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.markdown.document import secured
from kb.model.section import Block, BlockKind, Citation, Section, Span, Style
from tests.builders import case_markdown, vocabularies
from tests.kb.authoring.parsing.markdown.reading import html, read

SAFE_TAGS = frozenset(
    "a blockquote br code em h1 h2 h3 h4 h5 h6 hr li ol p pre strong sup table tbody td th thead tr ul".split()
)  # fmt: skip
SAFE_ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label", "class"},
    "sup": {"class"},
    "ol": {"start"},
}
SAFE_SCHEMES = {"http", "https", "mailto"}


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


@pytest.mark.parametrize("attack", RAW_HTML + LINKS)
def test_the_sanitiser_finds_nothing_to_change_in_an_attack(attack: str) -> None:
    section = read(attack).section

    assert secured(section) is section


@given(MARKDOWN)
def test_the_sanitiser_finds_nothing_to_change(markdown: str) -> None:
    section = read(markdown).section

    assert secured(section) is section


@given(MARKDOWN)
def test_the_words_of_the_blocks_are_those_of_the_page(markdown: str) -> None:
    section = read(markdown).section

    assert "".join(section.text.split()) == "".join(_words_of(section.html).split())


class _Words(HTMLParser):
    """What is read on a page, without the numbers of sources."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._citations = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._citations += tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        self._citations -= tag == "sup"

    def handle_data(self, data: str) -> None:
        if not self._citations:
            self.words.append(data)


def _words_of(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    parser.close()
    return "".join(parser.words)


@pytest.mark.parametrize(
    "inline",
    [
        Span(Style.LINK, ("words",), href="javascript:alert(1)"),
        Span(Style.LINK, (Span(Style.LINK, ("words",), href="https://b.example"),), href="https://a.example"),
        Span(Style.LINK, ("words", Citation("s1", 1, 1)), href="https://a.example"),
    ],
)
def test_the_second_safeguard_lets_only_plain_words_through(inline: Span, caplog: pytest.LogCaptureFixture) -> None:
    section = Section("context", "Context", (Block(BlockKind.PARAGRAPH, 3, ("Some ", inline)),))

    with caplog.at_level(logging.ERROR, logger="kb"):
        shown = secured(section)

    assert shown.html == "<p>Some words</p>"
    assert "`Context` is shown as plain text" in caplog.text


@pytest.mark.parametrize("reference", ["&#1;", "&#27;", "&#x7f;", "&#8232;", "&#0;"])
def test_a_character_reference_cannot_produce_a_control_character(reference: str) -> None:
    assert html(reference) == "<p>\N{REPLACEMENT CHARACTER}</p>"
