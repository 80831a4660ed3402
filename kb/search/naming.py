"""What somebody calls a thing, however it is spelled: names of terms, cases and parameters in addresses and options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kb.model.vocabulary import T, Vocabulary
from kb.search.words.analysis import fold

_LETTERS = re.compile(r"[^\W_]+")
_BETWEEN_VALUES = re.compile(r"[,;|]")
_NEGATED = re.compile(r"\s*[-‐‑‒–—−!~^¬]")
"""What may mean “not”. To read it as its opposite would be worse than to ask."""


def plain_name(text: str) -> str:
    """A name without what people and programs change in it: case, accents, invisible characters, and what is between
    and around its words.

    >>> plain_name(" Århus."), plain_name("Fragile_trust"), plain_name("“…”")
    ('arhus', 'fragile-trust', '')
    """
    visible = "".join(char for char in fold(text) if unicodedata.category(char) != "Cf")
    return "-".join(_LETTERS.findall(visible))


_plain_name_of_term = lru_cache(maxsize=10_000)(plain_name)
"""For names in vocabularies, which are compared with everything that is typed."""


@dataclass(frozen=True)
class NamedTerms:
    """The terms that some values name."""

    ids: tuple[str, ...]
    """Each once, in the order they were first named."""
    unknown: tuple[str, ...]
    """The values that name none, or that might name one of several."""


def read_terms(vocabulary: Vocabulary[T], values: Iterable[str]) -> NamedTerms:
    """The terms that values name: by id, label or alias, however spelled, or by several of them between commas.

    Empty values name nothing, and are not unknown either.
    """
    ids: dict[str, None] = {}
    unknown: dict[str, None] = {}
    names: Mapping[str, str] = {}
    for value in values:
        if value in vocabulary:
            ids[value] = None
        elif value.strip():
            names = names or _ids_by_name(vocabulary)
            found = _ids_named(value, names)
            ids.update(dict.fromkeys(found))
            unknown.update({} if found else {value: None})
    return NamedTerms(tuple(ids), tuple(unknown))


def term_named(vocabulary: Vocabulary[T], text: str) -> T | None:
    """The one term that a text names by id, label or alias, however it is spelled; None if there is any doubt."""
    if text in vocabulary:
        return vocabulary[text]
    term_id = _id_named(text, _ids_by_name(vocabulary))
    return vocabulary[term_id] if term_id else None


def _ids_by_name(vocabulary: Vocabulary[T]) -> Mapping[str, str]:
    """The id that each plain name means. An id means its own term; a name that two terms share means neither."""
    ids: dict[str, str] = {}
    for term in vocabulary:
        for name in {_plain_name_of_term(name) for name in (term.label, *term.aliases)}:
            ids[name] = "" if name in ids else term.id
    return ids | {_plain_name_of_term(term.id): term.id for term in vocabulary}


def _ids_named(value: str, names: Mapping[str, str]) -> list[str]:
    """The ids that a value means, as a whole or part by part; none if one of its parts is in doubt."""
    if whole := _id_named(value, names):
        return [whole]
    parts = [_id_named(part, names) for part in _BETWEEN_VALUES.split(value) if part.strip()]
    return [part for part in parts if part] if all(parts) else []


def _id_named(text: str, names: Mapping[str, str]) -> str:
    name = "" if _NEGATED.match(text) else plain_name(text)
    return names.get(name, "") if name else ""
