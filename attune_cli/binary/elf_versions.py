"""The symbol versions that an ELF file asks of its libraries, and those that a library defines.

https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
"""

from __future__ import annotations

import struct
from struct import Struct

from attune_cli.binary import elf_format as elf
from attune_cli.binary.elf_dynamic import Dynamic
from attune_cli.binary.elf_format import Layout
from attune_cli.binary.elf_header import Segments
from attune_cli.binary.source import MOST, Source

#: Read at first; the rest when there is more.
_WINDOW = 4096
#: Files with more records than this are made up.
_MOST_RECORDS = 8192

Versions = dict[str, tuple[str, ...]]
Rows = list[tuple[tuple[int, ...], list[tuple[int, ...]]]]


def required(source: Source, segments: Segments, dynamic: Dynamic, layout: Layout) -> tuple[Versions, Versions]:
    """By library: the versions without which it does not start, and those it does without."""
    strong: Versions = {}
    weak: Versions = {}
    place = segments.place(dynamic.values.get(elf.VERNEED, -1))
    if place is None:
        return strong, weak
    name = dynamic.strings.at
    for (_, _, file, _, _), rows in _read(source, place, layout.verneed, layout.vernaux):
        library = name(file) or ""
        names = [(row[1] & elf.WEAK, text) for row in rows if (text := name(row[3]))]
        strong[library] = tuple([text for is_weak, text in names if not is_weak])
        if len(strong[library]) < len(names):
            weak[library] = tuple([text for is_weak, text in names if is_weak])
    return strong, weak


def defined(source: Source, segments: Segments, dynamic: Dynamic, layout: Layout) -> frozenset[str] | None:
    """The versions a library defines; None when it defines no versions at all, which the loader takes for any."""
    place = segments.place(dynamic.values.get(elf.VERDEF, -1))
    if place is None:
        return None
    name = dynamic.strings.at
    # Behind its own name stand those of the versions it includes.
    names = (name(rows[0][0]) for _, rows in _read(source, place, layout.verdef, layout.verdaux) if rows)
    return frozenset(each for each in names if each)


def _read(source: Source, place: int, outer: Struct, inner: Struct) -> Rows:
    data = source.read(place, _WINDOW)
    rows, whole = _chained(data, outer, inner)
    if not whole and len(data) == _WINDOW:
        rows, _ = _chained(source.read(place, MOST), outer, inner)
    return rows


def _chained(data: bytes, outer: Struct, inner: Struct) -> tuple[Rows, bool]:
    """Structures, each with a row of others; and whether `data` holds all of them.

    The second field of the outer one counts its row, the last but one is the distance to it. The last field of both is
    the distance to the next of its kind, 0 in the last.
    """
    found: Rows = []
    left, place, step = _MOST_RECORDS, 0, 1
    try:
        while step and left > 0:
            head = outer.unpack_from(data, place)
            step = head[-1]
            row, at = [], place + head[-2]
            for _ in range(min(head[1], left)):
                row.append(each := inner.unpack_from(data, at))
                if not each[-1]:
                    break
                at += each[-1]
            found.append((head, row))
            left -= len(row) + 1
            place += step
    except struct.error:
        return found, False
    return found, True
