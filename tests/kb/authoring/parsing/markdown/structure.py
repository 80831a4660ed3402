"""The structure of a text in the eyes of two readers, in the same words: ours, and markdown-it, CommonMark's judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.authoring.parsing.markdown.document import read_document
from kb.authoring.parsing.markdown.links import content_address
from kb.authoring.problems import ProblemList
from kb.model.section import Block, BlockKind, Citation, Inline, Style

Structure = tuple[Any, ...]
"""A tag, what belongs to it (whether a list is loose, where a link points), and a list of what it contains."""

_JUDGE = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")

_CITATION = re.compile(r"\s*\[@[^\[\]]*\]")


def ours(text: str, folder: str = "cases", sources: Iterable[str] = ("s1", "s2")) -> list[Structure]:
    """The structure that the pages show."""
    numbers = {key: number for number, key in enumerate(sources, start=1)}
    problems = ProblemList(PurePosixPath(f"{folder}/a-case.md"))
    return [_block(block, is_loose=True) for block in read_document(text, 1, numbers, folder, problems).blocks]


def commonmark(text: str, folder: str = "cases") -> list[Structure]:
    """The structure that a code host shows."""
    found, rest = _tokens(_JUDGE.parse(text), folder)
    assert not rest
    return found


def _block(block: Block, *, is_loose: bool) -> Structure:
    match block.kind:
        case BlockKind.PARAGRAPH:
            return ("p" if is_loose else "words", _words(block.content))
        case BlockKind.HEADING:
            return (f"h{block.number}", _words(block.content))
        case BlockKind.CODE:
            return ("pre", _code("".join(map(str, block.content))))
        case BlockKind.BULLETS:
            return ("ul", [_block(item, is_loose=block.is_loose) for item in block.blocks])
        case BlockKind.NUMBERS:
            return ("ol", block.number, [_block(item, is_loose=block.is_loose) for item in block.blocks])
        case BlockKind.ITEM:
            return ("li", [_block(inner, is_loose=is_loose) for inner in block.blocks])
        case BlockKind.CELL:
            return ("cell", _words(block.content))
        case kind:
            return (kind.value, [_block(inner, is_loose=True) for inner in block.blocks])


def _code(text: str) -> str:
    """Code without what the readers may differ in: how wide a tab is, and space at the ends of the text."""
    return text.replace("\t", "    ").rstrip()


def _words(content: Sequence[Inline]) -> list[Any]:
    return _joined(_inline(content))


def _inline(content: Sequence[Inline]) -> Iterator[Any]:
    for inline in content:
        if isinstance(inline, str):
            yield inline
        elif isinstance(inline, Citation):
            continue
        elif inline.style is Style.LINE_BREAK:
            yield ("br",)
        elif inline.style is Style.CODE:
            yield ("code", " ".join("".join(map(str, inline.content)).split()))
        elif inline.style is Style.LINK:
            yield ("a", unquote(inline.href), inline.title, _words(inline.content))
        else:
            yield (inline.style.value, _words(inline.content))


def _joined(pieces: Iterable[Any]) -> list[Any]:
    """Texts side by side as one, without a difference between kinds of space; none at the ends."""
    found: list[Any] = []
    for is_text, group in groupby(pieces, lambda piece: isinstance(piece, str)):
        if not is_text:
            found += group
        elif text := re.sub(r"\s+", " ", "".join(group)):
            found.append(text)
    for number, piece in enumerate(found):
        if isinstance(piece, str) and (number == 0 or found[number - 1] == ("br",)):
            found[number] = piece.lstrip()
    return [piece for piece in found if piece]


_OPENS = {
    "blockquote_open": "quote",
    "bullet_list_open": "ul",
    "list_item_open": "li",
    "table_open": "table",
    "tr_open": "row",
}


def _tokens(tokens: list[Token], folder: str) -> tuple[list[Structure], list[Token]]:
    """The structures of tokens up to the end of what contains them, and the tokens after it."""
    found: list[Structure] = []
    while tokens:
        token, *tokens = tokens
        if token.type in ("thead_open", "tbody_open", "thead_close", "tbody_close"):
            continue
        if token.nesting < 0:
            return found, tokens
        if token.type in ("paragraph_open", "heading_open", "th_open", "td_open"):
            words = _judged_words(tokens[0], folder)
            tokens = tokens[2:]
            found.append(("words" if token.hidden else {"th": "cell", "td": "cell"}.get(token.tag, token.tag), words))
        elif token.type in ("code_block", "fence"):
            found.append(("pre", _code(token.content)))
        elif token.type == "html_block":
            found.append(("html", token.content))
        elif token.type == "hr":
            found.append(("rule", []))
        else:
            inner, tokens = _tokens(tokens, folder)
            if token.type == "ordered_list_open":
                found.append(("ol", int(token.attrs.get("start", 1)), inner))
            else:
                found.append((_OPENS[token.type], inner))
    return found, tokens


def _judged_words(token: Token, folder: str) -> list[Any]:
    words, rest = _judged_inline(list(token.children or ()), folder)
    assert not rest
    return words


def _judged_inline(tokens: list[Token], folder: str) -> tuple[list[Any], list[Token]]:
    found: list[Any] = []
    while tokens:
        token, *tokens = tokens
        if token.nesting < 0:
            break
        if token.type in ("text", "text_special"):
            found.append(token.content)
        elif token.type == "html_inline":
            found.append(("html", token.content))
        elif token.type == "softbreak":
            found.append("\n")
        elif token.type == "hardbreak":
            found.append(("br",))
        elif token.type == "code_inline":
            found.append(("code", " ".join(token.content.split())))
        else:
            inner, tokens = _judged_inline(tokens, folder)
            if token.type == "link_open":
                href = unquote(str(token.attrs["href"]))
                found.append(("a", content_address(href, folder) or href, token.attrs.get("title", ""), inner))
            else:
                found.append((token.tag, inner))
    return _joined(_without_citations(found)), tokens


def _without_citations(found: Iterable[Any]) -> Iterator[Any]:
    """The pieces without citations, which CommonMark does not know."""
    for is_text, group in groupby(found, lambda piece: isinstance(piece, str)):
        if is_text:
            yield _CITATION.sub("", "".join(group))
        else:
            yield from group
