"""The lowest versions that `pyproject.toml` allows, as constraints for pip: `python -m tests.tools.lowest_versions`."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def lowest(project: Mapping[str, Any]) -> list[str]:
    """A line for each package that users need directly; what these need, and what only tests need, may be new.

    Raises ValueError for one without a lower bound.

    >>> lowest({"dependencies": ["numpy>=1.26", "markdown>=3.7,<4"]})
    ['numpy==1.26', 'markdown==3.7']
    """
    return [_pinned(one) for one in project["dependencies"]]


def _pinned(requirement: str) -> str:
    found = re.match(r"([\w.-]+)>=([\w.]+)", requirement)
    if not found:
        raise ValueError(f"`{requirement}` in pyproject.toml has no lower bound.")
    return f"{found[1]}=={found[2]}"


def main() -> None:
    """Print them."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    sys.stdout.writelines(f"{line}\n" for line in lowest(project))


if __name__ == "__main__":
    main()
