"""YAML as authors write it: values stay text, every place is known, tricks are refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.yaml.nodes import Mapping, Scalar, Sequence, YamlSyntaxError, read_yaml
from kb.authoring.written import Place


def value(text: str) -> str:
    """The text of the only value in a mapping."""
    node = read_yaml(text)
    assert isinstance(node, Mapping)
    scalar = node.entries[0].value
    assert isinstance(scalar, Scalar)
    return scalar.text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", "true"),
        ("2007", "2007"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-03-31", "2026-03-31"),
        ("1.50", "1.50"),
        ('"quoted: with # signs"', "quoted: with # signs"),
        ("'single ''quotes'''", "single 'quotes'"),
        ("text # a comment", "text"),
        ("", ""),
        ("~", ""),
        ("null", ""),
        ('"null"', "null"),
        ('"  spaces around  "', "spaces around"),
        ("two\n  lines", "two lines"),
        ("|\n  two\n  lines", "two lines"),
        ("|\n  two\n\n  paragraphs\n", "two paragraphs"),
        (">\n  folded\n  text\n", "folded text"),
        (r'"two\r\nlines"', "two lines"),
        (r'"\u00c5rhus"', "Århus"),
        ("Liège", "Liège"),
    ],
)
def test_a_value_stays_the_text_that_was_written(written: str, read: str) -> None:
    assert value(f"key: {written}") == read


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a: &name b", "YAML anchors (`&name`) are not used here", Place(1, 4)),
        ("a: &x b\nc: &x d", "YAML anchors (`&x`) are not used here", Place(1, 4)),
        ("a: &x [*x]", "YAML anchors (`&x`) are not used here", Place(1, 4)),
        ("a: *name", "YAML aliases (`*name`) are not used here", Place(1, 4)),
        ("a: 1\nb: !important c", "YAML tags (`!important`) are not used here", Place(2, 4)),
        ("a: [!e c]", "YAML tags (`!e`) are not used here", Place(1, 5)),
        (r'a: "\0"', "a control character (U+0000) is not allowed", Place(1, 4)),
        (r'"\e[31m": b', "a control character (U+001B) is not allowed", Place(1, 1)),
        (r'a: "\ud83d\ude00"', "in double quotes, a backslash begins an escape code, and this is not one", Place(1, 7)),
        (r'a: "\q"', "in double quotes, a backslash begins an escape code, and this is not one", Place(1, 5)),
        ("? [a, b]\n: c", "a key must be plain text", Place(1, 3)),
        ("a: b\n\tc: d", "a tab cannot be used to indent a line", Place(2, 1)),
        ("\ta: b", "a tab cannot be used to indent a line", Place(1, 1)),
        ("a: b: c", "text without quotes cannot contain a colon followed by a space", Place(1, 5)),
        ("a: [b\nc: d", "the list that opens here with `[` is not closed", Place(1, 4)),
        ("a: {b: c\nd: e", "the mapping that opens here with `{` is not closed", Place(1, 4)),
        ("x: 1\na: 'b\nc: d", "the quotation mark that opens here is not closed", Place(2, 4)),
        ("a: 1\n--- \nb: 2", "but found another document", Place(2, 1)),
        ('a: "b\nc: "d"\n', "often something on the line above is not closed", Place(2, 5)),
        ("a: @b", "text without quotes cannot begin with `@`", Place(1, 4)),
        ("a: " + "[" * 9 + "]" * 9, "this is nested too deeply", Place(1, 12)),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_position(text: str, message: str, place: Place) -> None:
    with pytest.raises(YamlSyntaxError) as error:
        read_yaml(text)

    assert message in str(error.value)
    assert error.value.place == place


@pytest.mark.parametrize("text", ["[" * 400, "{a: " * 2000, "- " * 2000, "? " * 2000])
def test_endless_nesting_is_refused_and_does_not_crash(text: str) -> None:
    with pytest.raises(YamlSyntaxError):
        read_yaml(text)


def test_an_alias_never_expands() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d]\n"

    with pytest.raises(YamlSyntaxError, match="anchors"):
        read_yaml(bomb)


def test_positions_are_those_in_the_file() -> None:
    node = read_yaml("a: b\nlist:\n  - one\n  - {two: 2}\n", first_line=2)

    assert isinstance(node, Mapping)
    assert [entry.place for entry in node.entries] == [Place(2, 1), Place(3, 1)]
    assert node.get("a") == Scalar("b", Place(2, 4))
    items = node.get("list")
    assert isinstance(items, Sequence)
    assert [item.place for item in items.items] == [Place(4, 5), Place(5, 5)]


@pytest.mark.parametrize(
    "text", ["a:\nb: c", "a:\n\n# comment\n\nb: c", "a: # comment\nb: c", "{a: , b: c}", "a: ''\nb: c"]
)
def test_an_empty_value_has_the_position_of_its_key(text: str) -> None:
    node = read_yaml(text)

    assert isinstance(node, Mapping)
    assert node.get("a") == Scalar("", node.entries[0].place)


def test_a_key_written_twice_appears_twice_and_the_first_is_read() -> None:
    node = read_yaml("a: 1\nb: 2\na: 3\n")

    assert isinstance(node, Mapping)
    assert node.get("a") == Scalar("1", Place(1, 4))
    assert [(entry.key, entry.place) for entry in node.repeated()] == [("a", Place(3, 1))]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_document_is_an_empty_mapping_or_value(text: str) -> None:
    node = read_yaml(text)

    assert node in (Mapping((), Place(1)), Scalar("", node.place))


@given(st.text(alphabet="ab \n\t:-[]{}&*!|>%@`'\"#,?\\~<=01\ufeff", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(YamlSyntaxError):
        node = read_yaml(text)

        assert isinstance(node, Scalar | Sequence | Mapping)
