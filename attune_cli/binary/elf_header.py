"""The header and the program headers of an ELF file, by the rules of Linux's own loader.

https://github.com/torvalds/linux/blob/master/fs/binfmt_elf.c (`load_elf_binary`): what it does not look at is not
looked at here, and what it refuses is a problem.
"""

from __future__ import annotations

from attune_cli.binary import elf_format as elf
from attune_cli.binary.elf_format import Layout
from attune_cli.binary.source import LONGEST_NAME, MalformedError, Source

#: Linux takes no more bytes of program headers.
_MOST_HEADERS = 65536
#: A segment's place in the file and its address must fit to each other within a page; the smallest there is.
_PAGE = 4096


class Header:
    """The fields at the start of the file. Raises MalformedError when they cannot be told apart."""

    __slots__ = (
        "abi",
        "entry",
        "layout",
        "machine",
        "section_count",
        "section_names",
        "section_offset",
        "section_size",
        "segment_count",
        "segment_offset",
        "segment_size",
        "type",
    )

    def __init__(self, head: bytes) -> None:
        self.layout = layout = _layout(head)
        if len(head) < layout.header.size:
            raise MalformedError("the file ends inside its header")
        self.abi = head[7]
        fields = layout.header.unpack_from(head)
        self.type, self.machine, _, self.entry, self.segment_offset, self.section_offset, _, _, *counts = fields
        self.segment_size, self.segment_count, self.section_size, self.section_count, self.section_names = counts

    @property
    def may_start(self) -> bool:
        return self.type in {elf.EXECUTABLE, elf.SHARED}


def _layout(head: bytes) -> Layout:
    """By the machine where Linux asks for nothing else, by e_ident otherwise."""
    bits = elf.FIRM.get(int.from_bytes(head[18:20], "little"))
    if bits:
        layout = elf.layout(bits, "<")
        place = 54 if bits == 64 else 42
        if head[place : place + 2] == layout.segment.size.to_bytes(2, "little"):
            return layout
    if len(head) < 6:
        raise MalformedError("the file ends inside its header")
    if head[4] not in {1, 2} or head[5] not in {1, 2}:
        raise MalformedError("its header says neither 32 nor 64 bits, or no byte order")
    return elf.layout(32 * head[4], "<" if head[5] == 1 else ">")


class Segments:
    """What the program headers ask for.

    loads: (offset, address, size in the file) of what is mapped. end: of its last byte in the file.
    dynamic: (offset, address, size). interp: (offset, size). notes: (offset, size, alignment). stack: flags.
    writable: (offset, size) of the first part that is loaded to be written to.
    problem: why Linux would not start it, could it start a file of this type.
    """

    __slots__ = ("dynamic", "end", "interp", "loads", "notes", "problem", "relro", "stack", "writable")

    def __init__(self, source: Source, header: Header) -> None:
        self.loads: list[tuple[int, int, int]] = []
        self.notes: list[tuple[int, int, int]] = []
        self.interp: tuple[int, int] | None = None
        self.dynamic: tuple[int, int, int] | None = None
        self.stack: int | None = None
        self.relro = False
        self.writable: tuple[int, int] | None = None
        self.end = 0
        rows = _rows(source, header)
        self.problem = _refusal(header, len(rows))
        for kind, flags, offset, address, _, size, memory, align in rows:
            if kind == elf.LOAD:
                self._load(flags, offset, address, size, memory)
            elif kind == elf.NOTE:
                self.notes.append((offset, size, align))
            elif kind == elf.STACK:
                self.stack = flags
            elif kind == elf.RELRO:
                self.relro = True
            elif kind == elf.DYNAMIC:
                self.dynamic = offset, address, size
            elif kind == elf.INTERP:
                self.interp = self.interp or (offset, size)
        if not self.loads:
            self.refuse("nothing in it is to be loaded")

    def _load(self, flags: int, offset: int, address: int, size: int, memory: int) -> None:
        self.loads.append((offset, address, size))
        if size > memory:
            self.refuse("a segment is larger in the file than in memory")
        if not size:
            return
        self.end = max(self.end, offset + size)
        if (offset - address) % _PAGE:
            self.refuse("a segment's place in the file does not fit its address")
        if flags & elf.WRITABLE and not self.writable:
            self.writable = offset, size

    def refuse(self, problem: str) -> None:
        """Notes a problem; the first one stays."""
        self.problem = self.problem or problem

    def place(self, address: int) -> int | None:
        """Where in the file lies what is mapped there; of two segments the later one covers the earlier.

        Whole pages are mapped: what stands beside a segment on its first or last page is there as well.
        """
        for margin in (1, _PAGE):
            for offset, start, size in reversed(self.loads):
                if start - start % margin <= address < start + size + -(start + size) % margin:
                    return offset + address - start
        return None

    def interpreter(self, source: Source) -> str | None:
        """The loader's path: up to the first NUL of a segment that ends in one. None when no loader is asked for."""
        if self.interp is None:
            return None
        offset, size = self.interp
        path = source.read(offset, size) if 2 <= size <= LONGEST_NAME else b""
        if not path.endswith(b"\0") or len(path) < size or path.startswith(b"\0"):
            self.refuse("the path of its loader is empty, too long, has no end or lies past the end of the file")
        return path.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _rows(source: Source, header: Header) -> list[tuple[int, ...]]:
    """type, flags, offset, address, physical address, size in the file, size in memory, alignment."""
    layout = header.layout.segment
    if header.segment_size != layout.size:
        return []
    data = source.read(header.segment_offset, min(header.segment_count * layout.size, _MOST_HEADERS))
    rows = list(layout.iter_unpack(data[: len(data) - len(data) % layout.size]))
    if header.layout.bits == 32:
        return [(kind, flags, *places, align) for kind, *places, flags, align in rows]
    return rows


def _refusal(header: Header, found: int) -> str | None:
    layout = header.layout.segment
    if not header.segment_count:
        return "it has no program headers"
    if header.segment_size != layout.size:
        return "its program headers are of a size that Linux does not take"
    if header.segment_count * layout.size > _MOST_HEADERS:
        return "it has more program headers than Linux takes"
    return "its program headers lie past the end of the file" if found < header.segment_count else None
