"""The text of a content file: split into sections, with the checks that need to see all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.authoring.parsing.allowances import without_allowances
from kb.authoring.parsing.markdown.document import count_citations, read_document, secured
from kb.authoring.parsing.markdown.notes import WrittenLink
from kb.authoring.problems import ProblemList
from kb.hints import nearest
from kb.model.case import slugify_heading
from kb.model.section import Block, BlockKind, Section

SECTION_LEVEL = 2
"""The level of the headings at which a text is split."""


@dataclass(frozen=True)
class WrittenSection:
    """A section as written in its file."""

    heading: str
    line: int
    """The line of the heading."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Body:
    """The text of a content file, read."""

    written: tuple[WrittenSection, ...]
    """All sections, in the order of the file."""
    sections: tuple[Section, ...]
    """Those in the template, in its order, with their citations numbered from first to last."""
    citations: Mapping[str, int]
    """How often they cite each source."""
    links: tuple[WrittenLink, ...]


def read_body(
    text: str,
    first_line: int,
    template: Sequence[str],
    source_numbers: Mapping[str, int],
    folder: str,
    problems: ProblemList,
) -> Body:
    """The sections of a text that starts on this line of its file.

    `source_numbers` maps each listed source to its number; `folder` is the content folder of the file.
    """
    document = read_document(without_allowances(text), first_line, source_numbers, folder, problems)
    written = _split(document.blocks, problems)
    known = _known_sections(written, template, problems)
    counted: Counter[str] = Counter()
    sections = tuple(
        secured(Section(slugify_heading(section.heading), section.heading, count_citations(section.blocks, counted)))
        for section in sorted(known, key=lambda section: template.index(section.heading))
        if section.blocks
    )
    return Body(written, sections, dict(counted), document.links)


def _split(blocks: Sequence[Block], problems: ProblemList) -> tuple[WrittenSection, ...]:
    """The blocks by section; misplaced headings, and text above the first section, become problems."""
    starts = [number for number, block in enumerate(blocks) if _is_section_heading(block)]
    first = starts[0] if starts else len(blocks)
    if first > 0:
        problems.add(
            "text-before-section",
            "There is text above the first section.",
            "Move it below a heading.",
            line=blocks[0].line,
        )
    sections = tuple(
        WrittenSection(blocks[start].text, blocks[start].line, tuple(blocks[start + 1 : end]))
        for start, end in pairwise([*starts, len(blocks)])
    )
    for block in _all_blocks([block for block in blocks if not _is_section_heading(block)]):
        _check_heading(block, problems)
    return sections


def _is_section_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.number == SECTION_LEVEL


def _all_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _all_blocks(block.blocks)


def _check_heading(block: Block, problems: ProblemList) -> None:
    """Note a block that looks like a section heading but is not one, or that was meant to be one."""
    if block.kind is BlockKind.HEADING and block.number < SECTION_LEVEL:
        message = "This is a level-one heading; only the title in the front matter may be one."
        problems.add("unknown-section", message, "Write section headings with two hashes.", line=block.line)
    elif _is_section_heading(block):
        message = f"The heading `{block.text}` is inside a list or a quote."
        problems.add("unknown-section", message, "Start it at the beginning of a line.", line=block.line)
    elif block.kind is BlockKind.PARAGRAPH and block.text.startswith("##") and block.text[2:3] not in ("", "#", " "):
        message = f"`{block.text[:40]}` is not a heading without a space after the hashes."
        hint = f"Write `## {block.text[2:42].strip()}`."
        problems.add("unknown-section", message, hint, line=block.line)


def _known_sections(
    sections: Sequence[WrittenSection], template: Sequence[str], problems: ProblemList
) -> tuple[WrittenSection, ...]:
    """The sections in the template, each once; any other heading becomes a problem."""
    known: list[WrittenSection] = []
    for section in sections:
        if section.heading not in template:
            near = nearest(section.heading, template)
            hint = f"Did you mean `## {near}`?" if near else f"The headings are: {'; '.join(template)}."
            problems.add("unknown-section", f"There is no section `{section.heading}`.", hint, line=section.line)
        elif any(section.heading == other.heading for other in known):
            problems.add(
                "duplicate-section", f"The section `{section.heading}` appears twice.", "Merge them.", line=section.line
            )
        else:
            known.append(section)
            if not section.blocks:
                hint = "Write it, or leave the heading out."
                problems.add("empty-section", f"The section `{section.heading}` is empty.", hint, line=section.line)
    _check_order(known, template, problems)
    return tuple(known)


def _check_order(sections: Sequence[WrittenSection], template: Sequence[str], problems: ProblemList) -> None:
    furthest = -1
    for section in sections:
        position = template.index(section.heading)
        if position < furthest:
            hint = f"In the template, it comes before `{template[furthest]}`."
            problems.add("section-order", f"`{section.heading}` comes too late.", hint, line=section.line)
        furthest = max(furthest, position)
    present = {section.heading for section in sections}
    for heading in template:
        if heading not in present:
            line = sections[-1].line if sections else 1
            hint = "Comparison with other cases relies on it."
            problems.add("missing-section", f"The section `{heading}` is missing.", hint, line=line)


def uncited_statements(section: WrittenSection) -> Iterator[Block]:
    """The paragraphs, items and tables of a section that cite no source."""
    for block in _statements(section.blocks):
        if not any(block.citations):
            yield block


def _statements(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.CODE, BlockKind.TABLE):
            yield block
        else:
            yield from _statements(block.blocks)
