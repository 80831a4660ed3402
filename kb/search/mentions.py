"""What the words of a search mention: a challenge, a place, a page of the site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from kb.search.words.idioms import BaseForms, all_forms, is_idiom, meaningful_forms

T = TypeVar("T")

MOST_WORDS = 40
"""Words of a search that are looked at: a longer text names nothing in particular."""

PARTLY = 2
"""Up to this many words may be part of a longer label: "trust" is answered by "Fragile trust"."""


@dataclass(frozen=True)
class Names(Generic[T]):
    """Things with their names, found by what somebody typed."""

    by_name: Mapping[BaseForms, tuple[T, ...]]
    """For the base forms of a name what is called so."""
    by_word: Mapping[str, tuple[T, ...]]
    """For a base form what has it in its label."""
    longest: int

    @classmethod
    def of(cls, things: Iterable[tuple[T, str, Iterable[str]]]) -> Names[T]:
        """Things, each with its label and its other names."""
        by_name: dict[BaseForms, dict[T, None]] = defaultdict(dict)
        by_word: dict[str, dict[T, None]] = defaultdict(dict)
        # A word is a larger part of a shorter label.
        for thing, label, others in sorted(things, key=lambda named: len(meaningful_forms(named[1]))):
            for name in (label, *others):
                if forms := all_forms(name) if is_idiom(name) else meaningful_forms(name):
                    by_name[forms][thing] = None
            for word in meaningful_forms(label):
                by_word[word][thing] = None
        return cls(
            {name: tuple(found) for name, found in by_name.items()},
            {word: tuple(found) for word, found in by_word.items()},
            max(map(len, by_name), default=0),
        )

    def named_in(self, text: str, most: int) -> list[T]:
        """At most so many things that a text names, the longest names first; else those whose label it is part of."""
        typed, in_full = meaningful_forms(text)[:MOST_WORDS], all_forms(text)[:MOST_WORDS]
        found: dict[T, None] = {}
        for length in range(min(self.longest, len(in_full)), 0, -1):
            for forms in (*_runs(typed, length), *_runs(in_full, length)):
                found.update(dict.fromkeys(self.by_name.get(forms, ())))
        if not found and 0 < len(typed) <= PARTLY:
            first, *rest = (self.by_word.get(word, ()) for word in typed)
            found.update(dict.fromkeys(thing for thing in first if all(thing in others for others in rest)))
        return list(found)[:most]


def _runs(forms: BaseForms, length: int) -> Iterator[BaseForms]:
    """All runs of so many neighbours."""
    return (forms[start : start + length] for start in range(len(forms) - length + 1))
