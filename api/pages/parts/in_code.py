"""Sentences with code in them."""

from __future__ import annotations

from markupsafe import Markup, escape

Words = tuple[tuple[str, bool], ...]
"""Pieces of a sentence, each with whether it is code."""


def in_code(text: str) -> Words:
    """A text with code between backticks.

    >>> in_code("Write `## ` and words.")
    (('Write ', False), ('## ', True), (' and words.', False))
    """
    return tuple((piece, bool(number % 2)) for number, piece in enumerate(text.split("`")) if piece)


def with_code(text: str) -> Markup:
    """The HTML of a text with code between backticks; what is not marked as HTML is escaped.

    >>> str(with_code("Write `<b>` & words."))
    'Write <code>&lt;b&gt;</code> &amp; words.'
    """
    pieces = escape(text).split("`")
    code = Markup("<code>%s</code>")
    return Markup("").join(code % piece if number % 2 else piece for number, piece in enumerate(pieces))
