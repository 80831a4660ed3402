"""Processes that are killed at any moment: builders while others read, workers, and the server itself."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import HOST, ServerFailed
from kb.index.folder import IndexFolder
from kb.search.searching import make_request
from tests.endurance.site import EDITED, SHOWING, Site, build_index, kill, running_site

WITHIN_SECONDS = 10.0
"""How long a worker may take to be replaced, and a port to be free again."""


@dataclass(frozen=True)
class Killed:
    """What was seen."""

    builders: int
    """Builders killed."""
    before_end: int
    """Those of them that had not finished."""
    opened: int
    """Generations opened anew after a kill, each read as a whole."""
    answers: int
    """Answers of a running site meanwhile."""
    workers: int
    """Workers killed and replaced."""
    parents: int
    """Servers killed, without a worker left behind or a port taken."""
    left_behind: int
    """Folders in the index beside the generations in use, after the next build."""
    failures: Sequence[str]
    """What must not be."""

    def __str__(self) -> str:
        """A line for each figure."""
        return "\n".join(
            (
                f"builders killed: {self.builders}, {self.before_end} of them before they had finished; "
                f"{self.opened} generations opened afterwards, each whole; {self.left_behind} folders left behind",
                f"answers meanwhile: {self.answers:,}, none wrong",
                f"workers killed and replaced: {self.workers}; "
                f"servers killed, with nothing left behind: {self.parents}",
            )
        )


class Kills:
    """Kills, one after the other, and what became of the site."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._draw = random.Random(seed)  # noqa: S311  # for variety, not for secrets
        self._failures: list[str] = []
        self._answers = self._opened = self._before_end = 0

    def run(self, builders: int, others: int) -> Killed:
        """Kill so many builders, and so many workers and servers each."""
        with running_site(self._folder / "site", workers=2) as site:
            for number in range(1, builders + 1):
                self._kill_builder(site, number)
            left_behind = self._left_behind(site)
            workers = sum(self._kill_worker(site) for _ in range(others))
        parents = sum(self._kill_server(self._folder / f"server-{number}") for number in range(others))
        return Killed(
            builders, self._before_end, self._opened, self._answers, workers, parents, left_behind, self._failures
        )

    def _kill_builder(self, site: Site, number: int) -> None:
        """Both the site and this builder see the edit; whoever gets the lock builds."""
        site.edit(number)
        builder = build_index(site.content, site.index)
        time.sleep(self._draw.uniform(0.2, 1.6))
        self._before_end += builder.poll() is None
        kill(builder.pid)
        builder.wait()
        self._open(site)
        for path in SHOWING:
            self._look(site, path)

    def _open(self, site: Site) -> None:
        """What a new process finds is whole."""
        try:
            generation = IndexFolder(site.index).open_current()
            try:
                result = generation.search(make_request("falcon"))
                case = generation.cases.case(EDITED)
                if not result.total or case is None or not all(section.text for section in case.sections):
                    self._failures.append("a generation that was opened was not whole")
                self._opened += 1
            finally:
                generation.close()
        except Exception as error:  # whatever it is, it is what we look for
            self._failures.append(f"a generation could not be opened: {error}")

    def _look(self, site: Site, path: str) -> None:
        try:
            editions = site.editions_on(path)
        except (OSError, ServerFailed) as error:
            self._failures.append(f"{path}: {error}")
            return
        self._answers += 1
        if len(editions) != 1:
            self._failures.append(f"{path} shows the editions {sorted(editions)}")

    def _left_behind(self, site: Site) -> int:
        """Folders that neither are in use nor belong to the generation before, when a build has ended in peace."""
        build_index(site.content, site.index).wait()
        return max(0, sum(path.is_dir() for path in site.index.iterdir()) - 2)

    def _kill_worker(self, site: Site) -> bool:
        """A worker is replaced, and the site goes on."""
        before = set(site.processes) - {site.server.process}
        kill(self._draw.choice(sorted(before)))
        if not _soon(lambda: len(set(site.processes) - {site.server.process}) >= len(before)):
            self._failures.append("a worker was not replaced")
            return False
        return _soon(lambda: self._answers_again(site))

    def _answers_again(self, site: Site) -> bool:
        with suppress(OSError, ServerFailed):
            return bool(site.editions_on(SHOWING[0]))
        return False

    def _kill_server(self, folder: Path) -> bool:
        """Its workers end with it, and the port is free."""
        with suppress(ProcessLookupError), running_site(folder, workers=2) as site:
            processes = site.processes
            kill(site.server.process)
            if not _soon(lambda: not any(map(_is_running, processes))):
                self._failures.append("workers outlived their server")
                for process in processes:
                    kill(process)
                return False
            return _soon(lambda: _is_free(site.server.port))
        return False


def _soon(is_true: Callable[[], bool]) -> bool:
    end = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.1)
    return False


def _is_running(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as listening, suppress(OSError):
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        return True
    return False
