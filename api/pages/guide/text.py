"""The guide page of a term, as its author wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.pages.guide.glossary import Meaning, meanings
from api.pages.parts.page import Link
from api.pages.parts.sources import SourceView, cited_in, source_views
from kb import GENERAL, Generation, Section, gettext


@dataclass(frozen=True)
class GuideText:
    """The guide page of a term as its author wrote it."""

    sections: tuple[Section, ...]
    sources: tuple[SourceView, ...]
    cites_general: bool
    """Whether something on the page rests on general professional knowledge."""
    words: tuple[Meaning, ...]
    """The hard words of its text."""

    def named(self, *ids: str) -> tuple[Section, ...]:
        """The sections with these anchors, in this order, as far as the page has them."""
        by_id = {section.id: section for section in self.sections}
        return tuple(by_id[name] for name in ids if name in by_id)

    def without(self, sections: Iterable[Section]) -> tuple[Section, ...]:
        """The other sections, as the author ordered them."""
        left_out = {section.id for section in sections}
        return tuple(section for section in self.sections if section.id not in left_out)

    @property
    def ends(self) -> tuple[Link, ...]:
        """What follows the text."""
        sources = (Link(gettext("Sources"), "#sources"),) if self.sources else ()
        words = (Link(gettext("Words used here"), "#words-used-here"),) if self.words else ()
        return (*sources, *words)


def guide_text(facet_name: str, term_id: str, generation: Generation) -> GuideText:
    guide = generation.cases.guide(facet_name, term_id)
    if guide is None:
        return GuideText((), (), cites_general=False, words=())
    return GuideText(
        guide.sections,
        source_views(guide.sources),
        GENERAL in cited_in(guide.sections),
        meanings("\n".join(section.text for section in guide.sections)),
    )


def contents(sections: Iterable[Section]) -> tuple[Link, ...]:
    """Links to sections of a page."""
    return tuple(Link(section.heading, f"#{section.id}") for section in sections)
