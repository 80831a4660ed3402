"""What surrounds the content of every page: the site, and the cases that the visitor has saved."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.comparison import MOST_COMPARED
from api.address.saved_list import MOST_SAVED, NOTHING_SAVED, SavedList
from api.address.search_state import compare_href
from api.address.site import Site


@dataclass(frozen=True)
class SaveToggle:
    """Saves a case, or removes it from the list."""

    href: str
    is_saved: bool


@dataclass(frozen=True)
class Frame:
    """What surrounds the content of a page."""

    site: Site
    saved: SavedList = NOTHING_SAVED
    here: str = paths.HOME
    """The address of this page, with all its parameters."""

    most_saved = MOST_SAVED
    most_compared = MOST_COMPARED

    def toggle(self, slug: str) -> SaveToggle:
        """The link that saves a case, or removes it, and shows this page again; to the list if there is no room on it.

        It ends in a fragment, so that a browser without scripts shows the same place again.
        """
        is_saved = slug in self.saved
        if not is_saved and self.saved.is_full:
            return SaveToggle(self.list_href, is_saved)
        changed = self.saved.removing(slug) if is_saved else self.saved.saving(slug)
        return SaveToggle(f"{changed.at(self.here).partition('#')[0]}#save-{slug}", is_saved)

    @property
    def list_href(self) -> str:
        """The page of the list."""
        return self.saved.at(paths.SAVED)

    @property
    def compare_href(self) -> str:
        """The saved cases side by side or, if there are more than fit beside each other, the list to choose from."""
        return compare_href(self.saved.slugs) if len(self.saved.slugs) <= MOST_COMPARED else self.list_href

    def report_href(self, title: str, path: str) -> str:
        """Where a mistake on a page is reported: a mail or an issue that is begun or, where neither is set up, the page
        that says how.
        """
        return self.site.report_url(title, path) or f"{paths.CONTRIBUTE}#correct"

    def compare_with(self, slug: str) -> str:
        """A case beside the saved ones, of which those saved last fit beside it."""
        return compare_href([*self.saved.removing(slug).slugs[1 - MOST_COMPARED :], slug])
