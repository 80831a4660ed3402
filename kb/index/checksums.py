"""Checksums of files: a file that was damaged on the disk is refused, not served.

CRC-32 detects every single flipped bit and every changed run of up to 32 bits; of other damage it misses one case in
four billion. It takes half the time of SHA-256 (ARCHITECTURE.md has the figures), and whoever could forge a file could
forge its checksum too.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kb.errors import GenerationError
from kb.lru import LruCache
from kb.shortages import noticing_shortages

REBUILD = "Build again: `kb index --rebuild`."

_CHUNK = 1024 * 1024

_SETTLED_NS = 2_000_000_000
"""A file that was written this recently may be changed again without a change of its time: file systems count time in
steps. It is read again until it is older."""

_Identity = tuple[int, int, int, int]
"""Device, number, size and time of a file: the same file in two generations is read once."""

_KNOWN = LruCache[_Identity, str](10_000)
"""What this process has read before, by the identity that the file then had."""


def checksum(data: bytes) -> str:
    """The checksum of bytes, as eight digits.

    >>> checksum(b"case")
    '78089904'
    """
    return f"{zlib.crc32(data):08x}"


def checksum_of(path: Path) -> str:
    """The checksum of a file; one that this process has read before is not read again. Raises OSError."""
    about = path.stat()
    identity = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
    known = _KNOWN.get(identity)
    if known is not None:
        return known
    found = _read(path)
    if time.time_ns() - about.st_mtime_ns > _SETTLED_NS:
        _KNOWN.put(identity, found)
    return found


def _read(path: Path) -> str:
    value, buffer = 0, bytearray(_CHUNK)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(view):
            value = zlib.crc32(view[:count], value)
    return f"{value:08x}"


def checksums_in(folder: Path, before: Path | None, known: Mapping[str, str]) -> dict[str, str]:
    """The checksums of all files in a folder, by path with forward slashes. Raises OSError.

    A file that is the same as in the folder `before` has the checksum `known` for it: if it has been damaged since, the
    damage must not be recorded as correct.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {
        name: known[name]
        if before and name in known and _is_same(folder / name, before / name)
        # What has just been written is read from the cache of the disk, not from the disk.
        else checksum_of(folder / name)
        for name in names
    }


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except FileNotFoundError:
        return False


def verify(folder: Path, expected: Mapping[str, str], names: Iterable[str]) -> None:
    """Compare files in a folder with their expected checksums.

    Raises GenerationError that names the first file that differs or cannot be read.
    """
    for name in names:
        with reading(folder / name):
            found = checksum_of(folder / name)
        _compare(folder / name, found, expected[name])


def read_verified(path: Path, expected: str) -> bytes:
    """The bytes of a file with this checksum. Raises GenerationError when it differs or cannot be read."""
    with reading(path):
        data = path.read_bytes()
    _compare(path, checksum(data), expected)
    return data


def _compare(path: Path, found: str, expected: str) -> None:
    if found != expected:
        raise GenerationError(f"`{path}` is damaged: it is not what was written. {REBUILD}")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn errors of the file system while a file is read into a GenerationError or a ShortageError."""
    try:
        with noticing_shortages(f"`{path}` cannot be read"):
            yield
    except OSError as error:
        raise GenerationError(f"`{path}` cannot be read: {error.strerror}. {REBUILD}") from error
