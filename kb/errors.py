"""Everything that can go wrong in the core, in one family.

::

    KbError
    ├── SettingsError        a setting cannot be used
    ├── ContentError         the content folder or a vocabulary cannot be used
    ├── GenerationError      a built index cannot be opened or published
    │   ├── NoGeneration     nothing has been built yet
    │   └── BuildRunning     another process is building in the same folder
    ├── SearchError          a search cannot be carried out
    └── ShortageError        the machine has run out of memory, disk or open files

Every message says what happened, where, and what to do about it. A bug of ours is none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.authoring.problems import Problem


class KbError(Exception):
    """The root of the family: catch this to catch them all."""


class SettingsError(KbError):
    """A setting (environment variable or option) cannot be used."""


class ContentError(KbError):
    """The content folder or a vocabulary in it cannot be used at all.

    ``problems`` lists what is wrong, file by file, where that is known.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class GenerationError(KbError):
    """A built index cannot be opened or published."""


class NoGeneration(GenerationError):
    """Nothing has been built yet."""


class BuildRunning(GenerationError):
    """Another process is building in the same folder."""


class SearchError(KbError):
    """A search cannot be carried out, for instance because the index is damaged."""


class ShortageError(KbError):
    """The machine has run out of memory, disk or open files: nothing is wrong with content or index.

    What failed may be retried later; nothing has to be rebuilt.
    """
