"""How much is known about results, as a step of a ladder."""

from __future__ import annotations

from dataclasses import dataclass

from kb import CaseSummary, Vocabularies, gettext


@dataclass(frozen=True)
class Ladder:
    """How much is known about results."""

    step: int
    """From 1."""
    steps: tuple[str, ...]
    """The labels of all steps, from least to most."""
    text: str


def ladder(case: CaseSummary, vocabularies: Vocabularies) -> Ladder | None:
    """The evidence of a case; None if its level is not known."""
    labels = tuple(term.label for term in vocabularies.evidence)
    if case.evidence.level not in vocabularies.evidence:
        return None
    step = vocabularies.evidence.place(case.evidence.level) + 1
    text = gettext("Evidence: {label}, step {step} of {steps}.").format(
        label=labels[step - 1], step=step, steps=len(labels)
    )
    return Ladder(step, labels, text)
