"""`kb rank`: how good the ranking is, as a table, and against the figures that were accepted last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from kb.cli.printing import err, out
from kb.errors import KbError
from kb.evaluation.figures import Figures
from kb.evaluation.ranking import (
    Document,
    JudgedQuery,
    JudgedSet,
    Ranking,
    allowed_by_filters,
    collection_documents,
    collection_ranker,
    documents_ranker,
    evaluate,
    fts5_ranker,
    load_judged_set,
)
from kb.index.generation import Generation

ACCEPTED = "figures.json"
"""The file next to the queries that contains the figures accepted last."""

TOLERANCE = 0.0005
"""Figures are saved with three decimals; less than half of the last one is no change."""

NAMES = {"ndcg": "nDCG@10", "reciprocal_rank": "MRR", "recall": "recall@10"}


def rank(folder: Path, generation: Generation | None, *, compare: bool, accept: bool) -> bool:
    """Run the judged set in `folder`, print a table and what has changed; False if a figure fell.

    `generation` is the collection to search; not needed where the set brings its own documents.
    """
    judged = load_judged_set(folder)
    ours, theirs = _rankings(judged, generation, compare=compare)
    _print_table(judged, ours, theirs)
    accepted = folder / ACCEPTED
    if accept:
        accepted.write_text(json.dumps(_as_data(ours), indent=1, ensure_ascii=False) + "\n", "utf-8")
        out.print(f"Accepted: these figures are now in {accepted}.")
        return True
    return not accepted.is_file() or _print_changes(_read(accepted), ours, judged)


def _rankings(judged: JudgedSet, generation: Generation | None, *, compare: bool) -> tuple[Ranking, Ranking | None]:
    if judged.documents:
        with documents_ranker(judged.documents) as ranker:
            ours = evaluate(judged.queries, ranker)
        return ours, _ranking_of_fts5(judged, judged.documents, lambda _: None) if compare else None
    if generation is None:
        raise KbError("This judged set brings no documents, and there is no collection to search.")
    ours = evaluate(judged.queries, collection_ranker(generation))
    if not compare:
        return ours, None
    return ours, _ranking_of_fts5(judged, collection_documents(generation), allowed_by_filters(generation))


def _ranking_of_fts5(
    judged: JudgedSet, documents: Sequence[Document], allowed: Callable[[JudgedQuery], set[str] | None]
) -> Ranking:
    with fts5_ranker(documents, allowed) as ranker:
        return evaluate(judged.queries, ranker)


def _print_table(judged: JudgedSet, ours: Ranking, theirs: Ranking | None) -> None:
    counts = Counter(query.kind for query in judged.queries)
    counts["all"] = len(judged.queries)
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("kind", no_wrap=True)
    table.add_column("queries", justify="right")
    for heading in NAMES.values():
        table.add_column(heading, justify="right")
    for heading in ("FTS5: nDCG", "MRR", "recall") if theirs else ():
        table.add_column(heading, justify="right")
    for kind, figures in ours.by_kind.items():
        cells = [f"{value:.3f}" for value in asdict(figures).values()]
        if theirs:
            cells += [f"{value:.3f}" for value in asdict(theirs.by_kind[kind]).values()]
        table.add_row(kind, str(counts[kind]), *cells, style="bold" if kind == "all" else None)
    out.print(table)
    if theirs:
        ratio = ours.by_kind["all"].ndcg / max(theirs.by_kind["all"].ndcg, 1e-9)
        out.print(f"nDCG@10 is {ratio:.3f} times that of FTS5 with porter stemming and bm25().")


def _print_changes(accepted: Mapping[str, Mapping[str, float]], ours: Ranking, judged: JudgedSet) -> bool:
    """Print how figures differ from the accepted ones; False if the mean of a kind fell."""
    texts = {query.id: query.text for query in judged.queries}
    for query_id, before in accepted.get("queries", {}).items():
        now = ours.by_query.get(query_id)
        if now and abs(now.ndcg - before) > TOLERANCE:
            sign = "better" if now.ndcg > before else "worse "
            out.print(f"{sign} {query_id}: nDCG {before:.3f} → {now.ndcg:.3f}  {texts[query_id]}", markup=False)
    fallen = [
        f"{NAMES[name]} of {kind}: {before:.3f} → {value:.3f}"
        for kind, figures in ours.by_kind.items()
        for name, value in asdict(figures).items()
        if value < (before := accepted.get(kind, {}).get(name, 0.0)) - TOLERANCE
    ]
    for fall in fallen:
        err.print(f"Fell: {fall}", style="red")
    if fallen:
        err.print("If the change is worth it, accept the new figures: kb rank --accept")
    return not fallen


def _as_data(ranking: Ranking) -> dict[str, dict[str, float]]:
    kinds = {kind: _rounded(figures) for kind, figures in ranking.by_kind.items()}
    return {**kinds, "queries": {query: round(figures.ndcg, 3) for query, figures in ranking.by_query.items()}}


def _rounded(figures: Figures) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(figures).items()}


def _read(path: Path) -> Mapping[str, Mapping[str, float]]:
    try:
        data: Mapping[str, Mapping[str, float]] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise KbError(f"{path} is not JSON ({error}). Write it again: kb rank --accept") from error
    return data
