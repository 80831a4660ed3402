"""Every text is marked for translation, the catalogue of texts is up to date, and a translation changes no address."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextvars import ContextVar
from gettext import NullTranslations

import pytest
from fastapi.testclient import TestClient
from jinja2 import nodes
from markupsafe import escape

from api.app import create_app
from api.server.rendering import environment
from kb import IndexFolder, Settings
from tests.conftest import CONTENT
from tests.test_templates import NAMES, TEMPLATES
from tests.tools.extract_texts import CATALOGUE, catalogue

FOR_PROGRAMS = frozenset({"feed.atom", "llms.txt", "opensearch.xml", "robots.txt", "sitemap.xml"})
"""What programs read, in English."""

_IN_CODE = re.compile(r"<(code|pre|script|style)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r'(?:aria-label|alt|placeholder|title)="([^"]*)"')
_LOOSE_ATTRIBUTE = re.compile(r'[a-z-]+="[^"\0]*"?|^"|"$')
"""One that a macro writes, outside of any tag."""

_ENTITY = re.compile(r"&\w+;")
_LETTERS = re.compile(r"[^\W\d_]")
_COUNTING = {"counted", "plural"}
_MARKING = {"_", "gettext", "ngettext"}


def unmarked_texts(source: str) -> list[str]:
    """The texts of a template that are not marked for translation.

    >>> unmarked_texts('<p title="Hello {{ name }}">Good <b>{{ _("day") }}</b></p>{% trans %}Bye{% endtrans %}')
    ['Hello', 'Good']
    """
    html = "".join(_own_html(source))
    visible = _IN_CODE.sub("\0", html)
    attributes = [value for tag in _TAG.findall(visible) for value in _ATTRIBUTE.findall(tag)]
    pieces = [piece for value in attributes for piece in value.split("\0")] + re.split("\0", _TAG.sub("\0", visible))
    texts = [" ".join(_LOOSE_ATTRIBUTE.sub("", _ENTITY.sub(" ", piece).strip()).split()) for piece in pieces]
    return [text for text in texts if _LETTERS.search(text)] + list(_texts_in_expressions(source))


def _own_html(source: str) -> Iterator[str]:
    """The template without what is in blocks and expressions, each replaced by a null character."""
    is_marked = False
    words: list[str] = []
    for _, kind, value in environment().lex(source):
        if kind == "data" and not is_marked:
            yield value
        elif kind == "block_begin":
            words = []
        elif kind == "name":
            words.append(value)
        elif kind in {"block_end", "variable_end"}:
            is_marked = words[:1] == ["trans"] or (is_marked and words[:1] != ["endtrans"])
            yield "\0"


def _texts_in_expressions(source: str) -> Iterator[str]:
    """Words in quotation marks that are shown, such as the answer of a condition."""
    tree = environment().parse(source)
    marked = {
        id(node)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in _MARKING
        for node in call.find_all(nodes.Const)
    }
    compared = {id(node) for comparison in tree.find_all(nodes.Compare) for node in comparison.find_all(nodes.Const)}
    counted = {
        id(node)
        for call in tree.find_all(nodes.Filter)
        if call.name in _COUNTING
        for node in call.find_all(nodes.Const)
    }
    for node in tree.find_all(nodes.Const):
        text = node.value
        is_shown = isinstance(text, str) and id(node) not in marked | compared and _LETTERS.search(text)
        if is_shown and (id(node) in counted or re.match(r"[A-Z]\w*[a-z]|\w+ ", text)):
            yield text


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FOR_PROGRAMS])
def test_every_text_of_a_template_is_marked(name: str) -> None:
    assert unmarked_texts((TEMPLATES / name).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{{ _("Hello") }}</p>', []),
        ("{% trans count = n %}One <b>case</b>{% pluralize %}{{ count }} cases{% endtrans %}", []),
        ("{% trans %}Hello{% endtrans %} you", ["you"]),
        ('<a title="Hello" href="/hello" class="hello">1</a>', ["Hello"]),
        ('<img alt="{{ _("A") }}, {{ name }} here">', ["here"]),
        ('{{ "Yes" if page.is_so else "No" }}', ["Yes", "No"]),
        ('{{ count | plural("case", "cases") }}', ["case", "cases"]),
        ('{{ _("Hello %(name)s", name=name) }}{% include "parts/some.html" %}', []),
        ("<code>kb check</code> &nbsp; · <!-- note -->", []),
        ('{# A comment. #}<p>{% if page.kind == "two words" %}Æ{% endif %}</p>', ["Æ"]),
    ],
)
def test_an_unmarked_text_is_found_wherever_it_is(source: str, found: list[str]) -> None:
    assert sorted(unmarked_texts(source)) == sorted(found)


def test_the_catalogue_has_every_text_as_it_is_now() -> None:
    assert CATALOGUE.read_bytes() == catalogue(), "Run python -m tests.tools.extract_texts"


def test_no_text_is_marked_within_another_string() -> None:
    """Before Python 3.12 an f-string is one token: what is in it is not found."""
    within = [
        f"{path.name}: {ast.unparse(call)}"
        for folder in ("kb", "api")
        for path in (TEMPLATES.parent / folder).rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"gettext", "ngettext", "gettext_noop"}
        if any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert within == []


def test_the_catalogue_does_not_change_with_lines_days_or_versions() -> None:
    text = CATALOGUE.read_text("utf-8")

    assert "POT-Creation-Date" not in text
    assert "Generated-By" not in text
    assert not re.search(r"^#: .*:\d", text, re.MULTILINE)


class InBrackets(NullTranslations):
    """A language that puts each text into brackets, and leaves what is filled in."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


IN_BRACKETS = InBrackets()

ADDRESSES = ("/", "/about", "/method", "/new", "/contribute", "/contribute/check", "/contribute/new",
             "/contribute/status", "/contribute/rules", "/contribute/rules/bad-year", "/api/docs",
             "/nowhere")  # fmt: skip


def addresses_in(html: str) -> list[str]:
    return re.findall(r'(?:href|action|src|name|id|for|value)="([^"]*)"', html)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_translation_shows_and_changes_no_address(
    collection_index: IndexFolder, client: TestClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings = Settings(content=CONTENT, index=collection_index.root, base_url="https://cases.example.org",
                        allowed_hosts="testserver")  # fmt: skip
    english = client.get(address)
    monkeypatch.setattr("kb.translation._translations", ContextVar("translations", default=IN_BRACKETS))
    with TestClient(create_app(settings), base_url="http://testserver") as other:
        translated = other.get(address).text

    assert english.status_code in {200, 404}
    assert "[Add or correct a case]</a>" in translated
    assert re.search(r"<h1[^>]*>\[[^<]+\]", translated)
    # Lists that are ordered by label may be in another order.
    assert sorted(addresses_in(translated)) == sorted(addresses_in(english.text))


@pytest.mark.parametrize("text", ["", "%", "100%", "{", "{count}", "<b>", "“", "%(n)s", "`x`"])
def test_a_text_that_is_filled_in_is_only_text(text: str) -> None:
    template = environment().from_string('{{ _("Search the cases for “%(words)s”", words=text) }}')

    assert template.render(text=text) == f"Search the cases for “{escape(text)}”"
