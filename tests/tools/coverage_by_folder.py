"""Which share of the code the tests run, by folder.

`pytest --cov --cov-report=json:coverage.json`, then `python -m tests.tools.coverage_by_folder coverage.json`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

DEPTH = 2
"""How many folders deep the table goes: `kb/search`, and all that is below it."""


def by_folder(files: Mapping[str, tuple[int, int]]) -> list[str]:
    """A table of folders, from the statements and the missed statements of each file.

    >>> for line in by_folder({"kb/files.py": (10, 1), "kb/search/a.py": (20, 0), "kb/search/words/b.py": (20, 4)}):
    ...     print(line)
    kb               10 statements   90.0 % run
    kb/search        40 statements   90.0 % run
    all              50 statements   90.0 % run
    """
    statements: Counter[str] = Counter()
    not_run: Counter[str] = Counter()
    for file, (number, missing) in files.items():
        for name in ("/".join(PurePosixPath(file).parent.parts[:DEPTH]), "all"):
            statements[name] += number
            not_run[name] += missing
    rows = sorted(statements, key=lambda name: (name == "all", name))
    return [
        f"{name:14} {statements[name]:4} statements  {100 - 100 * not_run[name] / max(statements[name], 1):5.1f} % run"
        for name in rows
    ]


def main(report: Path) -> None:
    """Print the table for a report of coverage.py in JSON."""
    files = json.loads(report.read_text("utf-8"))["files"]
    summaries = {path: file["summary"] for path, file in files.items()}
    rows = by_folder({path: (each["num_statements"], each["missing_lines"]) for path, each in summaries.items()})
    sys.stdout.writelines(f"{row}\n" for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
