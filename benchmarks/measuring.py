"""Taking times so that they can be compared: beside each other, with nothing in between that belongs to nobody."""

from __future__ import annotations

import gc
import math
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def seconds(call: Callable[[], T]) -> tuple[float, T]:
    """How long a call takes, and what it gives."""
    start = time.perf_counter()
    found = call()
    return time.perf_counter() - start, found


@dataclass
class Times:
    """Times of one thing, measured again and again; in milliseconds."""

    values: list[float] = field(default_factory=list)

    def add(self, taken: float) -> None:
        """Note a time given in seconds."""
        self.values.append(taken * 1000)

    @property
    def median(self) -> float:
        """Half of all times are below it."""
        return median(self.values) if self.values else math.nan

    @property
    def p95(self) -> float:
        """Nineteen of twenty times are below it."""
        return quantile(self.values, 0.95)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of all values lies, by nearest rank: nothing is interpolated.

    >>> quantile([4, 1, 3, 2], 0.5), quantile([1, 2, 3, 4], 0.95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


@contextmanager
def tidy() -> Iterator[None]:
    """Keep garbage collection out of the times: what was loaded before is not scanned again and again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def in_fresh_process(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function of a module in a process of its own, with nothing in its caches and memory."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as processes:
        return processes.submit(call, *args, **kwargs).result()


@dataclass(frozen=True)
class Memory:
    """The memory of a process, in MB."""

    resident: float
    """All memory in use now."""
    files: float
    """The share of it that only mirrors files, which the system can reclaim at any time."""


def memory_of(process: int | str = "self") -> Memory | None:
    """The memory of a process; None where the system does not report it (Linux does)."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    kilobytes = {
        name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if "kB" in rest
    }
    return Memory(kilobytes.get("VmRSS", 0) / 1024, kilobytes.get("RssFile", 0) / 1024)


def interleaved(calls: Sequence[Callable[[], T]], turn: int) -> list[tuple[float, T]]:
    """Time each call once, beginning with another one at each turn; seconds and findings in the order of the calls.

    What slows the machine down for a while slows all of them down, and none is always the one that finds the
    processor's caches as its neighbour left them.
    """
    first = turn % len(calls)
    found = {number: seconds(calls[number]) for number in (*range(first, len(calls)), *range(first))}
    return [found[number] for number in range(len(calls))]
