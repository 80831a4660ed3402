"""What a visitor should know about how an address or a search was understood.

A notice consists of a code and values. Its sentence is put together where it is shown, from the catalogue in this
module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.search.fields import FACETS_BY_NAME
from kb.translation import gettext, gettext_noop

Value = str | int | tuple[str, ...]

LONGEST_VALUE = 80
"""Characters of a value that a sentence shows."""


@dataclass(frozen=True)
class Notice:
    """Something that was left out, or not read as it was typed."""

    key: str
    """The key of its sentence in the catalogue: ``unknown-field``, ``relaxed.most``."""
    values: tuple[tuple[str, Value], ...] = ()
    """What the sentence names: the placeholders of the catalogue, each with its value."""
    instead: str | None = None
    """What to search for in order to undo it."""

    @classmethod
    def of(cls, key: str, *, instead: str | None = None, **values: Value) -> Notice:
        """A notice with named values.

        >>> in_words(Notice.of("too-many.compared", most=4))
        'At most 4 can be compared. The others were left out.'
        """
        return cls(key, tuple(values.items()), instead)

    @property
    def code(self) -> str:
        """For programs: the kind of notice, however it is worded.

        >>> Notice.of("relaxed.most").code
        'relaxed'
        """
        return self.key.partition(".")[0]


SENTENCES: Mapping[str, str] = {
    "did-you-mean": gettext_noop("Did you mean “{near}”?"),
    # The words of a search.
    "no-words": gettext_noop("There is no word to search for. All cases are shown."),
    "too-long": gettext_noop("The search is long. Only its first {most} characters were used."),
    "open-quote": gettext_noop("A quotation mark is not closed. The words after it were read as plain words."),
    "lonely-or": gettext_noop("OR needs a word on each side. It was left out."),
    "or-joins": gettext_noop(
        "OR joins only the words beside it: `{joined}`. Brackets join more, as in `(hate speech) OR racism`."
    ),
    "lonely-not": gettext_noop("NOT needs a word after it. It was left out."),
    "capitals": gettext_noop("In a line that is all in capitals, OR and NOT are read as words."),
    "title-with-not": gettext_noop(
        "NOT was read as the first word of a title. To leave the word out, write `-{following}`."
    ),
    "unknown-field": gettext_noop("`{field}:` is not a field that can be searched, and was read as a plain word."),
    "unknown-field.listed": gettext_noop(
        "`{field}:` is not a field that can be searched, and was read as a plain word. The fields are {known}."
    ),
    "empty-field": gettext_noop("`{field}:` needs a word right after it, as in `{example}`. It was left out."),
    "value-list": gettext_noop("The words separated by commas were read as `{query}`."),
    "bad-years": gettext_noop(
        "`year:{typed}` is not a year or a range of years. Write `year:2015` or `year:2015..2019`."
    ),
    "bad-years.backward": gettext_noop("`year:{typed}` runs backwards. It was read as `{range}`."),
    "short-pattern": gettext_noop("In `{pattern}` only the letters were read: a pattern needs at least two."),
    "pattern-in-quotes": gettext_noop(
        "Inside quotation marks `*` has no meaning. The words were searched for as they are."
    ),
    # How a search was understood.
    "understood.place": gettext_noop("“{typed}” was read as a place."),
    "understood.place-named": gettext_noop("“{typed}” was read as a place: {place}."),
    "understood.time": gettext_noop("“{typed}” was read as the time when a practice ran."),
    "understood.place-left-out": gettext_noop("“{typed}” was read as a place to leave out."),
    "understood.time-left-out": gettext_noop("“{typed}” was read as a time to leave out."),
    "respelled": gettext_noop("No results for “{typed}”. Showing results for “{meant}”."),
    "synonyms.searched": gettext_noop("Also searched for {others} (other words for “{name}”)."),
    "synonyms.excluded": gettext_noop("Cases with other names for “{name}” were left out too: {others}."),
    "unknown-word": gettext_noop("No results for {names}."),
    "no-such-word": gettext_noop("No word matches `{pattern}`."),
    "many-words": gettext_noop("{count} words match `{pattern}`. The {most} most common ones were searched for."),
    "relaxed.most": gettext_noop("No case contains all your words. These contain most of them."),
    "relaxed.any": gettext_noop("No case contains all your words. These contain at least one."),
    "relaxed.place": gettext_noop("No case is about both your words and {places}. These mention at least one of them."),
    "relaxed.place-alone": gettext_noop("No case is about {places}. These mention it."),
    # The parameters of an address.
    "unknown-parameter": gettext_noop("The parameter “{name}” is not known here."),
    "unknown-parameter.more": gettext_noop("{count} more parameters are not known here."),
    "unknown-value": gettext_noop("There is no {facet} “{value}”, so it was ignored."),
    "unknown-value.more": gettext_noop("{count} more values of {facet} are not known."),
    "unknown-value.answer": gettext_noop("“{value}” is not an answer to “{question}”; the question remains open."),
    "unknown-value.arrangement": gettext_noop("There is no arrangement “{value}”. It was left out."),
    "unknown-sort": gettext_noop("There is no sort order “{value}”. Choose one of: {known}."),
    "nothing-answered": gettext_noop("No question has been answered yet. One answer is enough to begin."),
    "too-many.listed": gettext_noop("A list can contain at most {most} cases. The others were left out."),
    "too-many.compared": gettext_noop("At most {most} can be compared. The others were left out."),
    "two-kinds": gettext_noop("Cases and arrangements cannot be compared with each other. The cases are shown."),
    "unknown-case": gettext_noop("The case “{slug}” does not exist. It was left out."),
    "unknown-case.withdrawn": gettext_noop("The case “{slug}” was withdrawn. It was left out."),
    "named-twice": gettext_noop("“{title}” was named twice. It is shown once."),
}
"""The sentences of all notices, with the names of values in braces."""

REFUSALS: Mapping[str, str] = {**SENTENCES, "unknown-value": gettext_noop("There is no {facet} “{value}”.")}
"""The sentences where the request is refused because of what cannot be used."""


def in_words(notice: Notice, catalogue: Mapping[str, str] = SENTENCES) -> str:
    """The sentence of a notice, followed by what was probably meant, if that is known."""
    values = dict(notice.values)
    sentence = gettext(catalogue[notice.key]).format_map({name: _shown(name, value) for name, value in values.items()})
    return f"{sentence} {gettext(catalogue['did-you-mean']).format(**values)}" if "near" in values else sentence


def _shown(name: str, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"“{_shortened(one)}”" for one in value)
    if isinstance(value, int):
        return f"{value:,}"
    return gettext(FACETS_BY_NAME[value].label).lower() if name == "facet" else _shortened(value)


def _shortened(text: str) -> str:
    """A notice is read at a glance, whatever was pasted into a search."""
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE].rstrip()}…"
