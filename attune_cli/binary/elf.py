"""ELF, as Linux and its dynamic loader see it: by the program headers. Section headers may be missing or wrong.

https://gabi.xinuos.com · https://man7.org/linux/man-pages/man5/elf.5.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attune_cli.binary import elf_format as elf
from attune_cli.binary.elf_dynamic import Dynamic
from attune_cli.binary.elf_header import Header, Segments
from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.source import EVERYTHING, VERSIONS, MalformedError, Source

if TYPE_CHECKING:
    from attune_cli.binary.details import Details

_TYPES = {elf.OBJECT: "object", elf.EXECUTABLE: "executable", elf.CORE: "core"}
_BROKEN = "its dynamic section names what is not in the file"
#: Loaders by the start of their name: whoever asks for one is made for that system.
_LOADERS = {"ld-linux": "linux", "ld-musl": "linux", "ld64.so": "linux", "linker": "android"}


class Image:
    """One ELF file taken apart, for those who look further. Raises MalformedError."""

    __slots__ = ("dynamic", "header", "interpreter", "segments", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.header = Header(source.head)
        self.segments = Segments(source, self.header)
        self.interpreter = self.segments.interpreter(source)
        self.dynamic = Dynamic(source, self.segments, self.header.layout)

    @property
    def type(self) -> str | None:
        """A shared object that was linked to be started says so, or asks for a loader and has no name as a library.

        One without a dynamic section is of no use as a library.
        """
        if self.header.type != elf.SHARED:
            return _TYPES.get(self.header.type)
        dynamic = self.dynamic
        if dynamic.says_pie or not dynamic.values or (self.interpreter and elf.SONAME not in dynamic.values):
            return "pie"
        return "shared object"

    @property
    def platform(self) -> Platform:
        return Platform(self._system(), self._architecture())

    def _architecture(self) -> str:
        layout, machine = self.header.layout, self.header.machine
        return elf.ARCHITECTURES.get(machine, {}).get((layout.bits, layout.endian)) or f"machine-{machine}"

    def _system(self) -> str:
        """By the loader; else by the notes; else by the OS/ABI byte, which is often left at 0."""
        loader = (self.interpreter or "").rpartition("/")[2]
        for start, system in _LOADERS.items():
            if loader.startswith(start):
                return system
        from attune_cli.binary.elf_notes import system_of

        return system_of(self.source, self.segments.notes, self.header.layout) or elf.SYSTEMS.get(
            self.header.abi, "linux"
        )

    @property
    def problem(self) -> str | None:
        """What keeps Linux from starting it; of objects and cores nothing is said."""
        if self.header.type in {elf.OBJECT, elf.CORE}:
            return None
        if not self.header.may_start:
            return f"its type is {self.header.type}, which is none of ELF's"
        if self.segments.problem:
            return self.segments.problem
        if self.type != "shared object" and self.segments.place(self.header.entry) is None:
            return "it would begin outside of what is loaded"
        return _BROKEN if self.interpreter and self.dynamic.broken else None

    @property
    def relro(self) -> str:
        if not self.segments.relro:
            return "none"
        return "full" if self.dynamic.binds_now else "partial"


def read(source: Source, depth: int) -> Facts:
    """Of a file that begins with ELF's magic number."""
    try:
        image = Image(source)
    except MalformedError as error:
        return Facts(path=source.path, kind=Kind.ELF, size=source.size, mode=source.mode, problem=str(error))
    return _facts(image, _asked(image, depth))


def _asked(image: Image, depth: int) -> Details:
    """What goes beyond the headers."""
    if depth < VERSIONS:
        return {}
    from attune_cli.binary.elf_versions import required

    strong, weak = required(image.source, image.segments, image.dynamic, image.header.layout)
    details = _details(image) if depth >= EVERYTHING else {}
    return {**details, "symbol_versions": strong, "weak_versions": weak}


def _facts(image: Image, details: Details) -> Facts:
    source, header, segments, dynamic = image.source, image.header, image.segments, image.dynamic
    kind = image.type
    return Facts(
        path=source.path,
        kind=Kind.ELF,
        size=source.size,
        mode=source.mode,
        problem=image.problem,
        platforms=(image.platform,),
        bits=header.layout.bits,
        endian=header.layout.endian,
        abi=elf.ABIS.get(header.abi, str(header.abi)),
        type=kind,
        interpreter=image.interpreter,
        static=image.interpreter is None and not dynamic.needed and kind in {"executable", "pie"},
        soname=dynamic.name(elf.SONAME),
        needed=dynamic.needed,
        rpath=dynamic.folders(elf.RPATH),
        runpath=dynamic.folders(elf.RUNPATH),
        pie=kind == "pie",
        relro=image.relro,
        nx=None if segments.stack is None else not segments.stack & elf.RUNNABLE,
        missing_bytes=max(0, segments.end - source.size),
        missing_sections=_missing_sections(image),
        **details,
    )


def _missing_sections(image: Image) -> int:
    header = image.header
    end = header.section_offset + max(header.section_count, 1) * header.section_size if header.section_offset else 0
    return max(0, end - image.source.size)


def _details(image: Image) -> Details:
    from attune_cli.binary import elf_details

    return elf_details.read(image)
