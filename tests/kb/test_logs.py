"""The log: one line for each event, whatever is in it; nothing about a visitor; and not to be filled by strangers."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import GenerationError
from kb.logs import LIKE_IT_A_MINUTE, LinesToLog, LogFormat, LogHandler, current_request, one_line, set_up_logging

FORGERIES = [
    "a\nERROR forged",
    "a\r\nERROR forged",
    "a\x1b[2J\x1b]0;title\x07",
    "a\x00b",
    "a\x08\x08\x08",
    "a\x85b",
    "a\u2028ERROR forged",
    "a\u2029b",
    "a\x0bb\x0cc",
    "a\x9b31m",
    "\u202eshowing backwards",
    "zero\u200bwidth\ufeff",
    "\ud800",
    "\U000e0041",
]


@contextmanager
def logging_to(form: LogFormat) -> Iterator[io.StringIO]:
    """A log of its own."""
    stream = io.StringIO()
    handler = LogHandler(form, stream)
    log = logging.getLogger("kb.tests")
    log.propagate = False
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        log.removeHandler(handler)


log = logging.getLogger("kb.tests")
"""Of the application itself."""


def written_of(form: LogFormat, text: str) -> str:
    """What is written of an event with this text; no logger is asked, as pytest cannot report half of a character."""
    stream = io.StringIO()
    LogHandler(form, stream).handle(
        logging.LogRecord("kb.tests", logging.WARNING, "", 1, "Looked at %s", (text,), None)
    )
    return stream.getvalue()


@pytest.mark.parametrize("text", FORGERIES)
def test_a_line_of_text_is_one_line_that_can_be_seen(text: str) -> None:
    written = written_of(LogFormat.TEXT, text)

    assert written.startswith("WARNING Looked at ")
    assert written.endswith("\n")
    assert written[:-1].isprintable()


@pytest.mark.parametrize("text", FORGERIES)
def test_a_line_of_json_is_one_line_and_says_all(text: str) -> None:
    written = written_of(LogFormat.JSON, text)

    assert written[:-1].isascii()
    assert written[:-1].isprintable()
    event = json.loads(written)
    assert event["message"] == f"Looked at {text}"
    assert (event["level"], event["logger"]) == ("WARNING", "kb.tests")
    assert event["time"].endswith("+00:00")


@given(st.text())
def test_any_text_becomes_one_line_without_loss(text: str) -> None:
    line = one_line(text)

    assert line.isprintable()
    assert line == text if text.isprintable() else len(line) > len(text)
    line.encode("utf-8")


def test_words_that_can_be_read_stay_as_they_are() -> None:
    assert one_line("Århus, Αθήνα and 東京 – “so”") == "Århus, Αθήνα and 東京 – “so”"


@pytest.mark.parametrize("form", LogFormat)
def test_a_line_names_the_request_that_it_is_about(form: LogFormat) -> None:
    with logging_to(form) as written:
        token = current_request.set("0123456789abcdef")
        log.info("within")
        current_request.reset(token)
        log.info("without")

    within, without = written.getvalue().splitlines()
    assert "0123456789abcdef" in within
    assert "request" not in without
    assert "[" not in without


# Errors


def raised(error: BaseException) -> BaseException:
    """The error with a traceback, as it was caught."""
    try:
        raise error
    except BaseException as caught:
        return caught


def caused(error: BaseException, cause: BaseException) -> BaseException:
    try:
        raise error from raised(cause)
    except BaseException as caught:
        return caught


TYPED = "returneesfrom"

ERRORS = [
    KeyError(TYPED),
    ValueError(f"invalid literal: {TYPED!r}"),
    UnicodeEncodeError("utf-8", TYPED, 0, 1, f"no {TYPED}"),
    FileNotFoundError(2, "No such file", f"/static/{TYPED}"),
    TypeError(f"{TYPED}() got an unexpected argument"),
    caused(RuntimeError("a bug"), KeyError(TYPED)),
    caused(GenerationError("Build it again."), ValueError(TYPED)),
    ExceptionGroup(TYPED, [KeyError(TYPED), ValueError(TYPED)]),
]


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_leaves_its_steps_and_not_what_was_typed(form: LogFormat, error: BaseException) -> None:
    with logging_to(form) as written:
        log.error("It failed", exc_info=raised(error))

    assert TYPED not in written.getvalue()
    assert type(error).__name__ in written.getvalue()
    assert "in raised" in written.getvalue()
    vars(error).clear()


@pytest.mark.parametrize("form", LogFormat)
def test_an_error_of_ours_or_of_the_system_says_what_happened(form: LogFormat) -> None:
    with logging_to(form) as written:
        log.error("One", exc_info=raised(GenerationError("Build the index again.")))
        log.error("Two", exc_info=raised(OSError(28, "whatever", "/somewhere")))

    assert "GenerationError: Build the index again." in written.getvalue()
    assert "OSError: No space left on device" in written.getvalue()
    assert "/somewhere" not in written.getvalue()


def test_steps_are_indented_so_that_none_looks_like_a_line_of_its_own() -> None:
    with logging_to(LogFormat.TEXT) as written:
        log.error("It failed", exc_info=raised(GenerationError("\nERROR forged")))

    first, *steps = written.getvalue().splitlines()
    assert first == "ERROR It failed"
    assert steps
    assert all(step.startswith("    ") for step in steps)


def test_an_error_that_is_its_own_cause_is_logged_once() -> None:
    error = raised(ValueError("a"))
    error.__cause__ = other = raised(ValueError("b"))
    other.__cause__ = error
    with logging_to(LogFormat.TEXT) as written:
        log.error("It failed", exc_info=error)

    assert written.getvalue().count("ValueError") == 2


def test_an_error_that_a_server_reports_again_is_logged_once() -> None:
    with logging_to(LogFormat.TEXT) as written:
        error = raised(ValueError("a"))
        log.error("It failed", exc_info=error)
        log.error("Exception in ASGI application\n", exc_info=error)

    assert "ASGI" not in written.getvalue()


# Strangers


def warn(text: str) -> None:
    log.warning("Invalid: %s", text)


def test_what_is_repeated_at_will_is_logged_a_few_times_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: clock)
    with logging_to(LogFormat.TEXT) as written:
        for number in range(5000):
            warn(f"{number}")
        log.warning("Something else")
        clock += 61
        warn("later")

    *lines, other, later = written.getvalue().splitlines()
    assert len(lines) == LIKE_IT_A_MINUTE
    assert other == "WARNING Something else"
    assert later == f"WARNING Invalid: later (after {5000 - LIKE_IT_A_MINUTE} more like it)"


def test_another_bug_is_logged_however_often_the_first_one_is() -> None:
    with logging_to(LogFormat.TEXT) as written:
        for error in (*[ValueError() for _ in range(100)], KeyError()):
            log.error("It failed", exc_info=raised(error))

    assert written.getvalue().count("ERROR It failed") == LIKE_IT_A_MINUTE + 1


def test_what_is_only_said_is_never_left_out() -> None:
    with logging_to(LogFormat.TEXT) as written:
        for number in range(100):
            log.info("Now serving generation %d", number)

    assert len(written.getvalue().splitlines()) == 100


# Setting up


@pytest.fixture
def _untouched() -> Iterator[None]:
    root, kb = logging.getLogger(), logging.getLogger("kb")
    handlers, level = list(root.handlers), kb.level
    yield
    root.handlers[:] = handlers
    kb.setLevel(level)


@pytest.mark.usefixtures("_untouched")
def test_logging_that_is_set_up_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.TEXT)
    set_up_logging(LogFormat.JSON)
    logging.getLogger("kb.anywhere").info("once")
    logging.getLogger("another.library").info("not at all")

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "once"
    assert sys.stderr is not sys.__stderr__


@pytest.mark.usefixtures("_untouched")
def test_lines_for_people_become_events(caplog: pytest.LogCaptureFixture) -> None:
    stream = LinesToLog()
    with caplog.at_level(logging.INFO, logger="kb"):
        stream.write("Built the ")
        stream.write("index.\n\nAnd more\n")

    assert [record.getMessage() for record in caplog.records] == ["Built the index.", "And more"]
