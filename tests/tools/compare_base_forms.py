"""Compares ways to find the base form of a word. In one line:

`pip install simplemma pystemmer && pip download --no-deps pyinflect==0.5.1 &&
python -m tests.tools.compare_base_forms pyinflect-*.whl [DOCUMENTS.jsonl.gz]`

Three questions. How many pairs of words of the collection are joined although they are no forms of one word, and how
many that are forms of one word are not joined? A dictionary that none of the ways was made from is the judge: AGID,
which pyinflect brings. How good is the ranking of the judged searches? And how well is a text found by some of its
words, each in another form? That needs documents (`{"id", "title", "body"}`), and is left out without them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from itertools import combinations
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from kb.authoring.content_folder import ContentFolder
from kb.building.builder import build
from kb.engines.whoosh.layout.schema import term
from kb.evaluation.figures import Figures
from kb.evaluation.ranking import (
    Document,
    JudgedQuery,
    collection_ranker,
    documents_ranker,
    evaluate,
    load_judged_set,
)
from kb.index.folder import IndexFolder
from kb.search.words import analysis
from kb.search.words.analysis import fold, words
from kb.search.words.english import english_words
from tests.tools.make_inflections import british, regular

ROOT = Path(__file__).parents[2]
SETS = (ROOT / "tests/ranking", ROOT / "tests/ranking/second")
DOCUMENTS = 2000
WORDS_OF_A_SEARCH = 4

# After four letters; Snowball knows American endings only.
_BRITISH = re.compile(r"(?<=....)is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")

OURS = analysis.base_form
BaseForm = Callable[[str], str]
Pairs = set[tuple[str, str]]


def ways() -> Iterator[tuple[str, BaseForm]]:
    """Each with its name; those whose package is not installed are left out."""
    yield "words as they are", str
    try:
        stemmer = import_module("Stemmer").Stemmer("english", 0)
        yield "Snowball English", lambda word: stemmer.stemWord(_BRITISH.sub("iz", word))
    except ImportError:
        pass
    yield "light rules", _light()
    try:
        lemmatize = import_module("simplemma").lemmatize
        yield "simplemma", lambda word: fold(lemmatize(word, lang="en"))
    except ImportError:
        pass
    yield "ours", OURS.__wrapped__


def _light() -> BaseForm:
    """Regular endings are taken off where a word of the English list is left."""
    known = {word for word in english_words() if word.isalpha()}

    def light(word: str) -> str:
        shorter = british(word, known) or regular(word, known)
        return light(shorter) if shorter and shorter != word else word

    return light


def main(wheel: Path, documents: Path | None) -> None:
    """Print a table."""
    judge = read_agid(wheel)
    known_items = read_documents(documents, judge) if documents else None
    table = Table(box=None, pad_edge=False)
    for heading in (
        "way",
        "joined wrongly",
        "not joined",
        "nDCG",
        "MRR",
        "nDCG 2",
        "MRR 2",
        "known items: MRR",
        "µs/word",
    ):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name, way in ways():
        wrong, missed, speed = judged_pairs(way, judge)
        with everywhere(way):
            figures = [figure for ranking in rankings() for figure in (ranking.ndcg, ranking.reciprocal_rank)]
            found = f"{known_item_rank(*known_items):.3f}" if known_items else ""
        table.add_row(name, str(wrong), str(missed), *(f"{figure:.3f}" for figure in figures), found, f"{speed:.1f}")
    Console(width=140).print(table)


def read_agid(wheel: Path) -> Mapping[str, set[str]]:
    """For each form the words that it can be a form of; spellings in -ise and -ize are one."""
    found: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as package, package.open("pyinflect/infl.csv") as file:
        for base, _, *cells in csv.reader(io.TextIOWrapper(file, "utf-8")):
            if base.isalpha() and len(base) > 2:
                spelled = british(base.lower(), set()) or base.lower()
                for form in (base, *(form for cell in cells for form in cell.split("/") if form.isalpha())):
                    found[form.lower()].add(spelled)
    return found


def judged_pairs(way: BaseForm, judge: Mapping[str, set[str]]) -> tuple[int, int, float]:
    """Pairs joined wrongly, pairs not joined, and microseconds for each word."""
    texts = (path.read_text("utf-8") for path in sorted((ROOT / "content").rglob("*.md")))
    collection = sorted({word for text in texts for word in words(text)})
    started = perf_counter()
    forms = {word: way(word) for word in collection}
    speed = (perf_counter() - started) / len(collection) * 1e6
    judged = [word for word in collection if word in judge]
    true = _pairs((base, word) for word in judged for base in judge[word])
    joined = _pairs((forms[word], word) for word in judged)
    return len(joined - true), len(true - joined), speed


def _pairs(keyed: Iterable[tuple[str, str]]) -> Pairs:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, word in keyed:
        groups[key].append(word)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


@contextmanager
def everywhere(way: BaseForm) -> Iterator[None]:
    """In place of our own base form, wherever it is used."""
    users = [module for module in list(sys.modules.values()) if getattr(module, "base_form", None) is OURS]
    for module in users:
        vars(module)["base_form"] = lru_cache(maxsize=200_000)(way)
    term.cache_clear()
    try:
        yield
    finally:
        for module in users:
            vars(module)["base_form"] = OURS
        term.cache_clear()


def rankings() -> Iterator[Figures]:
    """The figures of each judged set."""
    with tempfile.TemporaryDirectory() as folder:
        index = IndexFolder(Path(folder))
        build(ContentFolder(ROOT / "content"), index, processes=1)
        generation = index.open_current()
        try:
            for judged in SETS:
                yield evaluate(load_judged_set(judged).queries, collection_ranker(generation)).by_kind["all"]
        finally:
            generation.close()


def read_documents(path: Path, judge: Mapping[str, set[str]]) -> tuple[Sequence[Document], Sequence[JudgedQuery]]:
    """The first documents of a file, and for every fifth a search by some of its words, each in another form."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        data = [json.loads(line) for line, _ in zip(lines, range(DOCUMENTS), strict=False)]
    forms: dict[str, list[str]] = defaultdict(list)
    for form in sorted(judge):
        for base in judge[form]:
            forms[base].append(form)
    draw = random.Random(0)  # noqa: S311 - a sample for a figure, not a secret; the same in every run
    queries = []
    for given in data[::5]:
        inflected = sorted({word for word in words(given["body"]) if len(word) > 4 and _others(word, judge, forms)})
        if len(inflected) >= WORDS_OF_A_SEARCH:
            drawn = draw.sample(inflected, WORDS_OF_A_SEARCH)
            text = " ".join(draw.choice(_others(word, judge, forms)) for word in drawn)
            queries.append(JudgedQuery(given["id"], "known item", text, {}, {given["id"]: 1}))
    return [Document(given["id"], given["title"], given["body"]) for given in data], queries


def _others(word: str, judge: Mapping[str, set[str]], forms: Mapping[str, list[str]]) -> list[str]:
    """The other forms of a word that is a form of one word only; those in use."""
    bases = judge.get(word, set())
    others = [form for base in bases for form in forms[base] if form != word and form in english_words()]
    return others if len(bases) == 1 else []


def known_item_rank(documents: Sequence[Document], queries: Sequence[JudgedQuery]) -> float:
    """The mean reciprocal rank of the documents that the searches are made of."""
    with documents_ranker(documents) as ranker:
        return evaluate(queries, ranker).by_kind["all"].reciprocal_rank


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
