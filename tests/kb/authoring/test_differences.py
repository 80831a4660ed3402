"""What is different between two texts can be read, and nothing of either is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.differences import changed_lines

lines = st.lists(st.sampled_from(("", "a", "a b", "a  c!", "## x", "[@s1]", "é <b>")), max_size=12).map("\n".join)


@given(lines, lines)
def test_the_changes_make_the_later_text_of_the_earlier_one(before: str, after: str) -> None:
    text = before.split("\n")
    changed = [line for group in changed_lines(before, after) for line in group]
    for line in reversed([line for line in changed if line.sign == "-"]):
        assert text.pop(line.number - 1) == "".join(piece for piece, _ in line.pieces)
    for line in [line for line in changed if line.sign == "+"]:
        text.insert(line.number - 1, "".join(piece for piece, _ in line.pieces))

    assert "\n".join(text) == after
    assert bool(changed) == (before != after)


def test_only_the_words_that_differ_are_marked() -> None:
    (group,) = changed_lines("x\nstarted: 2004\ny", "x\nstarted: 2003\ny")

    assert [(line.sign, line.number) for line in group] == [(" ", 1), ("-", 2), ("+", 2), (" ", 3)]
    assert group[1].pieces == (("started: ", False), ("2004", True))


def test_a_line_of_very_many_words_is_marked_as_a_whole() -> None:
    (group,) = changed_lines("a " * 4000, "b " + "a " * 4000)

    assert [len(line.pieces) for line in group] == [1, 1]
