"""What hard words of the guide mean, for readers who do not read English every day."""

from __future__ import annotations

from dataclasses import dataclass

from kb import gettext, gettext_noop


@dataclass(frozen=True)
class Meaning:
    """A hard word, and what it means here."""

    word: str
    meaning: str


def meanings(text: str) -> tuple[Meaning, ...]:
    """The hard words that a text contains, in alphabetical order.

    >>> [one.word for one in meanings("A facilitator can stigmatise.")]
    ['facilitator', 'stigma, stigmatise']
    """
    lower = text.lower()
    return tuple(Meaning(gettext(word), gettext(meaning)) for word, begins, meaning in _WORDS if begins in lower)


_WORDS = (
    # The word as it is shown, the beginning by which it is found in a text, and what it means.
    (gettext_noop("accountability"), "accountab", gettext_noop("having to answer for what you did or did not do")),
    (gettext_noop("bridging"), "bridging", gettext_noop("making contact between groups that have little contact")),
    (
        gettext_noop("case consultation"),
        "case consultation",
        gettext_noop("a meeting in which professionals discuss one person and agree what to do"),
    ),
    (gettext_noop("coalition"), "coalition", gettext_noop("groups that work together for one aim")),
    (gettext_noop("cohesion"), "cohesion", gettext_noop("how well people and groups in one place live together")),
    (
        gettext_noop("counter-narrative"),
        "counter-narrative",
        gettext_noop("a message that answers the message of extremists"),
    ),
    (gettext_noop("covenant"), "covenant", gettext_noop("a written agreement between organisations")),
    (
        gettext_noop("drift"),
        "drift",
        gettext_noop("to become another kind of arrangement over time, without anyone deciding it"),
    ),
    (
        gettext_noop("facilitator"),
        "facilitator",
        gettext_noop("a person who leads a discussion and does not take sides"),
    ),
    (gettext_noop("interfaith"), "interfaith", gettext_noop("between people of different religions")),
    (
        gettext_noop("legitimacy"),
        "legitim",
        gettext_noop("people accept that an organisation has the right to do what it does"),
    ),
    (
        gettext_noop("professional secrecy"),
        "professional secrecy",
        gettext_noop("the duty not to pass on what a client says"),
    ),
    (
        gettext_noop("resilience"),
        "resilien",
        gettext_noop("the strength of people or places to cope with harm and pressure"),
    ),
    (gettext_noop("stakeholder"), "stakeholder", gettext_noop("a person or group that the matter concerns")),
    (
        gettext_noop("stigma, stigmatise"),
        "stigma",
        gettext_noop("to treat people or places as bad or dangerous because of what they are"),
    ),
    (gettext_noop("threshold"), "threshold", gettext_noop("how serious a concern must be before a group discusses it")),
    (
        gettext_noop("multi-agency"),
        "multi-agency",
        gettext_noop("several organisations together, such as police, schools and social work"),
    ),
)
