"""Terms of vocabularies as cards in an overview."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from kb import Generation


@dataclass(frozen=True)
class TermCard:
    """A term in an overview."""

    label: str
    href: str
    description: str
    count: int


@dataclass(frozen=True)
class ArrangementCard(TermCard):
    """An arrangement in an overview: what it is for and which way information flows."""

    purpose: str
    flow: str
    flow_kind: str


def arrangement_cards(generation: Generation) -> tuple[ArrangementCard, ...]:
    """All arrangements for an overview."""
    found = generation.counts["arrangement"]
    return tuple(
        ArrangementCard(
            term.label,
            paths.arrangement(term.id),
            term.description,
            found.get(term.id, 0),
            term.purpose,
            term.flow,
            term.flow_kind,
        )
        for term in generation.vocabularies.arrangements
    )


def challenge_cards(generation: Generation) -> tuple[TermCard, ...]:
    """All challenges for an overview."""
    found = generation.counts["challenge"]
    return tuple(
        TermCard(term.label, paths.challenge(term.id), term.description, found.get(term.id, 0))
        for term in generation.vocabularies.challenges
    )
