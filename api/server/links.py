"""Links in the header of a response (RFC 8288), for programs that do not parse the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.address import paths
from api.address.site import Site
from api.formats.citations import CITATION_FILES
from api.formats.jsonld import JSONLD_TYPE
from kb import LICENCE

LONGEST = 4000
"""The longest header, in characters: some proxies refuse longer ones, and a search can exceed it."""


@dataclass(frozen=True)
class WebLink:
    """One link of a header."""

    rel: str
    href: str
    type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{self.href}>; rel="{self.rel}"{kind}'


def link_header(links: Iterable[WebLink]) -> dict[str, str]:
    """The header with these links; none if it would be too long, since the body contains them as well."""
    value = ", ".join(map(str, links))
    return {"Link": value} if 0 < len(value) <= LONGEST else {}


def links_of_case(slug: str, site: Site) -> tuple[WebLink, ...]:
    """The links of a case page: Signposting (FAIR), level 1, and its other formats."""
    page = site.url(paths.case(slug))
    return (
        WebLink("cite-as", page),
        WebLink("type", "https://schema.org/AboutPage"),
        WebLink("type", "https://schema.org/Article"),
        WebLink("license", LICENCE),
        WebLink("item", f"{page}.md", "text/markdown"),
        WebLink("describedby", f"{page}.jsonld", JSONLD_TYPE),
        *(WebLink("describedby", f"{page}{file.extension}", file.media_type) for file in CITATION_FILES),
        WebLink("alternate", f"{page}.md", "text/markdown"),
        WebLink("alternate", f"{page}.json", "application/json"),
    )


def links_to_case(slug: str, rel: str, site: Site) -> tuple[WebLink, ...]:
    """The link from a file of a case back to its page."""
    return (WebLink(rel, site.url(paths.case(slug)), "text/html"), WebLink("license", LICENCE))
