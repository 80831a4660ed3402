"""Did you mean: the words in the collection nearest to those that it does not contain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.search.words.line import Line

Nearest = Callable[[str, int], Mapping[str, int]]
"""Maps a word and a number of typing errors to the words within reach, with their numbers of cases."""

SHORTEST = 4
"""Letters. Shorter words are near to too many others."""


def allowed_slips(word: str) -> int:
    """How many letters may be wrong: one in short words, two in long ones. A swap of neighbours is one error."""
    return 1 if len(word) < 8 else 2


@dataclass(frozen=True)
class SpellingIndex:
    """The words of a lexicon by length, which each slip changes by one letter at most."""

    lexicon: Mapping[str, int]
    """Each word with the number of cases that contain it."""
    by_length: Mapping[int, Sequence[str]]

    @classmethod
    def of(cls, lexicon: Mapping[str, int]) -> SpellingIndex:
        """The index of a lexicon."""
        by_length: dict[int, list[str]] = {}
        for word in lexicon:
            by_length.setdefault(len(word), []).append(word)
        return cls(lexicon, by_length)

    def nearest(self, word: str, slips: int) -> dict[str, int]:
        """The words that differ from `word` by one to `slips` edits, with their numbers.

        >>> SpellingIndex.of({"vilvoorde": 2, "volvo": 9}).nearest("vilvorde", 2)
        {'vilvoorde': 2}
        """
        lengths = range(len(word) - slips, len(word) + slips + 1)
        words = [candidate for length in lengths for candidate in self.by_length.get(length, ())]
        near = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=None, processor=None)
        return {candidate: self.lexicon[candidate] for candidate, distance, _ in near if distance}


def nearest_word(word: str, nearest: Nearest) -> str | None:
    """The word in the collection that was probably meant, or None.

    Fewer slips come first, then the same first letter (people rarely miss that one), then the more frequent word.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    ranked = sorted(
        (OSA.distance(word, candidate), candidate[0] != word[0], -cases, candidate)
        for candidate, cases in nearest(word, allowed_slips(word)).items()
    )
    return ranked[0][3] if ranked else None


def respelled(line: Line, doubtful: Collection[str], nearest: Nearest, written: Mapping[str, str]) -> str | None:
    """What was typed with doubtful words replaced by the nearest other ones; None if none is near.

    `written` maps a folded word to how it is written ("malmo": "Malmö"). Everything else that was typed, signs
    and spaces included, stays as it is.
    """
    pieces: list[str] = []
    position = 0
    for token in line.tokens:
        meant = nearest_word(token.exact, nearest) if token.exact in doubtful else None
        if meant:
            pieces += [line.text[position : token.start], written.get(meant, meant)]
            position = token.end
    return "".join([*pieces, line.text[position:]]) if pieces else None
