"""The query language in examples, as the page "How to search" shows it. The tests run each on the real collection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kb.translation import gettext_noop


class Relation(StrEnum):
    """What a search finds, beside what another does."""

    NARROWER = "narrower"
    """Some of its cases, and no others."""
    WIDER = "wider"
    """All of its cases, and others."""
    SAME = "same"


@dataclass(frozen=True)
class QueryExample:
    """Something to type."""

    typed: str
    finds: str
    """What it finds, in a few words; to be translated where it is shown."""
    relation: Relation
    other: str
    """The search that it is `relation` to: "youth" finds more than "youth -prison"."""


QUERY_EXAMPLES = (
    QueryExample(
        "police school", gettext_noop("cases with both words; of four and more, with most"), Relation.NARROWER, "police"
    ),
    QueryExample('"info house"', gettext_noop("this exact phrase"), Relation.NARROWER, "info house"),
    QueryExample("prison OR mosque", gettext_noop("either of them"), Relation.WIDER, "prison"),
    QueryExample("youth -prison", gettext_noop("the first without the second"), Relation.NARROWER, "youth"),
    QueryExample("youth NOT prison", gettext_noop("the same"), Relation.SAME, "youth -prison"),
    QueryExample("(police school) OR mosque", gettext_noop("both, or the other"), Relation.WIDER, "police school"),
    QueryExample("radical*", gettext_noop("every word that starts this way"), Relation.WIDER, "radicali*ation"),
    QueryExample(
        "radicali*ation",
        gettext_noop("any letters in one place"),
        Relation.SAME,
        '"radicalisation" OR "radicalization"',
    ),
    QueryExample("wom?n", gettext_noop("one letter left open"), Relation.SAME, '"woman" OR "women"'),
    QueryExample("title:school", gettext_noop("the word in the title"), Relation.NARROWER, "school"),
    QueryExample(
        "partner:university", gettext_noop("the word in the name of a partner"), Relation.NARROWER, "university"
    ),
    QueryExample("city:aarhus", gettext_noop("cases of this city"), Relation.NARROWER, '"aarhus"'),
    QueryExample("city:aarhus,oslo", gettext_noop("cases of either city"), Relation.WIDER, "city:aarhus"),
    QueryExample("country:denmark", gettext_noop("cases of this country"), Relation.WIDER, "city:aarhus"),
    QueryExample("-country:denmark", gettext_noop("cases of all other countries"), Relation.NARROWER, "year:..2100"),
    QueryExample(
        "year:2015", gettext_noop("work known to be running in that year"), Relation.NARROWER, "year:2015-2019"
    ),
    QueryExample(
        "year:2015-2019",
        gettext_noop("work known to be running in any of these years"),
        Relation.WIDER,
        "year:2015,2016",
    ),
    QueryExample(
        "year:2010s", gettext_noop("work known to be running in that decade"), Relation.SAME, "year:2010-2019"
    ),
    QueryExample("year:>2015", gettext_noop("work known to be running after that year"), Relation.SAME, "year:2016-"),
)
