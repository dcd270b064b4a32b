"""What an ELF file tells beyond its start: build id, symbols, who compiled it, file capabilities.

https://gabi.xinuos.com/elf/04-sheader.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attune_cli.binary import elf_format as elf
from attune_cli.binary import golang, rust
from attune_cli.binary.capabilities import capabilities
from attune_cli.binary.elf_notes import build_id_of
from attune_cli.binary.source import MOST, Source, Strings

if TYPE_CHECKING:
    from attune_cli.binary.details import Details
    from attune_cli.binary.elf import Image
    from attune_cli.binary.elf_header import Header

_MOST_COMMENT = 1 << 16
_NAMES_ELSEWHERE = 0xFFFF


def read(image: Image) -> Details:
    """The facts that `everything` adds."""
    source, segments, layout = image.source, image.segments, image.header.layout
    table = _section_table(source, image.header)
    sections = _by_name(source, image.header, table)
    # Go's linker lists its note of GNU's kind among the sections alone.
    notes = [*segments.notes, *((row[4], row[5], row[8]) for row in table if row[1] == elf.NOTES)]
    compilers = _compilers(source, sections.get(".comment"))
    return {
        "build_id": build_id_of(source, notes, layout),
        "stripped": not any(row[1] == elf.SYMTAB for row in table),
        "compilers": compilers,
        "go": golang.read(source, _go_data(image, sections), segments.place),
        "rust": rust.read(source, compilers, sections.get(".dep-v0")),
        "capabilities": capabilities(source.descriptor),
    }


def _section_table(source: Source, header: Header) -> list[tuple[int, ...]]:
    """name, type, flags, address, offset, size, link, info, alignment, entry size: as many as the file holds.

    Where there are too many for the header's field, the first entry holds the number in its size.
    """
    layout = header.layout.section
    if not header.section_offset or header.section_size != layout.size:
        return []
    count = header.section_count
    if not count:
        first = source.read(header.section_offset, layout.size)
        count = layout.unpack(first)[5] if len(first) == layout.size else 0
    data = source.read(header.section_offset, min(count * layout.size, MOST))
    return list(layout.iter_unpack(data[: len(data) - len(data) % layout.size]))


def _by_name(source: Source, header: Header, table: list[tuple[int, ...]]) -> Mapping[str, tuple[int, int]]:
    """(offset, size) of each section that has content in the file."""
    index = header.section_names
    if index == _NAMES_ELSEWHERE and table:
        index = table[0][6]
    if index >= len(table):
        return {}
    names = Strings(source, table[index][4], table[index][5])
    found = ((names.at(row[0]), row) for row in table if row[1] not in {0, elf.NOBITS})
    return {name: (row[4], row[5]) for name, row in found if name}


def _compilers(source: Source, section: tuple[int, int] | None) -> tuple[str, ...]:
    if section is None:
        return ()
    offset, size = section
    texts = source.read(offset, min(size, _MOST_COMMENT)).split(b"\0")
    return tuple(dict.fromkeys(text.decode("utf-8", "replace") for text in texts if text))


def _go_data(image: Image, sections: Mapping[str, tuple[int, int]]) -> tuple[int, int] | None:
    """Go's own section; without section headers, where Go's linker would have put it: first into the writable data."""
    if ".go.buildinfo" in sections:
        return sections[".go.buildinfo"]
    if not sections and image.segments.writable:
        return image.segments.writable
    return None
