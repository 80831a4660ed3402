"""Long visits and sudden ends, on a site that really runs: `python -m tests.endurance --help`.

`--write` puts the figures into SECURITY.md, between its marks.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.endurance.kills import Kills
from tests.endurance.soak import soak

SECURITY = Path(__file__).parents[2] / "SECURITY.md"
_MARKED = re.compile(r"(<!-- endurance -->\n).*?(<!-- /endurance -->)", re.DOTALL)


def main() -> None:
    """Do what is asked, print the figures, and end with 1 if anything was seen that must not be."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="of visits, with edits; 0 for none")
    parser.add_argument("--workers", type=int, default=2, help="of the site that is visited")
    parser.add_argument("--edit-seconds", type=float, default=3, help="between two edits")
    parser.add_argument("--builders", type=int, default=200, help="builders to kill; 0 for none")
    parser.add_argument("--others", type=int, default=10, help="workers and servers to kill, each")
    parser.add_argument("--seed", type=int, default=1, help="decides when they are killed")
    parser.add_argument("--write", action="store_true", help="put the figures into SECURITY.md")
    options = parser.parse_args()
    figures, failures = [], []
    with tempfile.TemporaryDirectory(prefix="kb-endurance-") as folder:
        if options.minutes:
            soaked = soak(Path(folder) / "soak", options.minutes, options.workers, options.edit_seconds)
            figures.append(str(soaked))
            failures += soaked.failures
        if options.builders or options.others:
            killed = Kills(Path(folder), options.seed).run(options.builders, options.others)
            figures.append(str(killed))
            failures += killed.failures
    sys.stdout.write("\n".join((*figures, "")))
    if options.write:
        _write(figures)
    sys.exit("\n".join(failures) or None)


def _write(figures: list[str]) -> None:
    lines = [f"- {line}" for line in "\n".join(figures).splitlines()]
    measured = f"Measured on {datetime.now(UTC):%-d %B %Y} with `python -m tests.endurance --write`:"
    text = "\n".join((measured, "", *lines, ""))
    SECURITY.write_text(_MARKED.sub(rf"\g<1>{text}\g<2>", SECURITY.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
