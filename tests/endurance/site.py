"""The site as it is run: `kb serve` with workers on a copy of the collection, which is edited while it is visited."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.servers import CHECKOUT, HOST, Server, free_port, serving

EDITED = "aarhus-info-house"
"""The case that is edited. Each text of it has the number of its edit in three places."""

_NUMBERED = re.compile(r"falcon-(\d+)")


@dataclass(frozen=True)
class Site:
    """A running site."""

    server: Server
    content: Path
    index: Path

    def edit(self, number: int) -> None:
        """Save the case with another number."""
        edit(self.content, number)

    def editions_on(self, path: str) -> set[int]:
        """The numbers of the edits that one answer shows: more than one if it mixes them."""
        return set(map(int, _NUMBERED.findall(self.server.get(path).decode())))

    @property
    def processes(self) -> list[int]:
        """The server and every process below it."""
        below = {self.server.process}
        for process, parent in sorted(_parents()):
            if parent in below:
                below.add(process)
        return sorted(below)

    @property
    def megabytes(self) -> float:
        """The memory of all its processes; what they share is counted once."""
        return sum(map(_proportional_megabytes, self.processes))


SHOWING = (
    f"/cases/{EDITED}",
    f"/cases/{EDITED}.json",
    "/cases?q=falcon",
    "/api/v1/search?q=falcon",
    f"/compare?case={EDITED}&case=vienna-democracy-and-prevention-network",
)
"""Addresses whose answers show the number of the edit more than once."""


def edit(content: Path, number: int) -> None:
    """Save the case with a number in it, as an editor does: a new file in place of the old one."""
    case = content / "cases" / f"{EDITED}.md"
    text = (CHECKOUT / "content" / "cases" / f"{EDITED}.md").read_text("utf-8")
    text = re.sub(r"^(title: [\"']?)", rf"\1falcon-{number} ", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^(## .*)$", rf"\1\n\nEdition falcon-{number} [@s1].", text, count=2, flags=re.MULTILINE)
    draft = case.with_suffix(".tmp")
    draft.write_text(text, "utf-8")
    draft.replace(case)


@contextmanager
def running_site(folder: Path, workers: int) -> Iterator[Site]:
    """A site in a folder, until the end of the block."""
    content, index, port = folder / "content", folder / "index", free_port()
    shutil.copytree(CHECKOUT / "content", content)
    command = ["-m", "kb", "serve", "--workers", str(workers), "--host", HOST, "--port", str(port)]
    command += ["--content", str(content), "--index", str(index)]
    edit(content, 0)
    with serving("the site", command, port, "/healthz") as server:
        yield Site(server, content, index)


def visits(seed: int) -> Iterator[str]:
    """Addresses that visitors open: half of them searches in words that nobody has used before."""
    draw = random.Random(seed)  # noqa: S311  # for variety, not for secrets
    cases = sorted(path.stem for path in (CHECKOUT / "content" / "cases").glob("*.md"))
    text = (CHECKOUT / "content" / "cases" / f"{cases[0]}.md").read_text("utf-8")
    words = sorted(set(re.findall(r"[a-z]{4,12}", text)))
    for number in count():
        typed = "+".join(draw.sample(words, draw.choice((1, 2, 2, 3, 5))))
        case = draw.choice(cases)
        yield (
            f"/cases?q={typed}",
            f"/cases/{case}",
            f"/api/v1/search?q={typed}",
            "/",
            f"/api/v1/suggest?q={typed[:4]}",
            f"/cases?q={typed}&country=denmark",
            f"/cases/{case}.json",
            f"/api/v1/search?q={typed}&size=50",
            "/matrix",
            f"/map?q={typed}",
        )[number % 10]


def build_index(content: Path, index: Path) -> subprocess.Popen[bytes]:
    """`kb index` as a process of its own."""
    command = [sys.executable, "-m", "kb", "index", "--content", str(content), "--index", str(index)]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill(process: int) -> None:
    """End a process as a power cut would."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _parents() -> Iterator[tuple[int, int]]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(status.parent.name), int(status.read_text().rpartition(")")[2].split()[1])


def _proportional_megabytes(process: int) -> float:
    with suppress(OSError):
        found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0
    return 0.0
