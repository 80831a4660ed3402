"""How good a ranking is, in figures: nDCG, reciprocal rank, recall.

Formulas: Järvelin & Kekäläinen (2002) for nDCG with gain 2^grade - 1 and discount log2(rank + 1), as in Burges et
al. (2005); the reciprocal rank and the recall count grades from `RELEVANT` up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

DEPTH = 10
RELEVANT = 2
"""In our own judged set 1 is "touches it": nobody would be content with that as the first hit."""

Grades = Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """The figures of one query, or their means over several."""

    ndcg: float
    reciprocal_rank: float
    recall: float


def ndcg(ranked: Sequence[str], grades: Grades, depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain, 0 to 1; 1 for a query without any judged document.

    >>> round(ndcg(["b", "a"], {"a": 3, "b": 1}), 3)
    0.71
    """
    ideal = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return _dcg([grades.get(document, 0) for document in ranked[:depth]]) / ideal if ideal else 1.0


def reciprocal_rank(ranked: Sequence[str], grades: Grades, relevant: int = RELEVANT) -> float:
    """One by the rank of the first relevant document; 0 if there is none.

    >>> reciprocal_rank(["x", "a"], {"a": 3})
    0.5
    """
    return next((1 / rank for rank, document in enumerate(ranked, 1) if grades.get(document, 0) >= relevant), 0.0)


def recall(ranked: Sequence[str], grades: Grades, depth: int = DEPTH, relevant: int = RELEVANT) -> float:
    """The share of the relevant documents among the first `depth`; 1 if there is none to find.

    Where more than `depth` are relevant, finding `depth` of them counts as all.
    """
    wanted = {document for document, grade in grades.items() if grade >= relevant}
    found = wanted.intersection(ranked[:depth])
    return len(found) / min(len(wanted), depth) if wanted else 1.0


def figures(ranked: Sequence[str], grades: Grades) -> Figures:
    """All figures of one query. If nothing is judged as high as `RELEVANT`, what is judged highest counts."""
    relevant = min(RELEVANT, max(grades.values(), default=RELEVANT))
    return Figures(
        ndcg(ranked, grades), reciprocal_rank(ranked, grades, relevant), recall(ranked, grades, relevant=relevant)
    )


def mean(several: Sequence[Figures]) -> Figures:
    """The mean of each figure; zeros for nothing."""
    if not several:
        return Figures(0.0, 0.0, 0.0)
    return Figures(
        fmean(each.ndcg for each in several),
        fmean(each.reciprocal_rank for each in several),
        fmean(each.recall for each in several),
    )


def _dcg(grades: Sequence[int]) -> float:
    return math.fsum((pow(2.0, grade) - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
