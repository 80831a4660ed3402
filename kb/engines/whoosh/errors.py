"""The border at which Whoosh's errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kb.errors import GenerationError, KbError, SearchError

_CURE = "Build it again: `kb index --rebuild`."


@contextmanager
def while_opening(what: str) -> Iterator[None]:
    """Turn any failure into a GenerationError.

    A damaged index file can make Whoosh fail with nearly any exception, so all of them are caught.
    """
    try:
        yield
    except KbError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        raise GenerationError(f"The index in `{what}` cannot be used ({told}). {_CURE}") from error


@contextmanager
def while_searching() -> Iterator[None]:
    """Turn any failure into a SearchError."""
    try:
        yield
    except KbError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        raise SearchError(f"The search could not be carried out ({told}). {_CURE}") from error
