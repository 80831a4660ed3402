"""How long a piece of work may take: set where the work begins, and checked at each of its steps.

It is a context variable, in coroutines and threads alike, so that no function in between has to pass it on.
Work without a deadline, such as a build, takes as long as it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class OutOfTime(Exception):
    """The work took longer than it may, or nobody waits for it any longer.

    Not one of `kb.errors`: nothing is wrong, and the code that set the deadline decides what to do.
    """


class Deadline:
    """The moment from which a piece of work is no longer wanted. Safe to move and to check from many threads."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.end = monotonic() + seconds
        """When the time is over, by the monotonic clock."""

    def renew(self) -> None:
        """Give the same time once more, from now on: for the next piece of a stream."""
        self.end = monotonic() + self._seconds

    def end_now(self) -> None:
        """Nobody waits for the work any longer."""
        self._seconds = 0.0
        self.end = 0.0


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(deadline: Deadline) -> Iterator[None]:
    """Do the work of the block before this deadline, in whichever thread; `check` in it raises OutOfTime.

    >>> with within(Deadline(0)):
    ...     check()
    Traceback (most recent call last):
    kb.deadline.OutOfTime: This took too long.
    """
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def check() -> None:
    """One step of the work. Raises OutOfTime once the deadline is over; takes a fraction of a microsecond."""
    deadline = _current.get()
    if deadline is not None and monotonic() >= deadline.end:
        raise OutOfTime("This took too long.")
