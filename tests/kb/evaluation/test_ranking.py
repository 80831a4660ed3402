"""Judged sets: read in plain formats, run, and compared with accepted figures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kb.cli.ranking import ACCEPTED, rank
from kb.errors import KbError
from kb.evaluation.figures import Figures
from kb.evaluation.ranking import JudgedSet, documents_ranker, evaluate, fts5_ranker, load_judged_set
from kb.index.generation import Generation

OWN_SET = Path(__file__).parents[2] / "ranking"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


PLAIN = {
    "queries_DOT_jsonl": '{"id": "q1", "text": "falcons"}\n\n{"id": "q2", "text": "ravens", "kind": "birds"}\n',
    "judgements_DOT_tsv": "query\tdocument\tgrade\nq1\td1\t3\nq2\td2\t2\n",
    "documents_DOT_jsonl": '{"id": "d1", "title": "Falcons", "text": "Falcons fly."}\n'
    '{"id": "d2", "title": "", "text": "Ravens talk."}\n',
}

BEIR = {
    "queries_DOT_jsonl": '{"_id": "q1", "text": "falcons"}\n{"_id": "q2", "text": "ravens"}\n'
    '{"_id": "q3", "text": "not judged"}\n',
    "qrels__test_DOT_tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n",
    "corpus_DOT_jsonl": '{"_id": "d1", "title": "Falcons", "text": "Fly."}\n'
    '{"_id": "d2", "title": "", "text": "Ravens."}\n',
}

TREC = {
    "queries_DOT_tsv": "q1\tfalcons\nq2\travens\n",
    "qrels_DOT_tsv": "q1 0 d1 2\nq2 0 d2 1\n",
    "documents_DOT_tsv": "id\ttitle\ttext\nd1\tFalcons\tFly.\nd2\t\tRavens.\n",
}


@pytest.mark.parametrize("files", [PLAIN, BEIR, TREC], ids=["plain", "BEIR", "TREC"])
def test_a_set_of_judgements_is_run_through_both_searches(tmp_path: Path, files: dict[str, str]) -> None:
    judged = load_judged_set(write(tmp_path / "set", **files))

    with documents_ranker(judged.documents) as ranker:
        ours = evaluate(judged.queries, ranker)
    with fts5_ranker(judged.documents, lambda _: None) as ranker:
        theirs = evaluate(judged.queries, ranker)

    assert [query.id for query in judged.queries] == ["q1", "q2"]
    assert ours.by_kind["all"] == theirs.by_kind["all"] == Figures(1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "contains none of: judgements.tsv, qrels.tsv, qrels/test.tsv. A judged set needs one of them."),
        ({**PLAIN, "queries_DOT_jsonl": "{no json"}, "queries.jsonl:1: this is not JSON"),
        ({**PLAIN, "judgements_DOT_tsv": "q1\td1\tbest\nq1\td1\tbest"}, "judgements.tsv:2: expected query, document"),
        ({**PLAIN, "judgements_DOT_tsv": "q9\td1\t3\n"}, "has a judgement."),
    ],
)
def test_an_unusable_set_of_judgements_is_reported(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(KbError, match=re.escape(message)):
        load_judged_set(write(tmp_path, **files))


@pytest.fixture(scope="module")
def own_set() -> JudgedSet:
    return load_judged_set(OWN_SET)


def test_our_own_judgements_are_about_cases_that_exist(own_set: JudgedSet, collection: Generation) -> None:
    judged = {slug for query in own_set.queries for slug in query.grades}

    assert len(own_set.queries) >= 80
    assert judged <= set(collection.cases.slugs())


def test_a_falling_figure_is_reported_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, **PLAIN)
    assert rank(folder, None, compare=False, accept=True)
    accepted = json.loads((folder / ACCEPTED).read_text("utf-8"))
    (folder / "judgements.tsv").write_text("q1\td2\t3\nq2\td2\t2\n", "utf-8")

    assert not rank(folder, None, compare=False, accept=False)
    assert accepted["all"] == {"ndcg": 1.0, "reciprocal_rank": 1.0, "recall": 1.0}
    printed = capsys.readouterr()
    assert "worse  q1: nDCG 1.000 → 0.000  falcons" in printed.out
    assert "Fell: MRR of all: 1.000 → 0.500" in printed.err


def test_stable_figures_pass(tmp_path: Path) -> None:
    folder = write(tmp_path, **PLAIN)
    rank(folder, None, compare=False, accept=True)

    assert rank(folder, None, compare=True, accept=False)
