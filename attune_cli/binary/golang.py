"""What Go's linker notes in a program: its version, the main module, the settings of the build.

https://pkg.go.dev/debug/buildinfo · https://github.com/golang/go/blob/master/src/debug/buildinfo/buildinfo.go
(the two forms of the note) · https://github.com/golang/go/blob/master/src/runtime/debug/mod.go (the text in it)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

from attune_cli.binary.model import GoBuild, GoModule
from attune_cli.binary.source import MOST, Source

_MAGIC = b"\xff Go buildinf:"
_ALIGNMENT = 16
_HEADER = 32
#: So much of the data is searched for the note.
_SEARCHED = 1 << 16
_INLINE, _BIG_ENDIAN = 2, 1
#: In the module's text stand marks before and behind it, 16 bytes each.
_MARK = 16

Place = Callable[[int], "int | None"]


def read(source: Source, data: tuple[int, int] | None, place: Place) -> GoBuild | None:
    """From the section of the note or the program's data, (offset, size). `place`: from an address to an offset."""
    if data is None:
        return None
    part = source.part(*data)
    found = _find(part.read(0, _SEARCHED))
    header = part.read(found, _HEADER) if found is not None else b""
    if found is None or len(header) < _HEADER:
        return None
    texts = _inline(part, found + _HEADER) if header[15] & _INLINE else _pointed(source, header, place)
    version, module = (text.decode("utf-8", "replace") for text in texts)
    return _build(version, module) if version else None


def _find(data: bytes) -> int | None:
    place = data.find(_MAGIC)
    while place >= 0 and place % _ALIGNMENT:
        place = data.find(_MAGIC, place + 1)
    return place if place >= 0 else None


def _inline(source: Source, offset: int) -> tuple[bytes, bytes]:
    """From Go 1.18 on: two texts, each behind its length as a varint."""
    version, offset = _counted(source, offset)
    module, _ = _counted(source, offset)
    return version, _unmarked(module)


def _counted(source: Source, offset: int) -> tuple[bytes, int]:
    length = shift = 0
    for count, byte in enumerate(source.read(offset, 10), 1):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            text = source.read(offset + count, min(length, MOST))
            return (text if len(text) == length else b""), offset + count + length
    return b"", offset


def _pointed(source: Source, header: bytes, place: Place) -> tuple[bytes, bytes]:
    """Before: the addresses of two strings, each an address and a length."""
    width = header[14]
    order: Literal["big", "little"] = "big" if header[15] & _BIG_ENDIAN else "little"
    if width not in {4, 8}:
        return b"", b""

    def at(address: int, size: int) -> bytes:
        offset = place(address)
        return b"" if offset is None else source.read(offset, min(size, MOST))

    def text(where: int) -> bytes:
        words = at(int.from_bytes(header[where : where + width], order), 2 * width)
        return at(int.from_bytes(words[:width], order), int.from_bytes(words[width:], order))

    return text(16), _unmarked(text(16 + width))


def _unmarked(module: bytes) -> bytes:
    return module[_MARK:-_MARK] if len(module) > 2 * _MARK and module[-_MARK - 1] == ord("\n") else b""


def _build(version: str, text: str) -> GoBuild:
    """The text: lines of a word and its values, tabs between."""
    path, main, modules, settings = "", None, [], {}
    for line in text.split("\n"):
        word, _, rest = line.partition("\t")
        if word == "path":
            path = rest
        elif word == "mod":
            main = _module(rest)
        elif word == "dep":
            modules.append(_module(rest))
        elif word == "=>" and modules:
            modules[-1] = _module(rest)
        elif word == "build":
            name, _, value = rest.partition("=")
            settings[_unquoted(name)] = _unquoted(value)
    return GoBuild(version=version, path=path, module=main, dependencies=tuple(modules), settings=settings)


def _module(text: str) -> GoModule:
    path, version, checksum, *_ = [*text.split("\t"), "", ""]
    return GoModule(path=path, version=version, sum=checksum)


def _unquoted(text: str) -> str:
    """Go quotes what holds blanks or marks of its own; such texts are JSON's too, all but always."""
    if not text.startswith('"'):
        return text.strip("`") if text.startswith("`") else text
    try:
        return str(json.loads(text))
    except ValueError:
        return text
