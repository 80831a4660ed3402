"""Files that are never changed once they are written: shared between folders, and safe on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def share(source: Path, target: Path) -> None:
    """Give a file a second place: as the same file where the file system can do that, or else as a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def sync(path: Path) -> None:
    """Wait until a file, or the list of files in a folder, is on the disk and would outlast a power cut."""
    if os.name == "nt":  # it syncs only what is open for writing, and no folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(folder: Path) -> None:
    """The same for everything in a folder."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, even after a power cut, finds the old one or the new one, whole."""
    unfinished = path.with_name(f"{path.name}.new")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def replace_content(path: Path, before: bytes, after: bytes) -> bool:
    """Write a file that somebody else may write as well, whole, and with its permissions; whether it was written.

    It is not if it no longer contains `before`. Raises OSError if it cannot be written.
    """
    # Hidden, so that nothing reads it; of a name of its own, so that it is no other file.
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, unfinished)
        if path.read_bytes() != before:
            return False
        Path(unfinished).replace(path)
        sync(path.parent)
        return True
    finally:
        Path(unfinished).unlink(missing_ok=True)
