"""The JSON Schema of the front matter: in step with the reader, the template, the collection, and its copy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import CASE_KEYS, parse_case_file
from kb.authoring.parsing.template import template_keys
from kb.authoring.parsing.yaml.nodes import Mapping, Node, Scalar, Sequence, read_yaml
from kb.authoring.schema import case_schema, schema_text
from tests.builders import case_markdown, vocabularies

ROOT = Path(__file__).parents[3]
SCHEMA = case_schema(vocabularies())
BODY = case_markdown().partition("\n---\n")[2]

KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "array": list, "object": dict, "null": type(None),
}  # fmt: skip


def wrong(value: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Where a value is not what a schema says: the part of JSON Schema that ours uses."""
    kinds = schema.get("type", list(KINDS))
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if isinstance(value, bool) or not any(isinstance(value, KINDS[kind]) for kind in kinds):
        yield f"{path}: type"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: enum"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: const"
    if "not" in schema and not list(wrong(value, schema["not"])):
        yield f"{path}: not"
    if "anyOf" in schema and all(list(wrong(value, each)) for each in schema["anyOf"]):
        yield f"{path}: anyOf"
    if "if" in schema and not list(wrong(value, schema["if"])):
        yield from wrong(value, schema["then"], path)
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{path}: length"
        if not re.search(schema.get("pattern", ""), value):
            yield f"{path}: pattern"
    elif isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: range"
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{path}: minItems"
        if schema.get("uniqueItems") and len({json.dumps(item) for item in value}) < len(value):
            yield f"{path}: uniqueItems"
        for number, item in enumerate(value):
            yield from wrong(item, schema.get("items", {}), f"{path}[{number}]")
    elif isinstance(value, dict):
        yield from _wrong_within(value, schema, path)


def _wrong_within(value: dict[str, Any], schema: Any, path: str) -> Iterator[str]:
    if len(value) < schema.get("minProperties", 0):
        yield f"{path}: minProperties"
    yield from (f"{path}.{key}: required" for key in schema.get("required", ()) if key not in value)
    for key, inner in value.items():
        yield from wrong(key, schema.get("propertyNames", {}), f"{path}.{key}")
        rest = schema.get("additionalProperties", {})
        found = schema.get("properties", {}).get(key, rest)
        if found is False:
            yield f"{path}.{key}: additionalProperties"
        else:
            yield from wrong(inner, found, f"{path}.{key}")


def value_of(node: Node) -> Any:
    """A tree of the reader as an editor sees it: by the rules of YAML 1.2, as far as they matter here."""
    if isinstance(node, Mapping):
        return {entry.key: value_of(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    assert isinstance(node, Scalar)
    if not node.text:
        return None
    return int(node.text) if node.is_plain and re.fullmatch("[0-9]+", node.text) else node.text


def head_of(text: str) -> Any:
    return value_of(read_yaml(text.split("\n---\n")[0].removeprefix("---\n")))


def errors_of(head: dict[str, Any]) -> list[str]:
    """The rules that front matter breaks, so that it could not be published. JSON is YAML."""
    lines = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items())
    data = f"---\n{lines}\n---\n{BODY}".encode()
    found = parse_case_file(PurePosixPath("cases/a-case.md"), data, vocabularies()).problems
    return [problem.rule for problem in found if problem.blocks]


GOOD = head_of(case_markdown())


def test_the_copy_in_the_repository_is_that_of_the_collection() -> None:
    known, _ = ContentFolder(ROOT / "content").vocabularies()

    copy = (ROOT / "schema" / "case.json").read_text("utf-8")
    assert copy == schema_text(known), "run `kb schema > schema/case.json`"


def test_the_site_serves_the_same(client: TestClient) -> None:
    response = client.get("/schema/case.json")

    assert response.headers["content-type"] == "application/schema+json"
    assert response.text == (ROOT / "schema" / "case.json").read_text("utf-8")


def test_every_case_and_the_template_are_what_the_schema_says() -> None:
    folder = ContentFolder(ROOT / "content")
    schema = case_schema(folder.vocabularies()[0])

    for path in (*folder.case_paths(), PurePosixPath("TEMPLATE.md")):
        assert list(wrong(head_of((folder.root / path).read_text("utf-8")), schema)) == [], path


def test_it_has_the_keys_of_the_reader_and_of_the_template() -> None:
    assert tuple(SCHEMA["properties"]) == CASE_KEYS.names
    assert set(template_keys()) == set(CASE_KEYS.names)


@pytest.mark.parametrize("key", CASE_KEYS.names)
def test_it_requires_what_the_reader_requires(key: str) -> None:
    head = {name: value for name, value in GOOD.items() if name != key}

    assert (key in SCHEMA["required"]) == ("missing-key" in errors_of(head))
    assert (errors_of(head | {key: None}) == []) == (list(wrong(head | {key: None}, SCHEMA)) == [])


@cache
def schema_of_collection() -> dict[str, Any]:
    return case_schema(ContentFolder(ROOT / "content").vocabularies()[0])


@pytest.mark.parametrize("key", CASE_KEYS.names)
def test_each_example_is_what_its_schema_says(key: str) -> None:
    schema = schema_of_collection()["properties"][key]

    assert schema["description"].endswith((".", "`."))
    for example in schema["examples"]:
        assert list(wrong(example, schema)) == []


REFUSED: list[tuple[str, Any]] = [
    ("title", ""), ("title", ["A door"]), ("title", {}), ("city", "aarhus"), ("city", []), ("city", ["arhus"]),
    ("city", ["aarhus", "aarhus"]), ("started", 20155), ("started", "c. 2010"), ("started", 1700), ("status", "over"),
    ("arrangements", {}), ("arrangements", ["knowledge-exchange"]), ("arrangements", {"informing": "x"}),
    ("arrangements", {"knowledge-exchange": ""}), ("challenges", {"fragile-trust": {}}),
    ("challenges", {"fragile-trust": {"seen": "x"}}), ("challenges", {"fragile-trust": {"showed": None}}),
    ("lead", {}), ("lead", {"Police": "cops"}), ("lead", {"": "police"}), ("partners", "Police"),
    ("last_reported", {"year": 2020}), ("last_reported", 2020), ("evidence", {"level": "described"}),
    ("evidence", "described"),
    ("language", "English"), ("contributors", []), ("publication", "public"), ("publication", None),
    ("review", {}), ("review", {"state": "done"}), ("review", {"state": "reviewed"}),
    ("review", {"state": "reviewed", "by": "the mayor", "date": "31.3.2026"}), ("aliases", ["An Alias"]),
    ("sources", {}), ("sources", []), ("sources", {"s1": "A report"}), ("sources", {"s1": {"title": "x"}}),
    ("sources", {"general": {"title": "x", "by": "y"}}), ("sources", {"s1": {"title": "x", "by": "y", "url": "x.org"}}),
    ("sources", {"s1": {"title": "x", "by": "y", "lang": "Danish"}}),
    ("sources", {"s1": {"title": "x", "by": "y", "pages": 1}}),
    ("colour", "red"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), REFUSED, ids=[f"{key}: {json.dumps(value)}" for key, value in REFUSED])
def test_what_the_reader_refuses_the_schema_refuses(key: str, value: Any) -> None:
    head = GOOD | {key: value}

    assert errors_of(head)
    assert list(wrong(head, SCHEMA))


SIGNS = st.characters(codec="ascii", exclude_categories=["Cc"])


def conforming(schema: Any) -> st.SearchStrategy[Any]:
    """Values that are what a schema says, or nearly: conditions across keys are not among what it knows."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.one_of([_of_kind(kind, schema) for kind in kinds])


def _of_kind(kind: str, schema: Any) -> st.SearchStrategy[Any]:
    match kind:
        case "null":
            return st.none()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "array":
            return st.lists(conforming(schema["items"]), min_size=schema["minItems"], max_size=3)
        case "object" if "properties" in schema:
            parts = {key: conforming(part) for key, part in schema["properties"].items()}
            required = {key: parts[key] for key in schema.get("required", ())}
            return st.fixed_dictionaries(required, optional={key: parts[key] for key in parts if key not in required})
        case "object":
            keys = st.from_regex(schema["propertyNames"]["pattern"], alphabet=SIGNS)
            return st.dictionaries(keys, conforming(schema["additionalProperties"]), max_size=3)
        case _ if "pattern" in schema:
            return st.from_regex(schema["pattern"], alphabet=SIGNS)
        case _:
            return st.text("ab c:#'\"é,[]{}-?", max_size=12)


VALUES = {key: conforming(SCHEMA["properties"][key]) for key in CASE_KEYS.names}
OF_TWO_FIELDS = {
    "same-experience",
    "unknown-source",
    "last-reported",
    "bad-citation",
    "not-a-question",
    "uncited-source",
}
"""Rules about more than one field, or about what a schema cannot say."""


@given(st.sampled_from(CASE_KEYS.names).flatmap(lambda key: st.tuples(st.just(key), VALUES[key])))
def test_what_the_schema_accepts_the_reader_accepts(entry: tuple[str, Any]) -> None:
    key, value = entry
    head = GOOD | {key: value}
    if list(wrong(head, SCHEMA)):
        return
    found = set(errors_of(head)) - OF_TWO_FIELDS
    if key in ("started", "ended", "last_reported"):
        found -= {"bad-year"}  # a year before the first
    if key == "review":
        found -= {"bad-date"}  # a day that no month has
    assert not found
