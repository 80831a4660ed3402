"""What is searched, with which weight, and what cases are counted by: declared once.

A field's weight says how much a word found there counts against the same word in the body (1.0).
`length_norm` (the b of BM25F, 0 to 1) says how much a long field is held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kb.model.case import Case, Reason
from kb.model.vocabulary import Term, Vocabularies, Vocabulary

HANDLING_SECTIONS = ("What helped", "What was hard")
"""The sections that tell how a challenge was handled."""

BM25_K1 = 2.0
"""How soon more of the same word stops counting: the upper end of the usual range (Robertson & Zaragoza 2009,
section 3.4). Weighted frequencies are larger than plain ones, and both halves of the judged queries preferred it."""


@dataclass(frozen=True)
class TextField:
    """A part of a case that words are looked up in."""

    name: str
    weight: float
    length_norm: float
    texts: Callable[[Case, Vocabularies], Iterable[str]]
    """The texts of the field; a phrase never runs from one into the next."""


@dataclass(frozen=True)
class FacetField:
    """A property that cases are narrowed and counted by."""

    name: str
    """Its parameter in addresses."""
    label: str
    vocabulary: Callable[[Vocabularies], Vocabulary[Any]]
    values: Callable[[Case, Vocabularies], Iterable[str]]
    """The ids that a case has."""


def _names(terms: Iterable[Term | None]) -> Iterable[str]:
    for term in terms:
        if term:
            yield term.label
            yield from term.aliases


def _labels(case: Case, vocabularies: Vocabularies) -> Iterable[str]:
    for reason in (*case.arrangements, *case.experienced_as):
        yield vocabularies.arrangements.label(reason.id)
    for reason in case.challenges:
        yield vocabularies.challenges.label(reason.id)
    for audience in case.audiences:
        yield vocabularies.audiences.label(audience)


def pair_word(term_id: str) -> str:
    """The word that a reason begins with in the index, so that a search can ask for words in that reason.

    >>> pair_word("lack-of-openness")
    'lackofopenness'
    """
    return term_id.replace("-", "")


def _reasons(case: Case, _: Vocabularies) -> Iterable[str]:
    for reason in (*case.arrangements, *case.challenges, *case.experienced_as):
        yield f"{pair_word(reason.id)} {reason.why}"
    yield case.evidence.note


def _blocks(case: Case, *, handling: bool) -> Iterable[str]:
    for section in case.sections:
        if (section.heading in HANDLING_SECTIONS) is handling:
            yield from section.text.split("\n")


TEXT_FIELDS = (
    # "aarhus info-house" must bring the case with that title before all that mention it.
    TextField("title", 5.0, 0.3, lambda case, _: (case.title,)),
    # "wien" or "den haag" alone is a question for that city's cases. Lengths differ by aliases only: no norm.
    TextField("city", 5.0, 0.0, lambda case, v: _names(v.cities.get(city) for city in case.cities)),
    TextField("country", 2.5, 0.0, lambda case, v: _names(v.countries.get(c) for c in v.countries_of(case.cities))),
    TextField("summary", 2.5, 0.3, lambda case, _: (case.summary,)),
    # "intelligence link" is a question for cases tagged so.
    TextField("labels", 2.0, 0.0, _labels),
    TextField("reasons", 2.0, 0.3, _reasons),
    # Written to be found by: everyday words for what the case answers.
    TextField("questions", 1.5, 0.3, lambda case, _: case.questions),
    # What helped and what was hard is what people come for.
    TextField("handling", 1.3, 0.4, lambda case, _: _blocks(case, handling=True)),
    TextField("body", 1.0, 0.5, lambda case, _: _blocks(case, handling=False)),
    TextField("partner", 0.8, 0.3, lambda case, _: (*case.lead, *case.partners)),
)

QUERY_FIELDS = ("title", "city", "country", "partner")
"""The fields a visitor may name, as in `city:vienna`; `year:` is the fifth word of this kind."""


def _ids(reasons: Iterable[Reason]) -> list[str]:
    return [reason.id for reason in reasons]


FACETS = (
    FacetField("arrangement", "Arrangement", lambda v: v.arrangements, lambda case, _: _ids(case.arrangements)),
    FacetField("challenge", "Challenge", lambda v: v.challenges, lambda case, _: _ids(case.challenges)),
    FacetField("city", "City", lambda v: v.cities, lambda case, _: case.cities),
    FacetField("country", "Country", lambda v: v.countries, lambda case, v: v.countries_of(case.cities)),
    FacetField("audience", "Audience", lambda v: v.audiences, lambda case, _: case.audiences),
    FacetField("evidence", "Evidence", lambda v: v.evidence, lambda case, _: [case.evidence.level]),
    FacetField("status", "Status", lambda v: v.statuses, lambda case, _: [case.status]),
    # Drift: partners lived another arrangement than the one announced.
    FacetField("experienced_as", "Experienced as", lambda v: v.arrangements, lambda case, _: _ids(case.experienced_as)),
)

FACETS_BY_NAME = {facet.name: facet for facet in FACETS}
