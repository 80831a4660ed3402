"""Sentences with code in them."""

from __future__ import annotations

Words = tuple[tuple[str, bool], ...]
"""Pieces of a sentence, each with whether it is code."""


def in_code(text: str) -> Words:
    """A text with code between backticks.

    >>> in_code("Write `## ` and words.")
    (('Write ', False), ('## ', True), (' and words.', False))
    """
    return tuple((piece, bool(number % 2)) for number, piece in enumerate(text.split("`")) if piece)
