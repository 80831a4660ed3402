"""Whoosh's files, read where the system has mapped them into memory.

Whoosh maps them too, but then copies all of them for each opened index: tens of megabytes in a server, twice that while
it switches to a new generation.
"""

from __future__ import annotations

import io
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import BufferFile

from kb.engines.whoosh.errors import decoding


class MappedSegment(W3Segment):
    """A segment whose files are read where they are mapped."""

    def open_compound_file(self, storage: Any) -> Any:
        """The file that contains all others."""
        return _MappedStorage(storage.open_file(self.make_filename(self.COMPOUND_EXT)))


class _MappedStorage(CompoundStorage):
    def __init__(self, dbfile: Any) -> None:
        self._views: list[memoryview] = []
        super().__init__(dbfile)

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """One of the files."""
        with decoding(f"The place of `{name}`"):
            offset, length = self.range(name)
            view = memoryview(self._source)[offset : offset + length]
        self._views.append(view)
        return _MappedFile(view, name)

    def close(self) -> None:
        """Unmap immediately. Whoosh leaves a map that is still in use, and its file, to the garbage collector."""
        for view in self._views:
            view.release()
        super().close()


class _MappedFile(BufferFile):
    def __init__(self, buffer: memoryview, name: str) -> None:
        super().__init__(b"", name)
        self._buf = buffer
        self.file = Window(buffer)


class Window:
    """Reads a region of memory as if it were a file."""

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, or all that are left."""
        data = self._buffer[self._place : self._place + size if size >= 0 else None].tobytes()
        self._place += len(data)
        return data

    def readline(self) -> bytes:
        """The rest of the line, which unpickling asks for."""
        line = io.BytesIO(self._buffer[self._place :]).readline()
        self._place += len(line)
        return line

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        origins = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: len(self._buffer)}
        self._place = origins[whence] + offset
        return self._place

    def tell(self) -> int:
        """The current place."""
        return self._place

    def close(self) -> None:
        """Does nothing: the storage that mapped the memory unmaps it."""
