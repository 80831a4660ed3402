"""The guide page of a term, as its author wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.parts.sources import SourceView, cited_in, source_views
from kb import GENERAL, Generation, Section


@dataclass(frozen=True)
class GuideText:
    """The guide page of a term as its author wrote it."""

    sections: tuple[Section, ...]
    sources: tuple[SourceView, ...]
    cites_general: bool
    """Whether something on the page rests on general professional knowledge."""


def guide_text(facet_name: str, term_id: str, generation: Generation) -> GuideText:
    guide = generation.cases.guide(facet_name, term_id)
    if guide is None:
        return GuideText((), (), cites_general=False)
    return GuideText(guide.sections, source_views(guide.sources), GENERAL in cited_in(guide.sections))
