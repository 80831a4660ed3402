"""What an application may use of the core."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import kb


def test_every_public_name_is_listed_once_and_in_order() -> None:
    assert all(hasattr(kb, name) for name in kb.__all__)
    assert len(set(kb.__all__)) == len(kb.__all__)


def test_nothing_else_is_public() -> None:
    names = {name for name, value in vars(kb).items() if not name.startswith("_") and not isinstance(value, ModuleType)}

    assert names == set(kb.__all__)


def test_every_public_class_and_function_says_what_it_is() -> None:
    undocumented = [
        name for name in kb.__all__ if callable(value := getattr(kb, name)) and not (value.__doc__ or "").strip()
    ]

    assert undocumented == []


def test_the_core_does_not_import_the_web() -> None:
    code = "import sys, kb; print([name for name in ('api', 'fastapi', 'starlette', 'uvicorn') if name in sys.modules])"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert result.stdout == "[]\n"
