"""The cache that `ldconfig` writes and glibc's loader reads: library name -> path.

https://github.com/bminor/glibc/blob/master/sysdeps/generic/dl-cache.h (`struct cache_file_new`). Before glibc 2.32 the
new format stood behind an older one in the same file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from struct import Struct

_MAGIC = b"glibc-ld.so.cache1.1"
#: Of a cache; it takes some 100 KB.
MOST_BYTES = 16 << 20
_HEADER = 48
#: Whether it is for processors of the other byte order.
_BYTE_ORDER, _BIG = 28, 3


class LoaderCache:
    """Looked into by content, not by its order: whatever order `ldconfig` has sorted it in. Any bytes will do."""

    def __init__(self, data: bytes) -> None:
        data = data[max(0, data.find(_MAGIC)) :]
        valid = data.startswith(_MAGIC) and len(data) >= _HEADER
        order = ">" if valid and data[_BYTE_ORDER] & 3 == _BIG else "<"
        self._word = Struct(f"{order}I")
        #: flags, name, path, os version, hardware capabilities
        self._entry = Struct(f"{order}3I4xQ")
        count = self._word.unpack_from(data, len(_MAGIC))[0] if valid else 0
        self._names = min(_HEADER + count * self._entry.size, len(data))
        self._data = data

    def paths(self, name: str) -> list[str]:
        """Of all libraries of that name, whatever machine they are for; those for certain processors come last."""
        wanted = os.fsencode(name) + b"\0"
        found: list[tuple[bool, int, str]] = []
        place = self._data.find(wanted, self._names)
        while place >= 0:
            found += self._entries(place)
            place = self._data.find(wanted, place + 1)
        return [path for _, _, path in sorted(found)]

    def _entries(self, name: int) -> Iterator[tuple[bool, int, str]]:
        """Those with that name: whether for certain processors only, place, path."""
        key, size = self._word.pack(name), self._entry.size
        place = self._data.find(key, _HEADER, self._names)
        while place >= 0:
            start = place - 4
            if (start - _HEADER) % size == 0 and start + size <= self._names:
                _, _, path, special = self._entry.unpack_from(self._data, start)
                yield special != 0, start, self._text(path)
            place = self._data.find(key, place + 1, self._names)

    def _text(self, place: int) -> str:
        return os.fsdecode(self._data[place : max(place, self._data.find(b"\0", place))])
