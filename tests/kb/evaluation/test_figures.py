"""The figures of a ranking, calculated by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation.figures import figures, mean, ndcg, recall, reciprocal_rank


@pytest.mark.parametrize(
    ("ranked", "value"),
    [
        (["a", "b", "c"], 1.0),
        # Gains 2^grade - 1 are 7, 3 and 1; discounts log2(rank + 1) are 1, 1.585 and 2.
        (["b", "a", "c"], (3 + 7 / 1.58496 + 1 / 2) / (7 + 3 / 1.58496 + 1 / 2)),
        ([], 0.0),
        (["x", "y"], 0.0),
    ],
)
def test_ndcg(ranked: list[str], value: float) -> None:
    assert ndcg(ranked, {"a": 3, "b": 2, "c": 1}) == pytest.approx(value, abs=1e-4)


def test_only_the_first_ten_count() -> None:
    assert ndcg([*"bcdefghijk", "a"], {"a": 3}) == 0.0
    assert recall([*"bcdefghijk", "a"], {"a": 3}) == 0.0


def test_the_reciprocal_rank_is_that_of_the_first_relevant_document() -> None:
    assert reciprocal_rank(["touches", "answers"], {"touches": 1, "answers": 3}) == 0.5
    assert reciprocal_rank(["touches"], {"touches": 1, "answers": 3}) == 0.0


def test_finding_ten_of_twenty_relevant_ones_counts_as_all() -> None:
    grades = {str(number): 2 for number in range(20)}

    assert recall([str(number) for number in range(10)], grades) == 1.0


def test_without_high_judgements_the_highest_ones_count() -> None:
    assert figures(["a"], {"a": 1}).reciprocal_rank == 1.0


def test_each_figure_has_its_own_mean() -> None:
    both = mean([figures(["a"], {"a": 3}), figures(["x"], {"a": 3})])

    assert (both.ndcg, both.reciprocal_rank, both.recall) == (0.5, 0.5, 0.5)


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3)))
def test_figures_are_between_zero_and_one(ranked: list[str], grades: dict[str, int]) -> None:
    made = figures(ranked, grades)

    assert all(0.0 <= value <= 1.0 + 1e-9 for value in (made.ndcg, made.reciprocal_rank, made.recall))
