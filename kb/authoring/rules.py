"""The rules that content files are held to: the manual behind every rule id.

CONTRIBUTING.md shows this table; a test keeps the two alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """The file cannot be published as it is."""

    WARNING = "warning"
    """The file can be published; something in it ought to be better."""

    NOTICE = "notice"
    """Nothing to mend by itself: what follows from the errors of a file."""


@dataclass(frozen=True)
class Rule:
    """One rule for authors."""

    says: str
    """What the rule asks, as a sentence."""
    warns: bool = False
    """True where a file that breaks the rule may still be published."""
    notes: bool = False
    """True where it says what became of a page."""

    @property
    def level(self) -> Level:
        """How much a problem under this rule matters."""
        return Level.NOTICE if self.notes else Level.WARNING if self.warns else Level.ERROR


RULES: dict[str, Rule] = {
    # The file as a whole
    "file-name": Rule("The file name is the address: lower-case letters, digits and hyphens, ending in `.md`."),
    "file-too-large": Rule("A content file is at most 500 kB."),
    "file-unreadable": Rule("The file can be read by the user that runs `kb`, and stays inside the content folder."),
    "not-utf-8": Rule("Files are saved as UTF-8 text without control characters."),
    # Front matter
    "no-front-matter": Rule("A file starts with front matter between two lines of three hyphens."),
    "yaml-syntax": Rule("Front matter is valid YAML 1.2."),
    "duplicate-key": Rule("A key stands once."),
    "unknown-key": Rule("Only the keys of the template are used."),
    "missing-key": Rule("The keys that every file needs are there and not empty."),
    "wrong-type": Rule("Each key holds the kind of value the template shows: text, list, year or mapping."),
    "too-long": Rule(
        "Titles have at most 120 characters, summaries 320, reasons and notes 400, questions 160.", warns=True
    ),
    "unknown-term": Rule(
        "Arrangements, challenges, cities, audiences, sectors, kinds of extremism, levels and states come from the "
        "vocabularies."
    ),
    "bad-year": Rule("Years have four digits, lie between 1800 and 2100, and `ended` is not before `started`."),
    "bad-date": Rule("Dates are written YYYY-MM-DD."),
    "last-reported": Rule(
        "`last_reported` says as of when a practice is ongoing: a year no later than that of its source.", warns=True
    ),
    "old-form": Rule(
        "Challenges say `showed` and `handled`, and those at the table are written `name: sector`; "
        "the forms before these are understood for one version.",
        warns=True,
    ),
    "status-and-end": Rule("A case with a year under `ended` has the status `ended`.", warns=True),
    "review-incomplete": Rule("A reviewed case says `date:` and, as a role, `by:` whom."),
    "same-experience": Rule("`experienced_as` names an arrangement other than those under `arrangements`."),
    "not-a-question": Rule("What stands under `questions` are questions, and end with a question mark.", warns=True),
    "bad-alias": Rule("Aliases are earlier slugs: lower-case letters, digits and hyphens."),
    "bad-url": Rule("The address of a source starts with https:// or http://."),
    "bad-language": Rule("The language of a source is a two-letter code of ISO 639-1, such as `da`."),
    # The text
    "unknown-section": Rule("Only the section headings of the template are used, at level two (`##`)."),
    "duplicate-section": Rule("A section stands once."),
    "section-order": Rule("Sections stand in the order of the template.", warns=True),
    "empty-section": Rule("A section that is there holds text.", warns=True),
    "missing-section": Rule("A section that the template has is there.", warns=True),
    "text-before-section": Rule("All text stands below a section heading."),
    "raw-html": Rule("The text is markdown without HTML tags."),
    "unsafe-link": Rule("Links lead to https://, http:// or mailto: addresses, or to another content file."),
    "bad-citation": Rule(
        "Sources are cited as `[@s1]`, `[@s1; @s3]` or `[@s1, page 4]`, and not in the text of a link."
    ),
    "nested-too-deeply": Rule("Lists, quotes and stressed words stand in one another two or three deep, not dozens."),
    "too-many-marks": Rule("A text has fewer than 50,000 lines, brackets, asterisks and other marks."),
    "image": Rule("Cases hold no images: they would be fetched from elsewhere, and pictures can expose people."),
    "unknown-source": Rule("Every citation such as `[@s1]` names a source that is listed under `sources`."),
    "uncited-source": Rule("Every listed source is cited in the text.", warns=True),
    "uncited-statement": Rule("Every paragraph and list item up to the results cites a source.", warns=True),
    # The collection
    "dead-link": Rule("Links between content files lead to a file that exists and is published."),
    "alias-taken": Rule("An alias is not the slug or the alias of another case."),
    "repeated-sentence": Rule("No sentence stands in two cases.", warns=True),
    "missing-page": Rule("Every arrangement and every challenge has its guide page.", warns=True),
    # Vocabularies
    "duplicate-alias": Rule("An alias belongs to one term of a vocabulary."),
    "no-answer": Rule("Every arrangement is reached by an answer to each question.", warns=True),
    "bad-coordinates": Rule("A city has a latitude from -90 to 90 and a longitude from -180 to 180."),
    # What became of the page of a file with errors
    "page-offline": Rule(
        "A page is online only while its file clearly says `publication: published`, once, and nothing in it reads as "
        "a draft or a withdrawal.",
        notes=True,
    ),
    "page-last-good": Rule(
        "A file with errors that clearly says `publication: published` leaves the last good version of its page "
        "online.",
        notes=True,
    ),
}
