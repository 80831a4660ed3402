"""Addresses at the host of the repository: where a file is edited, and where a new one begins."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

BRANCH = "main"
FOLDER = "content"

LONGEST = 8000
"""Characters of an address that hosts and browsers accept."""


@dataclass(frozen=True)
class Host:
    """How a host writes its addresses."""

    name: str
    edit: str
    """The part of an address before branch and path that leads to the editor of a file."""
    new: str
    """The same for a new file in a folder."""
    name_parameter: str
    text_parameter: str
    """The parameter that fills in the text; empty if the host has none."""


_GITHUB = Host("GitHub", "edit", "new", "filename", "value")
_GITLAB = Host("GitLab", "-/edit", "-/new", "file_name", "")
_FORGEJO = Host("Forgejo", "_edit", "_new", "filename", "value")
_GITEA = Host("Gitea", "_edit", "_new", "filename", "value")

_BY_WORD = {"github": _GITHUB, "gitlab": _GITLAB, "forgejo": _FORGEJO, "codeberg": _FORGEJO, "gitea": _GITEA}


@dataclass(frozen=True)
class NewFileLink:
    """A link that begins a new file at the host of the repository."""

    host: str
    """Such as GitHub."""
    href: str
    has_text: bool
    """Whether the text comes with it; if not, it has to be pasted."""


def host_of(repository_url: str) -> Host | None:
    """The host that the name of a server says it is; None if it does not say.

    >>> host_of("https://gitlab.example.org/city/cases").name, host_of("https://example.org/github/cases")
    ('GitLab', None)
    """
    labels = (urlsplit(repository_url).hostname or "").split(".")
    return next((host for word, host in _BY_WORD.items() if word in labels), None)


def edit_url(repository_url: str, content_path: str) -> str:
    """Where a content file can be edited; a host that is not known is taken for one like GitHub.

    >>> edit_url("https://codeberg.org/city/cases", "cases/a.md")
    'https://codeberg.org/city/cases/_edit/main/content/cases/a.md'
    """
    host = host_of(repository_url) or _GITHUB
    return f"{repository_url.rstrip('/')}/{host.edit}/{BRANCH}/{FOLDER}/{quote(content_path)}"


def new_file_link(repository_url: str, folder: str, name: str, text: str) -> NewFileLink | None:
    """A link to a new file in a folder of the content; None if the host is not known.

    The text comes along if the host takes it and the address does not get too long.
    """
    host = host_of(repository_url)
    if host is None:
        return None
    address = f"{repository_url.rstrip('/')}/{host.new}/{BRANCH}/{FOLDER}/{quote(folder)}?"
    short = address + urlencode({host.name_parameter: name}, quote_via=quote)
    if host.text_parameter:
        whole = address + urlencode({host.name_parameter: name, host.text_parameter: text}, quote_via=quote)
        if len(whole) < LONGEST:
            return NewFileLink(host.name, whole, has_text=True)
    return NewFileLink(host.name, short, has_text=False)
