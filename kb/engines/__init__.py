"""The available engines: the only place where they are named."""

from __future__ import annotations

from collections.abc import Mapping

from kb.engines.whoosh.local import Whoosh
from kb.search.engine import LocalEngine

LOCAL_ENGINES: Mapping[str, LocalEngine] = {engine.name: engine for engine in (Whoosh(),)}
"""The engines whose index is a folder on this machine, by the name that a setting gives."""

DEFAULT_ENGINE = "whoosh"
