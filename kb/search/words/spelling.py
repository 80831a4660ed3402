"""Did you mean: the words of the collection nearest to those it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.search.words.analysis import tokens

SHORTEST = 4
"""Letters. Shorter words are near to too many others."""


def allowed_slips(word: str) -> int:
    """How many letters may be wrong: one in short words, two in long ones. A swap of neighbours is one slip."""
    return 1 if len(word) < 8 else 2


def nearest_word(word: str, known: Mapping[str, int]) -> str | None:
    """The known word somebody probably meant, or None.

    `known` maps each exact word to the number of cases that hold it. Fewer slips come first, then the same
    first letter (people rarely miss that one), then the more frequent word.

    >>> nearest_word("vilvorde", {"vilvoorde": 2, "volvo": 9})
    'vilvoorde'
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    near = process.extract(
        word, known.keys(), scorer=OSA.distance, score_cutoff=allowed_slips(word), limit=None, processor=None
    )
    ranked = sorted(
        (slips, candidate[0] != word[0], -known[candidate], candidate) for candidate, slips, _ in near if slips
    )
    return ranked[0][3] if ranked else None


def respelled(text: str, doubtful: Collection[str], known: Mapping[str, int], written: Mapping[str, str]) -> str | None:
    """What was typed with doubtful words replaced by the nearest other ones; None where none is near.

    `written` gives for a folded word how it is written ("malmo": "Malmö"). Everything else that was typed, signs
    and spaces included, stays as it is.
    """
    pieces: list[str] = []
    position = 0
    for token in tokens(text):
        meant = nearest_word(token.exact, known) if token.exact in doubtful else None
        if meant:
            pieces += [text[position : token.start], written.get(meant, meant)]
            position = token.end
    return "".join([*pieces, text[position:]]) if pieces else None
