"""What a file is: by its first bytes, then by the headers of its format. It is never executed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.binary.model import Facts, Kind
from attune_cli.binary.source import EVERYTHING, HEADERS, VERSIONS, MalformedError, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[Source, int], Facts]

_FAT = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
#: Should a pipe have taken the file's place since it was looked at: it is not waited for.
_QUIETLY = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_MACHO = (b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf")


def identify(path: str | os.PathLike[str], *, versions: bool = True, everything: bool = False) -> Facts:
    """What can be known from the headers, however large the file is and whatever is in it.

    versions: also the symbol versions that ELF files ask for; a fifth of the time goes there.
    everything: also what a start does not depend on: see `Facts`; half of the time goes there.
    Raises OSError when the file is there and cannot be read.
    """
    name, path = path, Path(path)
    try:
        status = os.stat(name)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a path with a NUL names nothing
        return Facts(path=path, kind=Kind.BROKEN_LINK if path.is_symlink() else Kind.MISSING)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return Facts(path=path, kind=Kind.BROKEN_LINK, problem="the link leads in a circle")
        raise
    size, mode = status.st_size, status.st_mode
    if not stat.S_ISREG(mode):
        return Facts(path=path, kind=Kind.DIRECTORY if stat.S_ISDIR(mode) else Kind.SPECIAL, size=size, mode=mode)
    if size == 0:
        return Facts(path=path, kind=Kind.EMPTY, mode=mode)
    descriptor = os.open(name, _QUIETLY)
    try:
        source = Source(descriptor, path, size, mode)
        return _reader(source.head)(source, EVERYTHING if everything else VERSIONS if versions else HEADERS)
    finally:
        os.close(descriptor)


def _reader(head: bytes) -> Reader:
    if head.startswith(b"\x7fELF"):
        from attune_cli.binary import elf

        return elf.read
    if head.startswith(b"MZ"):
        from attune_cli.binary import pe

        return pe.read
    if head.startswith(_MACHO):
        from attune_cli.binary import macho

        return macho.read
    # A compiled class of Java begins as a universal file does; where that counts its parts it has a version from 45 up.
    if head.startswith(_FAT) and 0 < int.from_bytes(head[4:8], "big") < 45:
        from attune_cli.binary import macho

        return macho.read_fat
    from attune_cli.binary import script

    return script.read


def versions_defined(path: str | os.PathLike[str]) -> frozenset[str] | None:
    """The symbol versions that an ELF library defines; None when it defines none, or is no such library.

    Raises OSError when it cannot be read.
    """
    from attune_cli.binary.elf import Image
    from attune_cli.binary.elf_versions import defined

    descriptor = os.open(path, _QUIETLY)
    try:
        status = os.fstat(descriptor)
        image = Image(Source(descriptor, Path(path), status.st_size, status.st_mode))
        return defined(image.source, image.segments, image.dynamic, image.header.layout)
    except MalformedError:
        return None
    finally:
        os.close(descriptor)


def sha256(path: str | os.PathLike[str]) -> str:
    """Of the file's content, hexadecimal. Reads it whole; raises OSError."""
    import hashlib

    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
