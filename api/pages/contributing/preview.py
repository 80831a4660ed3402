"""Drafts and files with errors, for those who write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.address import paths
from api.address.site import Site
from api.pages.contributing.draft import DraftPage, ProblemView, draft_page, found_in_words, problem_view
from api.pages.parts.in_code import Words, in_code
from api.pages.parts.page import Link, Page
from kb import (
    ContentError,
    DiffLine,
    Draft,
    DraftList,
    Fate,
    PastVersion,
    Vocabularies,
    changed_passages,
    gettext,
    gettext_noop,
)

_FATES = {
    Fate.OFFLINE: gettext_noop("Not online"),
    Fate.WITHDRAWN: gettext_noop("Withdrawn"),
    Fate.LAST_GOOD: gettext_noop("Online in its last good version"),
    Fate.ONLINE: gettext_noop("About to be published as it is here"),
}


@dataclass(frozen=True)
class DraftLine:
    """A file in the list."""

    title: str
    href: str
    file: str
    state: Words
    """What happens to its page, and why."""
    found: str
    """How many problems there are, in words."""


@dataclass(frozen=True)
class PreviewPage(Page):
    """`/preview`."""

    drafts: tuple[DraftLine, ...]
    is_complete: bool
    version: str
    changes_href: str


@dataclass(frozen=True)
class PreviewCasePage(DraftPage):
    """`/preview/cases/{slug}`."""

    version: str
    changes_href: str
    online_href: str
    """The page that visitors see; empty if there is none."""
    history_href: str
    differences: tuple[tuple[DiffLine, ...], ...]
    """What differs from the file of that page."""


@dataclass(frozen=True)
class Edit:
    """What a commit changed."""

    when: str
    commit: str
    """The beginning of its name, as `git show` takes it; empty for what is not committed."""
    passages: tuple[tuple[DiffLine, ...], ...]


@dataclass(frozen=True)
class PreviewHistoryPage(Page):
    """`/preview/cases/{slug}/history`."""

    back: Link
    edits: tuple[Edit, ...]
    """The newest first."""


@dataclass(frozen=True)
class PreviewBrokenPage(Page):
    """What is shown of drafts while the vocabularies cannot be read."""

    message: str
    problems: tuple[tuple[str, ProblemView], ...]
    """Each with the file that it is in."""
    version: str
    changes_href: str


def preview_page(listed: DraftList, version: str) -> PreviewPage:
    """The list of drafts."""
    drafts = tuple(map(_line, listed.drafts))
    return PreviewPage(gettext("Drafts"), paths.PREVIEW, drafts, listed.is_complete, version, paths.preview_changes())


def _line(draft: Draft) -> DraftLine:
    state = gettext(_FATES[draft.decision.fate])
    return DraftLine(
        title=draft.case.title or gettext("A case without a title"),
        href=paths.preview(draft.case.slug),
        file=draft.path,
        state=in_code(state if draft.decision.fate is Fate.ONLINE else f"{state}: {draft.decision.reason}"),
        found=found_in_words(draft.problems),
    )


def preview_case_page(
    draft: Draft, online: str | None, vocabularies: Vocabularies, site: Site, version: str
) -> PreviewCasePage:
    """A draft; `online` is the text of the version that visitors see, if there is one."""
    slug = draft.case.slug
    page = draft_page(draft, vocabularies, site, paths.preview(slug), Link(gettext("All drafts"), paths.PREVIEW))
    return PreviewCasePage(
        **vars(page),
        version=version,
        changes_href=paths.preview_changes(slug),
        online_href=paths.case(slug) if online is not None else "",
        history_href=paths.preview_history(slug),
        differences=changed_passages(online, draft.text) if online is not None else (),
    )


def preview_history_page(slug: str, text: str, versions: Sequence[PastVersion]) -> PreviewHistoryPage:
    """What changed in a file, of which `text` is the present version, and `versions` are those of its commits."""
    edits = []
    if versions and versions[0].text != text:
        edits.append(Edit(gettext("Not committed yet"), "", changed_passages(versions[0].text, text)))
    for number, version in enumerate(versions, 1):
        earlier = versions[number].text if number < len(versions) else ""
        edits.append(Edit(str(version.date), version.commit[:10], changed_passages(earlier, version.text)))
    return PreviewHistoryPage(
        gettext("Changes of {file}").format(file=f"{slug}.md"),
        paths.preview_history(slug),
        Link(f"{slug}.md", paths.preview(slug)),
        tuple(edits),
    )


def preview_broken_page(error: ContentError, version: str) -> PreviewBrokenPage:
    """The page of what is wrong with the vocabularies."""
    views = tuple((problem.path, problem_view(problem, number)) for number, problem in enumerate(error.problems, 1))
    title, changes = gettext("The vocabularies cannot be read"), paths.preview_changes()
    return PreviewBrokenPage(title, paths.PREVIEW, str(error), views, version, changes)
