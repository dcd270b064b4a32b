"""`binaries.lock`: what each executable of a pack is, and what it was built from.

TOML, written by `attune build` alone, the same on every machine that builds the same: no dates in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from attune_cli.errors import AttuneError
from attune_cli.pack.replace import replace_file

LOCK_FILE: Final = "binaries.lock"
_FORMAT: Final = 1
_TABLE: Final = "binary"

_HEAD: Final = f"""\
# What the executables of this pack are, and what they were built from. Written by `attune build`, checked by
# `attune binary verify`; not to be edited.
format = {_FORMAT}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedBinary:
    """One executable.

    name:          of its sources.  platform: `linux/amd64`.  version: of the pack when it was built.
    path:          from the pack's folder on.
    sha256, size:  of the file; size in bytes.
    build_id:      hexadecimal, as it stands in the file; None where there is none.
    source_digest: of the sources it was built from, hexadecimal.
    """

    name: str
    platform: str
    version: str
    path: str
    sha256: str
    size: int
    build_id: str | None
    toolchain: str
    toolchain_version: str
    source_digest: str

    def to_data(self) -> dict[str, object]:
        """JSON data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> LockedBinary:
        """From what `to_data` gave, or a table of the file. Raises ValueError, which says what does not fit."""
        for field in fields(cls):
            value = data.get(field.name)
            wanted = int if field.name == "size" else str
            if field.name == "build_id" and value is None:
                continue
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise ValueError(f"`{field.name}` is missing or of the wrong kind")
        found: dict[str, Any] = {field.name: data.get(field.name) for field in fields(cls)}
        if not re.fullmatch(r"[0-9a-f]{64}", found["sha256"]):
            raise ValueError("`sha256` is not a SHA-256 in hexadecimal")
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock file holds, sorted by name, platform and path; and the line on which each entry begins, from 1."""

    entries: tuple[LockedBinary, ...] = ()
    lines: tuple[int, ...] = ()

    def by_path(self) -> dict[str, LockedBinary]:
        """Path inside the pack → what is there."""
        return {entry.path: entry for entry in self.entries}

    def merged(self, more: Iterable[LockedBinary]) -> Lock:
        """With other entries, which take the places of those for the same files."""
        found = {**self.by_path(), **{entry.path: entry for entry in more}}
        return Lock(tuple(sorted(found.values(), key=lambda entry: (entry.name, entry.platform, entry.path))))


def read_lock(root: Path) -> Lock:
    """The lock file of a pack; an empty Lock where there is none.

    Raises AttuneError, with its place, for one that cannot be read or was not written by attune.
    """
    path = root / LOCK_FILE
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return Lock()
    except OSError as error:
        raise AttuneError(f"{LOCK_FILE} cannot be read", where=str(path), why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise _broken(path, 1, "it is not UTF-8") from error
    return _parsed(text, path)


def write_lock(root: Path, lock: Lock) -> None:
    """Replace the lock file in one step; nothing is written when it says all of that already. Raises OSError."""
    text = f"{_HEAD}{''.join(map(_table, lock.entries))}".encode()
    path = root / LOCK_FILE
    if not path.is_file() or path.read_bytes() != text:
        replace_file(path, text)


def _parsed(text: str, path: Path) -> Lock:
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise _broken(path, int(line[1]) if line else 1, str(error).partition(" (at")[0]) from error
    if data.get("format") != _FORMAT:
        why = f"its format is {data.get('format', 'not said')}; this attune knows {_FORMAT}"
        raise _broken(path, 1, why)
    tables = data.get(_TABLE, [])
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{_TABLE}]]"]
    if not isinstance(tables, list) or len(lines) != len(tables):
        raise _broken(path, 1, f"[[{_TABLE}]] tables are expected")
    return Lock(tuple(_entries(tables, lines, path)), tuple(lines))


def _entries(tables: list[Any], lines: list[int], path: Path) -> Iterator[LockedBinary]:
    for table, line in zip(tables, lines, strict=True):
        try:
            yield LockedBinary.from_data(table)
        except (ValueError, AttributeError) as error:
            raise _broken(path, line, str(error)) from error


def _broken(path: Path, line: int, why: str) -> AttuneError:
    cure = f"attune build {path.parent} writes it anew, once it is deleted"
    return AttuneError(f"{LOCK_FILE} is not as attune has written it", where=f"{path}:{line}", why=why, help=cure)


def _table(entry: LockedBinary) -> str:
    lines = [f"{name} = {_value(value)}" for name, value in entry.to_data().items() if value is not None]
    return f"\n[[{_TABLE}]]\n" + "".join(f"{line}\n" for line in lines)


def _value(value: object) -> str:
    """A number, or a string in the way that JSON and TOML share."""
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
