"""Where links point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.markdown.links import content_address, web_address
from tests.kb.authoring.parsing.markdown.reading import html, read
from tests.kb.authoring.parsing.markdown.test_safety import MARKDOWN


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


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("https://example.org/a b?c=d&e#é", "https://example.org/a b?c=d&e#é"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#what-helped", "#what-helped"),
        ("oslo-salto.md", "/cases/oslo-salto"),
        ("", None),
        ("#", None),
        ("#a b", None),
        ("http://[", None),
        ("https://", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.org", None),
        ("//example.org", None),
        ("/cases/oslo-salto", None),
        ("example.org", None),
    ],
)
def test_a_page_links_to_the_web_to_mail_and_to_pages_of_the_site(target: str, address: str | None) -> None:
    assert web_address(target, "cases") == address


@pytest.mark.parametrize("markdown", ["[x](../cases/a.md#what-helped)", "[x][y]\n\n[y]: ../cases/a.md#what-helped"])
def test_links_between_content_files_are_rewritten(markdown: str) -> None:
    assert html(markdown, "challenges") == '<p><a href="/cases/a#what-helped">x</a></p>'


def test_a_link_in_code_is_left_alone() -> None:
    assert html("`[x](a.md)`") == "<p><code>[x](a.md)</code></p>"
    assert read("`[x](a.md)`").links == ()


@pytest.mark.parametrize(
    ("markdown", "links"),
    [
        ("[a](x.md) b <https://c.example>", [("x.md", 1, 5), ("https://c.example", 1, 14)]),
        ("- [a](<x.md> 't')", [("x.md", 1, 8)]),
        ("> one\n> [a](\n> x.md)", [("x.md", 3, 3)]),
        ("-\t[a](x.md)", [("x.md", 1, 7)]),
        ("[a]\n\n[a]:\n  x.md", [("x.md", 4, 3)]),
        ("[a] [a]\n\n- [a]: <x.md>\n- [a]: y.md", [("x.md", 3, 9), ("y.md", 4, 8)]),
        ("| a | [b \\| c](x.md) |\n|---|---|", [("x.md", 1, 16)]),
        ("![a](x.md) [b] \\[c](x.md)", []),
    ],
)
def test_links_have_positions(markdown: str, links: list[tuple[str, int, int]]) -> None:
    assert [(link.target, link.line, link.column) for link in read(markdown).links] == links


def test_of_two_definitions_the_first_counts() -> None:
    assert html("[a]\n\n[a]: x.md\n[A]: y.md") == '<p><a href="/cases/x">a</a></p>'
