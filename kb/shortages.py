"""Shortages of memory, disk or open files: reported as such, never mistaken for a damaged index or file."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from kb.errors import ShortageError

_MEMORY = "There is not enough memory. Close other programs, or give this one more."
_FILES = "Too many files are open. Allow more: `ulimit -n 4096`, or `LimitNOFILE=4096` in the unit of systemd."
_PROCESSES = "No further thread or process can be started. Free memory, or allow more: `ulimit -u`, `TasksMax=`."
_DISK = "The disk is full. Free some space on it."
_READ_ONLY = "The file system is read-only. Mount it for writing, or choose another folder."

_BY_ERRNO = {
    errno.ENOMEM: _MEMORY,
    errno.EAGAIN: _PROCESSES,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.ENOSPC: _DISK,
    errno.EDQUOT: "The quota on the disk is used up. Free some space on it.",
    errno.EFBIG: "A file would become larger than allowed (`ulimit -f`).",
    errno.EROFS: _READ_ONLY,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: _DISK,
    sqlite3.SQLITE_NOMEM: _MEMORY,
    # Raised for a file that exists and has been read: there was no descriptor left for it.
    sqlite3.SQLITE_CANTOPEN: _FILES,
}


def shortage_behind(error: BaseException | None) -> str | None:
    """The shortage that caused an error, and what to do about it; None if none did.

    >>> shortage_behind(OSError(errno.ENOSPC, "No space left on device"))
    'The disk is full. Free some space on it.'
    >>> shortage_behind(OSError(errno.ENOENT, "No such file or directory")) is None
    True
    """
    while error is not None:
        if isinstance(error, MemoryError):
            return _MEMORY
        if isinstance(error, RuntimeError) and str(error) == "can't start new thread":
            return _PROCESSES
        if isinstance(error, OSError) and error.errno in _BY_ERRNO:
            return _BY_ERRNO[error.errno]
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _BY_SQLITE:
            return _BY_SQLITE[error.sqlite_errorcode]
        error = error.__cause__ or error.__context__
    return None


@contextmanager
def noticing_shortages(doing: str) -> Iterator[None]:
    """Turn an error caused by a shortage into a ShortageError that begins with what was being done."""
    try:
        yield
    except ShortageError:
        raise
    except Exception as error:
        reason = shortage_behind(error)
        if reason is None:
            raise
        raise ShortageError(f"{doing}: {reason[0].lower()}{reason[1:]}") from error
