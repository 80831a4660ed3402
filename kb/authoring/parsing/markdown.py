"""Markdown to safe HTML, with citations resolved and links between content files rewritten.

Python-Markdown renders, with raw HTML switched off at the source; nh3 then lets through only the tags
and attributes listed here. Two locks on one door: what an author writes ends up in every reader's
browser.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Mapping
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from kb.authoring.parsing.text_file import CONTROL
from kb.model.kinds import Kind

CITATION = re.compile(r"\[(@[^\[\]]+)\]")
"""Pandoc's way: ``[@s1]``, ``[@s1; @s3]``, ``[@s1, p. 4]``."""

_CITED_KEY = re.compile(r"@([A-Za-z0-9][\w-]*)(?:,\s*([^;\]]*))?")

GENERAL = "general"
"""The reserved key by which guide pages mark what rests on general professional knowledge."""

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label", "class"},
    "sup": {"class"},
    "ol": {"start"},
    "li": {"id"},
}
_SCHEMES = {"http", "https", "mailto"}


def cited_keys(markdown: str) -> list[str]:
    """The source ids that a text cites, in order, each as often as it is cited.

    >>> cited_keys("It began in 2007 [@s2]. Two teams share it [@s1; @s2, p. 4].")
    ['s2', 's1', 's2']
    """
    return [key.group(1) for citation in CITATION.finditer(markdown) for key in _CITED_KEY.finditer(citation.group(1))]


def content_address(target: str, folder: str) -> str | None:
    """The web address that a link to another content file stands for; None for any other link.

    Authors link as editors and code hosts do, from file to file; `folder` is that of the linking file.

    >>> content_address("../arrangements/intelligence-link.md", "cases")
    '/arrangements/intelligence-link'
    >>> content_address("oslo-salto.md#context", "cases")
    '/cases/oslo-salto#context'
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path.endswith(".md"):
        return None
    path = PurePosixPath(folder) / parts.path
    names: list[str] = []
    for name in path.parts:
        if name == ".." and names:
            names.pop()
        elif name != "..":
            names.append(name)
    kind = Kind.of_folder(names[0]) if len(names) == 2 else None
    if kind is None:
        return None
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return f"{kind.page(names[1].removesuffix('.md'))}{anchor}"


class NestedTooDeeply(Exception):
    """Lists or quotes stand in one another further than they can be read."""


class Renderer:
    """Renders the sections of one file, numbering its citations through all of them."""

    def __init__(self, source_numbers: Mapping[str, int], folder: str) -> None:
        self.citations: Counter[str] = Counter()
        """How often each source has been cited so far."""
        self._markdown, self._content = _renderer()
        self._context = (source_numbers, self.citations, folder)

    def html(self, markdown: str) -> str:
        """Sanitised HTML of a piece of markdown. Raises NestedTooDeeply for lists in lists in lists …"""
        self._markdown.reset()
        self._content.begin(*self._context)
        try:
            html = self._markdown.convert(markdown)
        except RecursionError as error:
            # It stopped midway and would go on there with the next text.
            del _own.renderer
            self._markdown, self._content = _renderer()
            raise NestedTooDeeply from error
        clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
        # Character references (`&#1;`) stand for what a file itself may not hold.
        return CONTROL.sub("\N{REPLACEMENT CHARACTER}", clean)


_own = threading.local()


def _renderer() -> tuple[Markdown, _ContentExtension]:
    """The renderer of this thread. Making one takes as long as rendering a section."""
    if not hasattr(_own, "renderer"):
        content = _ContentExtension()
        _own.renderer = (Markdown(extensions=["sane_lists", "tables", content], output_format="html"), content)
    made: tuple[Markdown, _ContentExtension] = _own.renderer
    return made


class _ContentExtension(Extension):
    def __init__(self) -> None:
        super().__init__()
        self._links = _ContentLinks()

    def begin(self, numbers: Mapping[str, int], citations: Counter[str], folder: str) -> None:
        """Take up a file."""
        self._cite.begin(numbers, citations)
        self._links.folder = folder

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        # Without these two, tags in the text are shown as the characters they are.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # A file with an image is not published, so nothing needs to look for one in every sentence.
        for name in ("image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        # After escapes and code (190, 180), before links (160): `[@s1]` must not become one.
        self._cite = _Citations(md)
        md.inlinePatterns.register(self._cite, "citation", 175)
        md.treeprocessors.register(self._links, "content-links", 5)


class _Citations(InlineProcessor):
    """``[@s1; @s3]`` to numbered links that lead to the sources and can be led back to."""

    def __init__(self, md: Markdown) -> None:
        # Authors write `fact [@s1].`; on the page the number stands behind the full stop: "fact.¹"
        super().__init__(r"\s*" + CITATION.pattern + r"([.,;:!?]?)", md)
        self.begin({}, Counter())

    def begin(self, numbers: Mapping[str, int], citations: Counter[str]) -> None:
        """Take up a file: the numbers of its sources, and how often each has been cited so far."""
        self._numbers = numbers
        self._citations = citations

    def handleMatch(  # type: ignore[override]  # noqa: N802 - as in Python-Markdown's own processors
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        cited = [key.groups() for key in _CITED_KEY.finditer(m.group(1))]
        if not cited or any(key not in self._numbers and key != GENERAL for key, _ in cited):
            return None, None, None
        # nh3 takes the span away and leaves what is in it.
        wrapper = Element("span")
        wrapper.text = AtomicString(m.group(2))
        group = SubElement(wrapper, "sup", {"class": "citation"})
        for key, locator in cited:
            self._add_link(group, key, (locator or "").strip())
        return wrapper, m.start(0), m.end(0)

    def _add_link(self, group: Element, key: str, locator: str) -> None:
        if key == GENERAL:
            attributes = {"href": "#source-general", "class": "general", "aria-label": "General professional knowledge"}
            SubElement(group, "a", attributes).text = "pk"
            return
        self._citations[key] += 1
        number = self._numbers[key]
        attributes = {
            "href": f"#source-{key}",
            "id": f"cite-{key}-{self._citations[key]}",
            "aria-label": f"Source {number}" + (f", {self.unescape(locator)}" if locator else ""),
        }
        SubElement(group, "a", attributes).text = f"{number}, {locator}" if locator else AtomicString(number)


class _ContentLinks(Treeprocessor):
    """Links from file to file become links from page to page."""

    folder = ""

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            address = content_address(link.get("href", ""), self.folder)
            if address:
                link.set("href", address)


def plain_text(html: str) -> str:
    """The words of rendered HTML, one line per block, without citations.

    >>> plain_text('<p>It began.<sup class="citation"><a href="#source-s1">1</a></sup></p><ul><li>Calm</li></ul>')
    'It began.\\nCalm'
    """
    pieces: list[str] = []
    depth, position = 0, 0
    for tag in _TAG.finditer(html):
        if not depth:
            pieces.append(html[position : tag.start()].replace("\n", " "))
        position = tag.end()
        closes, name = tag.groups()
        if name == "sup":
            depth += -1 if closes else 1
        elif name in _BLOCKS:
            pieces.append("\n")
        elif name in _CELLS and not closes:
            pieces.append(" ")
    pieces.append(html[position:].replace("\n", " "))
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


# What nh3 writes: names in lower case, values in double quotes.
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)(?:\s+[^\s"'>/=]+="[^"]*")*\s*/?>""")
_BLOCKS = frozenset({"p", "li", "h3", "h4", "tr", "pre", "blockquote", "br", "hr", "ul", "ol", "table"})
_CELLS = frozenset({"td", "th"})
