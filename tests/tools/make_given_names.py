"""Make `kb/authoring/checks/data/given_names.txt` anew from the names in the package Faker.

In one line:
`pip download --no-deps faker==40.63.0 && python -m tests.tools.make_given_names faker-*.whl`.

Only given names in Latin letters are taken, folded, each once.
"""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kb.search.words.analysis import fold

FILE = Path(__file__).parents[2] / "kb/authoring/checks/data/given_names.txt"
_PROVIDER = re.compile(r"faker/providers/person/\w+/__init__\.py")
_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][a-zß-öø-ÿā-ž]+(?:[-'][A-Za-zÀ-ž]+)?")


def given_names(wheel: zipfile.ZipFile) -> Iterator[str]:
    """Every given name in the package, in any language: read from its source, which is not run."""
    for path in filter(_PROVIDER.fullmatch, wheel.namelist()):
        for node in ast.walk(ast.parse(wheel.read(path))):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("first_names"):
                for name in ast.walk(node.value):
                    if isinstance(name, ast.Constant) and _NAME.fullmatch(written := str(name.value)):
                        yield fold(written)


def main() -> None:
    """Write the file."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        names = sorted(set(given_names(wheel)))
    FILE.write_text("".join(f"{name}\n" for name in names), "ascii")


if __name__ == "__main__":
    main()
