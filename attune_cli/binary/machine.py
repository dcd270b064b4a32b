"""What the machine that a program is to start on can start: here, or one that is only described."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from attune_cli.binary.model import Platform

#: Where Linux lists the formats that interpreters are registered for.
#: https://docs.kernel.org/admin-guide/binfmt-misc.html
BINFMT = Path("/proc/sys/fs/binfmt_misc")

#: Programs of the second run on processors of the first as they are.
_KIN = {("linux", "amd64"): ("386",), ("linux", "arm64"): ("arm",), ("windows", "amd64"): ("386",)}
#: Systems that start programs of the second processor through a translator they bring along, where it is installed.
_TRANSLATED = {("darwin", "arm64"): ("amd64",), ("windows", "arm64"): ("amd64", "386")}


class Handler(NamedTuple):
    """An interpreter the kernel was told to start for files of some form.

    A file is meant when its bytes from `offset` on are `magic` where `mask` has ones, or its name has `extension`.
    """

    name: str
    interpreter: str
    offset: int = 0
    magic: bytes = b""
    mask: bytes = b""
    extension: str = ""

    def takes(self, path: Path, head: bytes) -> bool:
        """Whether it is started for the file with these first bytes."""
        if self.extension:
            return path.name.rpartition(".")[2] == self.extension
        there = head[self.offset : self.offset + len(self.magic)]
        mask = self.mask or b"\xff" * len(self.magic)
        return len(there) == len(self.magic) and all(
            (byte ^ wanted) & bits == 0 for byte, wanted, bits in zip(there, self.magic, mask, strict=True)
        )


class Machine(NamedTuple):
    """What is known of where a program is to start.

    glibc:    its version, (2, 36); None: it is not known, or the system has another C library.
    handlers: emulators and the like, in the order in which the kernel asks them.
    is_here:  it is this machine, so that loaders, libraries and mounts can be looked at.
    """

    platform: Platform
    glibc: tuple[int, ...] | None = None
    handlers: tuple[Handler, ...] = ()
    is_here: bool = False

    @classmethod
    def here(cls) -> Machine:
        """This one."""
        return cls(Platform.here(), _own_glibc(), tuple(_registered(BINFMT)), is_here=True)

    def runs(self, platform: Platform) -> bool:
        """Whether its processor takes that platform's programs as they are."""
        if platform.os != self.platform.os:
            return False
        return platform.arch == self.platform.arch or platform.arch in _KIN.get(self.platform, ())

    def translates(self, platform: Platform) -> bool:
        """Whether the system itself can bring a translator for that platform's programs."""
        return platform.os == self.platform.os and platform.arch in _TRANSLATED.get(self.platform, ())


def parse_glibc(text: str) -> tuple[int, ...]:
    """`2.31` as (2, 31). ValueError for anything else."""
    numbers = tuple(int(part) if part.isascii() and part.isdigit() else -1 for part in text.split("."))
    if not 2 <= len(numbers) <= 3 or min(numbers) < 0:
        raise ValueError(f"{text!r} is no version of glibc: expected numbers as in 2.31")
    return numbers


def _own_glibc() -> tuple[int, ...] | None:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        return parse_glibc(version) if name == "glibc" else None
    except ValueError:  # the name is unknown to another C library
        return None


def _registered(folder: Path) -> Iterator[Handler]:
    """The youngest first, as the kernel asks them; nothing where the folder is not there or not readable."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.stat().st_ctime_ns, reverse=True)
        texts = [(entry.name, Path(entry).read_text("latin-1")) for entry in entries if _is_entry(entry.name)]
    except OSError:
        return
    for name, text in texts:
        if text.startswith("enabled\n") and (handler := _handler(name, text)):
            yield handler


def _is_entry(name: str) -> bool:
    return name not in {"register", "status"}


def _handler(name: str, text: str) -> Handler | None:
    """From the lines `interpreter /usr/bin/qemu-aarch64`, `offset 0`, `magic 7f45…`, `mask ffff…`."""
    said = dict(line.partition(" ")[::2] for line in text.splitlines())
    try:
        magic, mask = (bytes.fromhex(said.get(key, "")) for key in ("magic", "mask"))
        offset = int(said.get("offset", "0"))
    except ValueError:
        return None
    extension = said.get("extension", "").removeprefix(".")
    if not (magic or extension):
        return None
    return Handler(name, said.get("interpreter", ""), offset, magic, mask, extension)
