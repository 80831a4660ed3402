"""What is known about the words of a collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.model.vocabulary import Vocabularies
from kb.search.understanding.places import Places
from kb.search.words.analysis import tokens
from kb.search.words.synonyms import Synonyms


@dataclass(frozen=True)
class Language:
    """What is known about the words of a collection."""

    synonyms: Synonyms = field(default_factory=Synonyms)
    places: Places = field(default_factory=Places)
    written: Mapping[str, str] = field(default_factory=dict)
    """How a folded word is written: "malmo" is "Malmö"."""

    @classmethod
    def of(cls, vocabularies: Vocabularies) -> Language:
        """The language of a collection with these vocabularies."""
        places = (*vocabularies.cities, *vocabularies.countries)
        names = [name for place in places for name in (*reversed(place.aliases), place.label)]
        names += (name for place in (*vocabularies.countries, *vocabularies.regions) for name in place.adjectives)
        written = {token.exact: name[token.start : token.end] for name in names for token in tokens(name)}
        return cls(Synonyms.of(vocabularies), Places.of(vocabularies), written)
