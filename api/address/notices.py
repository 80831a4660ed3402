"""What cannot be used in an address: reported in notices on pages and in errors to programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb import REFUSALS, Notice, Term, Vocabulary, in_words, nearest

MOST_REPORTED = 5
"""The most notices of one kind. Guessing what was meant takes time, and nobody reads more."""


@dataclass(frozen=True)
class Unusable:
    """Something in an address that cannot be used."""

    parameter: str
    notice: Notice
    """For a page, which goes on without it."""

    @property
    def message(self) -> str:
        """For an answer that does not go on without it."""
        return in_words(self.notice, REFUSALS)


class UnusableAddress(Exception):
    """An address that cannot be answered as it is, because nobody would see what was left out of it."""

    def __init__(self, unusable: Sequence[Unusable]) -> None:
        super().__init__(" ".join(item.message for item in unusable))
        self.unusable = tuple(unusable)


def near_label(vocabulary: Vocabulary[Term], text: str) -> Mapping[str, str]:
    """The value of a notice that names the nearest term, if one is near."""
    near = vocabulary.nearest(text)
    return {"near": near.label} if near else {}


def unknown_names(given: Mapping[str, Sequence[str]], known: Sequence[str]) -> Iterator[Unusable]:
    """Each parameter that is unknown and not empty."""
    unknown = [name for name, values in given.items() if name not in known and any(map(str.strip, values))]
    for name in (name[:60] for name in unknown[:MOST_REPORTED]):
        near = nearest(name, known)
        yield Unusable(name, Notice.of("unknown-parameter", name=name, **({"near": near} if near else {})))
    if len(unknown) > MOST_REPORTED:
        more = Notice.of("unknown-parameter.more", count=len(unknown) - MOST_REPORTED)
        yield Unusable(unknown[MOST_REPORTED][:60], more)


def unknown_values(facet: str, unknown: Sequence[str], vocabulary: Vocabulary[Term]) -> Iterator[Unusable]:
    """Each value of a filter that names nothing in the vocabulary."""
    for value in (value[:60] for value in unknown[:MOST_REPORTED]):
        near = near_label(vocabulary, value)
        yield Unusable(facet, Notice.of("unknown-value", facet=facet, value=value, **near))
    if len(unknown) > MOST_REPORTED:
        yield Unusable(facet, Notice.of("unknown-value.more", facet=facet, count=len(unknown) - MOST_REPORTED))
