"""A case file is checked in the browser: its problems, its page, and what can be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from api.address import paths
from api.address.site import Site
from api.pages.contributing.draft import DraftPage, draft_page
from api.pages.parts.in_code import in_code
from api.pages.parts.page import Link, Page
from kb import (
    ContentError,
    Deadline,
    Draft,
    Fixed,
    Level,
    OutOfTime,
    Problem,
    Vocabularies,
    check,
    fix,
    gettext,
    ngettext,
    read_draft,
    read_handed_in,
    slug_of_file,
    within,
)

MOST_PROBLEMS = 100
"""Shown at a time, errors first: nobody mends more in one go, and each may show the whole line again."""

CHECKING_SECONDS = 1.2
"""For one file: others wait meanwhile. A long case takes a tenth of that."""

CORRECTING_SECONDS = 0.4
"""Of that for trying corrections."""

LONGEST_SHOWN = 200_000
"""Bytes of a text that cannot be checked, which is shown again so that it is not lost."""


@dataclass(frozen=True)
class CheckPage(Page):
    """`/contribute/check`: the form."""

    problem: str
    """Why what was sent cannot be checked; empty before anything is sent."""
    text: str
    """What was in the box."""
    most_bytes: int
    """The size of a file, at most."""
    megabytes: int
    """The same, for people."""


@dataclass(frozen=True)
class CheckedPage(DraftPage):
    """`/contribute/check`: what was found."""

    text: str
    slug: str
    is_from_word: bool
    has_header: bool
    """Whether it has any front matter."""
    more: str
    """How many problems are not shown, as a sentence; empty if all are."""
    corrected: tuple[str, ...]
    """What has been corrected in the text."""
    correctable: tuple[str, ...]
    """What can be corrected in it."""


def check_page(most_bytes: int, problem: str = "", text: str = "") -> CheckPage:
    """The form, perhaps with the reason why what was sent cannot be checked."""
    return CheckPage(gettext("Check a case file"), paths.CHECK, problem, text, most_bytes, most_bytes // 1024**2)


def checked_page(
    data: bytes, name: str, is_to_be_corrected: bool, vocabularies: Vocabularies, site: Site
) -> CheckedPage:
    """What is to be said about a file. Raises ContentError if it cannot be read, also because that takes too long."""
    with _in_time():
        handed_in = read_handed_in(_something(data), vocabularies)
        fixed = _fixed(handed_in.text, vocabularies)
        text = fixed.text if is_to_be_corrected else handed_in.text
        slug = slug_of_file(name, text)
        draft = read_draft(PurePosixPath(f"cases/{slug}.md"), text.encode(), vocabularies)
    few = replace(draft, problems=_worst(draft.problems))
    page = draft_page(few, vocabularies, site, paths.CHECK, Link(gettext("Check another file"), paths.CHECK))
    left = len(draft.problems) - len(few.problems)
    changes = tuple(map(str, fixed.changes))
    shown = replace(page, banner=in_code(_banner(draft)), file=f"{slug}.md")
    return CheckedPage(
        **vars(shown),
        text=text,
        slug=slug,
        is_from_word=handed_in.is_from_word,
        has_header=all(problem.rule != "no-front-matter" for problem in draft.problems),
        more=_left_out(left) if left else "",
        corrected=changes if is_to_be_corrected else (),
        correctable=() if is_to_be_corrected else changes,
    )


def _left_out(count: int) -> str:
    text = ngettext(
        "{count} more problem is not shown: mend these first.",
        "{count} more problems are not shown: mend these first.",
        count,
    )
    return text.format(count=count)


def corrected_file(data: bytes, name: str, vocabularies: Vocabularies) -> tuple[str, str]:
    """The slug and the text of a file with everything corrected that can be. Raises as above."""
    with _in_time():
        text = _fixed(read_handed_in(_something(data), vocabularies).text, vocabularies).text
    return slug_of_file(name, text), text


def _something(data: bytes) -> bytes:
    if not data.strip():
        raise ContentError(gettext("There is no text to check. Paste it into the box, or choose a file."))
    return data


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        with within(Deadline(CHECKING_SECONDS)):
            yield
    except OutOfTime as error:
        check()  # perhaps nobody waits for this any longer
        raise ContentError(
            gettext("Checking this takes too long. Shorten it, or check its parts one by one.")
        ) from error


def _fixed(text: str, vocabularies: Vocabularies) -> Fixed:
    """What can be corrected in a text in the time there is for it."""
    try:
        with within(Deadline(CORRECTING_SECONDS)):
            return fix(text, vocabularies)
    except OutOfTime:
        check()  # perhaps there is no time for anything else either
        return Fixed(text, ())


def _worst(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The first errors or, with fewer of them, the first warnings as well, and so on; in the order of lines."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    ranks = list(Level)
    return tuple(sorted(sorted(problems, key=lambda problem: ranks.index(problem.level))[:MOST_PROBLEMS]))


def _banner(draft: Draft) -> str:
    errors = sum(problem.level is Level.ERROR for problem in draft.problems)
    if errors:
        text = ngettext(
            "{count} error has to be mended before this case can be published.",
            "{count} errors have to be mended before this case can be published.",
            errors,
        )
        return text.format(count=errors)
    if draft.is_online:
        return gettext("This file can be published as it is.")
    return gettext("Nothing keeps this file from being handed in. It is a draft until two people have read it.")
