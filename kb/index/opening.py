"""Which index is used: the one place where a setting becomes an engine."""

from __future__ import annotations

from kb.engines import LOCAL_ENGINES
from kb.errors import SettingsError
from kb.index.folder import IndexFolder
from kb.index.index import Index
from kb.settings import Settings
from kb.wording import listed


def open_index(settings: Settings) -> Index:
    """The index that the settings name; nothing is read yet. Raises SettingsError for an unknown engine."""
    engine = LOCAL_ENGINES.get(settings.engine)
    if engine is None:
        names = listed([f"`{name}`" for name in LOCAL_ENGINES])
        raise SettingsError(f"KB_ENGINE = {settings.engine!r}: there is no such engine. The engines are: {names}.")
    return IndexFolder(settings.index, engine)
