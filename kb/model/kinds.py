"""What has a page of its own, where its files are and what its address is: declared once."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What has a page of its own. All but a case are also the names of facets."""

    CASE = "case"
    ARRANGEMENT = "arrangement"
    CHALLENGE = "challenge"
    CITY = "city"

    @property
    def folder(self) -> str:
        """The folder of its files, the name of its vocabulary, and the first part of its addresses.

        >>> Kind.CITY.folder
        'cities'
        """
        return _FOLDERS[self]

    @property
    def overview(self) -> str:
        """The address of the page that lists all of this kind.

        >>> Kind.CITY.overview
        '/cities'
        """
        return f"/{self.folder}"

    def page(self, name: str) -> str:
        """The address of one of them, by its id or slug.

        >>> Kind.CASE.page("oslo-salto")
        '/cases/oslo-salto'
        """
        return f"/{self.folder}/{name}"

    def file(self, name: str) -> str:
        """The markdown file of one of them, below the content folder; a city has none.

        >>> Kind.CASE.file("oslo-salto")
        'cases/oslo-salto.md'
        """
        return f"{self.folder}/{name}.md"

    @classmethod
    def of_folder(cls, folder: str) -> Kind | None:
        """The kind whose markdown files are in this folder; None for any other folder.

        >>> Kind.of_folder("challenges"), Kind.of_folder("vocabularies")
        (<Kind.CHALLENGE: 'challenge'>, None)
        """
        return next((kind for kind in WRITTEN if kind.folder == folder), None)


_FOLDERS = {
    Kind.CASE: "cases",
    Kind.ARRANGEMENT: "arrangements",
    Kind.CHALLENGE: "challenges",
    Kind.CITY: "cities",
}

WRITTEN = (Kind.CASE, Kind.ARRANGEMENT, Kind.CHALLENGE)
"""The kinds that have a markdown file for each of them."""
