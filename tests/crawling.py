"""Reads a site as all its visitors do together: browsers, scripts, readers of feeds, search engines, programs.

A crawler that knew which attributes and keys contain addresses would miss the one that is added tomorrow. So
everything is taken for an address that looks like one: values of attributes, texts of XML and strings of JSON that
begin with the public address or with a slash, and whole addresses anywhere in other text.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree


class Answer(Protocol):
    """What is read of an answer, whichever client received it."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Any: ...
    @property
    def text(self) -> str: ...


Fetch = Callable[[str], Answer]
"""Answers the path of an address, with its query, as the host of the site does. Does not follow redirects."""

NOT_ADDRESSES = frozenset({"value", "title", "alt", "aria-label", "content", "d", "placeholder", "data-live"})
"""Attributes that may begin with a slash and contain words."""

_CSS = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
_SCRIPT = re.compile(r"""["'`](/[^"'`\s]*)["'`]""")


@dataclass
class Crawl:
    """What became of following every link, from one address on."""

    fetch: Fetch
    base: str
    """The public address of the site."""
    outside: set[tuple[str, str]] = field(default_factory=set)
    """Addresses on the host of the site that are not below its address, each with where it was found."""
    broken: dict[str, int] = field(default_factory=dict)
    """Addresses below it that do not answer, and with which status."""
    read: set[str] = field(default_factory=set)
    """The addresses that were asked for."""
    links: int = 0
    """How many links were found, each time that they were."""

    @property
    def origin(self) -> str:
        """The host of the site."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.base))

    def run(self, *starts: str) -> Crawl:
        """Follow every link. Searches have no end: of those with the same names of parameters one is asked for, and of
        those with several none, unless it is where to start."""
        waiting = deque(found for start in starts for found in self.visit(f"{self.base}{start}"))
        kinds: set[str] = set()
        while waiting:
            address = waiting.popleft()
            kind, is_followed = _kind_of(address)
            if is_followed and kind not in kinds:
                kinds.add(kind)
                waiting.extend(self.visit(address))
        return self

    def visit(self, address: str) -> tuple[str, ...]:
        """Ask for one address, and note what is there; returns the links that stay below the address of the site."""
        self.read.add(address)
        answer = self.fetch(address.removeprefix(self.origin))
        if answer.status_code >= 400:
            self.broken[address] = answer.status_code
        return tuple(self._inside(address, addresses_in(answer)))

    def _inside(self, source: str, found: Iterator[str]) -> Iterator[str]:
        for written in found:
            address = urldefrag(urljoin(source, written)).url
            if "{" in address or urlsplit(address).netloc != urlsplit(self.base).netloc:
                continue
            self.links += 1
            if address == self.base or address.startswith(f"{self.base}/"):
                yield address
            else:
                self.outside.add((written, source))


def _kind_of(address: str) -> tuple[str, bool]:
    """An address without what can have any value, and whether to follow those of its kind."""
    parts = urlsplit(address)
    names = sorted({name for name, _ in parse_qsl(parts.query)})
    path = re.sub(r"(-?[\d.]+,){3}-?[\d.]+", "box", parts.path)
    return f"{path}?{'&'.join(names)}", len(names) < 2


def addresses_in(answer: Answer) -> Iterator[str]:
    """Everything in an answer that is, or may be, an address."""
    yield from filter(None, [answer.headers.get("location")])
    yield from re.findall(r"<([^>]*)>", answer.headers.get("link", ""))
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if media_type == "text/html":
        yield from _in_html(answer.text)
    elif media_type.endswith("xml"):
        yield from _in_xml(answer.text)
    elif media_type.endswith("ndjson"):
        for line in answer.text.splitlines():
            yield from _in_json(json.loads(line))
    elif media_type.endswith("json"):
        yield from _in_json(json.loads(answer.text))
    elif media_type == "text/css":
        yield from _CSS.findall(answer.text)
    elif media_type.endswith("javascript"):
        yield from _SCRIPT.findall(answer.text)
    elif media_type == "text/csv":
        for row in csv.reader(answer.text.splitlines()):
            yield from (found for cell in row for found in _whole(cell))
    elif media_type.startswith("text/"):
        yield from _whole(answer.text)


def _in_html(text: str) -> Iterator[str]:
    reader = _Reader()
    reader.feed(text)
    yield from reader.found
    yield from _whole(" ".join(reader.words))
    for data in reader.data:
        yield from _in_json(json.loads(data))


def _in_xml(text: str) -> Iterator[str]:
    for element in ElementTree.fromstring(text).iter():  # noqa: S314 - our own answer
        for value in (*element.attrib.values(), (element.text or "").strip()):
            if value.startswith(("/", "http")):
                yield value


def _in_json(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if re.fullmatch(r"(https?:/)?/\S+", value) and not value.startswith("/problems"):
            yield value
        elif "<a " in value:
            yield from _in_html(value)
    elif isinstance(value, dict):
        # Descriptions of an API have paths as keys, below the address of its server.
        yield from (found for key, part in value.items() if key != "paths" for found in _in_json(part))
    elif isinstance(value, list):
        yield from (found for part in value for found in _in_json(part))


def _whole(text: str) -> Iterator[str]:
    return (address.rstrip(".,;:)") for address in re.findall(r"https?://[^\s<>\"“”)]+", text))


class _Reader(HTMLParser):
    """Collects addresses, words and data of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        self.data: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_data = tag == "script"
        for name, value in attrs:
            is_link = name in {"href", "src", "action", "formaction", "srcset", "poster"}
            if value and (is_link or (name not in NOT_ADDRESSES and re.match(r"/|https?://", value))):
                self.found.append(value)

    def handle_data(self, data: str) -> None:
        if data.strip():
            (self.data if self._is_data else self.words).append(data)
