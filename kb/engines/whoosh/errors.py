"""The boundary at which damage to an index becomes one of our errors, and a bug stays a bug.

A damaged file can make Whoosh fail with nearly any exception: a TypeError or a KeyError as well as one of its own. A
bug of ours raises the same ones. And the two call each other, for Whoosh calls our codec in the middle of its work. So
neither the type of an exception nor the call that it came through distinguishes damage from bugs. Where it was raised
does:

* What Whoosh raises is damage, and so is what only the file system and decoders raise. It becomes an error that says
  what to do about it.
* Our own readers of stored bytes check what they have read, and raise `Damaged` where it cannot be what was written.
* Anything else is a bug. It propagates to the code that logs it with its traceback: building the index again
  would not fix it.
"""

from __future__ import annotations

import pickle
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from traceback import walk_tb

from kb.errors import GenerationError, KbError, SearchError

_CURE = "Build it again: `kb index --rebuild`."


class Damaged(Exception):
    """Stored bytes are not what was written. Never raised outside the engine."""


_RAISED_BY_DAMAGE_ALONE = (
    Damaged,
    OSError,
    EOFError,
    UnicodeDecodeError,
    JSONDecodeError,
    pickle.PickleError,
    struct.error,
    zlib.error,
)


@contextmanager
def while_opening(what: str) -> Iterator[None]:
    """Turn damage into a GenerationError, and let bugs propagate."""
    try:
        yield
    except Exception as error:
        if not _is_damage(error):
            raise
        raise GenerationError(f"The index in `{what}` cannot be used ({_in_words(error)}). {_CURE}") from error


@contextmanager
def while_searching() -> Iterator[None]:
    """Turn damage into a SearchError, and let bugs propagate."""
    try:
        yield
    except Exception as error:
        if not _is_damage(error):
            raise
        # Only the kind of error: its message may repeat what a visitor typed, and this one is logged.
        raise SearchError(f"The search could not be carried out ({type(error).__name__}). {_CURE}") from error


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Turn any failure into `Damaged`: for the few lines that take stored bytes apart, and for nothing else."""
    try:
        yield
    except Exception as error:
        raise Damaged(f"{what} cannot be decoded: {_in_words(error)}") from error


def _is_damage(error: Exception) -> bool:
    """Whether an exception says that the index is damaged, as opposed to a bug or an error already reported."""
    return isinstance(error, _RAISED_BY_DAMAGE_ALONE) or (
        not isinstance(error, KbError) and _is_raised_by_whoosh(error)
    )


def _is_raised_by_whoosh(error: Exception) -> bool:
    """Whether the innermost frame is Whoosh's; those of Python's library and of NumPy belong to their caller."""
    packages = [frame.f_globals.get("__name__", "").partition(".")[0] for frame, _ in walk_tb(error.__traceback__)]
    callers = [name for name in packages if name not in sys.stdlib_module_names and name != "numpy"]
    return bool(callers) and callers[-1] == "whoosh"


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
