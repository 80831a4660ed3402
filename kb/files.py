"""Files that are never changed once they are written: shared between folders, and safe on the disk."""

from __future__ import annotations

import os
import shutil
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
