"""Suggestions while typing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.suggesting import PER_KIND, Name, Suggester

SUGGESTER = Suggester(
    [
        Name("arrangement", "dialogue-and-bridging", "Dialogue and bridging network", ("interfaith dialogue",), 22),
        Name("arrangement", "intelligence-link", "Intelligence link", ("hotline",), 9),
        Name("city", "vienna", "Vienna", ("Wien",), 1),
        Name("city", "vilvoorde", "Vilvoorde", (), 1),
        Name("city", "aarhus", "Aarhus", ("Århus",), 2),
        Name("case", "a-dialogue", "Keeping a dialogue with a mosque", (), 1),
        *(Name("case", f"case-{number}", f"Numbered case {number}", (), 1) for number in range(9)),
    ]
)


def found(typed: str) -> list[str]:
    return [suggestion.name.id for suggestion in SUGGESTER.suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("dial", ["dialogue-and-bridging", "a-dialogue"], id="the beginning of any word"),
        pytest.param("bridging dia", ["dialogue-and-bridging"], id="every word, in any order"),
        pytest.param("wie", ["vienna"], id="another name"),
        pytest.param("ÅRH", ["aarhus"], id="without accents and case"),
        pytest.param("vilvr", ["vilvoorde"], id="one slip"),
        pytest.param("hotl", ["intelligence-link"], id="an alias"),
        pytest.param("xyzzy", [], id="nothing"),
        pytest.param("", [], id="nothing typed"),
        pytest.param("  - !", [], id="no words typed"),
    ],
)
def test_names_are_suggested(typed: str, expected: list[str]) -> None:
    assert found(typed) == expected


def test_no_kind_crowds_out_the_others() -> None:
    assert len(found("numbered")) == PER_KIND


def test_what_was_typed_is_marked_in_the_label() -> None:
    (suggestion,) = SUGGESTER.suggest("net dial")

    assert [suggestion.name.label[start:end] for start, end in suggestion.ranges] == ["Dial", "net"]
    assert suggestion.alias is None


def test_the_other_name_is_shown_if_the_label_does_not_contain_it() -> None:
    assert [suggestion.alias for suggestion in SUGGESTER.suggest("wien")] == ["Wien"]


@given(st.text(max_size=40))
def test_anything_can_be_typed(typed: str) -> None:
    assert len(found(typed)) <= 3 * PER_KIND
