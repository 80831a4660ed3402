"""The generation in use, followed as new ones are published."""

from __future__ import annotations

import logging
import threading

from kb.errors import KbError
from kb.index.generation import Generation
from kb.index.index import Index
from kb.pauses import Pauses

log = logging.getLogger("kb")

POLL_SECONDS = 0.05
"""How often the pointer file is checked. A check takes microseconds; an edit should show within a second."""


class LiveGeneration:
    """The newest generation, swapped for the next one without making anyone wait.

    A request takes `current` once and works with that to its end.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._current = index.open_current()
        self._refused: str | None = None
        """The published generation that could not be opened."""
        self._pauses = Pauses()
        self._complaint = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="kb-generations", daemon=True)

    @property
    def current(self) -> Generation:
        """The generation to answer with."""
        return self._current

    def start(self) -> None:
        """Begin to follow the pointer file."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following and release files."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._current.close()

    @property
    def is_outdated(self) -> bool:
        """Whether a newer generation has been published that cannot be opened."""
        return bool(self._complaint)

    def refresh(self) -> None:
        """Open the published generation if it is another one.

        The old one stays in use while that fails. It is retried at increasing intervals: a shortage may pass.
        """
        published = None
        try:
            published = self._index.current_id()
            if published in (None, self._current.id):
                self._settle()
            elif published != self._refused or self._pauses.are_over:
                self._current = self._index.open_current()
                log.info("Now serving generation %s with %d cases.", self._current.id, self._current.manifest.count)
                self._settle()
        except KbError as error:
            self._refuse(published, str(error))
        except Exception as error:  # a bug must not end the thread: later generations take cases offline
            self._refuse(published, f"{type(error).__name__}: {error}", error)

    def _settle(self) -> None:
        self._refused, self._complaint = None, ""
        self._pauses.succeeded()

    def _refuse(self, published: str | None, message: str, bug: Exception | None = None) -> None:
        """Log what is wrong once, not at every attempt; a bug with its traceback."""
        if published != self._refused:
            self._pauses.succeeded()
        self._refused = published
        self._pauses.failed()
        if message != self._complaint:
            log.error(
                "A new generation could not be opened; the previous one is still served. %s", message, exc_info=bug
            )
        self._complaint = message

    def _follow(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self.refresh()
