"""What is known about a file that may be an executable, as values.

Nothing here reads a file: `attune_cli.binary.read` makes a `Facts`, `attune_cli.binary.libraries` the `Library` values.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NoReturn, Self, dataclass_transform

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Value:  # noqa: PLW1641 - no hash: many fields are mappings
    """A frozen dataclass to type checkers, with fields by name only; `==` and `repr` go by the fields. It has no hash.

    A default stands in the class and is shared by all values: it has to be immutable. `dataclasses` writes and compiles
    the methods of each class anew: 5 ms for those of this room, which lies on the way to every native start.
    """

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: cannot set {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: cannot delete {name}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        names = vars(self).keys() | vars(other).keys()
        return all(getattr(self, name) == getattr(other, name) for name in names)


class Kind:
    """What a file is: words for people, which are constants too. (An enum of them takes half a millisecond to define.)

    BROKEN_LINK: a symbolic link that leads nowhere, or in a circle. SPECIAL: a device, a pipe, a socket.
    SCRIPT: begins with `#!`, whether a system accepts that line or not. DATA: none of the others.
    """

    ELF: Final = "ELF"
    MACHO: Final = "Mach-O"
    FAT: Final = "universal Mach-O"
    PE: Final = "PE"
    SCRIPT: Final = "script"
    TEXT: Final = "text"
    LFS_POINTER: Final = "Git LFS pointer"
    EMPTY: Final = "empty"
    DIRECTORY: Final = "directory"
    BROKEN_LINK: Final = "broken link"
    MISSING: Final = "missing"
    SPECIAL: Final = "special file"
    DATA: Final = "data"


class Platform(tuple[str, str]):
    """An operating system and an architecture in Go's spelling: `linux/amd64`, `darwin/arm64`.

    (No NamedTuple, which takes as long to define as all else here.)
    """

    __slots__ = ()

    def __new__(cls, os: str, arch: str) -> Self:
        return super().__new__(cls, (os, arch))

    @property
    def os(self) -> str:
        return self[0]

    @property
    def arch(self) -> str:
        return self[1]

    def __repr__(self) -> str:
        return f"Platform({self.os!r}, {self.arch!r})"

    def __str__(self) -> str:
        return f"{self.os}/{self.arch}"

    @classmethod
    def parse(cls, text: str) -> Platform:
        """From `os/arch`; other common names for the two (`macos`, `x86_64`) become Go's. ValueError otherwise."""
        system, slash, machine = text.strip().lower().partition("/")
        if not (slash and system.isalnum() and machine.replace("_", "").isalnum()):
            raise ValueError(f"{text!r} is no platform: expected a system and an architecture, as in linux/amd64")
        return cls(_SYSTEMS.get(system, system), _MACHINES.get(machine, machine))

    @classmethod
    def here(cls) -> Platform:
        """That of the running kernel."""
        machine = os.uname()
        return cls.parse(f"{machine.sysname}/{machine.machine}")


_SYSTEMS = {"macos": "darwin", "osx": "darwin", "win32": "windows", "sunos": "solaris"}
_MACHINES = {
    "x86_64": "amd64",
    "x64": "amd64",
    "aarch64": "arm64",
    "i386": "386",
    "i486": "386",
    "i586": "386",
    "i686": "386",
    "x86": "386",
    "armv6l": "arm",
    "armv7l": "arm",
    "armv8l": "arm",
    "loongarch64": "loong64",
}


class Shebang(Value):
    """The first line of a script as Linux takes it apart.

    line:     what stands behind `#!`, as far as the kernel reads.
    program:  the interpreter's path; empty when the kernel refuses the line.
    argument: all the rest, one argument whatever spaces it holds; None when there is none.
    crlf:     the line ends in CR LF: the CR belongs to the last word, and nothing by that name exists.
    """

    line: str
    program: str
    argument: str | None
    crlf: bool


class GoModule(Value):
    """A module that was built in; `version` is `(devel)` for one built in place, `sum` may be empty."""

    path: str
    version: str
    sum: str


class GoBuild(Value):
    """What the Go linker wrote down. `path` (of the main package) and `module` are empty without module support.

    settings: as `go version -m` shows them behind `build`: GOOS, GOARCH, CGO_ENABLED, vcs.revision, ….
    """

    version: str
    path: str = ""
    module: GoModule | None = None
    dependencies: tuple[GoModule, ...] = ()
    settings: Mapping[str, str] = _NONE


class RustBuild(Value):
    """What rustc, or `cargo auditable`, left in the file.

    version:  of rustc; None when it is not told.
    packages: name -> version of the crates built in; empty without `cargo auditable`. root: the program's own crate.
    """

    version: str | None
    root: str | None = None
    packages: Mapping[str, str] = _NONE


class Library(Value):
    """A shared library that a program, or one of its libraries, asks for by name.

    path:      of the file the loader would take; None when it would find none.
    needed_by: the file that asks for it first.
    lacks:     symbol versions which are asked of this library and which it does not define, each of which keeps the
               program from starting: (version, file that asks).
    """

    name: str
    path: Path | None
    needed_by: Path
    lacks: tuple[tuple[str, Path], ...] = ()


class Facts(Value):
    """What a file is, by its headers alone. None where a format does not tell, or the file does not.

    Symbol versions are empty where the caller did not want them. The fields from `build_id` on are read only when
    everything is asked for, and are at their defaults otherwise.

    path:          as given.  kind: one of `Kind`.  size, mode: of what it leads to; 0 where there is nothing.
    problem:       why no system would start it by its headers, or why the reader gave up; short, for people.
    platforms:     what it was made for; several for a universal file, none where it cannot be told.
    abi:           the name of the ELF OS/ABI byte, which Linux does not look at.
    type:          `executable`, `pie`, `shared object`, `object`, `core`. Some shared objects can be started too.
    interpreter:   the loader of an ELF or Mach-O file, the program in a shebang.
    needed:        libraries by name, in the file's order.
    rpath, runpath: the folders as written, with `$ORIGIN` and the like; `rpath` also holds Mach-O's.
    symbol_versions: library -> the versions of its symbols that are asked for, in the file's order; without one of
                   them it does not start. weak_versions: those it does without.
    relro:         `none`, `partial`, `full`.
    nx:            the stack is not executable; None where that is left to the system.
    signed:        carries a code signature (Mach-O: macOS on arm64 starts nothing without one).
    missing_bytes: how much of what would be loaded lies past the end of the file; 0 when it is whole.
    missing_sections: the same of the section headers, which no system needs to start it.
    slices:        of a universal file: the facts of each part, in the order of `platforms`.
    build_id:      hexadecimal; Mach-O's UUID.
    compilers:     as they wrote themselves into `.comment`.
    capabilities:  of the file (Linux), `cap_net_raw+ep` each, in the order of their numbers.
    """

    path: Path
    kind: str
    size: int = 0
    mode: int = 0
    problem: str | None = None
    platforms: tuple[Platform, ...] = ()
    bits: int | None = None
    endian: str | None = None
    abi: str | None = None
    type: str | None = None
    interpreter: str | None = None
    interpreter_argument: str | None = None
    static: bool | None = None
    soname: str | None = None
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    symbol_versions: Mapping[str, tuple[str, ...]] = _NONE
    weak_versions: Mapping[str, tuple[str, ...]] = _NONE
    pie: bool | None = None
    relro: str | None = None
    nx: bool | None = None
    signed: bool | None = None
    shebang: Shebang | None = None
    missing_bytes: int = 0
    missing_sections: int = 0
    slices: tuple[Facts, ...] = ()
    build_id: str | None = None
    stripped: bool | None = None
    compilers: tuple[str, ...] = ()
    go: GoBuild | None = None
    rust: RustBuild | None = None
    capabilities: tuple[str, ...] = ()

    @property
    def setuid(self) -> bool:
        return bool(self.mode & stat.S_ISUID)

    @property
    def setgid(self) -> bool:
        """Set-group-ID and executable by the group: without that the bit means something else."""
        return self.mode & (stat.S_ISGID | stat.S_IXGRP) == stat.S_ISGID | stat.S_IXGRP

    @property
    def glibc(self) -> tuple[int, ...] | None:
        """The oldest glibc that has all symbols asked for: (2, 34)."""
        return highest("GLIBC", self._required_versions())

    @property
    def glibcxx(self) -> tuple[int, ...] | None:
        """The same of libstdc++: (3, 4, 30)."""
        return highest("GLIBCXX", self._required_versions())

    @property
    def cxxabi(self) -> tuple[int, ...] | None:
        """The same of its C++ ABI: (1, 3, 13)."""
        return highest("CXXABI", self._required_versions())

    def _required_versions(self) -> Iterable[str]:
        return (name for names in self.symbol_versions.values() for name in names)


#: Versions without a number that came with a version that has one.
_NUMBERED = {"GLIBC_ABI_DT_RELR": "GLIBC_2.36"}


def highest(family: str, versions: Iterable[str]) -> tuple[int, ...] | None:
    """The highest number of the versions `family_1.2.3`; None when there is none."""
    prefix = f"{family}_"
    texts = [_NUMBERED.get(name, name).removeprefix(prefix) for name in versions if name.startswith(prefix)]
    return max((number for text in texts if (number := _number(text))), default=None)


def _number(text: str) -> tuple[int, ...] | None:
    parts = text.split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else None
