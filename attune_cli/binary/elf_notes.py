"""The notes of an ELF file: for which system it was made, and its build id.

https://gabi.xinuos.com/elf/07-pheader.html#note-sections ·
https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/noteabitag.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attune_cli.binary.elf_format import Layout
from attune_cli.binary.source import Source

#: Offset, size, alignment: of a segment or a section.
Place = tuple[int, int, int]

_MOST_PLACES = 16
_MOST_BYTES = 1 << 16
_ABI_TAG, _BUILD_ID = 1, 3
#: The systems that mark their files by a note of their name.
_SYSTEMS = {name.encode(): name.lower() for name in ("Android", "DragonFly", "FreeBSD", "NetBSD", "OpenBSD")}
#: The first number of GNU's note.
_GNU_SYSTEMS = {0: "linux", 1: "hurd", 2: "solaris", 3: "freebsd", 4: "netbsd"}


def notes(source: Source, places: Sequence[Place], layout: Layout) -> Iterator[tuple[bytes, int, bytes]]:
    """Name, type and content of each note at these places."""
    for offset, size, align in places[:_MOST_PLACES]:
        data = source.read(offset, min(size, _MOST_BYTES))
        yield from _parsed(data, 8 if align == 8 else 4, layout)


def _parsed(data: bytes, align: int, layout: Layout) -> Iterator[tuple[bytes, int, bytes]]:
    place = 0
    while place + layout.note.size <= len(data):
        name_size, size, kind = layout.note.unpack_from(data, place)
        name = place + layout.note.size
        content = name + _padded(name_size, align) if align == 4 else _padded(name + name_size, align)
        yield data[name : name + name_size].rstrip(b"\0"), kind, data[content : content + size]
        place = content + _padded(size, align)


def _padded(size: int, align: int) -> int:
    return -(-size // align) * align


def system_of(source: Source, places: Sequence[Place], layout: Layout) -> str | None:
    """The operating system, in Go's spelling, that the notes name."""
    for name, kind, content in notes(source, places, layout):
        if name in _SYSTEMS:
            return _SYSTEMS[name]
        if name == b"GNU" and kind == _ABI_TAG and len(content) >= 4:
            return _GNU_SYSTEMS.get(layout.word.unpack_from(content)[0])
    return None


def build_id_of(source: Source, places: Sequence[Place], layout: Layout) -> str | None:
    """GNU's, hexadecimal."""
    for name, kind, content in notes(source, places, layout):
        if name == b"GNU" and kind == _BUILD_ID and content:
            return content.hex()
    return None
