"""What cannot be used in an address: said to people in notices, to programs in errors, with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb import Notice, Term, Vocabulary, nearest

MOST_TOLD = 5
"""The most notices of one kind. Guessing what was meant takes time, and nobody reads more."""


@dataclass(frozen=True)
class Unusable:
    """Something in an address that cannot be used."""

    code: str
    """For programs: ``unknown-value``."""
    parameter: str
    reason: str
    """As a sentence without its end."""
    consequence: str = ""
    """What a page does about it, to be added to the sentence."""
    hint: str = ""
    """What was probably meant, to follow the sentence."""

    @property
    def notice(self) -> Notice:
        """For a page, which goes on without it."""
        return Notice(self.code, f"{self.reason}{self.consequence}.{self.hint}")

    @property
    def message(self) -> str:
        """For an answer that does not go on without it."""
        return f"{self.reason}.{self.hint}"


class UnusableAddress(Exception):
    """An address that cannot be answered as it is, because nobody would see what was left out of it."""

    def __init__(self, unusable: Sequence[Unusable]) -> None:
        super().__init__(" ".join(item.message for item in unusable))
        self.unusable = tuple(unusable)


def did_you_mean(vocabulary: Vocabulary[Term], text: str) -> str:
    """The end of a sentence that names the nearest term, if one is near."""
    near = vocabulary.nearest(text)
    return f" Did you mean {near.label}?" if near else ""


def unknown_names(given: Mapping[str, Sequence[str]], known: Sequence[str]) -> Iterator[Unusable]:
    """Each parameter that is unknown and not empty."""
    unknown = [name for name, values in given.items() if name not in known and any(map(str.strip, values))]
    for name in unknown[:MOST_TOLD]:
        near = nearest(name[:60], known)
        hint = f" Did you mean “{near}”?" if near else ""
        yield Unusable("unknown-parameter", name[:60], f"The parameter “{name[:60]}” means nothing here", hint=hint)
    if len(unknown) > MOST_TOLD:
        more = f"{len(unknown) - MOST_TOLD} more parameters mean nothing here"
        yield Unusable("unknown-parameter", unknown[MOST_TOLD][:60], more)


def unknown_values(
    parameter: str, kind: str, unknown: Sequence[str], vocabulary: Vocabulary[Term]
) -> Iterator[Unusable]:
    """Each value of a filter that names nothing in the vocabulary."""
    for value in unknown[:MOST_TOLD]:
        reason, hint = f"There is no {kind} “{value[:60]}”", did_you_mean(vocabulary, value[:60])
        yield Unusable("unknown-value", parameter, reason, "; the search continues without it", hint)
    if len(unknown) > MOST_TOLD:
        yield Unusable("unknown-value", parameter, f"{len(unknown) - MOST_TOLD} more values of {kind} are not known")
