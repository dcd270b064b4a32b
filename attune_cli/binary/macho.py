"""Mach-O, thin and universal: the header and the load commands.

https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h, and `fat.h` beside it
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import TYPE_CHECKING

from attune_cli.binary import macho_format as macho
from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.source import EVERYTHING, MOST, MalformedError, Source, decoded

if TYPE_CHECKING:
    from attune_cli.binary.details import Details


class Image:
    """One Mach-O file taken apart. Raises MalformedError.

    libraries, rpath: names. regions: (address, offset, size) of what is loaded. sections: name -> (offset, size).
    end: of the last byte in the file that is loaded.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.bits, self.endian = macho.MAGICS[source.head[:4]]
        self.order = "<" if self.endian == "little" else ">"
        if len(source.head) < macho.HEADER[self.bits]:
            raise MalformedError("the file ends inside its header")
        fields = Struct(f"{self.order}4x6I").unpack_from(source.head)
        self.cpu, _, self.type, self.count, self.size, self.flags = fields
        self.system = "darwin"
        self.libraries: list[str] = []
        self.rpath: list[str] = []
        self.regions: list[tuple[int, int, int]] = []
        self.sections: dict[str, tuple[int, int]] = {}
        self.loader: str | None = None
        self.name: str | None = None
        self.uuid: str | None = None
        self.signed = False
        self.end = 0
        self.problem: str | None = None
        for kind, command in self._commands():
            self._take(kind, command)

    def _commands(self) -> Iterator[tuple[int, bytes]]:
        """The kind of each load command, and its bytes."""
        data = self.source.read(macho.HEADER[self.bits], min(self.size, MOST))
        head = Struct(f"{self.order}2I")
        place = 0
        for _ in range(self.count):
            kind, size = head.unpack_from(data, place) if place + head.size <= len(data) else (0, 0)
            if size < head.size or place + size > len(data):
                self.problem = "its load commands do not fit into the file"
                return
            yield kind, data[place : place + size]
            place += size

    def _take(self, kind: int, command: bytes) -> None:
        if kind in {macho.SEGMENT, macho.SEGMENT_64}:
            self._segment(64 if kind == macho.SEGMENT_64 else 32, command)
        elif kind in macho.DYLIBS:
            self.libraries.append(self._text(command))
        elif kind == macho.RPATH:
            self.rpath.append(self._text(command))
        elif kind == macho.DYLINKER:
            self.loader = self._text(command)
        elif kind == macho.ID_DYLIB:
            self.name = self._text(command)
        elif kind == macho.UUID:
            self.uuid = command[8:24].hex()
        elif kind == macho.SIGNATURE:
            self.signed = True
        elif kind == macho.BUILD_VERSION:
            self.system = macho.SYSTEMS.get(int.from_bytes(command[8:12], self.endian), "darwin")
        else:
            self.system = macho.MINIMUMS.get(kind, self.system)

    def _text(self, command: bytes) -> str:
        """The text within a command that its first field points to; it ends in NUL or with the command."""
        place = int.from_bytes(command[8:12], self.endian)
        return decoded(command[place:].partition(b"\0")[0]) if place >= 12 else ""

    def _segment(self, bits: int, command: bytes) -> None:
        layout = Struct(self.order + macho.SEGMENTS[bits])
        if len(command) < layout.size:
            self.problem = "its load commands do not fit into the file"
            return
        address, _, offset, size, count = layout.unpack_from(command)
        self.regions.append((address, offset, size))
        self.end = max(self.end, offset + size)
        section = Struct(self.order + macho.SECTIONS[bits])
        count = min(count, (len(command) - layout.size) // section.size)
        for name, _, length, start in section.iter_unpack(command[layout.size : layout.size + count * section.size]):
            self.sections[decoded(name.rstrip(b"\0"))] = start, length

    def place(self, address: int) -> int | None:
        """Where in the file lies what is loaded to an address."""
        for start, offset, size in self.regions:
            if start <= address < start + size:
                return offset + address - start
        return None

    @property
    def platform(self) -> Platform:
        return Platform(self.system, macho.ARCHITECTURES.get(self.cpu, f"machine-{self.cpu:#x}"))

    @property
    def kind(self) -> str | None:
        """What is to be started, position-independent or not, what is to be loaded, what is to be linked."""
        if self.type == macho.EXECUTE and self.flags & macho.IS_PIE:
            return "pie"
        return macho.TYPES.get(self.type)


def read(source: Source, depth: int) -> Facts:
    """Of a file that begins with one of Mach-O's magic numbers."""
    try:
        image = Image(source)
    except MalformedError as error:
        return Facts(path=source.path, kind=Kind.MACHO, size=source.size, mode=source.mode, problem=str(error))
    return _facts(image, _details(image) if depth >= EVERYTHING else {})


def _facts(image: Image, details: Details) -> Facts:
    source = image.source
    executable = image.type == macho.EXECUTE
    return Facts(
        path=source.path,
        kind=Kind.MACHO,
        size=source.size,
        mode=source.mode,
        problem=image.problem,
        platforms=(image.platform,),
        bits=image.bits,
        endian=image.endian,
        type=image.kind,
        interpreter=image.loader,
        static=image.loader is None if executable else None,
        soname=image.name,
        needed=tuple(image.libraries),
        rpath=tuple(image.rpath),
        pie=image.kind == "pie",
        nx=not image.flags & macho.STACK_IS_RUNNABLE if executable else None,
        signed=image.signed,
        missing_bytes=max(0, image.end - source.size),
        **details,
    )


def _details(image: Image) -> Details:
    from attune_cli.binary import golang, rust

    return {
        "build_id": image.uuid,
        "go": golang.read(image.source, image.sections.get("__go_buildinfo"), image.place),
        "rust": rust.read(image.source, (), image.sections.get(".dep-v0")),
    }


def read_fat(source: Source, depth: int) -> Facts:
    """Of a universal file: a table, big-endian, of where the part for each architecture is."""
    layout = Struct(macho.PARTS[source.head[:4]])
    count = int.from_bytes(source.head[4:8], "big")
    data = source.read(8, count * layout.size)
    rows = list(layout.iter_unpack(data[: len(data) - len(data) % layout.size]))
    slices = tuple(_part(source, offset, size, depth) for _, offset, size in rows)
    problems = (part.problem for part in slices if part.problem)
    return Facts(
        path=source.path,
        kind=Kind.FAT,
        size=source.size,
        mode=source.mode,
        problem="the file ends inside its header" if len(rows) < count else next(problems, None),
        platforms=tuple(platform for part in slices for platform in part.platforms),
        type=slices[0].type if slices else None,
        missing_bytes=max([0, *(offset + size - source.size for _, offset, size in rows)]),
        slices=slices,
    )


def _part(source: Source, offset: int, size: int, depth: int) -> Facts:
    part = source.part(offset, size)
    if part.head[:4] in macho.MAGICS:
        return read(part, depth)
    return Facts(
        path=part.path,
        kind=Kind.DATA,
        size=part.size,
        mode=part.mode,
        problem="one of its parts is not there" if not part.size else "one of its parts is no Mach-O file",
    )
