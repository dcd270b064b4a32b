"""PE, the executables of Windows.

https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import TYPE_CHECKING, Any

from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.source import EVERYTHING, LONGEST_NAME, MalformedError, Source, decoded

if TYPE_CHECKING:
    from attune_cli.binary.details import Details

_WORD = Struct("<I")
#: Where the place of the PE header stands.
_PLACE = 0x3C
#: signature, machine, number of sections, number of symbols, size of the optional header, characteristics
_HEADER = Struct("<4s2H8xI2H")
#: Of the optional header, in 32 and 64 bits alike: subsystem, characteristics.
_FLAGS = (68, Struct("<2H"))
#: magic of the optional header -> bits, the address at which the image would like to be, where the number of data
#: directories stands
_OPTIONAL = {0x10B: (32, Struct("<28xI"), 92), 0x20B: (64, Struct("<24xQ"), 108)}
#: Of a directory: address, size. The numbers of some.
_DIRECTORY = Struct("<2I")
_IMPORTS, _CERTIFICATES = 1, 4
#: name, size in memory, address, size in the file, offset
_SECTION = Struct("<8s4I16x")
#: Of an imported library: address of its name.
_IMPORT = Struct("<12xI4x")
_MOST_IMPORTS = 4096

_IS_EXECUTABLE, _IS_LIBRARY = 0x0002, 0x2000
_ANY_ADDRESS, _NX = 0x0040, 0x0100
_EFI = range(10, 14)

#: Machine -> architecture as Go calls it.
_ARCHITECTURES = {
    0x014C: "386",
    0x8664: "amd64",
    0x01C0: "arm",
    0x01C4: "arm",
    0xAA64: "arm64",
    0x5064: "riscv64",
    0x6264: "loong64",
}


class Image:
    """One PE file taken apart. Raises MalformedError.

    sections: (name, address, size in the file, offset). directories: (address, size).
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        at = source.read(_PLACE, _WORD.size)
        place = _WORD.unpack(at)[0] if len(at) == _WORD.size else 0
        header = source.read(place, _HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(b"PE\0\0"):
            raise MalformedError("it is a program for MS-DOS, or its header is damaged")
        _, self.machine, count, self.symbols, size, self.characteristics = _HEADER.unpack(header)
        optional = source.read(place + _HEADER.size, size)
        magic = int.from_bytes(optional[:2], "little")
        if magic not in _OPTIONAL or len(optional) < _OPTIONAL[magic][2] + _WORD.size:
            raise MalformedError("its optional header is damaged")
        self.bits, base, numbers = _OPTIONAL[magic]
        self.base: int = base.unpack_from(optional)[0]
        self.subsystem, self.flags = _FLAGS[1].unpack_from(optional, _FLAGS[0])
        directories = _rows(_DIRECTORY, optional[numbers + _WORD.size :])
        self.directories = directories[: _WORD.unpack_from(optional, numbers)[0]]
        self.sections = _rows(_SECTION, source.read(place + _HEADER.size + size, count * _SECTION.size))
        self.is_whole = len(self.sections) == count

    def place(self, address: int) -> int | None:
        """Where in the file lies what is loaded to an address (counted from where the image begins)."""
        for _, _, start, size, offset in self.sections:
            if start <= address < start + size:
                return int(offset + address - start)
        return None

    def directory(self, number: int) -> tuple[int, ...]:
        return self.directories[number] if number < len(self.directories) else (0, 0)

    def libraries(self) -> Iterator[str]:
        """The names in the import table."""
        address, _ = self.directory(_IMPORTS)
        table = self.place(address) if address else None
        for number in range(_MOST_IMPORTS if table is not None else 0):
            row = self.source.read((table or 0) + number * _IMPORT.size, _IMPORT.size)
            name = _IMPORT.unpack(row)[0] if len(row) == _IMPORT.size else 0
            place = self.place(name) if name else None
            if place is None:
                return
            yield decoded(self.source.read(place, LONGEST_NAME).partition(b"\0")[0])

    def section(self, name: bytes) -> tuple[int, int] | None:
        """Offset and size in the file."""
        found = ((offset, size) for text, _, _, size, offset in self.sections if text.rstrip(b"\0") == name)
        return next(found, None)

    @property
    def end(self) -> int:
        """Of the last byte in the file that is loaded."""
        return max((offset + size for _, _, _, size, offset in self.sections if size), default=0)

    @property
    def platform(self) -> Platform:
        system = "uefi" if self.subsystem in _EFI else "windows"
        return Platform(system, _ARCHITECTURES.get(self.machine, f"machine-{self.machine:#x}"))

    @property
    def type(self) -> str:
        if self.characteristics & _IS_LIBRARY:
            return "shared object"
        if not self.characteristics & _IS_EXECUTABLE:
            return "object"
        return "pie" if self.flags & _ANY_ADDRESS else "executable"


def _rows(layout: Struct, data: bytes) -> list[tuple[Any, ...]]:
    return list(layout.iter_unpack(data[: len(data) - len(data) % layout.size]))


def read(source: Source, depth: int) -> Facts:
    """Of a file that begins with MZ."""
    try:
        image = Image(source)
    except MalformedError as error:
        return Facts(path=source.path, kind=Kind.PE, size=source.size, mode=source.mode, problem=str(error))
    return Facts(
        path=source.path,
        kind=Kind.PE,
        size=source.size,
        mode=source.mode,
        problem=None if image.is_whole else "its section headers lie past the end of the file",
        platforms=(image.platform,),
        bits=image.bits,
        endian="little",
        type=image.type,
        needed=tuple(image.libraries()),
        pie=image.type == "pie",
        nx=bool(image.flags & _NX),
        signed=image.directory(_CERTIFICATES)[1] > 0,
        missing_bytes=max(0, image.end - source.size),
        **(_details(image) if depth >= EVERYTHING else {}),
    )


def _details(image: Image) -> Details:
    from attune_cli.binary import golang, rust

    return {
        "stripped": image.symbols == 0,
        "go": golang.read(image.source, image.section(b".data"), lambda address: image.place(address - image.base)),
        "rust": rust.read(image.source, (), image.section(b".dep-v0")),
    }
