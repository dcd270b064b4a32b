"""A file as its readers see it: bytes at a place, never more of them than there are."""

from __future__ import annotations

import os
from pathlib import Path

#: How much is to be found out: each takes in those before it.
HEADERS, VERSIONS, EVERYTHING = range(3)

#: What is read at once and at first: the headers of most files.
HEAD = 4096
#: What one read gives at most, whatever a header asks for.
MOST = 1 << 20
#: The longest name or path that is believed.
LONGEST_NAME = 4096
#: So much of a table of names is read before any name is asked for.
_WINDOW = 8192


class MalformedError(Exception):
    """The headers make no sense; says which. It never leaves this room."""


class Source:
    """An open file, or a part of it.

    size: in bytes; places are counted from `start`. mode: as of `os.stat`.
    """

    __slots__ = ("descriptor", "head", "mode", "path", "size", "start")

    def __init__(self, descriptor: int, path: Path, size: int, mode: int, start: int = 0) -> None:
        self.descriptor = descriptor
        self.path = path
        self.size = size
        self.mode = mode
        self.start = start
        self.head = os.pread(descriptor, min(size, HEAD), start)

    def read(self, offset: int, size: int) -> bytes:
        """The bytes from `offset` on: fewer than `size`, or none, where the file ends; at most `MOST`."""
        end = min(offset + size, self.size)
        if end <= len(self.head):
            return self.head[offset:end] if 0 <= offset < end else b""
        if not 0 <= offset < end:
            return b""
        return os.pread(self.descriptor, min(end - offset, MOST), self.start + offset)

    def part(self, offset: int, size: int) -> Source:
        """What lies there, seen as a file of its own."""
        offset = max(0, min(offset, self.size))
        return Source(self.descriptor, self.path, max(0, min(size, self.size - offset)), self.mode, self.start + offset)


class Strings:
    """A table of texts that end in NUL. Loaders do not look at its size: it says how much is read at once."""

    __slots__ = ("_front", "_offset", "_source")

    def __init__(self, source: Source, offset: int, size: int) -> None:
        self._source = source
        self._offset = offset
        # A character a byte, so that places stay what they are; all names but a few are ASCII.
        self._front = source.read(offset, min(size, _WINDOW)).decode("ascii", "surrogateescape")

    def at(self, index: int) -> str | None:
        """The text from there on; None when it has no end in the file, or none within `LONGEST_NAME`."""
        end = self._front.find("\0", index)
        if end >= 0:
            name = self._front[index:end]
            return name if name.isascii() else decoded(name.encode("ascii", "surrogateescape"))
        data = self._source.read(self._offset + index, LONGEST_NAME)
        end = data.find(b"\0")
        return decoded(data[:end]) if end >= 0 else None


def decoded(name: bytes) -> str:
    """As Python names files, whatever bytes they hold."""
    return name.decode("utf-8", "surrogateescape")
