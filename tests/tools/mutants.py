"""Plants small faults in the code and says which of them no test notices: `python -m tests.tools.mutants`.

A mutant is one module with one fault: a comparison turned round, a number off by one, a call left out. The tests that
mirror the module are run on it, in a copy of the checkout. A mutant that survives is a promise that no test keeps, or a
line that could go. Which mutants are drawn follows from the seed and the code. The exit code is 1 if more
survive than `--allowed`.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from queue import SimpleQueue
from typing import Any

ROOT = Path(__file__).parents[2]
COPIED = ("kb", "api", "content", "templates", "tests", "benchmarks", "pyproject.toml", "README.md", "CONTRIBUTING.md")
ENDLESS = 300
"""Seconds after which a mutant counts as noticed: it runs on and on."""

PARTNERS: dict[type[ast.AST], Any] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
"""What replaces an operator."""


@dataclass(frozen=True)
class Mutant:
    """A module with one fault."""

    path: PurePosixPath
    """The module, from the checkout."""
    line: int
    before: str
    after: str
    code: str
    """The whole module with the fault."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: `{self.before}` became `{self.after}`"


Change = Callable[[Any], ast.AST]
"""Gives what takes the place of a node."""


@dataclass(frozen=True)
class Site:
    """A place in a module where one fault can be planted."""

    path: PurePosixPath
    place: int
    """The number of the node, in the order of `ast.walk`."""
    change: Change


def sites_in(path: PurePosixPath, source: str) -> list[Site]:
    """Wherever a fault can be planted in a module."""
    tree = ast.parse(source)
    unread = _never_run(tree)
    return [
        Site(path, place, change)
        for place, node in enumerate(ast.walk(tree))
        if id(node) not in unread
        for change in _changes(node)
    ]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[only]) if type(only) in PARTNERS:
            yield lambda compare: ast.Compare(compare.left, [PARTNERS[type(only)]()], compare.comparators)
        case ast.BoolOp(op=op) if type(op) in PARTNERS:
            yield lambda several: ast.BoolOp(PARTNERS[type(op)](), several.values)
        case ast.BinOp(op=op) if type(op) in PARTNERS and not _joins_texts(node):
            yield lambda two: ast.BinOp(two.left, PARTNERS[type(op)](), two.right)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda negated: negated.operand
        case ast.If():
            yield lambda choice: ast.If(ast.UnaryOp(ast.Not(), choice.test), choice.body, choice.orelse)
        case ast.IfExp():
            yield lambda choice: ast.IfExp(choice.test, choice.orelse, choice.body)
        case ast.Constant(value=bool()):
            yield lambda constant: ast.Constant(not constant.value)
        case ast.Constant(value=int() | float()):
            yield lambda constant: ast.Constant(constant.value + 1)
        case ast.Constant(value=str() as text) if text:
            yield lambda _: ast.Constant("")
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield lambda _: ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield lambda _: ast.Pass()
        case ast.Call(func=ast.Name(id="sorted" | "reversed"), args=[_], keywords=[]):
            yield lambda call: call.args[0]


def _joins_texts(node: ast.BinOp) -> bool:
    """Whether an addition joins texts: texts cannot be subtracted, so any test would notice."""
    sides = (node.left, node.right)
    return any(isinstance(side, ast.JoinedStr) or isinstance(getattr(side, "value", None), str) for side in sides)


def _never_run(tree: ast.AST) -> frozenset[int]:
    """The ids of nodes that only readers and type checkers look at: documentation, annotations, names of exports."""
    unread: set[int] = set()
    for node in ast.walk(tree):
        for field, child in _children(node):
            if field in {"annotation", "returns", "decorator_list"}:
                unread.update(map(id, ast.walk(child)))
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"):
            unread.update(map(id, ast.walk(node)))
    return frozenset(unread)


def planted(site: Site, source: str) -> Mutant:
    """The module with the fault of a site.

    >>> source = "def is_few(number: int) -> bool:\\n    return number < 5"
    >>> for site in sites_in(PurePosixPath("kb/few.py"), source):
    ...     print(planted(site, source))
    kb/few.py:2: `return number < 5` became `return None`
    kb/few.py:2: `number < 5` became `number <= 5`
    kb/few.py:2: `5` became `6`
    """
    tree = ast.parse(source)
    target: Any = list(ast.walk(tree))[site.place]
    new = ast.copy_location(site.change(target), target)
    mutated = ast.fix_missing_locations(_Replacing(target, new).visit(tree))
    return Mutant(site.path, target.lineno, _short(ast.unparse(target)), _short(ast.unparse(new)), ast.unparse(mutated))


class _Replacing(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield field, child


def _short(code: str) -> str:
    first = code.partition("\n")[0]
    return first if len(first) <= 100 else f"{first[:99]}…"


def mirroring(path: PurePosixPath, root: Path) -> list[str]:
    """What tests a module: its own doctests, the tests of its name, or else all of the nearest folder that has any."""
    named = root / "tests" / path.parent / f"test_{path.stem}.py"
    folder = root / "tests" / path.parent
    while not any(folder.rglob("test_*.py")):
        folder = folder.parent
    found = named if named.is_file() else folder
    return [str(path), found.relative_to(root).as_posix()]


class Checkout:
    """A copy of the checkout in which faults are planted, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)

    def notices(self, mutant: Mutant) -> bool:
        """Whether a test fails on a mutant."""
        path = self.root / mutant.path
        original = path.read_text("utf-8")
        path.write_text(mutant.code, "utf-8")
        try:
            return self.fails(mirroring(mutant.path, self.root))
        finally:
            path.write_text(original, "utf-8")

    def fails(self, tests: Sequence[str]) -> bool:
        """Whether one of these tests fails; so does what finds no test at all."""
        # The copy comes first on the path, and nothing compiled earlier is taken for it.
        command = [sys.executable, "-B", "-m", "pytest", "-x", "-qq", "-n0", "-p", "no:cacheprovider", *tests]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ran = subprocess.run(
                command, cwd=self.root, env=environment, capture_output=True, timeout=ENDLESS, check=False
            )
        except subprocess.TimeoutExpired:
            return True
        return ran.returncode != 0


def drawn(inside: Sequence[str], number: int, seed: int) -> list[Mutant]:
    """So many mutants of the modules in these folders or files, drawn by the seed."""
    sources = {
        PurePosixPath(module.relative_to(ROOT)): module.read_text("utf-8")
        for name in inside
        for module in _modules(name)
    }
    sites = [site for path, source in sorted(sources.items()) for site in sites_in(path, source)]
    chosen = random.Random(seed).sample(sites, min(number, len(sites)))  # noqa: S311  # drawing by a seed is the point
    return [planted(site, sources[site.path]) for site in chosen]


def _modules(name: str) -> list[Path]:
    path = ROOT / name
    return [path] if path.is_file() else list(path.rglob("*.py"))


def survivors(mutants: Sequence[Mutant], processes: int) -> Iterator[Mutant]:
    """Those that no test notices."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(processes) as pool:
        free: SimpleQueue[Checkout] = SimpleQueue()
        for number in range(processes):
            free.put(Checkout(Path(folder) / str(number)))

        def is_noticed(mutant: Mutant) -> bool:
            checkout = free.get()
            try:
                return checkout.notices(mutant)
            finally:
                free.put(checkout)

        for mutant, noticed in zip(mutants, pool.map(is_noticed, mutants), strict=True):
            if not noticed:
                yield mutant


def main() -> None:
    """Draw, plant, test, report."""
    parser = argparse.ArgumentParser(description="Plant small faults in the code and say which no test notices.")
    parser.add_argument("inside", nargs="*", default=["kb", "api"], help="folders or modules (kb and api)")
    parser.add_argument("--number", type=int, default=60, help="how many mutants (60)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--allowed", type=int, default=None, help="fail if more survive")
    options = parser.parse_args()
    mutants = drawn(options.inside, options.number, options.seed)
    alive = 0
    for mutant in survivors(mutants, os.cpu_count() or 1):
        alive += 1
        sys.stdout.write(f"survived: {mutant}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(mutants) - alive} of {len(mutants)} mutants were noticed, {alive} survived\n")
    sys.exit(options.allowed is not None and alive > options.allowed)


if __name__ == "__main__":
    main()
