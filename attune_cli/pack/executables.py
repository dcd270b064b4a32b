"""The files of a path that are started as they are: native entry points of packs, programs in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from attune_cli.binary.model import Facts, Kind
from attune_cli.binary.read import identify
from attune_cli.errors import UsageError
from attune_cli.pack.refs import PACK_FILE

_STARTED = frozenset(("executable", "pie"))
_EXECUTABLES = frozenset((Kind.ELF, Kind.MACHO, Kind.FAT, Kind.PE))


class Executable(NamedTuple):
    """A file to be started. shown: as the user's path leads to it. pack: the shown folder of its pack, or None."""

    path: Path
    shown: str
    pack: str | None = None


def executables(paths: Iterable[str]) -> tuple[Executable, ...]:
    """Each once, in the order of the paths.

    A file is meant whatever it is. Of a pack it is the native entry points, there or not; of a folder of packs those
    of each; of any other folder the programs in it and below it. Raises UsageError for a path that does not exist.
    """
    found = {os.path.normpath(each.shown): each for path in paths for each in _executables(path)}
    return tuple(found.values())


def _executables(shown: str) -> Iterator[Executable]:
    path = Path(shown)
    if not os.path.lexists(path):
        raise UsageError(f"{shown} does not exist", help="name a file, a folder or a pack")
    if not path.is_dir():
        yield Executable(path, shown)
    elif packs := _packs(shown):
        for pack in packs:
            yield from _entry_points(pack)
    else:
        yield from _programs(shown)


def _packs(shown: str) -> list[str]:
    """The folder itself when it is a pack, else the packs in it."""
    if os.path.isfile(os.path.join(shown, PACK_FILE)):
        return [shown]
    folders = (os.path.join(shown, name) for name in sorted(os.listdir(shown)))
    return [folder for folder in folders if os.path.isfile(os.path.join(folder, PACK_FILE))]


def _entry_points(shown: str) -> Iterator[Executable]:
    # Imported here: programs without a pack need neither rules nor YAML.
    from attune_cli.pack.components import read_pack
    from attune_cli.pack.rules.entry_files import climbs_out, entry_file

    root = Path(os.path.abspath(shown))
    tree = read_pack(root, shown)
    for component in tree.components:
        entry = entry_file(tree, component) if component.kind in {"action", "sensor"} else None
        if entry and entry.runtime == "native" and not climbs_out(entry.text):
            inside = os.path.relpath(entry.path, root)
            yield Executable(Path(entry.path), os.path.join(shown, inside), shown)


def _programs(shown: str) -> Iterator[Executable]:
    """What looks like a program: an executable of any platform, or a file with the execute bit.

    Hidden folders are passed over, and links that lead out of the folder are not followed.
    """
    for folder, folders, files in os.walk(shown):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if _is_program(path):
                yield Executable(path, os.path.join(folder, name))


def _is_program(path: Path) -> bool:
    try:
        facts = identify(path, versions=False)
    except OSError:
        return os.access(path, os.X_OK)
    return _is_executable(facts) or (facts.kind not in _EXECUTABLES and bool(facts.mode & 0o111))


def _is_executable(facts: Facts) -> bool:
    """Libraries and object files have the format as well."""
    if facts.kind is Kind.FAT:
        return any(map(_is_executable, facts.slices))
    return facts.kind in _EXECUTABLES and (facts.type in _STARTED or facts.problem is not None)
