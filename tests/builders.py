"""Small content for tests: files as an author would write them, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from textwrap import dedent

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import parse_case_file
from kb.authoring.parsing.vocabulary_files import parse_vocabularies
from kb.building.builder import build
from kb.building.report import BuildReport
from kb.index.folder import IndexFolder
from kb.index.generation import Generation
from kb.model.case import Case
from kb.model.section import Block, BlockKind, Section
from kb.model.vocabulary import Vocabularies

VOCABULARY_FILES: Mapping[str, str] = {
    "arrangements": """
        informing-and-intervening:
          label: Informing and intervening
          description: One table for several professions.
          aliases: [safety table]
          purpose: Pool worries.
          table: Police, schools, care.
          flow: Many ways in a closed circle.
          flow_kind: circle
          named_person: yes
          decides_together: "Yes, a joint plan."
        knowledge-exchange:
          label: Knowledge exchange network
          description: Learning from one another.
          aliases: [learning network]
          purpose: Learn.
          table: Practitioners.
          flow: Many ways.
          flow_kind: exchange
          named_person: no
          decides_together: "No."
        intelligence-link:
          label: Intelligence link
          description: One way, towards police.
          aliases: [hotline]
          purpose: Pass on particulars.
          table: Often none.
          flow: One way.
          flow_kind: one-way
          named_person: yes
          decides_together: "No."
        """,
    "challenges": """
        fragile-trust: {label: Fragile trust, description: Trust is easily lost., aliases: [mistrust]}
        no-real-say: {label: No real say, description: Heard and not heeded., aliases: []}
        """,
    "cities": """
        aarhus: {label: Aarhus, country: denmark, latitude: 56.16, longitude: 10.2, aliases: [Århus]}
        copenhagen: {label: Copenhagen, country: denmark, latitude: 55.68, longitude: 12.57, aliases: [København]}
        vienna: {label: Vienna, country: austria, latitude: 48.21, longitude: 16.37, aliases: [Wien]}
        liege: {label: Liège, country: belgium, latitude: 50.63, longitude: 5.57, aliases: [Luik]}
        """,
    "countries": """
        austria: {label: Austria, continent: Europe, aliases: [Österreich], adjectives: [Austrian]}
        belgium: {label: Belgium, continent: Europe, aliases: [België]}
        denmark: {label: Denmark, continent: Europe, aliases: [Danmark], adjectives: [Danish, Danes, Polish]}
        """,
    "audiences": """
        youth: {label: Young people, description: "", aliases: []}
        families: {label: Families, description: "", aliases: []}
        """,
    "sectors": """
        police: {label: Police, description: "", aliases: [law enforcement]}
        research: {label: Universities and research, description: "", aliases: [university]}
        media: {label: Media, description: "", aliases: [press]}
        """,
    "regions": """
        low-countries:
          label: Low Countries
          aliases: [Benelux, the north of Europe]
          adjectives: [Low-Country]
          countries: [belgium, denmark]
        """,
    "extremism": """
        far-right: {label: Far right, description: "", aliases: [neo-Nazi]}
        jihadist: {label: Jihadist or Islamist-inspired, description: "", aliases: []}
        """,
    "evidence": """
        described: {label: Described, description: "", aliases: []}
        self-reported: {label: Self-reported, description: "", aliases: []}
        """,
    "statuses": """
        ongoing: {label: Ongoing, description: "", aliases: []}
        ended: {label: Ended, description: "", aliases: []}
        unknown: {label: Not known, description: "", aliases: []}
        """,
    "questions": """
        person:
          label: Is it about a person?
          looks_at: named_person
          answers:
            yes: {label: A person, fits: [yes], note: "Call for help first."}
            no: {label: A subject, fits: [no]}
        together:
          label: Must you agree?
          looks_at: decides_together
          answers:
            yes: {label: We must, fits: [yes]}
            no: {label: We need not, fits: [seldom, no]}
        """,
    "synonyms": """
        - [CVE, P/CVE]
        - [safety house, veiligheidshuis]
        """,
    "everyday_words": """
        mum: [mothers, parents]
        locked up: [prison]
        """,
}


@cache
def vocabularies() -> Vocabularies:
    """The vocabularies above, parsed."""
    files = {name: dedent(text).encode() for name, text in VOCABULARY_FILES.items()}
    return parse_vocabularies(files)[0]


def case_markdown(
    *,
    title: str = "A door for concerns",
    summary: str = "Police and town hall share one door.",
    city: str = "aarhus",
    started: int | str = 2010,
    ended: int | str = "",
    status: str = "ongoing",
    arrangements: Iterable[str] = ("informing-and-intervening",),
    challenges: Iterable[str] | Mapping[str, str] = ("fragile-trust",),
    audiences: Iterable[str] = ("youth",),
    lead: str = "City Police",
    partners: str = "University",
    evidence: str = "described",
    publication: str = "published",
    aliases: Iterable[str] = (),
    extra: str = "",
    body: Mapping[str, str | None] | None = None,
) -> str:
    """A case file that breaks no rule, with what the test is about set by name.

    `challenges` may map ids to what follows them in the file; `body` maps section headings to their text;
    `extra` is put into the front matter unchanged.
    """
    sections = {
        "Context": "It began in a quiet quarter [@s1].",
        "What they do": "They meet on Mondays [@s1].",
        "Who is at the table": "Police and town hall [@s1].",
        "What helped": "- Coffee helped [@s1].",
        "What was hard": "- Mornings were hard [@s1].",
        "What is known about results": "Nothing was measured [@s1].",
        "Lessons for another city": "It may help to begin with coffee.",
        **(body or {}),
    }
    reasons = {
        "arrangements": "".join(f'\n  {name}: "Why it is {name}."' for name in arrangements),
        "challenges": "".join(f"\n  {name}: {answer}" for name, answer in _answers(challenges).items()),
    }
    head = f"""---
title: "{title}"
summary: "{summary}"
city: [{city}]
started: {started}
ended: {ended}
status: {status}
arrangements:{reasons["arrangements"]}
challenges:{reasons["challenges"]}
audiences: [{", ".join(audiences)}]
lead: {{"{lead}": police}}
partners: {{"{partners}": research}}
evidence: {{level: {evidence}, note: "Nobody has looked."}}
language: en
contributors: [Editorial team]
publication: {publication}
review: {{state: unreviewed}}
aliases: [{", ".join(aliases)}]
sources:
  s1: {{title: "A report", by: "A city", year: 2020, url: "https://example.org/report"}}
{extra}---
"""
    return head + "".join(f"\n## {heading}\n\n{text}\n" for heading, text in sections.items() if text is not None)


def _answers(challenges: Iterable[str] | Mapping[str, str]) -> Mapping[str, str]:
    if isinstance(challenges, Mapping):
        return challenges
    return {name: f'{{showed: "How {name} showed."}}' for name in challenges}


def make_case(slug: str = "a-case", text: str | None = None) -> Case:
    """The case of a file, which must break no rule that keeps it from being published."""
    data = (case_markdown() if text is None else text).encode()
    file = parse_case_file(PurePosixPath(f"cases/{slug}.md"), data, vocabularies())
    assert file.case is not None, "\n".join(map(str, file.problems))
    return file.case


def section_of(section_id: str, heading: str, *paragraphs: str) -> Section:
    """A section of plain paragraphs."""
    return Section(section_id, heading, tuple(Block(BlockKind.PARAGRAPH, 1, (text,)) for text in paragraphs))


def write_content(root: Path, cases: Mapping[str, str] | None = None) -> ContentFolder:
    """A content folder with the vocabularies above and these case files (text by slug)."""
    (root / "vocabularies").mkdir(parents=True, exist_ok=True)
    (root / "cases").mkdir(exist_ok=True)
    for name, text in VOCABULARY_FILES.items():
        (root / "vocabularies" / f"{name}.yaml").write_text(dedent(text), "utf-8")
    for slug, text in (cases or {}).items():
        write_case(root, slug, text)
    return ContentFolder(root)


def write_case(root: Path, slug: str, text: str) -> Path:
    """Write one case file."""
    path = root / "cases" / f"{slug}.md"
    path.write_text(text, "utf-8")
    return path


def build_in(root: Path, cases: Mapping[str, str]) -> tuple[BuildReport, Generation]:
    """Write these cases below `root`, build, and open the generation."""
    content = write_content(root / "content", cases)
    index = IndexFolder(root / "index")
    return build(content, index), index.open_current()
