"""Which part may know which: read from the imports of the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import api
import kb

PACKAGES = {package.__name__: Path(package.__path__[0]) for package in (kb, api)}


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the project, by name."""
    return {
        ".".join([name, *path.relative_to(root).with_suffix("").parts]).removesuffix(".__init__"): path
        for name, root in PACKAGES.items()
        for path in root.rglob("*.py")
    }


@cache
def imports_of(module: str) -> frozenset[str]:
    """The modules that a module imports: wherever it does so, also within functions."""
    return frozenset(_imported(module, ast.parse(modules()[module].read_text("utf-8"))))


def _imported(module: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively; here imports are spelled out"
            assert node.module is not None
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in modules() else node.module


def belongs_to(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def offenders(inside: str, forbidden: str, but: str | None = None) -> list[str]:
    """`module -> import` for every import of `forbidden` in `inside` (apart from the package `but`)."""
    return sorted(
        f"{module} -> {imported}"
        for module in modules()
        if belongs_to(module, inside) and not (but and belongs_to(module, but))
        for imported in imports_of(module)
        if belongs_to(imported, forbidden)
    )


@pytest.mark.parametrize(
    ("inside", "forbidden"),
    [
        ("kb", "api"),
        ("kb", "fastapi"),
        ("kb", "starlette"),
        ("kb.search", "kb.authoring.parsing"),
        ("kb.search", "kb.engines"),
        ("kb.search", "kb.stores"),
        ("kb.search", "kb.index"),
        ("kb.search.query.tree", "numpy"),
        ("kb.search.request", "numpy"),
        ("kb.search.result", "numpy"),
        ("kb.authoring.parsing", "kb.search"),
        ("kb.authoring.parsing", "kb.engines"),
        ("kb.authoring", "kb.stores"),
        ("kb.authoring", "kb.index"),
        ("kb.engines", "kb.authoring.parsing"),
        ("kb.engines", "kb.stores"),
        ("kb.engines", "kb.index"),
        ("kb.stores", "kb.engines"),
        ("kb.stores", "kb.index"),
        ("kb.model", "kb.search"),
        ("kb.model", "kb.authoring"),
        ("api", "whoosh"),
        ("api.address", "api.matrix"),
        ("api.address", "api.maps"),
        ("api.address", "api.formats"),
        ("api.address", "api.pages"),
        ("api.matrix", "api.pages"),
        ("api.maps", "api.formats"),
        ("api.maps", "api.pages"),
        ("api.pictures", "api.formats"),
        ("api.pictures", "api.pages"),
        ("api.pictures", "api.address"),
        ("api.formats", "api.pages"),
        ("api.pages", "api.server"),
        ("api.pages", "fastapi"),
        ("api.pages.parts", "api.pages.guide"),
        ("api.server", "api.routes"),
        ("api.routes", "api.app"),
    ],
)
def test_one_package_does_not_import_the_other(inside: str, forbidden: str) -> None:
    assert offenders(inside, forbidden) == []


def test_only_the_whoosh_engine_knows_whoosh() -> None:
    assert offenders("kb", "whoosh", but="kb.engines.whoosh") == []
    assert offenders("kb.engines.whoosh", "whoosh") != []


def test_only_the_choice_of_engine_names_one() -> None:
    found = offenders("kb", "kb.engines.whoosh", but="kb.engines.whoosh")

    assert found == ["kb.engines -> kb.engines.whoosh.local"]


def test_only_the_index_on_this_machine_names_a_store() -> None:
    found = offenders("kb", "kb.stores.sqlite", but="kb.stores.sqlite")

    assert found == ["kb.index.folder -> kb.stores.sqlite.local"]


def test_only_the_opening_of_an_index_knows_that_it_is_a_folder() -> None:
    allowed = {"kb -> kb.index.folder", "kb.index.opening -> kb.index.folder"}

    assert set(offenders("kb", "kb.index.folder")) == allowed


def test_an_application_uses_the_public_names_only() -> None:
    beyond = sorted(
        f"{module} -> {imported}"
        for module in modules()
        if belongs_to(module, "api")
        for imported in imports_of(module)
        if belongs_to(imported, "kb") and imported != "kb"
    )
    used = {
        alias.name
        for module, path in modules().items()
        if belongs_to(module, "api")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "kb"
        for alias in node.names
    }

    assert beyond == []
    assert used
    assert sorted(used - set(kb.__all__)) == []


def test_every_public_name_exists() -> None:
    assert [name for name in kb.__all__ if not hasattr(kb, name)] == []
    assert len(set(kb.__all__)) == len(kb.__all__)


@pytest.mark.parametrize("package", ["kb", "api"])
def test_there_are_no_circular_imports(package: str) -> None:
    graph = {
        module: {imported for imported in imports_of(module) if imported in modules()}
        for module in modules()
        if belongs_to(module, package)
    }

    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
    assert set(graph) <= set(order)


def test_the_scanning_engine_of_the_tests_is_independent() -> None:
    path = Path(__file__).with_name("scan_engine.py")
    imported = set(_imported("tests.scan_engine", ast.parse(path.read_text("utf-8"))))

    assert "kb.search.query.tree" in imported
    ours = {name for name in imported if belongs_to(name, "kb")} - {"kb.deadline"}
    assert all(belongs_to(name, "kb.search") for name in ours)
    assert not [name for name in imported if name.split(".")[0] in {"numpy", "whoosh", "tests"}]
