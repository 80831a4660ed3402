"""The log: one line for each event, as text for people or as JSON for programs that collect logs.

Nothing in it is about a visitor: not their address, the addresses they requested, or a word they typed. Whatever a
message contains, it is one line without control characters.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from traceback import format_tb
from typing import IO, Any

from kb.errors import KbError

current_request: ContextVar[str] = ContextVar("current_request", default="")
"""The id of the request that is being answered, in whichever thread; empty outside requests."""

ACCESS_LOG = "kb.access"

LIKE_IT_A_MINUTE = 10
"""How often the same warning or error is logged within a minute. Clients can cause some at will."""


class LogFormat(StrEnum):
    """How lines are written."""

    TEXT = "text"
    JSON = "json"


def set_up_logging(form: LogFormat) -> None:
    """Send everything that is logged in this process to standard error, in this format."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, LogHandler)]:
        root.removeHandler(handler)
    root.addHandler(LogHandler(form))
    logging.getLogger("kb").setLevel(logging.INFO)


class LogHandler(logging.StreamHandler[Any]):
    """Writes events as lines, leaving out those that repeat others."""

    def __init__(self, form: LogFormat, stream: IO[str] | None = None) -> None:
        super().__init__(stream or sys.stderr)
        self.setFormatter(_JsonLines() if form is LogFormat.JSON else _TextLines())
        self.addFilter(_Repetitions())


class LinesToLog(io.StringIO):
    """A stream for messages to people; each line becomes an event."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = ""

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        for line in filter(str.strip, lines):
            logging.getLogger("kb").info("%s", line)
        return len(text)


def one_line(text: str) -> str:
    r"""A text with invisible characters and line breaks escaped.

    >>> one_line("Århus\nERROR forged\x1b[2J")
    'Århus\\nERROR forged\\x1b[2J'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return ascii(sign)[1:-1]


class _TextLines(logging.Formatter):
    """`ERROR what happened [id of the request]`, with a traceback in indented lines."""

    def format(self, record: logging.LogRecord) -> str:
        request = f" [{_request_of(record)}]" if _request_of(record) else ""
        line = f"{record.levelname} {one_line(record.getMessage())}{_repeated(record)}{request}"
        return "\n".join([line, *(f"    {one_line(step)}" for step in _trace(record))])


class _JsonLines(logging.Formatter):
    """An object with `time`, `level`, `logger`, `message`, and whatever else is known."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": f"{record.getMessage()}{_repeated(record)}",
            "process": record.process,
        }
        if request := _request_of(record):
            event["request"] = request
        if trace := list(_trace(record)):
            event["traceback"] = trace
        # Everything beyond ASCII is escaped, so that no collector sees a line break before this one.
        return json.dumps(event | getattr(record, "event", {}))


def _request_of(record: logging.LogRecord) -> str:
    """The request that an event belongs to. Those of the server belong to connections, whose context may be that of an
    earlier request.
    """
    return current_request.get() if record.name.partition(".")[0] == "kb" else ""


def _trace(record: logging.LogRecord) -> Iterator[str]:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        yield from _traced(error, set())


def _traced(error: BaseException, seen: set[int]) -> Iterator[str]:
    """The steps that led to an error, after those that led to its cause."""
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _traced(cause, seen)
        yield "This led to another error:"
    for step in format_tb(error.__traceback__):
        yield from step.rstrip("\n").split("\n")
    yield f"{type(error).__qualname__}{_said_by(error)}"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        if id(part) not in seen:
            yield from _traced(part, seen)


def _said_by(error: BaseException) -> str:
    """The message of an error if it cannot repeat a visitor's words: a `KeyError` consists of nothing else."""
    if isinstance(error, KbError):
        return f": {error}"
    if isinstance(error, OSError) and error.errno:
        return f": {os.strerror(error.errno)}"
    return ""


class _Repetitions(logging.Filter):
    """Leaves out repetitions within a minute, and the second report of the same error."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[tuple[object, ...], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        return not _was_logged(record) and (record.levelno < logging.WARNING or self._is_rare(record))

    def _is_rare(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        began, count = self._counts.get(kind := _kind(record), (now, 0))
        if now - began >= 60:
            record.repeated = int(count) - LIKE_IT_A_MINUTE
            began, count = now, 0
        self._counts[kind] = [began, count + 1]
        return count < LIKE_IT_A_MINUTE


def _kind(record: logging.LogRecord) -> tuple[object, ...]:
    """What an event has in common with its repetitions: the place in the code that logs it."""
    error = record.exc_info[1] if record.exc_info else None
    steps = error.__traceback__ if error else None
    while steps and steps.tb_next:
        steps = steps.tb_next
    place = (steps.tb_frame.f_code, steps.tb_lineno) if steps else None
    return record.name, record.pathname, record.lineno, type(error), place


def _repeated(record: logging.LogRecord) -> str:
    number = getattr(record, "repeated", 0)
    return f" (after {number} more like it)" if number > 0 else ""


def _was_logged(record: logging.LogRecord) -> bool:
    """Whether the error of an event has been logged: a server logs again what the application raised."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return False
    is_logged = vars(error).get("_is_logged", False)
    vars(error)["_is_logged"] = True
    return bool(is_logged)
