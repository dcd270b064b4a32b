"""Which packs are meant by the paths on a command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from attune_cli.errors import UsageError
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.refs import PACK_FILE, enclosing_pack

FOLDERS: Final[Mapping[str, str]] = {
    "actions": "action",
    "actions/workflows": "workflow",
    "permission_sets": "permission_set",
    "policies": "policy",
    "queues": "queue",
    "rules": "rule",
    "runtimes": "runtime",
    "sensors": "sensor",
    "triggers": "trigger",
    "workflows": "workflow",
}
"""Folder of a pack → the kind of the YAML files right in it, in the order in which they are read."""

PACKS_FOLDER: Final = "packs"


class Place(NamedTuple):
    """A pack to be judged.

    root:  its folder, absolute, links in its path as the user knows them.
    shown: the folder as the user gave it; `.` for the current one.
    only:  None: all of the pack. Else the files or folders inside it whose findings are wanted: the path
           inside the pack → the path as the user gave it.
    """

    root: Path
    shown: str
    only: Mapping[str, str] | None = None


def discover(paths: Iterable[str | Path]) -> tuple[Place, ...]:
    """The packs that the paths mean: each once, in the order of the paths, folders of packs sorted by name.

    A path is a pack's folder or its `pack.yaml` (the pack), a folder of packs or one with a folder `packs`
    (all of them), or a file or folder inside a pack (the pack, but only the findings there). Raises
    UsageError, which says what was looked for, for a path that is none of these.
    """
    places: dict[str, Place] = {}
    for path in paths:
        for place in _places(Path(path)):
            real = os.path.realpath(place.root)
            places[real] = _merged(places[real], place) if real in places else place
    return tuple(places.values())


def component_files(root: str | Path) -> Iterator[tuple[str, str]]:
    """(kind, path inside the pack) of the YAML files in a pack's folders, sorted by folder and name."""
    there = frozenset(_names(root))
    for folder, kind in FOLDERS.items():
        # Most packs have three of them.
        for name in _names(f"{root}/{folder}") if folder.partition("/")[0] in there else ():
            if name.endswith(YAML_SUFFIXES) and not name.startswith("."):
                yield kind, f"{folder}/{name}"


def count_files(root: Path) -> int:
    """How many YAML files a pack has, `pack.yaml` among them."""
    return 1 + sum(1 for _ in component_files(root))


def joined(folder: str, inside: str) -> str:
    """A path inside a folder, spelled as the folder is."""
    return inside if folder == "." else os.path.join(folder, inside)


def _merged(first: Place, second: Place) -> Place:
    """Both: the whole pack when either is."""
    if first.only is None or second.only is None:
        return first if first.only is None else second
    return Place(first.root, first.shown, {**second.only, **first.only})


def _places(path: Path) -> Iterator[Place]:
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a name that is too long; a null byte is a ValueError and told of by Typer
        raise UsageError("the path cannot be looked at", where=str(path), why=error.strerror) from error
    if not exists:
        raise UsageError("there is no such file or folder", where=str(path))
    found = tuple(_in_folder(path) if is_folder else ())
    yield from found or (_around(path, is_folder=is_folder),)


def _in_folder(folder: Path) -> Iterator[Place]:
    if (folder / PACK_FILE).is_file():
        yield Place(_absolute(folder), str(folder))
        return
    for parent in (folder, folder / PACKS_FOLDER):
        for name in _names(parent):
            if (parent / name / PACK_FILE).is_file():
                yield Place(_absolute(parent / name), str(parent / name))


def _around(path: Path, *, is_folder: bool) -> Place:
    """The pack that a file or folder is a part of."""
    absolute = _absolute(path)
    root = enclosing_pack(absolute.parent)
    inside = os.path.relpath(absolute, root) if root else ""
    if root is None or not (inside == PACK_FILE or inside.partition(os.sep)[0] in FOLDERS):
        raise _no_pack(path, root, is_folder=is_folder)
    shown = _stripped(str(path), inside) or os.path.relpath(root)
    return Place(root, shown, None if inside == PACK_FILE else {inside: str(path)})


def _stripped(shown: str, inside: str) -> str:
    """What stands before the path inside the pack; empty when the user began within the pack."""
    if shown == inside:
        return "."
    return shown.removesuffix(os.sep + inside) if shown.endswith(os.sep + inside) else ""


def _no_pack(path: Path, root: Path | None, *, is_folder: bool) -> UsageError:
    if root is not None:
        kinds = ", ".join(f"{name}/" for name in FOLDERS if "/" not in name)
        why = f"of the pack {root}, only {PACK_FILE} and what lies in {kinds} is checked"
        return UsageError("this is no part of a pack that could be checked", where=str(path), why=why)
    if not is_folder:
        why = f"there is no {PACK_FILE} in its folder, nor in any folder above it"
        return UsageError("this file is part of no pack", where=str(path), why=why)
    why = f"looked for {PACK_FILE} in it, in the folders in it and in {path / PACKS_FOLDER}, and in those above it"
    cure = f"give the folder of a pack, which holds a {PACK_FILE}"
    return UsageError("this folder holds no pack", where=str(path), why=why, help=cure)


def _names(folder: str | Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
