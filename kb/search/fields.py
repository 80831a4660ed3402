"""What is searched, with which weight, and what cases are counted by: declared once.

A field's weight says how much a word found there counts against the same word in the body (1.0).
`length_norm` (the b of BM25F, 0 to 1) says how far a long field counts for less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kb.model.case import Case, CaseSummary, Challenge, Reason
from kb.model.vocabulary import DECADES, Term, Vocabularies, Vocabulary, decade_of
from kb.translation import gettext_noop

HANDLING_SECTIONS = ("What helped", "What was hard")
"""The sections that say how a challenge was handled."""

BM25_K1 = 2.0
"""How soon more of the same word stops counting: the upper end of the usual range (Robertson & Zaragoza 2009,
section 3.4). Weighted frequencies are larger than plain ones, and both halves of the judged queries preferred it."""


@dataclass(frozen=True)
class TextField:
    """A field of a case that words are searched in."""

    name: str
    weight: float
    length_norm: float
    texts: Callable[[Case, Vocabularies], Iterable[str]]
    """The texts of the field; a phrase never runs from one into the next."""


@dataclass(frozen=True)
class FacetField:
    """A property that cases are narrowed and counted by.

    All that depends on which facets there are follows from these lines: parameters of addresses and of the API, options
    of commands, columns of tables, counts, chips, suggestions.
    """

    name: str
    """Its parameter in addresses; with hyphens, its option in commands."""
    label: str
    """What people read above its values, to be translated where it is shown."""
    column: str
    """Its column in tables."""
    description: str
    """What it says of a case, as a sentence."""
    vocabulary: Callable[[Vocabularies], Vocabulary[Any]]
    values: Callable[[CaseSummary, Vocabularies], Iterable[str]]
    """The ids that a case has."""
    leads: bool = False
    """Whether it is one of those that people think of first: printed at the terminal, and open on the page of a search.
    """
    is_named: bool = False
    """Whether people type its values: they are suggested while typing, and lead to what the site has on them."""
    is_plain: bool = False
    """Whether its values say what they are: "Calgary" does, "described" does not."""
    in_order: bool = False
    """Whether its values are shown in the order of its vocabulary, and not those that most cases have first."""
    is_wanted: bool = True
    """Whether a value without a case invites to write one."""
    reason_key: Callable[[str], str] | None = None
    """The key of the sentence in which a case says why it has a value; None if cases state no reasons."""


def _names(terms: Iterable[Term | None]) -> Iterable[str]:
    for term in terms:
        if term:
            yield term.label
            yield from term.aliases


def _names_of_countries(case: CaseSummary, vocabularies: Vocabularies) -> Iterable[str]:
    for country in map(vocabularies.countries.get, _countries(case, vocabularies)):
        if country:
            yield from (country.label, *country.aliases, *country.adjectives)


def _labels(case: Case, vocabularies: Vocabularies) -> Iterable[str]:
    for reason in (*case.arrangements, *case.experienced_as):
        yield vocabularies.arrangements.label(reason.id)
    for challenge in case.challenges:
        yield vocabularies.challenges.label(challenge.id)
    for kind in case.extremism:
        yield vocabularies.extremism.label(kind)
    for audience in case.audiences:
        yield vocabularies.audiences.label(audience)


def _itself(term_id: str) -> str:
    return term_id


def handled_key(challenge_id: str) -> str:
    """The key of the sentence that says what was done about a challenge.

    >>> handled_key("fragile-trust")
    'fragile-trust-handled'
    """
    return f"{challenge_id}-handled"


@dataclass(frozen=True)
class StatedReason:
    """A sentence in which a case says why a term applies to it."""

    keys: tuple[str, ...]
    """What it is the reason for: the id of a term, and for what was done about a challenge its `handled_key` too."""
    text: str


def arrangement_reasons(case: Case) -> Iterator[StatedReason]:
    """Why the case is the arrangements that were announced."""
    return (StatedReason((reason.id,), reason.why) for reason in case.arrangements)


def challenge_reasons(case: Case) -> Iterator[StatedReason]:
    """How challenges showed."""
    for challenge in case.challenges:
        if challenge.showed:
            yield StatedReason((challenge.id,), challenge.showed)


def handled_reasons(case: Case) -> Iterator[StatedReason]:
    """What was done about challenges."""
    for challenge in case.challenges:
        if challenge.handled:
            yield StatedReason((challenge.id, handled_key(challenge.id)), challenge.handled)


def experienced_reasons(case: Case) -> Iterator[StatedReason]:
    """Why partners experienced other arrangements."""
    return (StatedReason((reason.id,), reason.why) for reason in case.experienced_as)


def reason_word(key: str) -> str:
    """The word that a reason begins with in the index, so that a search can ask for words in that reason.

    >>> reason_word("lack-of-openness")
    'lackofopenness'
    """
    return key.replace("-", "")


def _reasons(case: Case, _: Vocabularies) -> Iterable[str]:
    for stated in (arrangement_reasons, challenge_reasons, handled_reasons, experienced_reasons):
        for reason in stated(case):
            yield " ".join((*map(reason_word, reason.keys), reason.text))
    yield case.evidence.note


def _blocks(case: Case, *, handling: bool) -> Iterable[str]:
    for section in case.sections:
        if (section.heading in HANDLING_SECTIONS) is handling:
            yield from section.texts


def _countries(case: CaseSummary, vocabularies: Vocabularies) -> Iterable[str]:
    return vocabularies.countries_of(case.cities)


TEXT_FIELDS = (
    # "aarhus info-house" must bring the case with that title before all that mention it.
    TextField("title", 5.0, 0.3, lambda case, _: (case.title,)),
    # "wien" or "den haag" alone is a question for that city's cases. Lengths differ by aliases only: no norm.
    TextField("city", 5.0, 0.0, lambda case, v: _names(v.cities.get(city) for city in case.cities)),
    TextField("country", 2.5, 0.0, lambda case, v: _names_of_countries(case, v)),
    TextField("summary", 2.5, 0.3, lambda case, _: (case.summary,)),
    # "intelligence link" is a question for cases tagged so.
    TextField("labels", 2.0, 0.0, _labels),
    # Challenges come with two sentences each, so this is long; for a pair, the exact reason counts more (`searching`).
    TextField("reasons", 1.6, 0.3, _reasons),
    # Written to be found by: everyday words for what the case answers.
    TextField("questions", 1.5, 0.3, lambda case, _: case.questions),
    # What helped and what was hard is what people come for.
    TextField("handling", 1.3, 0.4, lambda case, _: _blocks(case, handling=True)),
    TextField("body", 1.0, 0.5, lambda case, _: _blocks(case, handling=False)),
    # Staff and money of a case say little about what it does.
    TextField("resources", 0.5, 0.3, lambda case, _: (case.resources,) if case.resources else ()),
    # A word in the name of an office seldom says what a case is about.
    TextField("partner", 0.4, 0.3, lambda case, _: [partner.name for partner in case.at_the_table]),
)

QUERY_FIELDS = ("title", "city", "country", "partner")
"""The fields a visitor may name, as in `city:vienna`; `year:` is the fifth word of this kind."""


def _ids(reasons: Iterable[Reason | Challenge]) -> list[str]:
    return [reason.id for reason in reasons]


def _handled(case: CaseSummary, _: Vocabularies) -> Iterable[str]:
    return [challenge.id for challenge in case.challenges if challenge.handled]


def _sectors(case: CaseSummary, _: Vocabularies) -> Iterable[str]:
    return dict.fromkeys(partner.sector for partner in case.at_the_table if partner.sector)


FACETS = (
    FacetField(
        "arrangement",
        gettext_noop("Arrangement"),
        "arrangements",
        gettext_noop("The kinds of collaboration that were announced."),
        lambda v: v.arrangements,
        lambda case, _: _ids(case.arrangements),
        leads=True,
        is_named=True,
        reason_key=_itself,
        is_plain=True,
    ),
    FacetField(
        "challenge",
        gettext_noop("Challenge"),
        "challenges",
        gettext_noop("What made it hard."),
        lambda v: v.challenges,
        lambda case, _: _ids(case.challenges),
        leads=True,
        is_named=True,
        reason_key=_itself,
        is_plain=True,
    ),
    FacetField(
        "city",
        gettext_noop("City"),
        "cities",
        gettext_noop("Where it is at home."),
        lambda v: v.cities,
        lambda case, _: case.cities,
        leads=True,
        is_named=True,
        is_plain=True,
    ),
    FacetField(
        "handled",
        gettext_noop("Shows a way to handle"),
        "challenges_handled",
        gettext_noop("The challenges for which it says what was done."),
        lambda v: v.challenges,
        _handled,
        reason_key=handled_key,
    ),
    FacetField(
        "country",
        gettext_noop("Country"),
        "countries",
        gettext_noop("The countries of those cities."),
        lambda v: v.countries,
        _countries,
        is_named=True,
        is_plain=True,
    ),
    FacetField(
        "continent",
        gettext_noop("Continent"),
        "continents",
        gettext_noop("The continents of those countries."),
        lambda v: v.continents,
        lambda case, v: v.continents_of(case.cities),
        is_named=True,
        is_plain=True,
    ),
    FacetField(
        "audience",
        gettext_noop("Audience"),
        "audiences",
        gettext_noop("Whom it is for."),
        lambda v: v.audiences,
        lambda case, _: case.audiences,
    ),
    FacetField(
        "sector",
        gettext_noop("At the table"),
        "sectors",
        gettext_noop("The sectors of those who lead and of their partners."),
        lambda v: v.sectors,
        _sectors,
    ),
    FacetField(
        "extremism",
        gettext_noop("Kind of extremism"),
        "extremism",
        gettext_noop("The kinds of violent extremism that it is about, if its sources say so."),
        lambda v: v.extremism,
        lambda case, _: case.extremism,
    ),
    FacetField(
        "evidence",
        gettext_noop("Evidence"),
        "evidence",
        gettext_noop("How much is known about results, and from whom."),
        lambda v: v.evidence,
        lambda case, _: [case.evidence.level],
        in_order=True,
    ),
    FacetField(
        "status",
        gettext_noop("Status"),
        "status",
        gettext_noop("Ongoing, ended or unknown."),
        lambda v: v.statuses,
        lambda case, _: [case.status],
        is_wanted=False,
    ),
    FacetField(
        "decade",
        gettext_noop("Decade it began"),
        "decades",
        gettext_noop("The decade in which it began."),
        lambda _: DECADES,
        lambda case, _: [decade_of(case.started)],
        is_wanted=False,
        in_order=True,
    ),
    # Drift: partners experienced another arrangement than the one announced.
    FacetField(
        "experienced_as",
        gettext_noop("Experienced as"),
        "experienced_as",
        gettext_noop("Arrangements that partners experienced, if they differ from the announced ones."),
        lambda v: v.arrangements,
        lambda case, _: _ids(case.experienced_as),
        is_wanted=False,
        reason_key=_itself,
    ),
)

FACETS_BY_NAME = {facet.name: facet for facet in FACETS}


def facet_values(case: CaseSummary, vocabularies: Vocabularies) -> dict[str, tuple[str, ...]]:
    """For each facet the ids that a case has."""
    return {facet.name: tuple(facet.values(case, vocabularies)) for facet in FACETS}
