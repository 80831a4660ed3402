"""The rules that content files must follow: the manual behind every rule id.

Each rule says what it requires, why, and shows an example that breaks it and one that does not. CONTRIBUTING.md shows
the table, `kb rules` and the site show all of it, and every example is tested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_UNSEEN = re.compile(r"[\u00a0\u00ad\u202a-\u202e]")


PAGES = "/contribute/rules"
"""Where the site explains the rules; reports link there."""


class Level(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """The file cannot be published as it is."""

    WARNING = "warning"
    """The file can be published, but something in it should be improved."""

    NOTICE = "notice"
    """Nothing to fix in itself: it follows from the errors in a file."""


class Where(StrEnum):
    """What an example shows."""

    HEAD = "In the front matter of a case"
    TEXT = "In the text of a case"
    FILE = "The whole file"
    NAME = "The name of a file in `cases/`"
    CITIES = "In `vocabularies/cities.yaml`"
    CHALLENGES = "In `vocabularies/challenges.yaml`"
    QUESTIONS = "In `vocabularies/questions.yaml`"
    WORDS = "In words"


@dataclass(frozen=True)
class Rule:
    """One rule for authors."""

    says: str
    """What the rule requires, as a sentence."""
    why: str
    """Why, and what to do, in a few sentences."""
    fails: str
    """An example that breaks it."""
    passes: str
    """The same example, corrected."""
    where: Where = Where.HEAD
    """What the examples show. In front matter they replace what is under the same keys, in texts a whole section."""
    level: Level = Level.ERROR
    matters_to_readers_only: bool = False
    """True if it is only a warning in a draft, which nobody reads."""
    keeps_offline: bool = False
    """True for a notice of something that keeps the file from being published."""

    @property
    def level_in_draft(self) -> Level:
        """How much a problem under this rule matters in a draft."""
        return Level.WARNING if self.level is Level.ERROR and self.matters_to_readers_only else self.level

    @property
    def blocks(self) -> bool:
        """Whether a file that breaks the rule cannot be published."""
        return self.level is Level.ERROR or self.keeps_offline


def _unless_allowed(rule: str, why: str) -> str:
    return (
        f"{why} If it is needed, a comment with a reason allows it, on the same line or on the line before: "
        f"`<!-- allow {rule}: the reason -->`."
    )


RULES: dict[str, Rule] = {
    # The file as a whole
    "file-name": Rule(
        "The file name is the address: lower-case letters, digits and hyphens, ending in `.md`.",
        why=(
            "Addresses are printed, mailed and cited for years. Letters that look alike or have to be escaped "
            "do not survive that."
        ),
        fails="Århus Info-house.md",
        passes="arhus-info-house.md",
        where=Where.NAME,
    ),
    "ignored-file": Rule(
        "Content files end in `.md`, in lower case, and are directly in `cases/`, `arrangements/` or `challenges/`.",
        why="No other file in these folders is read. Some editors add `.txt` to the name without showing it.",
        fails="b-case.md.txt",
        passes="c-case.md",
        where=Where.NAME,
        level=Level.WARNING,
    ),
    "file-too-large": Rule(
        "A content file is at most 500 kB.",
        why="A long case takes 8 kB. A larger file than this is there by mistake.",
        fails="A file of 2 MB.",
        passes="A file of 8 kB.",
        where=Where.WORDS,
    ),
    "file-unreadable": Rule(
        "The user who runs `kb` can read the file, and it is inside the content folder.",
        why="A file outside the folder is neither backed up nor reviewed with the content.",
        fails="A link to a file outside the folder.",
        passes="A copy of that file.",
        where=Where.WORDS,
    ),
    "not-utf-8": Rule(
        "Files are saved as UTF-8 text without control characters.",
        why=(
            "In any other encoding, letters such as å and é come out as other letters. Choose “UTF-8” where "
            "your editor saves."
        ),
        fails="A file saved as “Unicode” or “Windows-1252”.",
        passes="The same file saved as “UTF-8”.",
        where=Where.WORDS,
    ),
    "invisible-character": Rule(
        "Words contain no invisible characters, such as soft hyphens and zero-width spaces.",
        why=(
            "They come with text pasted from word processors and web pages. They are ignored when the file is "
            "read, but other programs stumble over them."
        ),
        fails="- Coffee helped the radi\u00adcal\u00adised [@s1].",
        passes="- Coffee helped the radicalised [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "odd-space": Rule(
        "Spaces at the start of lines and after keys and marks are ordinary ones.",
        why=(
            "A no-break space looks like a space, but prevents programs from recognising a heading, a list item or a "
            "blank line. Here it is read as a space, but it should be replaced."
        ),
        fails="-\u00a0Coffee helped [@s1].",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "direction-mark": Rule(
        "Texts contain no characters that reverse the direction of what follows.",
        why=(
            "They are invisible, and make a page say something different from its file. Arabic and Hebrew letters "
            "do not need them."
        ),
        fails="- Coffee \u202ehelped [@s1].",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "mojibake": Rule(
        "Letters are the ones that were meant, not what a wrong encoding made of them.",
        why="The text went through a program that read UTF-8 as something else. Often the corrected line can be shown.",
        fails="- The cityâ€™s cafÃ© helped [@s1].",
        passes="- The city’s café helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "merge-conflict": Rule(
        "A file contains one version of its text, without the markers of a git merge.",
        why=(
            "If two people have changed the same lines, git keeps both versions, between lines of signs. Until "
            "someone has chosen one, the first is read."
        ),
        fails="<<<<<<< HEAD\n- Coffee helped [@s1].\n=======\n- Tea helped [@s1].\n>>>>>>> other",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
    ),
    # Front matter
    "no-front-matter": Rule(
        "A file starts with front matter between two lines of three hyphens.",
        why=(
            "Word processors turn hyphens into dashes, and chat programs put a whole file between lines of backticks."
        ),
        fails="—\ntitle: A door for concerns\n—\n\n## Context\n",
        passes="---\ntitle: A door for concerns\n---\n\n## Context\n",
        where=Where.FILE,
    ),
    "yaml-syntax": Rule(
        "Front matter is valid YAML 1.2.",
        why=(
            "Each line is a key, a colon, a space and a value. A text that contains a colon or ` #`, or begins with "
            "a quotation mark or another sign, needs double quotes. If one entry cannot be read, the others are "
            "checked all the same."
        ),
        fails="title: The Info-house: one door",
        passes='title: "The Info-house: one door"',
    ),
    "duplicate-key": Rule(
        "A key appears only once.",
        why="Only one of two values could be shown.",
        fails="status: ongoing\nstatus: ended",
        passes="status: ongoing",
    ),
    "unknown-key": Rule(
        "Only keys from the template are used.",
        why="What is under a misspelt key would be lost silently. Keys of other systems have no meaning here.",
        fails="status: ongoing\ncolour: red",
        passes="status: ongoing",
    ),
    "missing-key": Rule(
        "The keys that every file needs are present and not empty.",
        why="Lists, filters and comparison rely on them.",
        fails="summary:",
        passes="summary: Police and town hall share one door.",
        matters_to_readers_only=True,
    ),
    "wrong-type": Rule(
        "Each key has the kind of value that the template shows: text, list, year or mapping.",
        why="Cities are a list even if there is only one, so that a second can be added.",
        fails="city: aarhus",
        passes="city: [aarhus]",
    ),
    "lost-comment": Rule(
        "A text is not cut short by a ` #`, which begins a comment.",
        why="Everything after it is missing from the page. In double quotes it is part of the text.",
        fails="title: PIVA network #1",
        passes='title: "PIVA network #1"',
        level=Level.WARNING,
    ),
    "split-at-comma": Rule(
        "In a list in square brackets, an item that contains a comma is in double quotes.",
        why="A comma ends the item, even within round brackets and curly quotation marks.",
        fails="contributors: [Police (local, federal), School]",
        passes='contributors: ["Police (local, federal)", School]',
        level=Level.WARNING,
    ),
    "curly-quotes": Rule(
        "Quotation marks around a value are straight.",
        why="Curly ones are part of the text, and appear on the page.",
        fails="title: “A door for concerns”",
        passes='title: "A door for concerns"',
        level=Level.WARNING,
    ),
    "backslash": Rule(
        "A text in front matter contains no backslashes before other characters.",
        why="Some programs add them as a precaution. Here they appear on the page.",
        fails="title: The city\\'s door",
        passes='title: "The city\'s door"',
        level=Level.WARNING,
    ),
    "too-long": Rule(
        "Titles have at most 90 characters, summaries 320, reasons and notes 400, questions 160.",
        why="They are shown in lists and tables, and on phones.",
        fails=(
            "title: A door for concerns about young people at the town hall, open to schools, parents and youth workers"
        ),
        passes="title: A door for concerns about young people",
        level=Level.WARNING,
    ),
    "template-text": Rule(
        "No sentences of the template are left, and no “TODO” or the like.",
        why="Readers would take it for part of the case.",
        fails='summary: "One or two sentences that stand alone in a list of results. Say which city."',
        passes="summary: Police and town hall in Aarhus share one door.",
        matters_to_readers_only=True,
    ),
    "unknown-term": Rule(
        "Arrangements, challenges, cities, audiences, sectors, kinds of extremism, levels and states come "
        "from the vocabularies.",
        why="Filters and comparison rely on them. Add a missing city to `cities.yaml`; the message shows the lines.",
        fails="city: [Århus]",
        passes="city: [aarhus]",
    ),
    "unusable-term": Rule(
        "A file only names vocabulary entries that have no errors.",
        why=(
            "If a vocabulary entry has errors, the files that name it cannot be published until it is fixed. The "
            "errors are reported in the vocabulary."
        ),
        fails="utrecht:\n  label: Utrecht\n  country: netherland",
        passes="utrecht:\n  label: Utrecht\n  country: belgium\n  latitude: 52.09\n  longitude: 5.12",
        where=Where.CITIES,
        level=Level.NOTICE,
        keeps_offline=True,
    ),
    "bad-year": Rule(
        "Years have four digits and lie between 1800 and 2100, and `ended` is not before `started`.",
        why="Cases are sorted and filtered by year. Doubts belong in the text, under Context.",
        fails="started: about 2010",
        passes="started: 2010",
    ),
    "bad-date": Rule(
        "Dates are written YYYY-MM-DD.",
        why="To some readers 03/04/2026 is a day in March, to others one in April.",
        fails="review: {state: reviewed, by: the mayor, date: 31.3.2026}",
        passes="review: {state: reviewed, by: the mayor, date: 2026-03-31}",
    ),
    "in-the-future": Rule(
        "Years and dates are not in the future.",
        why="Sources report what has happened. Plans belong in the text.",
        fails="started: 2099",
        passes="started: 2010",
        level=Level.WARNING,
    ),
    "last-reported": Rule(
        "`last_reported` gives the year in which a practice was last reported as ongoing, no later than its source.",
        why="“Ongoing” is only ever known as of some year, and readers should know which.",
        fails="last_reported: {year: 2021, source: s1}",
        passes="last_reported: {year: 2019, source: s1}",
        level=Level.WARNING,
    ),
    "old-form": Rule(
        "Challenges use `showed` and `handled`, and organisations are written `name: sector`; earlier "
        "forms are accepted for one version.",
        why="Readers look for cases in which a challenge was handled, and by whom.",
        fails="partners: [University]",
        passes="partners: {University: research}",
        level=Level.WARNING,
    ),
    "status-and-end": Rule(
        "A case with a year under `ended` has the status `ended`.",
        why="One of the two is wrong.",
        fails="ended: 2015\nstatus: ongoing",
        passes="ended: 2015\nstatus: ended",
        level=Level.WARNING,
    ),
    "review-incomplete": Rule(
        "A reviewed case gives the `date:` of the review and, under `by:`, the reviewer's role.",
        why="Readers judge a review by who did it, and when.",
        fails="review: {state: reviewed, date: 2026-03-31}",
        passes="review: {state: reviewed, date: 2026-03-31, by: the mayor}",
        matters_to_readers_only=True,
    ),
    "same-experience": Rule(
        "`experienced_as` names an arrangement other than those under `arrangements`.",
        why="It is for the difference between what was announced and what people experienced.",
        fails=(
            "arrangements:\n  intelligence-link: Youth workers pass on what they hear.\nexperienced_as:\n  "
            "intelligence-link: Youth workers felt as informers."
        ),
        passes=(
            "arrangements:\n  knowledge-exchange: Youth workers meet the police.\nexperienced_as:\n  "
            "intelligence-link: Youth workers felt as informers."
        ),
    ),
    "not-a-question": Rule(
        "Every entry under `questions` is a question and ends with a question mark.",
        why="They are shown as questions, and compared with what people ask.",
        fails="questions: [How to begin]",
        passes="questions: [How does one begin?]",
        level=Level.WARNING,
    ),
    "bad-alias": Rule(
        "Aliases are earlier slugs: lower-case letters, digits and hyphens.",
        why="They keep old links working, so they have the form of addresses.",
        fails="aliases: [An Old Name]",
        passes="aliases: [an-old-name]",
    ),
    "bad-url": Rule(
        "The address of a source starts with https:// or http://.",
        why="Readers follow it to see for themselves.",
        fails="sources:\n  s1: {title: A report, by: A city, url: www.example.org/report}",
        passes='sources:\n  s1: {title: A report, by: A city, url: "https://www.example.org/report"}',
    ),
    "bad-language": Rule(
        "The language of a source is a two-letter code of ISO 639-1, such as `da`.",
        why="Programs that read pages aloud or translate them need it.",
        fails="language: Dutch",
        passes="language: nl",
    ),
    # The text
    "no-text": Rule(
        "There is text below the front matter.",
        why="A case without any section would be an empty page.",
        fails="---\ntitle: A door for concerns\n---\n",
        passes="---\ntitle: A door for concerns\n---\n\n## Context\n\nIt began in a quiet quarter.\n",
        where=Where.FILE,
        matters_to_readers_only=True,
    ),
    "unknown-section": Rule(
        "Only section headings from the template are used, at level two (`##`).",
        why=(
            "Comparison shows the same sections of several cases side by side. Give headings of your own three hashes."
        ),
        fails="## What was helpful\n\n- Coffee helped [@s1].",
        passes="## What helped\n\n- Coffee helped [@s1].",
        where=Where.TEXT,
    ),
    "underlined-heading": Rule(
        "A line of hyphens has a blank line above it.",
        why="Directly below a text, it turns that text into a heading.",
        fails="Coffee helped [@s1].\n---\nTea did not [@s1].",
        passes="Coffee helped [@s1].\n\n---\n\nTea did not [@s1].",
        where=Where.TEXT,
    ),
    "heading-level": Rule(
        "Headings within a section have three or four hashes.",
        why="Deeper headings look like ordinary text.",
        fails="##### Coffee\n\nIt helped [@s1].",
        passes="### Coffee\n\nIt helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "duplicate-section": Rule(
        "A section appears only once.",
        why="Comparison can show only one.",
        fails="## What helped\n\n- Coffee helped [@s1].\n\n## What helped\n\n- Tea helped [@s1].",
        passes="## What helped\n\n- Coffee helped [@s1].\n- Tea helped [@s1].",
        where=Where.TEXT,
    ),
    "section-order": Rule(
        "Sections are in the order of the template.",
        why="Readers who know one case find their way in the next.",
        fails="## What helped\n\n- Coffee helped [@s1].\n\n## Who is at the table\n\nPolice and town hall [@s1].",
        passes="## What helped\n\n- Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "empty-section": Rule(
        "A section whose heading is present contains text.",
        why="Leave the heading out rather than leave it empty.",
        fails="## What helped",
        passes="## What helped\n\n- Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "missing-section": Rule(
        "Every section of the template is present.",
        why="If nothing is known, saying so helps readers more than silence.",
        fails="## Lessons for another city\n\nBegin with coffee.",
        passes="## What helped\n\n- Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "text-before-section": Rule(
        "All text is below a section heading.",
        why="The title is in the front matter; the summary introduces the case.",
        fails="---\ntitle: A door\n---\n\n# A door\n\n## Context\n\nIt began [@s1].\n",
        passes="---\ntitle: A door\n---\n\n## Context\n\nIt began [@s1].\n",
        where=Where.FILE,
    ),
    "indented-text": Rule(
        "Paragraphs begin at the start of the line.",
        why="Four spaces or a tab turn a paragraph into code, and its citations are shown as typed.",
        fails="    Coffee helped [@s1].",
        passes="Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "list-mark": Rule(
        "Items of lists begin with `-` or `1.` and a space.",
        why="Bullets and dashes from word processors are ordinary text here: the items run together in one paragraph.",
        fails="• Coffee helped [@s1].\n• Tea helped [@s1].",
        passes="- Coffee helped [@s1].\n- Tea helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "other-markup": Rule(
        "Texts contain no markup that only another program understands.",
        why=(
            "Wiki links, highlights, checkboxes, callouts and commands of site generators are shown to "
            "readers as typed."
        ),
        fails="- As in [[oslo-salto]], ==coffee== helped [@s1].",
        passes="- As in [another case](b-case.md), coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "raw-html": Rule(
        "The text is markdown without HTML tags.",
        why="Pages show tags as typed, so that no text can change what a page does.",
        fails="- Coffee <b>helped</b> [@s1].",
        passes="- Coffee **helped** [@s1].",
        where=Where.TEXT,
    ),
    "unsafe-link": Rule(
        "Links point to https://, http:// or mailto: addresses, or to another content file.",
        why="Other targets do not work for readers, or could harm them.",
        fails="- [Coffee](ftp://example.org) helped [@s1].",
        passes="- [Coffee](https://example.org) helped [@s1].",
        where=Where.TEXT,
    ),
    "bad-citation": Rule(
        "Sources are cited as `[@s1]`, `[@s1; @s3]` or `[@s1, page 4]`, and not in the text of a link.",
        why="A citation that cannot be read would be shown as typed, and the statement would have no source.",
        fails="- Coffee helped \\[@s1\\].",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
        matters_to_readers_only=True,
    ),
    "footnote": Rule(
        "Sources are cited as `[@s1]`, not in footnotes.",
        why="Sources are listed once, in the front matter, and shown with each statement.",
        fails="- Coffee helped.[^1]\n\n[^1]: A report.",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
        matters_to_readers_only=True,
    ),
    "nested-too-deeply": Rule(
        "Lists, quotes and emphasis are nested two or three levels deep, not dozens.",
        why="Nobody can follow more.",
        fails="A list in a list in a list, thirty deep.",
        passes="A list in a list.",
        where=Where.WORDS,
    ),
    "too-many-marks": Rule(
        "A text has fewer than 50,000 lines, brackets, asterisks and other marks.",
        why="Such a file was not written by a person.",
        fails="A file of 60,000 brackets.",
        passes="A file of a thousand.",
        where=Where.WORDS,
    ),
    "image": Rule(
        "Cases contain no images: they would be loaded from other sites, and pictures can expose people.",
        why="Describe in words what readers need to know.",
        fails="![The door](https://example.org/door.jpg)",
        passes="The door is green [@s1].",
        where=Where.TEXT,
    ),
    "unknown-source": Rule(
        "Every citation such as `[@s1]` names a source that is listed under `sources`.",
        why="The number would lead nowhere.",
        fails="- Coffee helped [@s9].",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
        matters_to_readers_only=True,
    ),
    "uncited-source": Rule(
        "Every listed source is cited in the text.",
        why="A source that supports nothing in the text belongs elsewhere.",
        fails="sources:\n  s1: {title: A report, by: A city}\n  s2: {title: Another, by: A city}",
        passes="sources:\n  s1: {title: A report, by: A city}",
        level=Level.WARNING,
    ),
    "uncited-statement": Rule(
        "Every paragraph and list item up to and including the results cites a source.",
        why="Readers can check it, and nothing is written from memory.",
        fails="- Coffee helped.",
        passes="- Coffee helped [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    # What may harm somebody
    "harm-email": Rule(
        "No e-mail addresses.",
        why=_unless_allowed(
            "harm-email", "They lead to a person, or become outdated. Link to the organisation's page instead."
        ),
        fails="- Write to desk@example.org for the protocol [@s1].",
        passes="- The city sends the protocol on request [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "harm-phone": Rule(
        "No telephone numbers.",
        why=_unless_allowed(
            "harm-phone", "They lead to a person, or become outdated. Link to the organisation's page instead."
        ),
        fails="- Call +45 87 13 31 00 at any time [@s1].",
        passes="- The city can be called at any time [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "harm-address": Rule(
        "No street addresses.",
        why=_unless_allowed(
            "harm-address", "Whoever works or lives there can be found. A district or the city is enough."
        ),
        fails="- They meet at 14 Linden Street [@s1].",
        passes="- They meet in the north of the city [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "harm-birth-date": Rule(
        "No dates of birth.",
        why=_unless_allowed(
            "harm-birth-date", "Together with a city, it identifies a person. Give a rough age instead."
        ),
        fails="- He was born on 3 May 1990 [@s1].",
        passes="- He was in his twenties [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "harm-small-number": Rule(
        "No group so small, and no age so exact, that others can tell who is meant.",
        why=_unless_allowed(
            "harm-small-number", "Neighbours know the only such family, and the class knows the pupil. Be less exact."
        ),
        fails="- The only Somali pupil was questioned [@s1].",
        passes="- Some pupils were questioned [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "harm-name": Rule(
        "People appear by their role, not by their name.",
        why=_unless_allowed(
            "harm-name", "A page remains, while people change or are threatened. Authors of sources may be named."
        ),
        fails="- Then Mr Jansen explained the plan [@s1].",
        passes="- Then a youth worker explained the plan [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "harm-operation": Rule(
        "Nothing about how an operation works, or where protected people and places are.",
        why=_unless_allowed("harm-operation", "It helps those whom the operation is directed against."),
        fails="- The door code of the centre is 4821 [@s1].",
        passes="- The centre can be entered by staff only [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    # The collection
    "dead-link": Rule(
        "Links between content files point to a file that exists and is published.",
        why="Drafts are not shown, so a link to one leads nowhere.",
        fails="- As [elsewhere](no-such-case.md) [@s1].",
        passes="- As [elsewhere](b-case.md) [@s1].",
        where=Where.TEXT,
        matters_to_readers_only=True,
    ),
    "alias-taken": Rule(
        "An alias is not already the slug or an alias of another case.",
        why="An address can lead to one page only.",
        fails="aliases: [b-case]",
        passes="aliases: [an-old-name]",
    ),
    "repeated-sentence": Rule(
        "No sentence appears in two cases.",
        why="A sentence that fits two cases says nothing about either.",
        fails="- Police and town hall have met every Monday since the very beginning [@s1].",
        passes="- In Aarhus, police and town hall meet in the library on Mondays, over coffee [@s1].",
        where=Where.TEXT,
        level=Level.WARNING,
    ),
    "missing-page": Rule(
        "Every arrangement and every challenge has a guide page.",
        why="Every page links to them.",
        fails="A challenge without a file in `challenges/`.",
        passes="A challenge with one.",
        where=Where.WORDS,
        level=Level.WARNING,
    ),
    # Vocabularies
    "duplicate-alias": Rule(
        "An alias belongs to one term of a vocabulary.",
        why="A search for it could mean either.",
        fails="one: {label: One, aliases: [Trust]}\ntwo: {label: Two, aliases: [trust]}",
        passes="one: {label: One, aliases: [Trust]}\ntwo: {label: Two, aliases: []}",
        where=Where.CHALLENGES,
    ),
    "no-answer": Rule(
        "For each arrangement, every question has an answer that fits it.",
        why="Otherwise the questions could never lead to that arrangement.",
        fails="who:\n  label: Who?\n  looks_at: named_person\n  answers:\n    so: {label: A person, fits: [yes]}",
        passes=(
            "who:\n  label: Who?\n  looks_at: named_person\n  answers:\n    so: {label: A person, fits: "
            "[yes]}\n    no: {label: Nobody, fits: [no]}"
        ),
        where=Where.QUESTIONS,
        level=Level.WARNING,
    ),
    "bad-coordinates": Rule(
        "A city has a latitude from -90 to 90 and a longitude from -180 to 180.",
        why="The map needs them. Write decimal degrees with a full stop.",
        fails='oslo: {label: Oslo, country: denmark, latitude: "59,91", longitude: 10.75}',
        passes="oslo: {label: Oslo, country: denmark, latitude: 59.91, longitude: 10.75}",
        where=Where.CITIES,
    ),
    "swapped-coordinates": Rule(
        "A city's latitude is north or south of the equator, its longitude east or west of Greenwich.",
        why="Sources give them in either order. If they are swapped, the city appears on another continent.",
        fails="oslo: {label: Oslo, country: denmark, latitude: 10.75, longitude: 59.91}",
        passes="oslo: {label: Oslo, country: denmark, latitude: 59.91, longitude: 10.75}",
        where=Where.CITIES,
        level=Level.WARNING,
    ),
    # What happened to the page of a file with errors
    "page-offline": Rule(
        "A page is online only while its file clearly says `publication: published`, once, and nothing in "
        "it reads as a draft or a withdrawal.",
        why="When in doubt, a page is offline: people's safety can depend on it.",
        fails="publication: published\ndraft: true",
        passes="publication: published",
        level=Level.NOTICE,
    ),
    "page-last-good": Rule(
        "If a file with errors clearly says `publication: published`, the last good version of its page stays online.",
        why="Readers still have what was right. Once the errors are fixed, the page shows the file again.",
        fails="status: gone\npublication: published",
        passes="status: ongoing\npublication: published",
        level=Level.NOTICE,
    ),
}


def shown_example(example: str) -> str:
    """An example to show to people, with invisible characters replaced by their numbers.

    >>> shown_example("radi\u00adcal")
    'radi<U+00AD>cal'
    """
    return _UNSEEN.sub(lambda found: f"<U+{ord(found.group()):04X}>", example)


def rule_page(name: str) -> str:
    """The address on the site of the page of a rule.

    >>> rule_page("bad-year")
    '/contribute/rules/bad-year'
    """
    return f"{PAGES}/{name}"
