"""The rules that content files must follow: the manual behind every rule id.

CONTRIBUTING.md shows this table; a test keeps the two in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """The file cannot be published as it is."""

    WARNING = "warning"
    """The file can be published, but something in it should be improved."""

    NOTICE = "notice"
    """Nothing to fix in itself: a consequence of the errors in a file."""


@dataclass(frozen=True)
class Rule:
    """One rule for authors."""

    says: str
    """What the rule requires, as a sentence."""
    warns: bool = False
    """True if a file that breaks the rule may still be published."""
    notes: bool = False
    """True if it reports what happened to a page."""

    @property
    def level(self) -> Level:
        """How much a problem under this rule matters."""
        return Level.NOTICE if self.notes else Level.WARNING if self.warns else Level.ERROR


RULES: dict[str, Rule] = {
    # The file as a whole
    "file-name": Rule("The file name is the address: lower-case letters, digits and hyphens, ending in `.md`."),
    "file-too-large": Rule("A content file is at most 500 kB."),
    "file-unreadable": Rule("The user who runs `kb` can read the file, and it is inside the content folder."),
    "not-utf-8": Rule("Files are saved as UTF-8 text without control characters."),
    # Front matter
    "no-front-matter": Rule("A file starts with front matter between two lines of three hyphens."),
    "yaml-syntax": Rule("Front matter is valid YAML 1.2."),
    "duplicate-key": Rule("A key appears only once."),
    "unknown-key": Rule("Only keys from the template are used."),
    "missing-key": Rule("The keys that every file needs are present and not empty."),
    "wrong-type": Rule("Each key has the kind of value that the template shows: text, list, year or mapping."),
    "too-long": Rule(
        "Titles have at most 120 characters, summaries 320, reasons and notes 400, questions 160.", warns=True
    ),
    "unknown-term": Rule(
        "Arrangements, challenges, cities, audiences, sectors, kinds of extremism, levels and states come from the "
        "vocabularies."
    ),
    "bad-year": Rule("Years have four digits and lie between 1800 and 2100, and `ended` is not before `started`."),
    "bad-date": Rule("Dates are written YYYY-MM-DD."),
    "last-reported": Rule(
        "`last_reported` gives the year in which a practice was last reported as ongoing, no later than its source.",
        warns=True,
    ),
    "old-form": Rule(
        "Challenges use `showed` and `handled`, and organisations are written `name: sector`; earlier forms are "
        "accepted for one version.",
        warns=True,
    ),
    "status-and-end": Rule("A case with a year under `ended` has the status `ended`.", warns=True),
    "review-incomplete": Rule("A reviewed case gives the `date:` of the review and, under `by:`, the reviewer's role."),
    "same-experience": Rule("`experienced_as` names an arrangement other than those under `arrangements`."),
    "not-a-question": Rule("Every entry under `questions` is a question and ends with a question mark.", warns=True),
    "bad-alias": Rule("Aliases are earlier slugs: lower-case letters, digits and hyphens."),
    "bad-url": Rule("The address of a source starts with https:// or http://."),
    "bad-language": Rule("The language of a source is a two-letter code of ISO 639-1, such as `da`."),
    # The text
    "unknown-section": Rule("Only section headings from the template are used, at level two (`##`)."),
    "duplicate-section": Rule("A section appears only once."),
    "section-order": Rule("Sections are in the order of the template.", warns=True),
    "empty-section": Rule("A section whose heading is present contains text.", warns=True),
    "missing-section": Rule("Every section of the template is present.", warns=True),
    "text-before-section": Rule("All text is below a section heading."),
    "raw-html": Rule("The text is markdown without HTML tags."),
    "unsafe-link": Rule("Links point to https://, http:// or mailto: addresses, or to another content file."),
    "bad-citation": Rule(
        "Sources are cited as `[@s1]`, `[@s1; @s3]` or `[@s1, page 4]`, and not in the text of a link."
    ),
    "nested-too-deeply": Rule("Lists, quotes and emphasis are nested two or three levels deep, not dozens."),
    "too-many-marks": Rule("A text has fewer than 50,000 lines, brackets, asterisks and other marks."),
    "image": Rule("Cases contain no images: they would be loaded from other sites, and pictures can expose people."),
    "unknown-source": Rule("Every citation such as `[@s1]` names a source that is listed under `sources`."),
    "uncited-source": Rule("Every listed source is cited in the text.", warns=True),
    "uncited-statement": Rule(
        "Every paragraph and list item up to and including the results cites a source.", warns=True
    ),
    # What may harm somebody
    "harm-email": Rule("No e-mail addresses: they reach a person, or go stale.", warns=True),
    "harm-phone": Rule("No telephone numbers: they reach a person, or go stale.", warns=True),
    "harm-address": Rule("No addresses of buildings: a district or the city is enough.", warns=True),
    "harm-birth-date": Rule("Nobody's date of birth.", warns=True),
    "harm-small-number": Rule("No group so small, and no age so exact, that others can tell who is meant.", warns=True),
    "harm-name": Rule("People appear by their role, not by their name.", warns=True),
    "harm-operation": Rule("Nothing about how an operation works, or about how to find what is protected.", warns=True),
    # The collection
    "dead-link": Rule("Links between content files point to a file that exists and is published."),
    "alias-taken": Rule("An alias is not already the slug or an alias of another case."),
    "repeated-sentence": Rule("No sentence appears in two cases.", warns=True),
    "missing-page": Rule("Every arrangement and every challenge has a guide page.", warns=True),
    # Vocabularies
    "duplicate-alias": Rule("An alias belongs to one term of a vocabulary."),
    "no-answer": Rule("For each arrangement, every question has an answer that fits it.", warns=True),
    "bad-coordinates": Rule("A city has a latitude from -90 to 90 and a longitude from -180 to 180."),
    # What happened to the page of a file with errors
    "page-offline": Rule(
        "A page is online only while its file clearly says `publication: published`, once, and nothing in it reads as "
        "a draft or a withdrawal.",
        notes=True,
    ),
    "page-last-good": Rule(
        "If a file with errors clearly says `publication: published`, the last good version of its page stays online.",
        notes=True,
    ),
}
