"""Notices about what cannot be used in an address, with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kb import Notice, Term, Vocabulary, nearest

MOST_TOLD = 5
"""The most notices of one kind. Guessing what was meant takes time, and nobody reads more."""


def did_you_mean(vocabulary: Vocabulary[Term], text: str) -> str:
    """The end of a sentence that names the nearest term, if one is near."""
    near = vocabulary.nearest(text)
    return f" Did you mean {near.label}?" if near else ""


def unknown_names(given: Iterable[str], known: Sequence[str]) -> Iterator[Notice]:
    """A notice for each unknown parameter."""
    unknown = [name for name in given if name not in known]
    for name in unknown[:MOST_TOLD]:
        near = nearest(name[:60], known)
        hint = f" Did you mean “{near}”?" if near else ""
        yield Notice("unknown-parameter", f"The parameter “{name[:60]}” means nothing here.{hint}")
    if len(unknown) > MOST_TOLD:
        yield Notice("unknown-parameter", f"{len(unknown) - MOST_TOLD} more parameters mean nothing here.")


def unknown_values(kind: str, unknown: Sequence[str], vocabulary: Vocabulary[Term]) -> Iterator[Notice]:
    """A notice for each filter value that the vocabulary does not contain."""
    for value in unknown[:MOST_TOLD]:
        hint = did_you_mean(vocabulary, value[:60])
        text = f"There is no {kind} “{value[:60]}”; the search continues without it.{hint}"
        yield Notice("unknown-value", text)
    if len(unknown) > MOST_TOLD:
        yield Notice("unknown-value", f"{len(unknown) - MOST_TOLD} more values of {kind} are not known.")
