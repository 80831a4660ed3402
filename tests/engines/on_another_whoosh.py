"""Run the tests of the engine on another distribution of Whoosh: `python -m tests.engines.on_another_whoosh`.

All of them are imported as `whoosh`: the other one is installed into a temporary folder that is searched first, and the
environment stays as it is. Name a requirement (`whoosh3==3.54.0`) to run on another than the one compared last.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).parent.parent.parent
COMPARED = "whoosh3==3.54.0"

WHERE = "import whoosh; print(whoosh.__file__)"


def run_on(requirement: str) -> int:
    """Run them, and return the exit code of pytest.

    Raises:
        subprocess.CalledProcessError: pip cannot install the requirement.
        SystemExit: what it installs is no Whoosh.
    """
    with TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, requirement]
        subprocess.run(pip, check=True)
        environment = os.environ | {"PYTHONPATH": folder}
        found = subprocess.run([sys.executable, "-c", WHERE], env=environment, stdout=subprocess.PIPE, text=True)
        if found.returncode or not Path(found.stdout).is_relative_to(folder):
            sys.exit(f"`{requirement}` has no package `whoosh`. Give one that does, such as `{COMPARED}`.")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "tests/engines"], cwd=CHECKOUT, env=environment
        ).returncode


if __name__ == "__main__":
    sys.exit(run_on(sys.argv[1] if sys.argv[1:] else COMPARED))
