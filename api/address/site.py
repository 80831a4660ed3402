"""What is the same on every page: base address, contact, repository of the content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from api.address.repository import edit_url
from kb import Settings, gettext

NAME = "Crossing Boundaries"


@dataclass(frozen=True)
class Site:
    """The public address and contact of the site."""

    base_url: str
    """Without a trailing slash."""
    repository_url: str
    contact: str
    is_fixed: bool
    """Whether the public address was set, rather than taken from the socket that a request came to."""

    @classmethod
    def of(cls, settings: Settings) -> Site:
        """The site for these settings."""
        return cls(settings.base_url, settings.repository_url, settings.contact, bool(settings.base_url))

    def at(self, own_address: str) -> Site:
        """The site with the address of the socket that a request came to, unless another was set."""
        return self if self.is_fixed else replace(self, base_url=own_address.rstrip("/"))

    @property
    def prefix(self) -> str:
        """The path of the public address: empty for a site at the root of its host.

        >>> Site("https://example.org/kb", "", "", is_fixed=True).prefix
        '/kb'
        """
        return urlsplit(self.base_url).path

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return f"{self.base_url}{path}"

    def local(self, path: str) -> str:
        """The address of a path on the host: pages need it only where an address is not a link."""
        return f"{self.prefix}{path}"

    def edit_url(self, content_path: str) -> str | None:
        """Where a content file can be edited, if the repository is known."""
        return edit_url(self.repository_url, content_path) if self.repository_url else None

    def report_url(self, title: str, path: str) -> str | None:
        """A link that begins an email or an issue about a page; None if neither is configured."""
        subject = gettext("Mistake in “{title}”").format(title=title)
        body = gettext("Page: {url}\n\nWhat is wrong:\n").format(url=self.url(path))
        if self.contact:
            # Mail programs show "+" literally, so spaces are written as %20.
            return f"mailto:{self.contact}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"
        if self.repository_url:
            return f"{self.repository_url}/issues/new?{urlencode({'title': subject, 'body': body})}"
        return None
