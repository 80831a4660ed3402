"""Content folders of any size, to measure at sizes that the collection has not reached.

The words come from a JSONL file (a line: `id, title, body`, and if it has them `arrangements, challenges, city,
started`) or, without one, from the collection itself: its paragraphs are drawn anew into as many cases as wanted.
What a line does not say is drawn by a seeded generator, so that the same call writes the same folder.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from kb import CASE_SECTIONS, ContentFolder, Vocabularies
from kb.authoring.content_folder import load_corpus

SEED = 20_26
CITIES = 300
"""A long tail of cities, as in a large collection."""


@dataclass(frozen=True)
class BenchDocument:
    """The content of a case: plain paragraphs and facet values."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    arrangements: tuple[str, ...]
    challenges: tuple[str, ...]
    city: str
    started: int
    audiences: tuple[str, ...]
    evidence: str
    status: str


class Drawing:
    """Draws what a text does not say about itself."""

    def __init__(self, vocabularies: Vocabularies, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # the same folder each time is the point
        self._arrangements = [term.id for term in vocabularies.arrangements]
        self._challenges = [term.id for term in vocabularies.challenges]
        self._audiences = [term.id for term in vocabularies.audiences]
        self._evidence = [term.id for term in vocabularies.evidence]
        self._statuses = [term.id for term in vocabularies.statuses]
        self._cities = [f"city-{number:03}" for number in range(CITIES)]
        self._city_weights = [1 / (rank + 1) for rank in range(CITIES)]

    def document(self, number: int, title: str, paragraphs: Sequence[str], given: Mapping[str, Any]) -> BenchDocument:
        """A document with the given values, and the rest drawn."""
        pick = self._random
        return BenchDocument(
            slug=f"case-{number:06}",
            title=" ".join(title.split())[:100] or "Untitled",
            paragraphs=tuple(paragraphs),
            arrangements=tuple(given.get("arrangements") or pick.sample(self._arrangements, pick.choice((1, 1, 2)))),
            challenges=tuple(given.get("challenges") or pick.sample(self._challenges, pick.choice((1, 2, 3)))),
            city=str(given.get("city") or pick.choices(self._cities, self._city_weights)[0]),
            started=int(given.get("started") or pick.randint(1990, 2025)),
            audiences=tuple(pick.sample(self._audiences, 2)),
            evidence=pick.choice(self._evidence),
            status=pick.choice(self._statuses),
        )


def documents_from_jsonl(path: Path, vocabularies: Vocabularies, size: int) -> Iterator[BenchDocument]:
    """`size` documents from a JSONL file, gzipped or not; it is gone through again where it has fewer."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    drawing = Drawing(vocabularies)
    for number, row in enumerate(islice(cycle(rows), size)):
        yield drawing.document(number, plain(row["title"]), paragraphs(row["body"]), row)


def documents_from_collection(content: ContentFolder, size: int, words: int = 600) -> Iterator[BenchDocument]:
    """`size` documents of about `words` words, made of paragraphs of the collection drawn anew."""
    corpus = load_corpus(content)
    cases = [file.case for file in corpus.published if file.case]
    pool = [line for case in cases for section in case.sections for line in section.text.split("\n") if line]
    titles = [case.title for case in cases]
    drawing = Drawing(corpus.vocabularies)
    pick = random.Random(SEED)
    for number in range(size):
        chosen: list[str] = []
        while sum(len(text.split()) for text in chosen) < words:
            chosen.append(plain(pick.choice(pool)))
        title = " ".join(f"{pick.choice(titles)} {pick.choice(titles)}".split()[:12])
        yield drawing.document(number, plain(title), chosen, {})


def lengthened(documents: Iterable[BenchDocument], words: int) -> Iterator[BenchDocument]:
    """The documents joined to about `words` words each; for measuring passages on long texts."""
    waiting: list[str] = []
    for document in documents:
        waiting.extend(document.paragraphs)
        if sum(len(text.split()) for text in waiting) >= words:
            yield replace(document, paragraphs=tuple(_cut(waiting, words)))
            waiting = []


def write_content(folder: Path, documents: Iterable[BenchDocument], vocabularies_from: Path) -> int:
    """Write a content folder; gives the number of cases. Terms other than cities are those of the collection."""
    shutil.copytree(vocabularies_from / "vocabularies", folder / "vocabularies")
    for name in ("arrangements", "challenges"):
        shutil.copytree(vocabularies_from / name, folder / name)
    (folder / "cases").mkdir()
    cities: set[str] = set()
    count = 0
    for document in documents:
        (folder / "cases" / f"{document.slug}.md").write_text(case_text(document), "utf-8")
        cities.add(document.city)
        count += 1
    vocabularies, _ = ContentFolder(vocabularies_from).vocabularies()
    _write_cities(folder, sorted(cities), [country.id for country in vocabularies.countries])
    return count


def case_text(document: BenchDocument) -> str:
    """The case file of a document."""
    summary = (document.paragraphs[0] if document.paragraphs else document.title)[:240]
    reasons = cycle(document.paragraphs or (document.title,))
    head = {
        "title": document.title,
        "summary": summary,
        "city": [document.city],
        "started": document.started,
        "status": document.status,
        "arrangements": {term: next(reasons)[:160] for term in document.arrangements},
        "challenges": {term: {"showed": next(reasons)[:160]} for term in document.challenges},
        "audiences": list(document.audiences),
        "lead": {"City council": "local-government"},
        "partners": {"City police": "police", "Youth service": "youth-work"},
        "evidence": {"level": document.evidence, "note": "Not known."},
        "language": "en",
        "contributors": ["Editorial team"],
        "publication": "published",
        "review": {"state": "unreviewed"},
        "aliases": [],
        "sources": {f"s{number}": _source(number) for number in (1, 2, 3)},
    }
    # JSON is YAML: every value is quoted, and each list or mapping takes one line.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", "", *_body(document.paragraphs)]) + "\n"


def plain(text: str) -> str:
    """A line of markdown without its markup, which would be problems in a case file."""
    return " ".join(re.sub(r"[\[\]<>`*_|#\\~^{}$]|https?://\S+|(?<!\w)@", " ", text).split())


def paragraphs(markdown: str) -> list[str]:
    """The plain paragraphs of a markdown text: no code, no tables, no headings."""
    without_code = re.sub(r"```.*?(?:```|\Z)|<!--.*?-->", "", markdown, flags=re.DOTALL)
    blocks = re.split(r"\n\s*\n|\n(?=\s*[-*+]\s)|\n(?=#)", without_code)
    paragraphs = (block for block in blocks if not block.lstrip().startswith(("#", "|")))
    return [text for block in paragraphs if len((text := plain(block).lstrip("-+=. 0123456789)")).split()) > 2]


def _body(texts: Sequence[str]) -> Iterator[str]:
    per_section = max(1, -(-len(texts) // len(CASE_SECTIONS)))
    for number, heading in enumerate(CASE_SECTIONS):
        passages = texts[number * per_section : (number + 1) * per_section]
        if passages:
            yield f"## {heading}\n"
            yield from (f"{text} [@s{1 + order % 3}]\n" for order, text in enumerate(passages))


def _source(number: int) -> dict[str, object]:
    return {"title": f"Report {number}", "by": "City council", "year": 2020, "url": f"https://example.org/{number}"}


def _cut(texts: Sequence[str], words: int) -> Iterator[str]:
    left = words
    for text in texts:
        pieces = text.split()[:left]
        left -= len(pieces)
        if pieces:
            yield " ".join(pieces)


def _write_cities(folder: Path, cities: Sequence[str], countries: Sequence[str]) -> None:
    entries = {
        city: {
            "label": f"Place {city.removeprefix('city-')}",
            "country": countries[number % len(countries)],
            "latitude": round(-50 + number * 110 / max(len(cities), 1), 2),
            "longitude": round((number * 37) % 360 - 180, 2),
            "aliases": [],
        }
        for number, city in enumerate(cities)
    }
    lines = [f"{city}: {json.dumps(entry)}" for city, entry in entries.items()]
    (folder / "vocabularies" / "cities.yaml").write_text("\n".join(lines) + "\n", "utf-8")
