"""The dynamic section of an ELF file, found by addresses as the loader finds it.

https://gabi.xinuos.com/elf/08-dynamic.html · https://github.com/bminor/glibc/blob/master/elf/get-dynamic-info.h
"""

from __future__ import annotations

from itertools import takewhile
from operator import itemgetter

from attune_cli.binary import elf_format as elf
from attune_cli.binary.elf_format import Layout
from attune_cli.binary.elf_header import Segments
from attune_cli.binary.source import Source, Strings

#: The loader reads up to the closing entry. Larger sections are made up.
_MOST_BYTES = 1 << 16
_TAG = itemgetter(0)


class Dynamic:
    """Empty when there is no dynamic section.

    values: tag -> value, of NEEDED the last. needed: the libraries' names. broken: some name cannot be found.
    """

    __slots__ = ("broken", "needed", "strings", "values")

    def __init__(self, source: Source, segments: Segments, layout: Layout) -> None:
        entries = _entries(source, segments, layout)
        self.values: dict[int, int] = dict(entries)
        self.broken = False
        self.strings = self._string_table(source, segments)
        found = [self._name(value) for tag, value in entries if tag == elf.NEEDED]
        self.needed = tuple(name for name in found if name is not None)

    def _string_table(self, source: Source, segments: Segments) -> Strings:
        place = segments.place(self.values.get(elf.STRTAB, -1))
        size = self.values.get(elf.STRSZ, 0)
        return Strings(source, source.size if place is None else place, size)

    def _name(self, place: int) -> str | None:
        name = self.strings.at(place)
        self.broken = self.broken or name is None
        return name

    def name(self, tag: int) -> str | None:
        """The text that a tag's value leads to."""
        return self._name(self.values[tag]) if tag in self.values else None

    def folders(self, tag: int) -> tuple[str, ...]:
        """A search path, as written."""
        path = self.name(tag)
        return tuple(path.split(":")) if path else ()

    @property
    def binds_now(self) -> bool:
        values = self.values
        return (
            elf.BIND_NOW in values
            or bool(values.get(elf.FLAGS, 0) & elf.BIND_NOW_FLAG)
            or bool(values.get(elf.FLAGS_1, 0) & elf.NOW_1)
        )

    @property
    def says_pie(self) -> bool:
        return bool(self.values.get(elf.FLAGS_1, 0) & elf.PIE_1)


def _entries(source: Source, segments: Segments, layout: Layout) -> list[tuple[int, int]]:
    """Tag and value of each, up to the closing one: the section's size does not matter to the loader."""
    if segments.dynamic is None:
        return []
    offset, address, size = segments.dynamic
    place = segments.place(address)
    # A file of debug information keeps the header and nothing that is mapped: the header's own offset is all there is.
    start = offset if place is None else place
    for most in (min(size, _MOST_BYTES), _MOST_BYTES):
        data = source.read(start, most)
        rows = list(takewhile(_TAG, layout.entry.iter_unpack(data[: len(data) - len(data) % layout.entry.size])))
        if len(rows) < len(data) // layout.entry.size:
            return rows
    return []
