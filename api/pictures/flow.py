"""Who tells whom: the drawings of a case's arrangements, as designed and as experienced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb import Arrangement, CaseSummary, Reason, Vocabularies, gettext, listed


@dataclass(frozen=True)
class Drawing:
    """The drawing of an arrangement."""

    kind: str
    """Which drawing: one of `FLOW_KINDS`."""
    label: str
    words: str
    """Which way information flows, as a sentence."""


@dataclass(frozen=True)
class Flow:
    """Who tells whom in a case."""

    designed: tuple[Drawing, ...]
    experienced: tuple[Drawing, ...]
    """Empty if nothing says that it was experienced otherwise."""
    text: str


def flow(case: CaseSummary, vocabularies: Vocabularies) -> Flow | None:
    """Who tells whom in a case; None if no arrangement of it is known."""
    designed = _drawings(case.arrangements, vocabularies)
    experienced = _drawings(case.experienced_as, vocabularies)
    if not designed:
        return None
    text = gettext("Who informs whom: {arrangements}.").format(arrangements=_named(designed))
    if experienced:
        text = gettext("Who informs whom. Designed as: {designed}. Experienced as: {experienced}.").format(
            designed=_named(designed), experienced=_named(experienced)
        )
    return Flow(designed, experienced, text)


def _drawings(reasons: Sequence[Reason], vocabularies: Vocabularies) -> tuple[Drawing, ...]:
    found = (vocabularies.arrangements.get(reason.id) for reason in reasons)
    return tuple(Drawing(term.flow_kind, term.label, term.flow) for term in found if isinstance(term, Arrangement))


def _named(drawings: Sequence[Drawing]) -> str:
    return listed([f"{drawing.label} ({_inside(drawing.words)})" for drawing in drawings])


def _inside(sentence: str) -> str:
    """A sentence as words within another."""
    words = sentence.rstrip(".")
    return f"{words[:1].lower()}{words[1:]}"
